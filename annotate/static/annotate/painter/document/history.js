// Undo and redo as swapped tiles. The log that survives a reload is this class's food (pure).
import { EMPTY, packTile, sameTile, unpackTile } from "./tiles.js";
import { coverTiles } from "./mask.js";

/** @typedef {import("./mask.js").Mask} Mask */
/** @typedef {import("./mask.js").Rect} Rect */
/** @typedef {Map<number, import("./tiles.js").Packed>} Tiles */
/** @typedef {Record<string, any>} Details what was done: class, size, decisions */

/**
 * One undoable step. `tiles` holds the other side of the swap.
 * @typedef {{label: string, details: Details, tiles: Tiles}} Entry
 */

/**
 * A forward operation for the log: undo and redo are operations too.
 * @typedef {{kind: "do" | "undo" | "redo", label: string, details: Details, before: Tiles, after: Tiles}} Operation
 */

export class History {
  /** @param {{steps?: number, bytes?: number}} [limits] */
  constructor({ steps = 500, bytes = 128 * 2 ** 20 } = {}) {
    this.limits = { steps, bytes };
    /** @type {Entry[]} */
    this.undone = [];
    /** @type {Entry[]} */
    this.done = [];
    this.bytes = 0;
    /** Something was done on this page: what could be redone before it is gone. */
    this.begun = false;
    /** The steps from before this page was opened are not here yet. */
    this.reading = false;
  }

  /**
   * Close an edit: keep what truly changed. @param {import("./mask.js").Edit} edit
   * @param {string} label @param {Details} [details] @param {boolean} [always] also when no pixel changed
   * @returns {Operation | null} null when there is nothing to undo
   */
  commit(edit, label, details = {}, always = false) {
    /** @type {Tiles} */ const before = new Map();
    /** @type {Tiles} */ const after = new Map();
    for (const [index, bytes] of edit.before) {
      const old = packTile(bytes);
      const now = packTile(edit.mask.readTile(index));
      if (sameTile(old, now)) continue;
      before.set(index, old);
      after.set(index, now);
    }
    if (!before.size && !always) return null;
    this.push({ label, details, tiles: new Map(before) });
    return { kind: "do", label, details, before, after };
  }

  /** @param {Entry} entry */
  push(entry) {
    for (const dropped of this.undone) this.bytes -= weigh(dropped.tiles);
    this.undone = [];
    this.begun = true;
    this.done.push(entry);
    this.bytes += weigh(entry.tiles);
    this.#bound();
  }

  #bound() {
    while (this.done.length > this.limits.steps || (this.bytes > this.limits.bytes && this.done.length > 1)) {
      const oldest = /** @type {Entry} */ (this.done.shift());
      this.bytes -= weigh(oldest.tiles);
    }
  }

  /** @param {Mask} mask @returns {Operation | null} */
  undo(mask) {
    return this.#swap(mask, "undo", this.done, this.undone);
  }

  /** @param {Mask} mask @returns {Operation | null} */
  redo(mask) {
    return this.#swap(mask, "redo", this.undone, this.done);
  }

  /** @param {Mask} mask @param {"undo" | "redo"} kind @param {Entry[]} from @param {Entry[]} to @returns {Operation | null} */
  #swap(mask, kind, from, to) {
    const entry = from.pop();
    if (!entry) return null;
    /** @type {Tiles} */ const before = new Map();
    const after = entry.tiles;
    for (const [index, packed] of after) {
      before.set(index, packTile(mask.readTile(index)));
      mask.writeTile(index, unpackTile(packed));
    }
    this.bytes += weigh(before) - weigh(after);
    to.push({ ...entry, tiles: before });
    return { kind, label: entry.label, details: entry.details, before, after };
  }

  /**
   * Rebuild both stacks from a log whose oldest part may be gone: an undo that finds nothing to
   * pop tells by its own before-images what the lost entry would have become.
   * @param {Iterable<{kind: string, label: string, details: Details, before: Tiles}>} log
   */
  replay(log) {
    for (const { kind, label, details, before } of log) {
      const entry = { label, details, tiles: before };
      if (kind === "do") this.push(entry);
      else if (kind === "undo") this.#move(this.done, this.undone, entry);
      else this.#move(this.undone, this.done, entry);
    }
  }

  /**
   * The log of an earlier page, which may come after the first steps on this one.
   * @param {Parameters<History["replay"]>[0]} log
   */
  recall(log) {
    const earlier = new History(this.limits);
    earlier.replay(log);
    const undone = this.begun ? [] : earlier.undone;
    this.done.unshift(...earlier.done);
    this.undone.unshift(...undone);
    for (const { tiles } of [...earlier.done, ...undone]) this.bytes += weigh(tiles);
    this.reading = false;
    this.#bound();
  }

  /** @param {Entry[]} from @param {Entry[]} to @param {Entry} entry */
  #move(from, to, entry) {
    const gone = from.pop();
    if (gone) this.bytes -= weigh(gone.tiles);
    this.bytes += weigh(entry.tiles);
    to.push(entry);
  }
}

/** @param {Mask} mask @param {Operation} operation @returns {Rect | null} what it touched */
export function touched(mask, operation) {
  return coverTiles(mask, operation.after.keys());
}

/** @param {Tiles} tiles @returns {number} bytes */
function weigh(tiles) {
  let sum = 0;
  for (const packed of tiles.values()) sum += packed === EMPTY ? 0 : packed.length;
  return sum;
}
