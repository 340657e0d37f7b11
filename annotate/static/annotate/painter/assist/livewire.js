// From one anchor to the next: where the line runs and which pixels are the crack's (pure).
import { capsule } from "../document/brush.js";
import { Paths, snap } from "./ridges.js";
import { alongLine, alongRidge } from "./line_width.js";

/** @typedef {import("./ridges.js").Point} Point */
/** @typedef {import("./ridges.js").Grey & {ensure?: (rect: import("../document/mask.js").Rect) => void}} Cost */

/**
 * @typedef {object} Wish
 * @property {Point} from the last anchor @property {Point} to where the pointer is
 * @property {boolean} [free] does not snap @property {boolean} [straight]
 * @property {boolean} [narrow] only near the straight line: beside ink, cloth or leaves
 * @property {number} [size] fixed width; 0 measures it @property {number} [widen] pixels, may be negative
 */

const HALF = 256;
const AIR = 128;
const FAR = 1200;
const NEAR = 6;
const BAND = 8; // px to each side of the straight line
const NEARER = 2; // px a click snaps within the band
/** How far from its two ends a path may look, in pixels: half a window, a cost tile and its margin. */
export const REACH = HALF + 512 + 48;

export class Tracer {
  /** @param {Cost} cost @param {import("./line_width.js").Background} background */
  constructor(cost, background) {
    this.cost = cost;
    this.background = background;
    /** @type {Paths | null} */
    this.paths = null;
  }

  /** @param {Point} at @param {boolean} [free] @param {number} [reach] px @returns {Point} the cheapest pixel near it */
  snap(at, free = false, reach = NEAR) {
    const { x, y } = within(at, this.cost);
    if (free) return { x, y };
    this.cost.ensure?.({ x0: x - reach, y0: y - reach, x1: x + reach + 1, y1: y + reach + 1 });
    return snap(this.cost, x, y, reach);
  }

  /** @param {Wish} wish @returns {{end: Point, line: Point[], runs: number[]}} */
  path({ from, to, free = false, straight = false, narrow = false, size = 0, widen = 0 }) {
    const end = this.snap(to, free || straight, narrow ? NEARER : NEAR);
    const line = straight ? straightLine(from, end) : narrow ? this.#within(from, end) : this.#along(from, end);
    const { width, height } = this.cost;
    const runs = size ? alongLine(line, size, width, height) : alongRidge(this.background, line, widen);
    return { end: line[line.length - 1], line, runs };
  }

  /** The cheapest path within a band around the straight line. @param {Point} from @param {Point} to @returns {Point[]} */
  #within(from, to) {
    const { cost } = this;
    const near = reachable(from, to);
    const window = {
      x0: Math.max(0, Math.min(from.x, near.x) - BAND), y0: Math.max(0, Math.min(from.y, near.y) - BAND),
      x1: Math.min(cost.width, Math.max(from.x, near.x) + BAND + 1),
      y1: Math.min(cost.height, Math.max(from.y, near.y) + BAND + 1),
    };
    cost.ensure?.(window);
    return new Paths(cost, from, window, bandOf(from, near, window)).trace(near);
  }

  /** @param {Point} from @param {Point} to @returns {Point[]} */
  #along(from, to) {
    const { cost } = this;
    const near = reachable(from, to);
    if (!this.paths || this.paths.from.x !== from.x || this.paths.from.y !== from.y || !this.paths.reaches(near)) {
      const far = Math.max(Math.abs(near.x - from.x), Math.abs(near.y - from.y)) >= HALF;
      const window = far ? {
        x0: Math.min(from.x, near.x) - AIR, y0: Math.min(from.y, near.y) - AIR,
        x1: Math.max(from.x, near.x) + AIR, y1: Math.max(from.y, near.y) + AIR,
      } : { x0: from.x - HALF, y0: from.y - HALF, x1: from.x + HALF, y1: from.y + HALF };
      cost.ensure?.(window);
      this.paths = new Paths(cost, from, {
        x0: Math.max(0, window.x0), y0: Math.max(0, window.y0),
        x1: Math.min(cost.width, window.x1), y1: Math.min(cost.height, window.y1),
      });
    }
    return this.paths.trace(near);
  }
}

/** @param {Point} point @param {{width: number, height: number}} photo @returns {Point} its nearest pixel */
export function within({ x, y }, { width, height }) {
  return { x: Math.max(0, Math.min(width - 1, Math.floor(x))), y: Math.max(0, Math.min(height - 1, Math.floor(y))) };
}

/** @param {Point} from @param {Point} to @returns {Point} the point in its direction that one segment may reach */
export function reachable(from, to) {
  return { x: from.x + clamp(to.x - from.x, FAR), y: from.y + clamp(to.y - from.y, FAR) };
}

/** Pixels of a window near the straight line from a to b. @param {Point} a @param {Point} b @param {import("../document/mask.js").Rect} window */
function bandOf(a, b, { x0, y0, x1, y1 }) {
  const allowed = new Uint8Array((x1 - x0) * (y1 - y0));
  capsule(a.x + 0.5, a.y + 0.5, b.x + 0.5, b.y + 0.5, BAND + 0.5, (y, left, right) => {
    if (y < y0 || y >= y1) return;
    const row = (y - y0) * (x1 - x0) - x0;
    allowed.fill(1, row + Math.max(x0, left), row + Math.min(x1, right));
  });
  return allowed;
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
