// From one anchor to the next: where the line runs and which pixels are the crack's (pure).
import { Paths, snap } from "./ridges.js";
import { alongLine, alongRidge } from "./widths.js";

/** @typedef {import("./ridges.js").Point} Point */
/** @typedef {import("./ridges.js").Grey & {ensure?: (rect: import("./mask.js").Rect) => void}} Cost */

/**
 * @typedef {object} Wish
 * @property {Point} from the last anchor @property {Point} to where the pointer is
 * @property {boolean} [free] does not snap @property {boolean} [straight]
 * @property {number} [size] fixed width; 0 measures it @property {number} [widen] pixels, may be negative
 */

const HALF = 256;
const AIR = 128;
const FAR = 1200;
const NEAR = 6;
/** How far from its two ends a path may look, in pixels: half a window, a cost tile and its margin. */
export const REACH = HALF + 512 + 48;

export class Tracer {
  /** @param {Cost} cost @param {import("./widths.js").Background} background */
  constructor(cost, background) {
    this.cost = cost;
    this.background = background;
    /** @type {Paths | null} */
    this.paths = null;
  }

  /** @param {Point} at @param {boolean} [free] @returns {Point} the cheapest pixel near it */
  snap(at, free = false) {
    const { x, y } = within(at, this.cost);
    if (free) return { x, y };
    this.cost.ensure?.({ x0: x - NEAR, y0: y - NEAR, x1: x + NEAR + 1, y1: y + NEAR + 1 });
    return snap(this.cost, x, y, NEAR);
  }

  /** @param {Wish} wish @returns {{end: Point, line: Point[], runs: number[]}} */
  path({ from, to, free = false, straight = false, size = 0, widen = 0 }) {
    const end = this.snap(to, free || straight);
    const line = straight ? straightLine(from, end) : this.#along(from, end);
    const { width, height } = this.cost;
    const runs = size ? alongLine(line, size, width, height) : alongRidge(this.background, line, widen);
    return { end: line[line.length - 1], line, runs };
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
