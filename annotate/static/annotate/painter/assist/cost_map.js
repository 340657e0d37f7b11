// The cost map where the server has none: measured tile by tile, only where someone traces (pure).
import { costAt, fullStrength, ridgeStrength } from "./ridges.js";

/** @typedef {import("./ridges.js").Grey} Grey */
/** @typedef {import("../document/mask.js").Rect} Rect */

const SIDE = 512;
const MARGIN = 16;
const SAMPLE = 192;
const SAMPLES = 3; // along each side

export class CostMap {
  /** @param {Grey} grey */
  constructor(grey) {
    this.grey = grey;
    this.width = grey.width;
    this.height = grey.height;
    this.data = new Uint8Array(grey.width * grey.height);
    this.done = new Set();
    this.full = this.#sample();
  }

  /** Where one scale for all tiles is taken. @param {number} width @param {number} height @returns {Rect[]} */
  static samples(width, height) {
    return Array.from({ length: SAMPLES * SAMPLES }, (_, i) => {
      const x = Math.floor(((i % SAMPLES) + 0.5) * (width / SAMPLES) - SAMPLE / 2);
      const y = Math.floor((Math.floor(i / SAMPLES) + 0.5) * (height / SAMPLES) - SAMPLE / 2);
      return { x0: x, y0: y, x1: x + SAMPLE, y1: y + SAMPLE };
    });
  }

  #sample() {
    const found = CostMap.samples(this.width, this.height).map((rect) => this.#strength(rect).strength);
    const all = new Float32Array(found.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of found) {
      all.set(part, at);
      at += part.length;
    }
    return fullStrength(all);
  }

  /** @param {Rect} rect */
  #strength(rect) {
    const x0 = Math.max(0, rect.x0);
    const y0 = Math.max(0, rect.y0);
    const x1 = Math.min(this.width, rect.x1);
    const y1 = Math.min(this.height, rect.y1);
    const width = x1 - x0;
    const part = new Uint8Array(width * (y1 - y0));
    for (let y = y0; y < y1; y++) {
      part.set(this.grey.data.subarray(y * this.width + x0, y * this.width + x1), (y - y0) * width);
    }
    return { strength: ridgeStrength(part, width, y1 - y0), x0, y0, width };
  }

  /** Measure what is missing of a rectangle. @param {Rect} rect */
  ensure({ x0, y0, x1, y1 }) {
    const columns = Math.ceil(this.width / SIDE);
    for (let ty = Math.floor(Math.max(0, y0) / SIDE); ty * SIDE < Math.min(y1, this.height); ty++) {
      for (let tx = Math.floor(Math.max(0, x0) / SIDE); tx * SIDE < Math.min(x1, this.width); tx++) {
        if (this.done.has(ty * columns + tx)) continue;
        this.done.add(ty * columns + tx);
        this.#measure(tx * SIDE, ty * SIDE);
      }
    }
  }

  /** @param {number} left @param {number} top */
  #measure(left, top) {
    const right = Math.min(this.width, left + SIDE);
    const bottom = Math.min(this.height, top + SIDE);
    const { strength, x0, y0, width } = this.#strength({
      x0: left - MARGIN, y0: top - MARGIN, x1: right + MARGIN, y1: bottom + MARGIN,
    });
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        this.data[y * this.width + x] = costAt(strength[(y - y0) * width + x - x0], this.full);
      }
    }
  }
}
