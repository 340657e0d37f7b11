// Nothing is lost: every operation goes to this computer's store first, then to the server.
import { Outbox } from "./outbox.js";
import { chooserOf, conflictsOf, joinMasks } from "./merge.js";
import { open, UNANSWERED } from "./opening.js";
import { taken } from "./server.js";
import { frame, records, storedDeflate, unpackTile } from "../document/tiles.js";

/** @typedef {import("../document/tiles.js").Packed} Packed */
/** @typedef {import("../document/history.js").Operation} Operation */
/** @typedef {import("./server.js").Answer & {tiles?: Map<number, Packed>}} Answer */
/** @typedef {"saved" | "unsent" | "sending" | "offline" | "signed-out" | "refused" | "lost"} State */
/** @typedef {import("./local_store.js").Cargo & {body: Uint8Array<ArrayBuffer>}} Flight */

/**
 * @typedef {object} Surroundings
 * @property {string} assignment
 * @property {import("../document/mask.js").Mask} mask
 * @property {import("./local_store.js").Store} store
 * @property {Pick<import("./server.js").Server, "mask" | "strokes">} server
 * @property {(tiles: Map<number, Packed>) => Promise<Uint8Array<ArrayBuffer>>} encode
 * @property {() => Promise<void>} quiet no stroke is in progress
 * @property {(found: import("../document/components.js").Components, theirs: Uint8Array) => Promise<import("./merge.js").Choice[]>} decide
 *   asked for each component where both sides changed pixels in different ways
 * @property {(operation: Operation) => void} merged the mask took changes from elsewhere
 * @property {(state: State, reason: string) => void} report
 * @property {() => Promise<Answer>} regain ask for the photo back
 */

const WAIT = 3000;
const MANY = 20;
const KEEPALIVE_LIMIT = 60_000;

export class Sync {
  /** @param {Surroundings} around */
  constructor(around) {
    this.around = around;
    this.outbox = new Outbox(around.assignment, around.mask, around.store);
    /** @type {Flight | null} sent and not yet answered: repeated as it was until it is */
    this.flight = null;
    /** @type {State} */
    this.state = "saved";
    this.failures = 0;
    this.resent = false;
    /** The last operation when the page was opened. */
    this.known = 0;
    /** Why the photo is somebody else's now; the server keeps what is sent all the same. */
    this.lost = "";
    this.running = false;
    /** Settles when the sending that runs has ended. */
    this.sending = Promise.resolve();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  get session() {
    return this.outbox.session;
  }

  /** Operations made here that the server does not have yet. */
  get unsent() {
    return this.session.seq - this.session.acked;
  }

  /**
   * Lay what the server has and then what was kept here into the mask. `adopt` joins the two.
   * @returns {Promise<{answer: Answer, tiles: number[], laid: number[]}>} tiles where the two differ,
   *   and those that are not empty any more
   */
  async open() {
    const { known, ...found } = await open(this.outbox, this.around, (reason) => (this.lost = reason));
    this.known = known;
    return found;
  }

  /** What was done before this page was opened, for its history: nobody has to wait for it to paint. */
  past() {
    return this.around.store.past(this.around.assignment, this.known);
  }

  /**
   * Join the server's present mask with ours; what changes is one undoable step.
   * @param {Answer} answer @param {number[]} [tiles] that may differ; all when absent
   */
  async adopt(answer, tiles) {
    const { mask, quiet, decide, merged } = this.around;
    const theirs = answer.tiles ?? new Map();
    await quiet();
    let joined = joinMasks(mask, theirs, this.outbox.bases, "mine", tiles);
    if (joined.conflicts) {
      const conflict = conflictsOf(mask, theirs, this.outbox.bases);
      const choices = await decide(conflict.found, conflict.theirs);
      joined = joinMasks(mask, theirs, this.outbox.bases, chooserOf(conflict.found, choices, mask.width), tiles);
    }
    for (const [tile, packed] of joined.after) mask.writeTile(tile, unpackTile(packed));
    const { operation, kept } = this.outbox.rebase(joined, Number(answer.revision));
    if (operation) merged(operation);
    this.#report(joined.unsent.size ? "unsent" : "saved");
    if (joined.unsent.size) this.schedule(0);
    await kept;
  }

  /**
   * Keep an operation on this computer and see to it that it is sent.
   * @param {Operation} operation @returns {Promise<void>} settles once it is kept
   */
  record(operation) {
    const kept = this.outbox.record(operation);
    this.#report(this.state === "saved" ? "unsent" : this.state);
    this.schedule(!this.around.store.durable || this.unsent >= MANY ? 0 : WAIT);
    return kept;
  }

  /** @param {number} wait milliseconds; an earlier appointment stays */
  schedule(wait) {
    if (this.running || this.outbox.closed || this.state === "refused") return;
    if (this.timer !== undefined && (wait > 0 || this.failures)) return;
    this.#appoint(wait);
  }

  /** @param {number} wait milliseconds */
  #appoint(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), wait);
  }

  /**
   * Send what is unsent, one request at a time. Whoever asks while that runs waits for its end, too:
   * what was painted until then goes with it.
   * @returns {Promise<void>}
   */
  flush() {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.running && !this.outbox.closed) this.sending = this.#send();
    return this.sending;
  }

  async #send() {
    this.running = true;
    let answer = null;
    try {
      while ((this.flight || this.outbox.pending.size) && (!answer || taken(answer))) {
        this.#report("sending");
        this.flight ??= await this.#board();
        const { flight } = this;
        answer = flight ? await this.around.server.strokes(flight.body, flight) : UNANSWERED;
        await this.#land(flight, answer);
      }
    } finally {
      this.running = false;
    }
    if (answer && !taken(answer)) return;
    // An operation that changed no pixel (a rejected suggestion) has nothing to send.
    this.session.acked = this.session.seq;
    this.#report("saved");
  }

  /** @returns {Promise<Flight | null>} null: the worker did not come, which is a file of the server's too */
  async #board() {
    const cargo = this.outbox.cargo();
    const body = await this.around.encode(cargo.tiles).catch(() => null);
    if (!body) return null;
    await this.outbox.keep({ flight: cargo }).catch(() => {}); // a full disk must not stop the sending
    return { ...cargo, body };
  }

  /** @param {Flight | null} flight @param {Answer} answer */
  async #land(flight, answer) {
    if (!flight || answer.outcome === "offline" || answer.outcome === "signed-out") {
      const gone = answer.outcome === "signed-out" ? "signed-out" : "offline";
      const wait = gone === "offline" ? Math.min(60, 2 ** this.failures) : 15;
      this.failures++;
      this.#report(gone);
      return this.#appoint(wait * 1000);
    }
    this.failures = 0;
    this.flight = null;
    if (taken(answer)) {
      this.resent = false;
      this.lost = answer.outcome === "lost" ? (answer.reason ?? "") : "";
      return this.outbox.acknowledge(flight, Number(answer.revision));
    }
    await this.outbox.keep({ flight: null });
    if (answer.outcome === "stale") await this.#catchUp();
    else if (answer.outcome === "bad" && !this.resent) this.#resendAll();
    else this.#report("refused", answer.reason);
  }

  async #catchUp() {
    const answer = await this.around.server.mask();
    if (answer.outcome === "ok") {
      await this.adopt(answer);
      if (this.outbox.pending.size) this.#appoint(0);
    } else {
      this.#report(answer.outcome === "signed-out" ? "signed-out" : "offline");
      this.#appoint(5000);
    }
  }

  /** The server could not read a delta, or its mask differs from ours: it gets every tile. */
  #resendAll() {
    this.resent = true;
    this.outbox.owe();
    if (this.running) this.#appoint(0);
  }

  /** @returns {Promise<void>} after the whole mask was sent */
  async resend() {
    await this.around.quiet();
    this.#resendAll();
    await this.flush();
  }

  /** Try again after a refusal, a lost session or a lost lease. @returns {Promise<void>} */
  async retry() {
    this.failures = 0;
    this.state = "unsent";
    if (this.lost && (await this.around.regain()).outcome === "ok") this.lost = "";
    await this.flush();
  }

  /** Somebody else has the photo now. @param {string} reason */
  lose(reason) {
    this.lost = reason;
    this.#report(this.state);
  }

  /** The page is closing: what fits goes out without waiting; the rest is kept here anyway. */
  farewell() {
    if (!this.outbox.pending.size || this.flight || this.state === "refused") return;
    const cargo = this.outbox.cargo();
    const body = frame(cargo.tiles.size, storedDeflate(records(cargo.tiles, this.around.mask.columns)));
    if (body.length > KEEPALIVE_LIMIT) return;
    this.flight = { ...cargo, body };
    void this.around.server.strokes(body, cargo, true);
  }

  /** Another tab took over, with all that is kept: write and send nothing more. */
  retire() {
    this.outbox.closed = true;
    clearTimeout(this.timer);
  }

  /** Write the session alone (seen tiles, decisions, time). @returns {Promise<void>} */
  touch() {
    return this.outbox.keep({});
  }

  /** @param {State} state @param {string} [reason] */
  #report(state, reason = "") {
    const kept = this.lost && (state === "saved" || state === "unsent");
    this.state = kept ? "lost" : state;
    this.around.report(this.state, kept ? this.lost : reason);
  }
}
