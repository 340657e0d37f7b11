// Spreads strokes of colour along edges of luma: the system of pipeline/engine/colour_strokes.py,
// which computes the result; here it is solved for the look at it, each time from where it stood.

import { painted, ycbcr } from "./grid.js";
import { Multigrid } from "./multigrid.js";

/** @typedef {import("./strokes.js").Stroke} Stroke */
/** @typedef {{hold: Float32Array, cb: Float32Array, cr: Float32Array}} Spread on the grid */

export const CHROMA = 2;
const SIGMA = 0.03;
const LEAST_BOND = 1e-4;
const FADE = 3e-4;
const PULL = 10;
const NONE = 0.1;
const FULL = 0.35;
const ENOUGH = 1e-5; // of the right side's length: hold and chroma within .005 and .06 of a direct solution, measured

export class Solver {
  /** Prepares a grid. @param {{width: number, height: number, planes: Float32Array[]}} guide luma, and chroma by CHROMA / 255 */
  constructor({ width, height, planes }) {
    this.width = width;
    this.height = height;
    const size = width * height;
    const right = new Float64Array(size);
    const below = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      if ((i + 1) % width) right[i] = bond(planes, i, i + 1);
      if (i + width < size) below[i] = bond(planes, i, i + width);
    }
    this.grid = new Multigrid(width, height, right, below);
    /** Share, Cb and Cr as they were solved last. */
    this.found = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
    /** @type {readonly Stroke[]} */
    this.strokes = [];
    this.steps = 0;
  }

  /** @param {readonly Stroke[]} strokes @param {number} across @param {number} down grid px for each of the photograph @returns {Spread} */
  spread(strokes, across, down) {
    const size = this.width * this.height;
    const at = painted(this, strokes, across, down);
    const pulls = new Float64Array(size);
    const wanted = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
    const chroma = strokes.map(({ colour }) => (colour ? ycbcr(...colour) : null));
    for (let i = 0; i < size; i++) {
      const colour = at[i] < 0 ? null : chroma[at[i]];
      pulls[i] = FADE + (at[i] < 0 ? 0 : PULL);
      if (colour) [1, colour.cb, colour.cr].forEach((value, field) => (wanted[field][i] = PULL * value));
    }
    this.grid.pull(pulls);
    const [share, ...others] = this.found;
    const before = share.slice();
    this.steps = this.grid.solve(share, wanted[0], ENOUGH);
    const stroke = between(this.strokes, strokes);
    const tint = stroke?.colour ? ycbcr(...stroke.colour) : { cb: 0, cr: 0 };
    others.forEach((field, index) => {
      // What one stroke more or less did to the share it did to the chroma by its colour, nearly.
      const value = index ? tint.cr : tint.cb;
      for (let i = 0; i < size; i++) field[i] += value * (share[i] - before[i]);
      this.steps += this.grid.solve(field, wanted[index + 1], ENOUGH);
    });
    this.strokes = [...strokes];
    return this.#result();
  }

  /** @returns {Spread} */
  #result() {
    const [share, blue, red] = this.found;
    const hold = new Float32Array(share.length);
    const cb = new Float32Array(share.length);
    const cr = new Float32Array(share.length);
    for (let i = 0; i < share.length; i++) {
      hold[i] = smoothStep(share[i]);
      const of = Math.max(share[i], 1e-9);
      if (!hold[i]) continue;
      cb[i] = blue[i] / of;
      cr[i] = red[i] / of;
    }
    return { hold, cb, cr };
  }
}

/** The stroke that one list has more than the other, at its end. @param {readonly Stroke[]} a @param {readonly Stroke[]} b */
function between(a, b) {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return long.length === short.length + 1 ? long[short.length] : null;
}

/** @param {Float32Array[]} planes @param {number} i @param {number} j neighbours */
function bond(planes, i, j) {
  let step = 0;
  for (const plane of planes) step += (plane[i] - plane[j]) ** 2;
  return Math.max(Math.exp(-step / (2 * SIGMA * SIGMA)), LEAST_BOND);
}

/** @param {number} share */
function smoothStep(share) {
  const t = Math.min(1, Math.max(0, (share - NONE) / (FULL - NONE)));
  return t * t * (3 - 2 * t);
}
