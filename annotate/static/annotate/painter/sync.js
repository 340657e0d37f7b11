// Nothing is lost: every operation goes to this computer's store first, then to the server.
import { joinMasks } from "./merge.js";
import { newSession, randomName } from "./store.js";
import { frame, packTile, records, storedDeflate, unpackTile } from "./tiles.js";

/** @typedef {import("./tiles.js").Packed} Packed */
/** @typedef {import("./history.js").Operation} Operation */
/** @typedef {import("./store.js").Session} Session */
/** @typedef {import("./server.js").Answer & {tiles?: Map<number, Packed>}} Answer */
/** @typedef {"saved" | "unsent" | "sending" | "offline" | "signed-out" | "refused"} State */
/** @typedef {import("./store.js").Cargo & {body: Uint8Array<ArrayBuffer>}} Flight */

/**
 * @typedef {object} Surroundings
 * @property {string} assignment
 * @property {import("./mask.js").Mask} mask
 * @property {import("./store.js").Store} store
 * @property {Pick<import("./server.js").Server, "mask" | "strokes">} server
 * @property {(tiles: Map<number, Packed>) => Promise<Uint8Array<ArrayBuffer>>} encode
 * @property {() => Promise<void>} quiet no stroke is in progress
 * @property {(clashes: number) => Promise<import("./merge.js").Choice>} decide asked when both sides changed a pixel
 * @property {(operation: Operation) => void} merged the mask took changes from elsewhere
 * @property {(state: State, reason: string) => void} report
 */

const WAIT = 3000;
const MANY = 20;
const KEEP_OPS = 1500;
const KEEPALIVE_LIMIT = 60_000;

export class Sync {
  /** @param {Surroundings} around */
  constructor(around) {
    this.around = around;
    /** @type {Session} */
    this.session = newSession();
    /** @type {Map<number, {seq: number, packed: Packed}>} tiles the server lacks */
    this.pending = new Map();
    /** @type {Map<number, Packed>} what the server has instead */
    this.bases = new Map();
    /** @type {Flight | null} sent and not yet answered: repeated as it was until it is */
    this.flight = null;
    /** @type {State} */
    this.state = "saved";
    this.failures = 0;
    this.resent = false;
    this.running = false;
    this.retired = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** Operations made here that the server does not have yet. */
  get unsent() {
    return this.session.seq - this.session.acked;
  }

  /**
   * Lay what the server has and then what was kept here into the mask. `adopt` joins the two.
   * @returns {Promise<{answer: Answer, ops: import("./store.js").KeptOp[]}>}
   */
  async open() {
    const { assignment, mask, store, server } = this.around;
    const kept = await store.load(assignment);
    if (kept.session) this.session = { ...this.session, ...kept.session };
    for (const [tile, { packed, seq, sent }] of kept.tiles) if (!sent) this.pending.set(tile, { seq, packed });
    this.bases = new Map([...kept.bases].filter(([tile]) => this.pending.has(tile)));
    const answer = (await this.#settle(kept.flight)) ?? (await server.mask());
    if (answer.outcome !== "ok") return { answer, ops: [] };
    for (const [tile, packed] of answer.tiles ?? []) mask.writeTile(tile, unpackTile(packed));
    for (const [tile, { packed }] of kept.tiles) mask.writeTile(tile, unpackTile(packed));
    return { answer, ops: kept.ops };
  }

  /**
   * The last page may have gone before an answer came, or with a farewell that nobody saw arrive.
   * Ask again under its name, so that our own strokes are not taken for someone else's; then go
   * on under a new name, so that no number is used twice.
   * @param {import("./store.js").Cargo | null} flight
   * @returns {Promise<Answer | null>} an answer only when it still is not settled
   */
  async #settle(flight) {
    if (this.retired) return null;
    for (const cargo of [() => flight, () => (this.pending.size ? this.#cargo() : null)]) {
      const asked = cargo();
      if (!asked) continue;
      const body = await this.around.encode(asked.tiles);
      const answer = await this.around.server.strokes(body, asked);
      if (answer.outcome === "offline" || answer.outcome === "signed-out") return answer;
      if (answer.outcome === "ok") await this.#acknowledge({ ...asked, body }, Number(answer.revision));
      else await this.#keep({ flight: null });
    }
    this.session.client = randomName();
    this.session.since = this.session.seconds;
    return null;
  }

  /** Join the server's present mask with ours; what changes is one undoable step. @param {Answer} answer */
  async adopt(answer) {
    const { mask, quiet, decide, merged } = this.around;
    const theirs = answer.tiles ?? new Map();
    await quiet();
    let joined = joinMasks(mask, theirs, this.bases, "mine");
    if (joined.clashes) joined = joinMasks(mask, theirs, this.bases, await decide(joined.clashes));
    for (const [tile, packed] of joined.after) mask.writeTile(tile, unpackTile(packed));
    const settled = [...this.pending.keys()].filter((tile) => !joined.unsent.has(tile));
    const content = new Map(settled.map((tile) => [tile, packTile(mask.readTile(tile))]));
    const { session } = this;
    session.revision = Number(answer.revision);
    // A new number also for what is sent again: the server takes each number once.
    if (joined.after.size || joined.unsent.size) session.seq++;
    this.pending = new Map([...joined.unsent].map(([tile, packed]) => [tile, { seq: session.seq, packed }]));
    this.bases = joined.bases;
    if (!this.pending.size) session.acked = session.seq;
    const { before, after } = joined;
    /** @type {Operation} */
    const operation = { kind: "do", label: "merge", details: {}, before, after };
    const ops = after.size ? [operation] : [];
    const kept = this.#keep({ ops, tiles: new Map([...content, ...joined.unsent, ...after]), forget: settled });
    if (ops.length) merged(operation);
    this.#report(this.pending.size ? "unsent" : "saved");
    if (this.pending.size) this.schedule(0);
    await kept;
  }

  /**
   * Keep an operation on this computer and see to it that it is sent.
   * @param {Operation} operation @returns {Promise<void>} settles once it is kept
   */
  record(operation) {
    const seq = ++this.session.seq;
    for (const [tile, packed] of operation.after) {
      const old = operation.before.get(tile);
      if (old && !this.pending.has(tile)) this.bases.set(tile, old);
      this.pending.set(tile, { seq, packed });
    }
    const kept = this.#keep({ ops: [operation], tiles: operation.after });
    this.#report(this.state === "saved" ? "unsent" : this.state);
    this.schedule(!this.around.store.durable || this.unsent >= MANY ? 0 : WAIT);
    return kept;
  }

  /** @param {number} wait milliseconds; an earlier appointment stays */
  schedule(wait) {
    if (this.running || this.retired || this.state === "refused") return;
    if (this.timer !== undefined && (wait > 0 || this.failures)) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), wait);
  }

  /** Send what is unsent, one request at a time. @returns {Promise<void>} */
  async flush() {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.running || this.retired) return;
    this.running = true;
    let answer = null;
    try {
      while ((this.flight || this.pending.size) && (!answer || answer.outcome === "ok")) {
        this.#report("sending");
        this.flight ??= await this.#board();
        answer = await this.around.server.strokes(this.flight.body, this.flight);
        await this.#land(this.flight, answer);
      }
    } finally {
      this.running = false;
    }
    if (answer && answer.outcome !== "ok") return;
    // An operation that changed no pixel (a rejected suggestion) has nothing to send.
    this.session.acked = this.session.seq;
    this.#report("saved");
  }

  /** Everything the server lacks. */
  #cargo() {
    const { revision: base, client, acked, seq: last, since } = this.session;
    const seconds = Math.max(0, this.session.seconds - since); // each name counts its own time
    const tiles = new Map([...this.pending].map(([tile, { packed }]) => [tile, packed]));
    return { base, client, first: Math.min(acked + 1, last), last, seconds, tiles };
  }

  /** @returns {Promise<Flight>} */
  async #board() {
    const cargo = this.#cargo();
    const body = await this.around.encode(cargo.tiles);
    await this.#keep({ flight: cargo }).catch(() => {}); // a full disk must not stop the sending
    return { ...cargo, body };
  }

  /** @param {Flight} flight @param {Answer} answer */
  async #land(flight, answer) {
    if (answer.outcome === "offline" || answer.outcome === "signed-out") {
      const wait = answer.outcome === "offline" ? Math.min(60, 2 ** this.failures) : 15;
      this.failures++;
      this.#report(answer.outcome);
      this.timer = setTimeout(() => void this.flush(), wait * 1000);
      return;
    }
    this.failures = 0;
    this.flight = null;
    if (answer.outcome === "ok") return this.#acknowledge(flight, Number(answer.revision));
    await this.#keep({ flight: null });
    if (answer.outcome === "stale") await this.#catchUp();
    else if (answer.outcome === "bad" && !this.resent) this.#resendAll();
    else this.#report("refused", answer.reason);
  }

  /** @param {Flight} flight @param {number} revision */
  async #acknowledge(flight, revision) {
    this.resent = false;
    this.session.revision = revision;
    this.session.acked = flight.last;
    const settled = [];
    for (const [tile, packed] of flight.tiles) {
      if ((this.pending.get(tile)?.seq ?? 0) <= flight.last) {
        this.pending.delete(tile);
        this.bases.delete(tile);
        settled.push(tile);
      } else this.bases.set(tile, packed);
    }
    const now = new Map([...flight.tiles].map(([tile, p]) => [tile, this.pending.get(tile)?.packed ?? p]));
    await this.#keep({ tiles: now, forget: settled, flight: null });
  }

  async #catchUp() {
    const answer = await this.around.server.mask();
    this.running = false;
    if (answer.outcome === "ok") return this.adopt(answer);
    this.#report(answer.outcome === "signed-out" ? "signed-out" : "offline");
    this.schedule(5000);
  }

  /** The server could not read a delta, or its mask differs from ours: it gets every tile. */
  #resendAll() {
    this.resent = true;
    const { mask } = this.around;
    const seq = ++this.session.seq;
    for (let tile = 0; tile < mask.columns * mask.rows; tile++) {
      const packed = this.pending.get(tile)?.packed ?? packTile(mask.readTile(tile));
      if (!this.bases.has(tile)) this.bases.set(tile, packed);
      this.pending.set(tile, { seq, packed });
    }
    if (!this.running) return;
    this.timer = setTimeout(() => void this.flush(), 0);
  }

  /** @returns {Promise<void>} after the whole mask was sent */
  async resend() {
    await this.around.quiet();
    this.#resendAll();
    await this.flush();
  }

  /** Try again after a refusal or a lost session. @returns {Promise<void>} */
  async retry() {
    this.failures = 0;
    this.state = "unsent";
    await this.flush();
  }

  /** The page is closing: what fits goes out without waiting; the rest is kept here anyway. */
  farewell() {
    if (!this.pending.size || this.flight || this.state === "refused") return;
    const cargo = this.#cargo();
    const body = frame(cargo.tiles.size, storedDeflate(records(cargo.tiles, this.around.mask.columns)));
    if (body.length > KEEPALIVE_LIMIT) return;
    this.flight = { ...cargo, body };
    void this.around.server.strokes(body, cargo, true);
  }

  /** Another tab took over, with all that is kept: write and send nothing more. */
  retire() {
    this.retired = true;
    clearTimeout(this.timer);
  }

  /** Write the session alone (seen tiles, decisions, time). */
  async touch() {
    await this.#keep({});
  }

  /**
   * One atomic write; `forget` names bases to drop, `flight` is left alone when absent.
   * @param {{ops?: Operation[], tiles?: Map<number, Packed>, forget?: number[],
   *   flight?: import("./store.js").Cargo | null}} what
   */
  async #keep({ ops = [], tiles = new Map(), forget = [], flight }) {
    if (this.retired) return;
    const { seq } = this.session;
    /** @type {Map<number, import("./store.js").KeptTile>} */
    const kept = new Map();
    const bases = new Map();
    for (const [tile, packed] of tiles) {
      const pending = this.pending.get(tile);
      kept.set(tile, { packed, seq: pending?.seq ?? seq, sent: !pending });
      const base = this.bases.get(tile);
      if (base) bases.set(tile, base);
    }
    await this.around.store.write(this.around.assignment, {
      session: this.session,
      ops: ops.map(({ kind, label, details, before }) => [seq, { kind, label, details, before }]),
      tiles: kept, bases, forget, flight, prune: Math.max(0, seq - KEEP_OPS),
    });
  }

  /** @param {State} state @param {string} [reason] */
  #report(state, reason = "") {
    this.state = state;
    this.around.report(state, reason);
  }
}
