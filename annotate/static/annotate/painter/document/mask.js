// The mask is data: one byte a pixel at image resolution. Everything else here serves that array.

/** Side of a copy-on-write tile, in pixels. */
export const TILE = 256;
export const FRACTURE = 1;
export const SCUFF = 2;
export const HOLE = 4;
export const IGNORE = 128;

/** @typedef {{x0: number, y0: number, x1: number, y1: number}} Rect half-open, in image pixels */

/**
 * What a stroke does to each pixel it covers: `set` bits go in, `clear` bits go out. Where
 * `restore` is given, its bytes are put back instead of being cleared.
 * @typedef {{set?: number, clear?: number, restore?: Uint8Array | null}} Rule
 */

/**
 * What painting a class does: a defect counts and an ignored pixel does not, so the one takes the
 * other away. @param {number} bit @returns {Rule}
 */
export function paintRule(bit) {
  return { set: bit, clear: bit === IGNORE ? 255 & ~IGNORE : IGNORE };
}

export class Mask {
  /** @param {number} width @param {number} height */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.columns = Math.ceil(width / TILE);
    this.rows = Math.ceil(height / TILE);
    this.data = new Uint8Array(width * height);
  }

  /** @returns {Iterable<number>} the index of every tile */
  tiles() {
    return Array(this.columns * this.rows).keys();
  }

  /** @param {number} index @returns {Rect} the part of the tile that lies inside the photo */
  tileRect(index) {
    const x0 = (index % this.columns) * TILE;
    const y0 = Math.floor(index / this.columns) * TILE;
    return {
      x0, y0, x1: Math.min(x0 + TILE, this.width), y1: Math.min(y0 + TILE, this.height),
    };
  }

  /** @param {number} index @returns {Uint8Array} TILE x TILE bytes, zeros beyond the photo */
  readTile(index) {
    const { x0, y0, x1, y1 } = this.tileRect(index);
    const out = new Uint8Array(TILE * TILE);
    for (let y = y0; y < y1; y++) {
      const from = y * this.width;
      out.set(this.data.subarray(from + x0, from + x1), (y - y0) * TILE);
    }
    return out;
  }

  /** @param {number} index @param {Uint8Array} bytes TILE x TILE */
  writeTile(index, bytes) {
    const { x0, y0, x1, y1 } = this.tileRect(index);
    for (let y = y0; y < y1; y++) {
      const from = (y - y0) * TILE;
      this.data.set(bytes.subarray(from, from + x1 - x0), y * this.width + x0);
    }
  }

  /** @param {number} x @param {number} y @returns {number} class bits; 0 outside the photo */
  at(x, y) {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return 0;
    return this.data[y * this.width + x];
  }
}

/** One action on the mask. Each tile is copied before its first change, so it can be undone. */
export class Edit {
  /** @param {Mask} mask @param {Rule} rule */
  constructor(mask, { set = 0, clear = 0, restore = null }) {
    this.mask = mask;
    this.set = set;
    this.keep = ~clear & 255;
    this.clear = clear;
    this.restore = restore;
    /** @type {Map<number, Uint8Array>} tile index to its bytes before the action */
    this.before = new Map();
    /** @type {Rect | null} */
    this.dirty = null;
  }

  /** Paint pixels x0 <= x < x1 of row y. @param {number} y @param {number} x0 @param {number} x1 */
  span(y, x0, x1) {
    const { mask, set, keep, restore } = this;
    if (y < 0 || y >= mask.height) return;
    x0 = Math.max(0, x0);
    x1 = Math.min(mask.width, x1);
    if (x0 >= x1) return;
    const row = Math.floor(y / TILE) * mask.columns;
    for (let tx = Math.floor(x0 / TILE); tx <= Math.floor((x1 - 1) / TILE); tx++) {
      if (!this.before.has(row + tx)) this.before.set(row + tx, mask.readTile(row + tx));
    }
    const { data } = mask;
    const end = y * mask.width + x1;
    if (restore) {
      for (let i = y * mask.width + x0; i < end; i++) {
        const back = restore[i] & this.clear;
        data[i] = (data[i] & (back ? keep & ~IGNORE : keep)) | back | set;
      }
    } else {
      for (let i = y * mask.width + x0; i < end; i++) data[i] = (data[i] & keep) | set;
    }
    this.#soil(x0, y, x1, y + 1);
  }

  /** @param {Int32Array | number[]} runs triples y, x0, x1 (half-open) */
  runs(runs) {
    for (let i = 0; i < runs.length; i += 3) this.span(runs[i], runs[i + 1], runs[i + 2]);
  }

  /** @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 */
  #soil(x0, y0, x1, y1) {
    const d = this.dirty;
    if (!d) {
      this.dirty = { x0, y0, x1, y1 };
      return;
    }
    if (x0 < d.x0) d.x0 = x0;
    if (y0 < d.y0) d.y0 = y0;
    if (x1 > d.x1) d.x1 = x1;
    if (y1 > d.y1) d.y1 = y1;
  }

  /** @returns {Rect | null} what changed since the last call */
  takeDirty() {
    const { dirty } = this;
    this.dirty = null;
    return dirty;
  }

  /** Put every touched tile back. @returns {Rect | null} what to draw again */
  revert() {
    for (const [index, bytes] of this.before) this.mask.writeTile(index, bytes);
    return coverTiles(this.mask, this.before.keys());
  }
}

/** @param {Mask} mask @param {Iterable<number>} indices @returns {Rect | null} */
export function coverTiles(mask, indices) {
  /** @type {Rect | null} */
  let cover = null;
  for (const index of indices) cover = union(cover, mask.tileRect(index));
  return cover;
}

/** @param {Rect | null} a @param {Rect | null} b @returns {Rect | null} the smallest that holds both */
export function union(a, b) {
  if (!a || !b) return a ?? b;
  return {
    x0: Math.min(a.x0, b.x0), y0: Math.min(a.y0, b.y0),
    x1: Math.max(a.x1, b.x1), y1: Math.max(a.y1, b.y1),
  };
}
