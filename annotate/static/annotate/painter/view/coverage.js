// Coverage: which parts of the photo were looked at closely enough (pure; time is an argument).

/** @typedef {import("../document/mask.js").Rect} Rect */

export const PART = 512;
const CELL = 128;
const LONG_ENOUGH = 1;

export class Coverage {
  /** @param {number} width @param {number} height @param {Iterable<number>} [seen] parts */
  constructor(width, height, seen = []) {
    this.width = width;
    this.height = height;
    this.columns = Math.ceil(width / PART);
    this.rows = Math.ceil(height / PART);
    this.seen = new Set(seen);
    this.cellColumns = Math.ceil(width / CELL);
    /** Seconds each cell was in view at 100 % or closer. */
    this.cells = new Float32Array(this.cellColumns * Math.ceil(height / CELL));
  }

  /** @returns {number} parts not seen yet */
  get left() {
    return this.columns * this.rows - this.seen.size;
  }

  /**
   * The view rested on `rect`. A part is seen when the middle of each of its cells lay in view
   * for more than a second, so it may be seen in several looks.
   * @param {Rect} rect @param {number} scale @param {number} seconds @returns {boolean} whether a part became seen
   */
  look(rect, scale, seconds) {
    if (scale < 0.999) return false;
    let news = false;
    const first = (/** @type {number} */ v) => Math.max(0, Math.ceil((v - CELL / 2) / CELL));
    for (let cy = first(rect.y0); this.#middle(cy, this.height) < rect.y1; cy++) {
      for (let cx = first(rect.x0); this.#middle(cx, this.width) < rect.x1; cx++) {
        const cell = cy * this.cellColumns + cx;
        this.cells[cell] += seconds;
        if (this.cells[cell] > LONG_ENOUGH) news = this.#check(cx, cy) || news;
      }
    }
    return news;
  }

  /** @param {number} cell @param {number} size of the photo @returns {number} infinite beyond it */
  #middle(cell, size) {
    return cell * CELL >= size ? Infinity : Math.min(cell * CELL + CELL / 2, size - 1);
  }

  /** @param {number} cx @param {number} cy */
  #check(cx, cy) {
    const k = PART / CELL;
    const tx = Math.floor(cx / k);
    const ty = Math.floor(cy / k);
    const part = ty * this.columns + tx;
    if (this.seen.has(part)) return false;
    for (let y = ty * k; y < (ty + 1) * k && y * CELL < this.height; y++) {
      for (let x = tx * k; x < (tx + 1) * k && x * CELL < this.width; x++) {
        if (this.cells[y * this.cellColumns + x] <= LONG_ENOUGH) return false;
      }
    }
    this.seen.add(part);
    return true;
  }

  /** @param {number} part @returns {Rect} */
  rect(part) {
    const x0 = (part % this.columns) * PART;
    const y0 = Math.floor(part / this.columns) * PART;
    return { x0, y0, x1: Math.min(x0 + PART, this.width), y1: Math.min(y0 + PART, this.height) };
  }

  /** @param {number} x @param {number} y image point to start from @returns {number} the next unseen part in reading order, or -1 */
  next(x, y) {
    const total = this.columns * this.rows;
    const clamp = (/** @type {number} */ v, /** @type {number} */ n) => Math.min(n - 1, Math.max(0, Math.floor(v / PART)));
    const start = clamp(y, this.rows) * this.columns + clamp(x, this.columns);
    for (let i = 1; i <= total; i++) if (!this.seen.has((start + i) % total)) return (start + i) % total;
    return -1;
  }
}
