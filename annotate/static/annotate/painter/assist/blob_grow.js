// Specks: the one under a point, and all of a box (pure).
import { clip, toRuns } from "./line_width.js";

/** @typedef {import("./line_width.js").Background} Background */
/** @typedef {import("./line_width.js").Runs} Runs */
/** @typedef {import("../document/mask.js").Rect} Rect */

const BOX_STEP = 512;
const NOISE = 4; // a speck stands out by this many times the grain around it
const SMALLEST = 4;
const LARGEST = 1600; // pixels; what is larger is no speck

const SHARES = [0.35, 0.45, 0.55, 0.65, 0.75, 0.85];
const REACH = 4; // px a click may miss by
const NEARNESS = 3;
const PEAK = 0.8; // share that bounds the peak of a speck
const SPREAD = 8; // times the area of its peak a speck may have
const HALFWAY = 0.45;
const WIDTH = 0.75;

/** @typedef {{runs: Runs, share: number}} Speck what it covers, and the share of its strength that bounds it */

/**
 * The speck under a point: the 4-connected part around a strong pixel near it where the detail has
 * its sign and more than `share` of its strength. Share 0 takes the one with the steepest rim of
 * those that are not far larger than their peak: such a part has flowed into the picture.
 * @param {Background} background @param {number} x @param {number} y @param {number} [share] 0 to 1
 * @returns {Speck | null} null when it does not end within 193 px
 */
export function speckAt(background, x, y, share = 0) {
  const { width, height } = background.grey;
  for (const half of [24, 48, 96]) {
    const box = clip({ x0: x - half, y0: y - half, x1: x + half + 1, y1: y + half + 1 }, width, height);
    const detail = levelled(background.detail(box, 1), box, x, y, Math.round(half * 0.7));
    const seed = strongest(detail, box, x, y);
    const grow = (/** @type {number} */ part) => flood(detail, box, seed, part, width, height);
    const most = share ? Infinity : SPREAD * (grow(PEAK)?.area ?? 0);
    /** @type {(Speck & {worth: number}) | null} */
    let best = null;
    for (const part of share ? [share] : SHARES) {
      const grown = grow(part);
      if (!grown || grown.area > most) continue;
      const worth = grown.rim * likely(part);
      if (!best || worth > best.worth) best = { runs: toRuns(grown.cells, box), share: part, worth };
    }
    if (best) return { runs: best.runs, share: best.share };
  }
  return null;
}

/** A blurred edge lies where about half the strength is left. @param {number} share @returns {number} */
function likely(share) {
  return Math.exp(-(((share - HALFWAY) / WIDTH) ** 2));
}

/**
 * The same against its nearer surroundings: on a slope the wide background is off.
 * @param {Float32Array} detail changed in place @param {Rect} box @param {number} x @param {number} y @param {number} reach
 */
function levelled(detail, box, x, y, reach) {
  const w = box.x1 - box.x0;
  const around = [];
  for (let v = Math.max(box.y0, y - reach); v < Math.min(box.y1, y + reach + 1); v += 2) {
    for (let u = Math.max(box.x0, x - reach); u < Math.min(box.x1, x + reach + 1); u += 2) {
      around.push(detail[(v - box.y0) * w + u - box.x0]);
    }
  }
  const level = Float32Array.from(around).sort()[around.length >> 1];
  for (let i = 0; i < detail.length; i++) detail[i] -= level;
  return detail;
}

/** The strongest pixel near a point, the nearer the better. @param {Float32Array} detail @param {Rect} box @param {number} x @param {number} y */
function strongest(detail, box, x, y) {
  const w = box.x1 - box.x0;
  let seed = (y - box.y0) * w + x - box.x0;
  let most = 0;
  for (let v = Math.max(box.y0, y - REACH); v < Math.min(box.y1, y + REACH + 1); v++) {
    for (let u = Math.max(box.x0, x - REACH); u < Math.min(box.x1, x + REACH + 1); u++) {
      const i = (v - box.y0) * w + u - box.x0;
      const worth = Math.abs(detail[i]) * Math.exp(-((u - x) ** 2 + (v - y) ** 2) / (2 * NEARNESS ** 2));
      if (worth <= most) continue;
      most = worth;
      seed = i;
    }
  }
  return seed;
}

/**
 * @param {Float32Array} detail @param {Rect} box @param {number} seed @param {number} share
 * @param {number} width @param {number} height of the photo
 * @returns {{cells: Uint8Array, rim: number, area: number} | null} `rim`: the mean drop over its edge; null when the box cuts it
 */
function flood(detail, box, seed, share, width, height) {
  const w = box.x1 - box.x0;
  const sign = Math.sign(detail[seed]);
  const least = share * Math.abs(detail[seed]);
  const cells = new Uint8Array(detail.length);
  const stack = [seed];
  let drop = 0;
  let edges = 0;
  let area = 0;
  cells[seed] = 1;
  while (stack.length) {
    const i = /** @type {number} */ (stack.pop());
    area++;
    const u = i % w;
    const v = Math.floor(i / w);
    for (const [next, edge, photo] of [
      [i - 1, u === 0, box.x0 > 0], [i + 1, u === w - 1, box.x1 < width],
      [i - w, v === 0, box.y0 > 0], [i + w, i + w >= cells.length, box.y1 < height],
    ]) {
      if (edge) {
        if (photo) return null;
        continue;
      }
      const n = /** @type {number} */ (next);
      if (cells[n]) continue;
      if (detail[n] * sign > least) {
        cells[n] = 1;
        stack.push(n);
      } else {
        drop += (detail[i] - detail[n]) * sign;
        edges++;
      }
    }
  }
  return { cells, rim: edges ? drop / edges : 0, area };
}

/**
 * Every speck of a box: parts that differ from their surroundings by several times the grain,
 * each grown as a click on its strongest pixel would. Long thin parts are cracks and left out.
 * @param {Background} background @param {Rect} wanted @returns {Runs[]} one list of runs each, strongest first
 */
export function specksIn(background, wanted) {
  const { width, height } = background.grey;
  const whole = {
    x0: Math.floor(wanted.x0), y0: Math.floor(wanted.y0), x1: Math.ceil(wanted.x1), y1: Math.ceil(wanted.y1),
  };
  const all = clip(whole, width, height);
  /** @type {{strength: number, runs: Runs}[]} */ const found = [];
  const taken = new Set();
  for (let y0 = all.y0; y0 < all.y1; y0 += BOX_STEP) {
    for (let x0 = all.x0; x0 < all.x1; x0 += BOX_STEP) {
      const box = { x0, y0, x1: Math.min(all.x1, x0 + BOX_STEP), y1: Math.min(all.y1, y0 + BOX_STEP) };
      for (const { x, y, strength } of peaks(background, box)) {
        const runs = speckAt(background, x, y)?.runs;
        if (!runs || !runs.length || taken.has(`${runs[0]}/${runs[1]}`) || !isSpeck(runs)) continue;
        taken.add(`${runs[0]}/${runs[1]}`);
        found.push({ strength, runs });
      }
    }
  }
  return found.sort((a, b) => b.strength - a.strength).map(({ runs }) => runs);
}

/** Pixels that stand out of the grain and are the strongest of their 7 x 7. @param {Background} background @param {Rect} box */
function peaks(background, box) {
  const detail = background.detail(box, 1);
  const w = box.x1 - box.x0;
  const h = box.y1 - box.y0;
  const sample = Float32Array.from({ length: Math.ceil(detail.length / 11) }, (_, i) => Math.abs(detail[11 * i])).sort();
  const grain = (sample[sample.length >> 1] ?? 0) * 1.4826;
  const least = Math.max(8, NOISE * grain);
  const out = [];
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const strength = Math.abs(detail[y * w + x]);
      if (strength <= least) continue;
      let highest = true;
      for (let v = Math.max(0, y - 3); highest && v <= Math.min(h - 1, y + 3); v++) {
        for (let u = Math.max(0, x - 3); u <= Math.min(w - 1, x + 3); u++) {
          const other = Math.abs(detail[v * w + u]);
          if (other > strength || (other === strength && v * w + u < y * w + x)) highest = false;
        }
      }
      if (highest) out.push({ x: x + box.x0, y: y + box.y0, strength });
    }
  }
  return out;
}

/** @param {Runs} runs @returns {boolean} whether it is compact: no line, no stain, no single pixel of grain */
function isSpeck(runs) {
  let [area, x0, x1] = [0, Infinity, -Infinity];
  for (let i = 0; i < runs.length; i += 3) {
    area += runs[i + 2] - runs[i + 1];
    x0 = Math.min(x0, runs[i + 1]);
    x1 = Math.max(x1, runs[i + 2]);
  }
  const long = Math.max(x1 - x0, runs[runs.length - 3] - runs[0] + 1);
  return area >= SMALLEST && area <= LARGEST && area >= 0.3 * long * long;
}
