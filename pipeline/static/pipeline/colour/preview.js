// The look at strokes before they are kept: their spread enlarged by luma, over the network's picture.

import { gridSize, lumaOf, rgb, shrunk, ycbcr } from "./grid.js";
import { CHROMA, Solver } from "./solver.js";

/** @typedef {import("./grid.js").Plane} Plane */
/** @typedef {import("./solver.js").Spread} Spread */
/** @typedef {import("./strokes.js").Stroke} Stroke */
/** @typedef {{width: number, height: number, data: Uint8ClampedArray}} Pixels RGBA */

const WINDOW = 2;
const REGULAR = 1e-4;
const LEAST_CHANGE = 1 / 256;

/** A picture in the network's colours, on which strokes are tried. */
export class Preview {
  /** @param {Pixels} base @param {{width: number, height: number}} photo its full size */
  constructor(base, photo) {
    this.base = base;
    this.photo = photo;
    this.luma = lumaOf(base.data, base.width, base.height);
    const { width, height } = gridSize(photo.width, photo.height);
    const size = { width: Math.min(width, base.width), height: Math.min(height, base.height) };
    this.grid = shrunk(this.luma, size);
    this.solver = new Solver({ ...size, planes: [this.grid.data, ...chromaOf(base).map((plane) => shrunk(plane, size).data)] });
  }

  /** RGBA with the strokes' colours. @param {readonly Stroke[]} strokes */
  paint(strokes) {
    const out = new Uint8ClampedArray(this.base.data);
    if (!strokes.length) return out;
    const { width, height } = this.grid;
    const spread = this.solver.spread(strokes, width / this.photo.width, height / this.photo.height);
    this.#mix(out, spread, guided(this.grid, spread.hold));
    return out;
  }

  /** @param {Uint8ClampedArray} out @param {Spread} spread @param {{slope: Float32Array, level: Float32Array}} lines */
  #mix(out, { cb, cr }, { slope, level }) {
    const { luma, grid } = this;
    const columns = between(luma.width, grid.width);
    const rows = between(luma.height, grid.height);
    for (let y = 0, i = 0; y < luma.height; y++) {
      const upper = rows.low[y] * grid.width;
      const lower = rows.high[y] * grid.width;
      const down = rows.share[y];
      for (let x = 0; x < luma.width; x++, i++) {
        const { low, high, share } = columns;
        const a = upper + low[x], b = upper + high[x], c = lower + low[x], d = lower + high[x];
        const wb = share[x] * (1 - down), wc = (1 - share[x]) * down, wd = share[x] * down, wa = 1 - wb - wc - wd;
        const hold = Math.min(1, (wa * slope[a] + wb * slope[b] + wc * slope[c] + wd * slope[d]) * luma.data[i]
          + wa * level[a] + wb * level[b] + wc * level[c] + wd * level[d]);
        if (hold < LEAST_CHANGE) continue;
        const p = 4 * i;
        const was = ycbcr(out[p], out[p + 1], out[p + 2]);
        const blue = wa * cb[a] + wb * cb[b] + wc * cb[c] + wd * cb[d];
        const red = wa * cr[a] + wb * cr[b] + wc * cr[c] + wd * cr[d];
        const now = rgb(255 * was.y, was.cb + hold * (blue - was.cb), was.cr + hold * (red - was.cr));
        out[p] = now[0];
        out[p + 1] = now[1];
        out[p + 2] = now[2];
      }
    }
  }
}

/** Cb and Cr of RGBA as the solver weighs them against luma. @param {Pixels} base @returns {Plane[]} */
function chromaOf({ width, height, data }) {
  const cb = new Float32Array(width * height);
  const cr = new Float32Array(width * height);
  for (let i = 0, p = 0; i < cb.length; i++, p += 4) {
    const chroma = ycbcr(data[p], data[p + 1], data[p + 2]);
    cb[i] = (CHROMA * chroma.cb) / 255;
    cr[i] = (CHROMA * chroma.cr) / 255;
  }
  return [{ width, height, data: cb }, { width, height, data: cr }];
}

/** (slope, level) with hold = slope * luma + level around each pixel: the guided filter. @param {Plane} luma @param {Float32Array} hold */
export function guided({ width, height, data }, hold) {
  const mean = (/** @type {Float32Array} */ plane) => blurred(plane, width, height);
  const product = (/** @type {Float32Array} */ a, /** @type {Float32Array} */ b) => a.map((value, i) => value * b[i]);
  const meanY = mean(data);
  const meanH = mean(hold);
  const both = mean(product(data, hold));
  const square = mean(product(data, data));
  const slope = both.map((value, i) => (value - meanY[i] * meanH[i]) / (square[i] - meanY[i] * meanY[i] + REGULAR));
  const level = meanH.map((value, i) => value - slope[i] * meanY[i]);
  return { slope: mean(slope), level: mean(level) };
}

/** The mean of each window; the border is repeated. @param {Float32Array} plane @param {number} width @param {number} height */
function blurred(plane, width, height) {
  const wide = new Float32Array(plane.length);
  const out = new Float32Array(plane.length);
  const side = 2 * WINDOW + 1;
  const inside = (/** @type {number} */ at, /** @type {number} */ end) => Math.min(end - 1, Math.max(0, at));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let step = -WINDOW; step <= WINDOW; step++) sum += plane[y * width + inside(x + step, width)];
      wide[y * width + x] = sum / side;
    }
  }
  for (let y = 0; y < height; y++) {
    for (let step = -WINDOW; step <= WINDOW; step++) {
      const from = inside(y + step, height) * width;
      for (let x = 0; x < width; x++) out[y * width + x] += wide[from + x] / side;
    }
  }
  return out;
}

/** For each full pixel the two small ones that it lies between, bilinear. @param {number} full @param {number} small */
function between(full, small) {
  const low = new Int32Array(full);
  const high = new Int32Array(full);
  const share = new Float32Array(full);
  for (let i = 0; i < full; i++) {
    const at = Math.min(small - 1, Math.max(0, ((i + 0.5) * small) / full - 0.5));
    low[i] = Math.floor(at);
    high[i] = Math.min(low[i] + 1, small - 1);
    share[i] = at - low[i];
  }
  return { low, high, share };
}
