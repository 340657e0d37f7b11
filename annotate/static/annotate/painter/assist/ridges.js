// Where thin lines run: ridge strength, the cost of following it, and cheapest paths (pure).
// The server makes the same cost map at import (photos/decoding/ridges.py); this is the fallback.

const SIGMAS = [1.5, 2.5, 4];
const RING = 1024; // buckets; more than the dearest step, 64 x 14
export const MAX_COST = 64;
/** Steps in the order of a pixel's eight neighbours. */
const STEPS = [[-1, -1, 14], [0, -1, 10], [1, -1, 14], [-1, 0, 10], [1, 0, 10], [-1, 1, 14], [0, 1, 10], [1, 1, 14]];

/**
 * Separable Gaussian, radius ceil(3 sigma), edges replicated.
 * @param {ArrayLike<number>} values row-major @param {number} width @param {number} height
 * @param {number} sigma @returns {Float32Array}
 */
export function gaussian(values, width, height, sigma) {
  const radius = Math.ceil(3 * sigma);
  const kernel = Float32Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)));
  const total = kernel.reduce((a, b) => a + b);
  kernel.forEach((v, i) => (kernel[i] = v / total));
  const across = new Float32Array(width * height);
  const out = new Float32Array(width * height);
  const line = new Float32Array(width + 2 * radius);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < line.length; x++) line[x] = values[y * width + Math.min(width - 1, Math.max(0, x - radius))];
    for (let x = 0, o = y * width; x < width; x++, o++) {
      let sum = 0;
      for (let k = 0; k <= 2 * radius; k++) sum += kernel[k] * line[x + k];
      across[o] = sum;
    }
  }
  for (let k = -radius; k <= radius; k++) {
    const weight = kernel[k + radius];
    for (let y = 0; y < height; y++) {
      const from = Math.min(height - 1, Math.max(0, y + k)) * width;
      for (let x = 0, o = y * width; x < width; x++, o++) out[o] += weight * across[from + x];
    }
  }
  return out;
}

/**
 * R = max over sigma of 2 min(|m|, q) sigma^1.5, from the second differences of the smoothed
 * image; bright and dark lines alike, the border 0.
 * @param {ArrayLike<number>} grey 0 to 255 @param {number} width @param {number} height
 * @returns {Float32Array}
 */
export function ridgeStrength(grey, width, height) {
  const out = new Float32Array(width * height);
  for (const sigma of SIGMAS) {
    const g = gaussian(grey, width, height, sigma);
    const gain = 2 * sigma ** 1.5;
    for (let y = 1; y < height - 1; y++) {
      for (let i = y * width + 1; i < (y + 1) * width - 1; i++) {
        const a = g[i - 1] + g[i + 1] - 2 * g[i];
        const b = g[i - width] + g[i + width] - 2 * g[i];
        const d = (g[i - width - 1] + g[i + width + 1] - g[i - width + 1] - g[i + width - 1]) / 4;
        const q = Math.sqrt(((a - b) / 2) ** 2 + d * d);
        const strength = gain * Math.min(Math.abs(a + b) / 2, q);
        if (strength > out[i]) out[i] = strength;
      }
    }
  }
  return out;
}

/**
 * The strength at which a ridge counts in full: the 99.5th percentile, every 7th pixel.
 * @param {Float32Array} strength @returns {number}
 */
export function fullStrength(strength) {
  const sample = new Float32Array(Math.ceil(strength.length / 7));
  for (let i = 0; i < sample.length; i++) sample[i] = strength[7 * i];
  sample.sort();
  return sample[Math.floor(0.995 * (sample.length - 1))] || 1;
}

/** cost = clip(2 / (0.03 + min(1, r / full)), 1, 64). @param {number} r @param {number} full @returns {number} */
export function costAt(r, full) {
  return Math.max(1, Math.min(MAX_COST, Math.round(2 / (0.03 + Math.min(1, r / full)))));
}

/** @typedef {{data: Uint8Array, width: number, height: number}} Grey */
/** @typedef {{x: number, y: number}} Point */

/**
 * The cheapest pixel in a square of 2 radius + 1, the nearest one on a tie.
 * @param {Grey} cost @param {number} x @param {number} y @param {number} [radius] @returns {Point}
 */
export function snap(cost, x, y, radius = 6) {
  let best = { x, y };
  let price = Infinity;
  for (let v = Math.max(0, y - radius); v <= Math.min(cost.height - 1, y + radius); v++) {
    for (let u = Math.max(0, x - radius); u <= Math.min(cost.width - 1, x + radius); u++) {
      const here = cost.data[v * cost.width + u] * 1000 + (u - x) ** 2 + (v - y) ** 2;
      if (here >= price) continue;
      price = here;
      best = { x: u, y: v };
    }
  }
  return best;
}

/** Cheapest paths from one pixel to all of a window: Dial's bucket queue. */
export class Paths {
  /**
   * @param {Grey} cost @param {Point} from @param {import("../document/mask.js").Rect} window holds `from`
   * @param {Uint8Array | null} [allowed] the window's pixels a path may enter; all when absent
   */
  constructor(cost, from, window, allowed = null) {
    this.from = from;
    this.window = window;
    this.width = window.x1 - window.x0;
    this.height = window.y1 - window.y0;
    /** Step by which each pixel was entered, 255 for none. */
    this.came = new Uint8Array(this.width * this.height).fill(255);
    this.#spread(cost, allowed);
  }

  /** @param {Grey} cost @param {Uint8Array | null} allowed */
  #spread(cost, allowed) {
    const { width, height, window, came } = this;
    const far = new Int32Array(width * height).fill(0x7fffffff);
    /** @type {number[][]} */
    const buckets = Array.from({ length: RING }, () => []);
    const start = (this.from.y - window.y0) * width + this.from.x - window.x0;
    far[start] = 0;
    buckets[0].push(start);
    let waiting = 1;
    for (let distance = 0; waiting > 0; distance++) {
      const bucket = buckets[distance % RING];
      for (let at = bucket.pop(); at !== undefined; at = bucket.pop()) {
        waiting--;
        if (far[at] !== distance) continue;
        const x = at % width;
        const y = (at - x) / width;
        for (let k = 0; k < 8; k++) {
          const u = x + STEPS[k][0];
          const v = y + STEPS[k][1];
          if (u < 0 || v < 0 || u >= width || v >= height) continue;
          const next = v * width + u;
          if (allowed && !allowed[next]) continue;
          const price = cost.data[(v + window.y0) * cost.width + u + window.x0];
          const reached = distance + price * STEPS[k][2];
          if (reached >= far[next]) continue;
          far[next] = reached;
          came[next] = k;
          buckets[reached % RING].push(next);
          waiting++;
        }
      }
    }
  }

  /** @param {Point} to @returns {boolean} */
  reaches({ x, y }) {
    const { x0, y0, x1, y1 } = this.window;
    return x >= x0 && y >= y0 && x < x1 && y < y1;
  }

  /** @param {Point} to in the window @returns {Point[]} pixels from the start to it */
  trace({ x, y }) {
    const path = [{ x, y }];
    for (;;) {
      const k = this.came[(y - this.window.y0) * this.width + x - this.window.x0];
      if (k === 255 || (x === this.from.x && y === this.from.y)) return path.reverse();
      x -= STEPS[k][0];
      y -= STEPS[k][1];
      path.push({ x, y });
    }
  }
}
