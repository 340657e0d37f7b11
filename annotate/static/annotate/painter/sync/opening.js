// A page opens: what the last one left is settled with the server, and both are laid into the mask.
import { EMPTY, sameTile, unpackTile } from "../document/tiles.js";
import { taken } from "./server.js";

/** @typedef {import("../document/tiles.js").Packed} Packed */
/** @typedef {import("./outbox.js").Outbox} Outbox */
/** @typedef {import("./server.js").Answer & {tiles?: Map<number, Packed>}} Answer */

/**
 * @typedef {object} Surroundings
 * @property {import("../document/mask.js").Mask} mask
 * @property {Pick<import("./server.js").Server, "mask" | "strokes">} server
 * @property {(tiles: Map<number, Packed>) => Promise<Uint8Array<ArrayBuffer>>} encode
 */

/** @type {Answer} */
export const UNANSWERED = { outcome: "offline" };

/**
 * Lay what the server has and then what was kept here into the mask.
 * @param {Outbox} outbox @param {Surroundings} around
 * @param {(reason: string) => void} lose called when the photo is somebody else's now
 * @returns {Promise<{answer: Answer, tiles: number[], laid: number[], known: number}>} tiles where the
 *   two differ, those that are not empty any more, and the last operation of the page before
 */
export async function open(outbox, around, lose) {
  const { mask, server } = around;
  const early = server.mask(); // on its way while this computer's store is read
  const kept = await outbox.load();
  const known = outbox.session.seq;
  const owes = kept.flight !== null || outbox.pending.size > 0;
  const settled = await settle(outbox, around, kept.flight, lose);
  const answer = settled ?? (await (owes ? server.mask() : fresh(early, outbox, server)));
  if (answer.outcome !== "ok") return { answer, tiles: [], laid: [], known };
  const theirs = answer.tiles ?? new Map();
  const ours = [...kept.tiles].map(([tile, { packed }]) => /** @type {[number, Packed]} */ ([tile, packed]));
  const both = new Map([...theirs, ...ours]);
  for (const [tile, packed] of both) mask.writeTile(tile, unpackTile(packed));
  const differ = ours.filter(([tile, packed]) => !sameTile(packed, theirs.get(tile) ?? EMPTY));
  return { answer, tiles: differ.map(([tile]) => tile), laid: [...both.keys()], known };
}

/**
 * Asked before the last page's answer was kept here: ask again.
 * @param {Promise<Answer>} early @param {Outbox} outbox @param {Surroundings["server"]} server
 */
async function fresh(early, outbox, server) {
  const answer = await early;
  const older = answer.outcome === "ok" && Number(answer.revision) < outbox.session.revision;
  return older ? server.mask() : answer;
}

/**
 * The last page may have gone before an answer came, or with a farewell that nobody saw arrive.
 * Ask again under its name, so that our own strokes are not taken for someone else's.
 * @param {Outbox} outbox @param {Surroundings} around
 * @param {import("./local_store.js").Cargo | null} flight @param {(reason: string) => void} lose
 * @returns {Promise<Answer | null>} an answer only when it still is not settled
 */
async function settle(outbox, around, flight, lose) {
  if (outbox.closed) return null;
  for (const next of [() => flight, () => (outbox.pending.size ? outbox.cargo() : null)]) {
    const cargo = next();
    if (!cargo) continue;
    const body = await around.encode(cargo.tiles).catch(() => null);
    const answer = body ? await around.server.strokes(body, cargo) : UNANSWERED;
    if (answer.outcome === "offline" || answer.outcome === "signed-out") return answer;
    if (answer.outcome === "lost") lose(answer.reason ?? "");
    if (taken(answer)) await outbox.acknowledge(cargo, Number(answer.revision));
    else await outbox.keep({ flight: null });
  }
  outbox.rename();
  return null;
}
