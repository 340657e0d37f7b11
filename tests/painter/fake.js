// A server and a browser for the sync's tests: the server takes masks, loses answers, goes away.
import { EditSession } from "../../annotate/static/annotate/painter/document/edit_session.js";
import { History } from "../../annotate/static/annotate/painter/document/history.js";
import { Mask } from "../../annotate/static/annotate/painter/document/mask.js";
import { Sync } from "../../annotate/static/annotate/painter/sync/sync.js";
import { decodeTiles, encodeTiles } from "../../annotate/static/annotate/painter/document/tiles.js";

export const [WIDTH, HEIGHT] = [600, 300];

export class FakeServer {
  constructor() {
    this.revision = 0;
    this.tiles = new Map();
    this.seen = new Map();
    this.requests = [];
    /** What goes wrong next: "down", "lost" (done, but the answer is lost), "out", "refused", "bad", "elsewhere" (kept, but somebody else has the photo). */
    this.troubles = [];
    this.held = null;
  }

  async mask() {
    if (this.troubles[0] === "down") return { outcome: "offline", was: this.troubles.shift() };
    return { outcome: "ok", revision: this.revision, tiles: new Map(this.tiles) };
  }

  async strokes(body, batch) {
    this.requests.push({ ...batch, bytes: body.length });
    await this.held;
    const trouble = this.troubles.shift();
    if (trouble === "down") return { outcome: "offline" };
    if (trouble === "out") return { outcome: "signed-out" };
    if (trouble === "bad") return { outcome: "bad", reason: "unreadable" };
    if (trouble === "refused") return { outcome: "refused", reason: "Your lease ended." };
    const answer = await this.#take(body, batch);
    if (trouble === "elsewhere") return { ...answer, outcome: "lost", kept: true, reason: "Somebody else has it." };
    return trouble === "lost" ? { outcome: "offline" } : answer;
  }

  async #take(body, { base, client, last }) {
    const key = `${client}/${last}`;
    if (this.seen.has(key)) return { outcome: "ok", revision: this.seen.get(key), repeated: true };
    if (base !== this.revision) return { outcome: "stale", revision: this.revision };
    const mask = new Mask(WIDTH, HEIGHT);
    for (const [tile, packed] of await decodeTiles(body, mask.columns, mask.rows)) {
      if (packed[0]) this.tiles.set(tile, packed);
      else this.tiles.delete(tile);
    }
    this.seen.set(key, ++this.revision);
    return { outcome: "ok", revision: this.revision };
  }
}

/** A tab: open it on a store that outlives it. */
export async function openTab(server, store, { decide = async () => "mine", watching = false } = {}) {
  const mask = new Mask(WIDTH, HEIGHT);
  const history = new History();
  const tab = { mask, history, states: [], asked: 0 };
  tab.editSession = new EditSession(mask, history, {
    changed() {}, committed: (operation) => tab.sync.record(operation),
  });
  tab.sync = new Sync({
    assignment: "a", mask, store, server,
    encode: (tiles) => encodeTiles(tiles, mask.columns), quiet: () => tab.editSession.quiet(),
    decide: async (found) => {
      tab.asked += found.areas.reduce((sum, area) => sum + area, 0);
      return Promise.all(Array.from({ length: found.count }, (_, c) => decide(c)));
    },
    merged: (operation) => tab.editSession.adopt(operation),
    regain: async () => server.lease ?? { outcome: "lost", reason: "Somebody else has it." },
    report: (state, reason) => tab.states.push(reason ? `${state}: ${reason}` : state),
  });
  if (watching) tab.sync.retire();
  const { answer, tiles } = await tab.sync.open();
  await tab.sync.adopt(answer, tiles);
  tab.history.recall(await tab.sync.past());
  return tab;
}

/** The tab is killed: it writes and sends nothing more. */
export function kill(tab) {
  tab.sync.retire();
  tab.sync.around.server = { mask: () => new Promise(() => {}), strokes: () => new Promise(() => {}) };
}

export function paint(tab, rule, y, x0, x1) {
  tab.editSession.begin(rule).span(y, x0, x1);
  return tab.editSession.commit("brush");
}

/** The mask as the server holds it. */
export async function served(server) {
  const store = (await import("../../annotate/static/annotate/painter/sync/local_store.js")).memoryStore();
  const tab = await openTab(server, store);
  clearTimeout(tab.sync.timer);
  return tab.mask.data;
}
