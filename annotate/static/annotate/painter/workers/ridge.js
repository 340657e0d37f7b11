// The photo's pixels in a worker: paths along ridges, crack widths, specks.
import { Moved, answerCalls } from "../calls.js";
import { Costs } from "../costs.js";
import { fetchFile, fetchMap, lumaOf } from "../grey.js";
import { halvings } from "../photo.js";
import { Paths, snap } from "../ridges.js";
import { Background, alongLine, alongRidge, speckAt } from "../widths.js";

/** @typedef {import("../ridges.js").Point} Point */

const HALF = 256;
const AIR = 128;
const FAR = 1200;
const NEAR = 6;

/** @type {import("../ridges.js").Grey & {ensure?: (rect: import("../mask.js").Rect) => void}} */
let cost;
/** @type {Background} */
let background;
/** @type {Paths | null} */
let paths = null;

/** The photo is decoded once: its pixels stay here, its bitmaps go to the screen. @param {{photoUrl: string}} urls */
async function open({ photoUrl }) {
  const bitmap = await createImageBitmap(await fetchFile(photoUrl), { premultiplyAlpha: "none" });
  background = new Background(lumaOf(bitmap));
  const levels = await halvings(bitmap);
  return new Moved({ levels }, levels);
}

/** @param {{costUrl: string}} urls */
async function measure({ costUrl }) {
  cost = costUrl ? await fetchMap(costUrl) : new Costs(background.grey);
}

/** @param {Point} at @returns {Point} the cheapest pixel near it */
function snapped(at) {
  const { x, y } = inside(at);
  cost.ensure?.({ x0: x - NEAR, y0: y - NEAR, x1: x + NEAR + 1, y1: y + NEAR + 1 });
  return snap(cost, x, y, NEAR);
}

/**
 * From one anchor to a point: the path and the pixels of the crack.
 * @param {{from: Point, to: Point, free: boolean, straight: boolean, size: number, widen: number}} wish
 *   `free` does not snap; `size` 0 measures the width
 */
function path({ from, to, free, straight, size, widen }) {
  const end = free || straight ? inside(to) : snapped(to);
  const line = straight ? straightLine(from, end) : along(from, end);
  const runs = size ? alongLine(line, size, cost.width, cost.height) : alongRidge(background, line, widen);
  return { end: line[line.length - 1], runs };
}

/** @param {Point} from @param {Point} to @returns {Point[]} */
function along(from, to) {
  const near = { x: from.x + clamp(to.x - from.x, FAR), y: from.y + clamp(to.y - from.y, FAR) };
  if (!paths || paths.from.x !== from.x || paths.from.y !== from.y || !paths.reaches(near)) {
    const far = Math.max(Math.abs(near.x - from.x), Math.abs(near.y - from.y)) >= HALF;
    const window = far ? {
      x0: Math.min(from.x, near.x) - AIR, y0: Math.min(from.y, near.y) - AIR,
      x1: Math.max(from.x, near.x) + AIR, y1: Math.max(from.y, near.y) + AIR,
    } : { x0: from.x - HALF, y0: from.y - HALF, x1: from.x + HALF, y1: from.y + HALF };
    cost.ensure?.(window);
    paths = new Paths(cost, from, {
      x0: Math.max(0, window.x0), y0: Math.max(0, window.y0),
      x1: Math.min(cost.width, window.x1), y1: Math.min(cost.height, window.y1),
    });
  }
  return paths.trace(near);
}

/** @param {Point} a @param {Point} b @returns {Point[]} */
function straightLine(a, b) {
  const steps = Math.max(1, Math.abs(b.x - a.x), Math.abs(b.y - a.y));
  return Array.from({ length: steps + 1 }, (_, i) => ({
    x: Math.round(a.x + ((b.x - a.x) * i) / steps), y: Math.round(a.y + ((b.y - a.y) * i) / steps),
  }));
}

/** @param {number} value @param {number} most */
function clamp(value, most) {
  return Math.max(-most, Math.min(most, value));
}

/** @param {Point} point @returns {Point} the nearest pixel of the photo */
function inside({ x, y }) {
  return {
    x: Math.max(0, Math.min(cost.width - 1, Math.floor(x))), y: Math.max(0, Math.min(cost.height - 1, Math.floor(y))),
  };
}

answerCalls({
  open, measure, path,
  cost: () => {
    cost.ensure?.({ x0: 0, y0: 0, x1: cost.width, y1: cost.height });
    return { data: cost.data, width: cost.width, height: cost.height };
  },
  snap: ({ at, free }) => (free ? inside(at) : snapped(at)),
  speck: ({ at, share }) => speckAt(background, inside(at).x, inside(at).y, share),
});
