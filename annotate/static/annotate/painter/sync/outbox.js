// What the server lacks, and what it has instead: kept in step with this computer's store.
import { toolsAfter } from "./active_clock.js";
import { newSession, randomName } from "./local_store.js";
import { packTile } from "../document/tiles.js";

/** @typedef {import("../document/tiles.js").Packed} Packed */
/** @typedef {import("../document/history.js").Operation} Operation */
/** @typedef {import("./local_store.js").Cargo} Cargo */

const KEEP_OPS = 1500;

export class Outbox {
  /** @param {string} assignment @param {import("../document/mask.js").Mask} mask @param {import("./local_store.js").Store} store */
  constructor(assignment, mask, store) {
    this.assignment = assignment;
    this.mask = mask;
    this.store = store;
    this.session = newSession();
    /** @type {Map<number, {seq: number, packed: Packed}>} tiles the server lacks */
    this.pending = new Map();
    /** @type {Map<number, Packed>} what the server has instead */
    this.bases = new Map();
    /** Closed for good: another tab has taken over all that is kept. */
    this.closed = false;
  }

  /** @returns {Promise<import("./local_store.js").Kept>} what was kept, now in this outbox */
  async load() {
    const kept = await this.store.load(this.assignment);
    if (kept.session) this.session = { ...this.session, ...kept.session };
    for (const [tile, { packed, seq, sent }] of kept.tiles) {
      if (!sent) this.pending.set(tile, { seq, packed });
    }
    this.bases = new Map([...kept.bases].filter(([tile]) => this.pending.has(tile)));
    return kept;
  }

  /** Go on under a new name, so that no number is used twice. */
  rename() {
    this.session.client = randomName();
    this.session.since = this.session.seconds;
    this.session.toolsSince = structuredClone(this.session.tools);
  }

  /** @param {Operation} operation @returns {Promise<void>} settles once it is kept */
  record(operation) {
    const seq = ++this.session.seq;
    for (const [tile, packed] of operation.after) {
      const old = operation.before.get(tile);
      if (old && !this.pending.has(tile)) this.bases.set(tile, old);
      this.pending.set(tile, { seq, packed });
    }
    return this.keep({ ops: [operation], tiles: operation.after });
  }

  /** @returns {Cargo} everything the server lacks */
  cargo() {
    const { revision: base, client, acked, seq: last, since } = this.session;
    const seconds = Math.max(0, this.session.seconds - since); // each name counts its own time
    const tiles = new Map([...this.pending].map(([tile, { packed }]) => [tile, packed]));
    const tools = toolsAfter(this.session.tools, this.session.toolsSince);
    return { base, client, first: Math.min(acked + 1, last), last, seconds, tools, tiles };
  }

  /** The server has it. @param {Cargo} cargo @param {number} revision @returns {Promise<void>} */
  acknowledge(cargo, revision) {
    this.session.revision = revision;
    this.session.acked = cargo.last;
    const settled = [];
    for (const [tile, packed] of cargo.tiles) {
      if ((this.pending.get(tile)?.seq ?? 0) <= cargo.last) {
        this.pending.delete(tile);
        this.bases.delete(tile);
        settled.push(tile);
      } else this.bases.set(tile, packed);
    }
    const now = new Map([...cargo.tiles].map(([tile, p]) => [tile, this.pending.get(tile)?.packed ?? p]));
    return this.keep({ tiles: now, forget: settled, flight: null });
  }

  /**
   * The mask was joined with the server's at this revision.
   * @param {ReturnType<typeof import("./merge.js").joinMasks>} joined @param {number} revision
   * @returns {{operation: Operation | null, kept: Promise<void>}} the join as a step, if it changed anything
   */
  rebase({ before, after, unsent, bases }, revision) {
    const { session } = this;
    const settled = [...this.pending.keys()].filter((tile) => !unsent.has(tile));
    const content = new Map(settled.map((tile) => [tile, packTile(this.mask.readTile(tile))]));
    session.revision = revision;
    // A new number also for what is sent again: the server takes each number once.
    if (after.size || unsent.size) session.seq++;
    this.pending = new Map([...unsent].map(([tile, packed]) => [tile, { seq: session.seq, packed }]));
    this.bases = bases;
    if (!unsent.size) session.acked = session.seq;
    /** @type {Operation | null} */
    const operation = after.size ? { kind: "do", label: "merge", details: {}, before, after } : null;
    const ops = operation ? [operation] : [];
    const kept = this.keep({ ops, tiles: new Map([...content, ...unsent, ...after]), forget: settled });
    return { operation, kept };
  }

  /** Every tile counts as unsent, under a new number. */
  owe() {
    const seq = ++this.session.seq;
    for (let tile = 0; tile < this.mask.columns * this.mask.rows; tile++) {
      const packed = this.pending.get(tile)?.packed ?? packTile(this.mask.readTile(tile));
      if (!this.bases.has(tile)) this.bases.set(tile, packed);
      this.pending.set(tile, { seq, packed });
    }
  }

  /**
   * One atomic write; `forget` names bases to drop, `flight` is left alone when absent.
   * @param {{ops?: Operation[], tiles?: Map<number, Packed>, forget?: number[], flight?: Cargo | null}} what
   */
  async keep({ ops = [], tiles = new Map(), forget = [], flight }) {
    if (this.closed) return;
    const { seq } = this.session;
    /** @type {Map<number, import("./local_store.js").KeptTile>} */
    const kept = new Map();
    const bases = new Map();
    for (const [tile, packed] of tiles) {
      const pending = this.pending.get(tile);
      kept.set(tile, { packed, seq: pending?.seq ?? seq, sent: !pending });
      const base = this.bases.get(tile);
      if (base) bases.set(tile, base);
    }
    await this.store.write(this.assignment, {
      session: this.session,
      ops: ops.map(({ kind, label, details, before }) => [seq, { kind, label, details, before }]),
      tiles: kept, bases, forget, flight, prune: Math.max(0, seq - KEEP_OPS),
    });
  }
}
