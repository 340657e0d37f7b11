// How far a crack or a speck reaches around a path or a point: detail against its surroundings (pure).
import { gaussian } from "./ridges.js";

/** @typedef {import("./ridges.js").Grey} Grey */
/** @typedef {import("./ridges.js").Point} Point */
/** @typedef {import("../document/mask.js").Rect} Rect */
/** @typedef {number[]} Runs triples y, x0, x1 (half-open) */

const GRID = 8;
const REACH = 9;
const SLACK = 2; // px a place may be wider than the median of its path
const STRIDE = 4; // path pixels to each side that give its direction
const WINDOW = 30; // half of the 61 x 61 median

/** The photo's median background, taken every 8 px from every second pixel, in between linear. */
export class Background {
  /** @param {Grey} grey */
  constructor(grey) {
    this.grey = grey;
    this.columns = Math.ceil(grey.width / GRID) + 1;
    this.nodes = new Int16Array(this.columns * (Math.ceil(grey.height / GRID) + 1)).fill(-1);
  }

  /** @param {number} nx @param {number} ny node @returns {number} */
  #node(nx, ny) {
    const at = ny * this.columns + nx;
    if (this.nodes[at] >= 0) return this.nodes[at];
    const { data, width, height } = this.grey;
    const counts = new Uint16Array(256);
    let total = 0;
    for (let y = Math.max(0, ny * GRID - WINDOW); y < Math.min(height, ny * GRID + WINDOW + 1); y += 2) {
      for (let x = Math.max(0, nx * GRID - WINDOW); x < Math.min(width, nx * GRID + WINDOW + 1); x += 2, total++) {
        counts[data[y * width + x]]++;
      }
    }
    let median = 0;
    for (let sum = counts[0]; sum * 2 < total; sum += counts[median]) median++;
    return this.nodes[at] = median;
  }

  /** @param {number} x @param {number} y @returns {number} grey level */
  at(x, y) {
    const nx = Math.floor(x / GRID);
    const ny = Math.floor(y / GRID);
    const u = x / GRID - nx;
    const v = y / GRID - ny;
    return (1 - v) * ((1 - u) * this.#node(nx, ny) + u * this.#node(nx + 1, ny)) +
      v * ((1 - u) * this.#node(nx, ny + 1) + u * this.#node(nx + 1, ny + 1));
  }

  /**
   * Detail: the smoothed photo minus its background, over a box.
   * @param {Rect} box inside the photo @param {number} sigma @returns {Float32Array}
   */
  detail(box, sigma) {
    const { data, width, height } = this.grey;
    const air = Math.ceil(3 * sigma);
    const wide = clip({ x0: box.x0 - air, y0: box.y0 - air, x1: box.x1 + air, y1: box.y1 + air }, width, height);
    const w = wide.x1 - wide.x0;
    const part = new Uint8Array(w * (wide.y1 - wide.y0));
    for (let y = wide.y0; y < wide.y1; y++) {
      part.set(data.subarray(y * width + wide.x0, y * width + wide.x1), (y - wide.y0) * w);
    }
    const smooth = gaussian(part, w, wide.y1 - wide.y0, sigma);
    const out = new Float32Array((box.x1 - box.x0) * (box.y1 - box.y0));
    for (let y = box.y0, o = 0; y < box.y1; y++) {
      for (let x = box.x0; x < box.x1; x++, o++) {
        out[o] = smooth[(y - wide.y0) * w + x - wide.x0] - this.at(x, y);
      }
    }
    return out;
  }
}

/**
 * Pixels of a crack along a path: those within 9 px whose detail has the sign and more than half
 * the strength of the path's nearest pixel; always those within 1 px. Parts that do not touch
 * the path are dropped, what is far wider than the rest is trimmed, small gaps are closed, then it
 * is widened or narrowed.
 * @param {Background} background @param {Point[]} path @param {number} [widen] pixels, may be negative
 * @returns {Runs}
 */
export function alongRidge(background, path, widen = 0) {
  const { width, height } = background.grey;
  const box = around(path, REACH + 3 + Math.max(0, widen), width, height);
  const w = box.x1 - box.x0;
  const detail = background.detail(box, 0.8);
  const level = medianFiltered(path.map(({ x, y }) => detail[(y - box.y0) * w + x - box.x0]), 10);
  const near = nearest(path, box, REACH);
  const cells = new Uint8Array(detail.length);
  for (let i = 0; i < cells.length; i++) {
    const n = near.index[i];
    if (n < 0) continue;
    const c = level[n];
    const inside = Math.abs(c) > 5 && detail[i] * c > 0 && Math.abs(detail[i]) > 0.5 * Math.abs(c);
    if (inside || near.square[i] <= 1) cells[i] = 1;
  }
  const kept = touching(cells, w, (i) => near.square[i] <= 1);
  trim(kept, path, box, near);
  const closed = spread(spread(kept, w, 1), w, 0);
  for (let i = 0; i < closed.length; i++) closed[i] |= kept[i];
  let result = closed;
  for (let k = 0; k < Math.abs(widen); k++) result = spread(result, w, widen > 0 ? 1 : 0);
  for (let i = 0; i < result.length; i++) if (near.square[i] === 0) result[i] = 1;
  return toRuns(result, box);
}

/** @param {Point[]} path @param {number} size @param {number} width @param {number} height of the photo @returns {Runs} */
export function alongLine(path, size, width, height) {
  const reach = Math.max(0.5, size / 2);
  const box = around(path, Math.ceil(reach) + 1, width, height);
  const near = nearest(path, box, Math.ceil(reach));
  return toRuns(near.square.map((square) => (square <= (size <= 1 ? 0 : reach * reach) ? 1 : 0)), box);
}

/** @param {Rect} box @param {number} width @param {number} height @returns {Rect} */
export function clip({ x0, y0, x1, y1 }, width, height) {
  return { x0: Math.max(0, x0), y0: Math.max(0, y0), x1: Math.min(width, x1), y1: Math.min(height, y1) };
}

/** @param {Point[]} path @param {number} air @param {number} width @param {number} height @returns {Rect} */
function around(path, air, width, height) {
  const box = { x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
  for (const { x, y } of path) {
    box.x0 = Math.min(box.x0, x - air);
    box.y0 = Math.min(box.y0, y - air);
    box.x1 = Math.max(box.x1, x + air + 1);
    box.y1 = Math.max(box.y1, y + air + 1);
  }
  return clip(box, width, height);
}

/**
 * On grain, cloth and soft shadows the detail has no end of its own: no place of the path gets wider
 * than the path's median and 2 px, taken from the side that reaches farther, and nothing is painted
 * beyond the two ends.
 * @param {Uint8Array} cells changed in place @param {Point[]} path @param {Rect} box
 * @param {ReturnType<typeof nearest>} near
 */
function trim(cells, path, box, near) {
  const w = box.x1 - box.x0;
  const last = path.length - 1;
  const sides = [0, 1].map(() => new Float64Array(path.length).fill(1)); // a pixel to each side always stays
  const side = new Uint8Array(cells.length);
  for (let i = 0; i < cells.length; i++) {
    const n = near.index[i];
    if (!cells[i] || n < 0 || near.square[i] <= 1) continue;
    const { x, y } = path[n];
    const [u, v] = [(i % w) + box.x0 - x, Math.floor(i / w) + box.y0 - y];
    const [a, b] = [path[Math.max(0, n - STRIDE)], path[Math.min(last, n + STRIDE)]];
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const ahead = u * dx + v * dy;
    if ((n === 0 && ahead < 0) || (n === last && ahead > 0)) {
      cells[i] = 0;
      continue;
    }
    side[i] = dx * v - dy * u > 0 ? 1 : 0;
    const reach = Math.sqrt(near.square[i]);
    if (reach > sides[side[i]][n]) sides[side[i]][n] = reach;
  }
  const most = capped(sides);
  for (let i = 0; i < cells.length; i++) {
    const n = near.index[i];
    if (cells[i] && n >= 0 && near.square[i] > 1 && Math.sqrt(near.square[i]) > most[side[i]][n]) cells[i] = 0;
  }
}

/** @param {Float64Array[]} sides how far each place reaches to either side @returns {Float64Array[]} how far it may */
function capped(sides) {
  const total = sides[0].map((reach, n) => reach + sides[1][n]);
  const sorted = total.slice().sort();
  const most = sorted[sorted.length >> 1] + SLACK;
  const out = sides.map((side) => side.slice());
  total.forEach((width, n) => {
    if (width <= most) return;
    const [a, b] = [sides[0][n], sides[1][n]];
    const small = Math.min(a, b, most / 2);
    out[0][n] = a <= b ? small : most - small;
    out[1][n] = a <= b ? most - small : small;
  });
  return out;
}

/** Each pixel's nearest path pixel within `reach`, and the squared distance. @param {Point[]} path @param {Rect} box @param {number} reach */
function nearest(path, box, reach) {
  const w = box.x1 - box.x0;
  const size = w * (box.y1 - box.y0);
  const index = new Int32Array(size).fill(-1);
  const square = new Int32Array(size).fill(1e9);
  path.forEach(({ x, y }, n) => {
    for (let v = Math.max(box.y0, y - reach); v <= Math.min(box.y1 - 1, y + reach); v++) {
      for (let u = Math.max(box.x0, x - reach); u <= Math.min(box.x1 - 1, x + reach); u++) {
        const d = (u - x) ** 2 + (v - y) ** 2;
        const i = (v - box.y0) * w + u - box.x0;
        if (d > reach * reach || d >= square[i]) continue;
        square[i] = d;
        index[i] = n;
      }
    }
  });
  return { index, square };
}

/** @param {number[]} values @param {number} half @returns {number[]} the median of each 2 half + 1 */
function medianFiltered(values, half) {
  return values.map((_, i) => {
    const part = values.slice(Math.max(0, i - half), i + half + 1).sort((a, b) => a - b);
    return part[part.length >> 1];
  });
}

/** @param {Uint8Array} cells @param {number} w @param {(i: number) => boolean} isSeed @returns {Uint8Array} the 8-connected parts that hold a seed */
function touching(cells, w, isSeed) {
  const out = new Uint8Array(cells.length);
  /** @type {number[]} */ const stack = [];
  for (let i = 0; i < cells.length; i++) if (cells[i] && isSeed(i)) stack.push(i);
  while (stack.length) {
    const i = /** @type {number} */ (stack.pop());
    if (out[i] || !cells[i]) continue;
    out[i] = 1;
    const x = i % w;
    for (let dx = x > 0 ? -1 : 0; dx <= (x < w - 1 ? 1 : 0); dx++) {
      for (const next of [i - w + dx, i + dx, i + w + dx]) if (cells[next] && !out[next]) stack.push(next);
    }
  }
  return out;
}

/** Grow (value 1) or shrink (value 0) by one pixel, 3 x 3. @param {Uint8Array} cells @param {number} w @param {0 | 1} value */
function spread(cells, w, value) {
  const out = cells.slice();
  for (let i = 0; i < cells.length; i++) {
    if (cells[i] !== value) continue;
    const x = i % w;
    for (let dx = x > 0 ? -1 : 0; dx <= (x < w - 1 ? 1 : 0); dx++) {
      for (const next of [i - w + dx, i + dx, i + w + dx]) if (next >= 0 && next < out.length) out[next] = value;
    }
  }
  return out;
}

/** @param {ArrayLike<number>} cells @param {Rect} box @returns {Runs} */
export function toRuns(cells, box) {
  const w = box.x1 - box.x0;
  /** @type {Runs} */ const runs = [];
  for (let y = box.y0, i = 0; y < box.y1; y++) {
    for (let x = 0; x < w; x++, i++) {
      if (!cells[i]) continue;
      const start = x;
      while (x + 1 < w && cells[i + 1]) {
        x++;
        i++;
      }
      runs.push(y, box.x0 + start, box.x0 + x + 1);
    }
  }
  return runs;
}
