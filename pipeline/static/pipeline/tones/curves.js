// Tones as the engine draws them, on 8 bits (pure): pipeline/engine/tones/curves.py and applying.py.

/** @typedef {[number, number][]} Knots pairs of 0 to 1 that rise in both */
/** @typedef {{luma: Knots, channels: [Knots, Knots, Knots], grey: boolean}} Curves grey: of a print without colours */
/** @typedef {{width: number, height: number, data: Uint8ClampedArray}} Pixels red, green, blue, alpha */

const PEAK = 255;
const GRID = 48; // px: the long side of the copy that says how bright a neighbourhood is
const LOCAL = 0.2;
const SOFT = 0.1;
const NEUTRAL = 0.85; // of the chroma that a grey print has left

/** The monotone cubic through the knots. @param {Knots} knots @param {number} at 0 to 1 */
export function curve(knots, at) {
  const slopes = slopesOf(knots);
  let k = 0;
  while (k < knots.length - 2 && knots[k + 1][0] <= at) k += 1;
  const [x0, y0] = knots[k];
  const [x1, y1] = knots[k + 1];
  const width = x1 - x0;
  const t = (at - x0) / width;
  return (1 + 2 * t) * (1 - t) ** 2 * y0 + t * (1 - t) ** 2 * width * slopes[k]
    + t ** 2 * (3 - 2 * t) * y1 + t ** 2 * (t - 1) * width * slopes[k + 1];
}

/** @param {Knots} knots */
function slopesOf(knots) {
  const width = knots.slice(1).map(([x], k) => x - knots[k][0]);
  const rise = knots.slice(1).map(([, y], k) => (y - knots[k][1]) / width[k]);
  const inner = width.slice(1).map((next, k) => {
    const before = 2 * next + width[k];
    const after = next + 2 * width[k];
    return (before + after) / (before / rise[k] + after / rise[k + 1]);
  });
  return [rise[0], ...inner, rise[rise.length - 1]];
}

/** For each level 0 to 255 a value 0 to 1. @param {Knots} knots @param {number} strength 0 to 1 */
export function table(knots, strength) {
  return Float32Array.from({ length: PEAK + 1 }, (_, value) => {
    const level = value / PEAK;
    return level + strength * (curve(knots, level) - level);
  });
}

/** @param {Uint8ClampedArray} data @param {number} at */
function luma(data, at) {
  return 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
}

/** How bright each pixel's neighbourhood is, 0 to 255. @param {Pixels} picture @returns {Uint8Array} */
export function surroundings({ width, height, data }) {
  const scale = Math.min(1, GRID / Math.max(width, height));
  const few = { x: Math.max(1, Math.round(width * scale)), y: Math.max(1, Math.round(height * scale)) };
  const grid = smoothed(means(width, height, data, few), few);
  const across = places(few.x, width);
  const down = places(few.y, height);
  const base = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const upper = down.low[y] * few.x;
    const lower = down.high[y] * few.x;
    for (let x = 0; x < width; x += 1) {
      const [left, right, share] = [across.low[x], across.high[x], across.share[x]];
      const above = grid[upper + left] * (1 - share) + grid[upper + right] * share;
      const below = grid[lower + left] * (1 - share) + grid[lower + right] * share;
      base[y * width + x] = Math.round(above * (1 - down.share[y]) + below * down.share[y]);
    }
  }
  return base;
}

/** @param {number} width @param {number} height @param {Uint8ClampedArray} data @param {{x: number, y: number}} few */
function means(width, height, data, few) {
  const sums = new Float64Array(few.x * few.y);
  const counts = new Uint32Array(few.x * few.y);
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor((y * few.y) / height) * few.x;
    for (let x = 0; x < width; x += 1) {
      const cell = row + Math.floor((x * few.x) / width);
      sums[cell] += luma(data, 4 * (y * width + x));
      counts[cell] += 1;
    }
  }
  return sums.map((sum, k) => sum / Math.max(1, counts[k]));
}

/** The mean of 3 x 3, mirrored at the edges. @param {Float64Array} grid @param {{x: number, y: number}} few */
function smoothed(grid, few) {
  const mirrored = (/** @type {number} */ k, /** @type {number} */ most) =>
    most === 1 ? 0 : k < 0 ? 1 : k >= most ? most - 2 : k;
  return grid.map((_, cell) => {
    let sum = 0;
    for (let dy = -1; dy <= 1; dy += 1) {
      for (let dx = -1; dx <= 1; dx += 1) {
        const y = mirrored(Math.floor(cell / few.x) + dy, few.y);
        sum += grid[y * few.x + mirrored((cell % few.x) + dx, few.x)];
      }
    }
    return sum / 9;
  });
}

/** Of `many` pixel centres among `few`. @param {number} few @param {number} many */
function places(few, many) {
  const low = new Uint16Array(many);
  const high = new Uint16Array(many);
  const share = new Float32Array(many);
  for (let k = 0; k < many; k += 1) {
    const place = Math.min(few - 1, Math.max(0, ((k + 0.5) * few) / many - 0.5));
    low[k] = Math.floor(place);
    high[k] = Math.min(low[k] + 1, few - 1);
    share[k] = place - low[k];
  }
  return { low, high, share };
}

/** What is added to toned luma among toned surroundings, 0 to 1. @param {number} y @param {number} base @param {number} strength */
export function local(y, base, strength) {
  const off = y - base;
  return ((LOCAL * strength * off) / (1 + Math.abs(off) / SOFT)) * 4 * y * (1 - y);
}

/**
 * The picture with its tones.
 * @param {Pixels} picture @param {Uint8Array} around its surroundings @param {Curves} curves
 * @param {number} strength 0 to 1 @param {boolean} byLuma chroma stays
 * @returns {Uint8ClampedArray} pixels of their own
 */
export function toned({ data }, around, curves, strength, byLuma) {
  const out = new Uint8ClampedArray(data);
  if (strength === 0) return out;
  const ofLuma = table(curves.luma, strength);
  const tables = curves.channels.map((knots) => table(knots, strength));
  const kept = curves.grey ? 1 - NEUTRAL * strength : 1;
  for (let pixel = 0, at = 0; at < data.length; pixel += 1, at += 4) {
    const base = ofLuma[around[pixel]];
    if (byLuma) recolour(data, out, at, ofLuma, base, strength);
    else recurve(data, out, at, tables, { base, strength, kept });
  }
  return out;
}

/** @param {Uint8ClampedArray} data @param {Uint8ClampedArray} out @param {number} at @param {Float32Array[]} tables @param {{base: number, strength: number, kept: number}} how `kept`: of chroma */
function recurve(data, out, at, [reds, greens, blues], { base, strength, kept }) {
  const red = reds[data[at]];
  const green = greens[data[at + 1]];
  const blue = blues[data[at + 2]];
  const y = 0.299 * red + 0.587 * green + 0.114 * blue;
  const level = y + local(y, base, strength);
  out[at] = PEAK * (level + kept * (red - y));
  out[at + 1] = PEAK * (level + kept * (green - y));
  out[at + 2] = PEAK * (level + kept * (blue - y));
}

/** Chroma is shortened where it would leave the range. @param {Uint8ClampedArray} data @param {Uint8ClampedArray} out @param {number} at @param {Float32Array} ofLuma @param {number} base @param {number} strength */
function recolour(data, out, at, ofLuma, base, strength) {
  const was = luma(data, at);
  let y = ofLuma[Math.round(was)];
  y = PEAK * (y + local(y, base, strength));
  const most = Math.max(data[at], data[at + 1], data[at + 2]) - was;
  const least = was - Math.min(data[at], data[at + 1], data[at + 2]);
  const fits = Math.min(1, (PEAK - y) / Math.max(most, 1e-9), y / Math.max(least, 1e-9));
  for (let k = 0; k < 3; k += 1) out[at + k] = y + fits * (data[at + k] - was);
}
