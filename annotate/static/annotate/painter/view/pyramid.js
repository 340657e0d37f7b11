// Halvings of a byte image that keep thin things visible: a coarse pixel holds what any of its
// four finer ones holds, by OR for class bits or by maximum for probabilities (pure).

/** @typedef {import("../document/mask.js").Rect} Rect */
/** @typedef {{data: Uint8Array, width: number, height: number}} Level */

export class Pyramid {
  /**
   * @param {Uint8Array} data row-major, kept by reference as level 0
   * @param {number} width @param {number} height @param {"or" | "max"} merge
   */
  constructor(data, width, height, merge = "or") {
    this.merge = merge;
    /** @type {Level[]} */
    this.levels = [{ data, width, height }];
    while (Math.max(width, height) > 64) {
      width = Math.ceil(width / 2);
      height = Math.ceil(height / 2);
      this.levels.push({ data: new Uint8Array(width * height), width, height });
    }
  }

  /** Bring the coarser levels up to date after level 0 changed. @param {Rect} rect in level 0 */
  update(rect) {
    let { x0, y0, x1, y1 } = rect;
    for (let k = 1; k < this.levels.length; k++) {
      x0 >>= 1;
      y0 >>= 1;
      x1 = (x1 + 1) >> 1;
      y1 = (y1 + 1) >> 1;
      this.#halve(this.levels[k - 1], this.levels[k], x0, y0, x1, y1);
    }
  }

  /** @param {Level} fine @param {Level} coarse @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 */
  #halve(fine, coarse, x0, y0, x1, y1) {
    const or = this.merge === "or";
    const { data, width, height } = fine;
    for (let y = y0; y < y1; y++) {
      const up = 2 * y * width;
      const down = 2 * y + 1 < height ? up + width : up;
      for (let x = x0; x < x1; x++) {
        const l = 2 * x;
        const r = l + 1 < width ? l + 1 : l;
        const a = data[up + l];
        const b = data[up + r];
        const c = data[down + l];
        const d = data[down + r];
        coarse.data[y * coarse.width + x] = or ? a | b | c | d : Math.max(a, b, c, d);
      }
    }
  }

  /**
   * Whether any byte of `rect` passes, judged on a coarse level: may say yes where there is none,
   * never no where there is one. @param {Rect} rect in level 0 @param {(byte: number) => boolean} passes
   */
  some({ x0, y0, x1, y1 }, passes) {
    const span = Math.max(1, x1 - x0, y1 - y0);
    const k = Math.max(0, Math.min(this.levels.length - 1, Math.ceil(Math.log2(span / 32))));
    const { data, width, height } = this.levels[k];
    for (let y = Math.max(0, y0 >> k); y < Math.min(height, ((y1 - 1) >> k) + 1); y++) {
      for (let x = Math.max(0, x0 >> k); x < Math.min(width, ((x1 - 1) >> k) + 1); x++) {
        const byte = data[y * width + x];
        if (byte && passes(byte)) return true;
      }
    }
    return false;
  }

  /** @param {number} scale screen pixels per image pixel @returns {number} the finest level none of whose pixels is smaller than the screen's */
  levelFor(scale) {
    const level = Math.ceil(Math.log2(1 / scale) - 1e-9);
    return Math.max(0, Math.min(this.levels.length - 1, level));
  }
}
