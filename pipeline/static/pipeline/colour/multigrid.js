// Solves A x = b for a grid of pixels with bonds to four neighbours: conjugate gradients, each step
// prepared by one V-cycle over grids that halve (2 x 2 pixels joined, Gauss-Seidel on each).

/**
 * @typedef {object} Level
 * @property {number} width @property {number} height
 * @property {Float64Array} right bond to the pixel on the right @property {Float64Array} below
 * @property {Float64Array} own the diagonal @property {Float64Array} inverse 1 / own
 * @property {Float64Array} bonds sum of a pixel's bonds
 * @property {Float64Array} x @property {Float64Array} b @property {Float64Array} left what x leaves of b
 */

const COARSEST = 48; // px
const STIFF = 0.5; // joined pixels are twice as stiff as smooth ones would be
const MOST = 60; // steps
const SWEEPS = 20; // on the coarsest grid

export class Multigrid {
  /** @param {number} width @param {number} height @param {Float64Array} right @param {Float64Array} below bonds, row by row */
  constructor(width, height, right, below) {
    /** @type {Level[]} */
    this.levels = [level(width, height, right, below)];
    while (this.last.width * this.last.height > COARSEST && Math.min(this.last.width, this.last.height) > 1) {
      this.levels.push(joined(this.last));
    }
    const size = width * height;
    this.residual = new Float64Array(size);
    this.direction = new Float64Array(size);
    this.product = new Float64Array(size);
  }

  get last() {
    return this.levels[this.levels.length - 1];
  }

  /** Pulls of single pixels, beside the bonds. @param {Float64Array} pulls */
  pull(pulls) {
    let given = pulls;
    this.levels.forEach((each, index) => {
      if (index) given = gather(this.levels[index - 1], each, given, new Float64Array(each.x.length));
      for (let i = 0; i < given.length; i++) {
        each.own[i] = each.bonds[i] + given[i];
        each.inverse[i] = 1 / each.own[i];
      }
    });
  }

  /**
   * Betters x until the residual is `least` of b's. @param {Float64Array} x @param {Float64Array} b @param {number} least
   * @returns {number} steps
   */
  solve(x, b, least) {
    const [fine] = this.levels;
    const { residual, direction, product } = this;
    multiply(fine, x, product);
    for (let i = 0; i < b.length; i++) residual[i] = b[i] - product[i];
    const enough = least * least * dot(b, b);
    let was = 0;
    let step = 0;
    while (step < MOST && dot(residual, residual) > enough) {
      fine.b.set(residual);
      this.#cycle(0);
      const now = dot(residual, fine.x);
      const kept = step ? now / was : 0;
      was = now;
      for (let i = 0; i < b.length; i++) direction[i] = fine.x[i] + kept * direction[i];
      multiply(fine, direction, product);
      const length = now / dot(direction, product);
      for (let i = 0; i < b.length; i++) {
        x[i] += length * direction[i];
        residual[i] -= length * product[i];
      }
      step += 1;
    }
    return step;
  }

  /** One V-cycle from a level on: its x for its b. @param {number} index */
  #cycle(index) {
    const each = this.levels[index];
    const coarse = this.levels[index + 1];
    each.x.fill(0);
    if (!coarse) {
      for (let sweep = 0; sweep < SWEEPS; sweep++) {
        forward(each);
        backward(each);
      }
      return;
    }
    forward(each);
    multiply(each, each.x, each.left);
    for (let i = 0; i < each.left.length; i++) each.left[i] = each.b[i] - each.left[i];
    gather(each, coarse, each.left, coarse.b);
    this.#cycle(index + 1);
    prolong(each, coarse);
    backward(each);
  }
}

/** @param {number} width @param {number} height @param {Float64Array} right @param {Float64Array} below @returns {Level} */
function level(width, height, right, below) {
  const size = width * height;
  const bonds = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    bonds[i] += right[i] + below[i];
    if (i + 1 < size) bonds[i + 1] += right[i];
    if (i + width < size) bonds[i + width] += below[i];
  }
  return { width, height, right, below, bonds, own: bonds.slice(), inverse: new Float64Array(size), x: new Float64Array(size), b: new Float64Array(size), left: new Float64Array(size) };
}

/** The grid of 2 x 2 pixels each. @param {Level} fine */
function joined(fine) {
  const width = Math.ceil(fine.width / 2);
  const height = Math.ceil(fine.height / 2);
  const right = new Float64Array(width * height);
  const below = new Float64Array(width * height);
  for (let y = 0; y < fine.height; y++) {
    for (let x = 0; x < fine.width; x++) {
      const from = y * fine.width + x;
      const to = (y >> 1) * width + (x >> 1);
      if (x & 1) right[to] += STIFF * fine.right[from];
      if (y & 1) below[to] += STIFF * fine.below[from];
    }
  }
  return level(width, height, right, below);
}

/** @param {Level} fine @param {Level} coarse @param {Float64Array} values @param {Float64Array} sums of the coarse pixels */
function gather(fine, coarse, values, sums) {
  sums.fill(0);
  for (let y = 0; y < fine.height; y++) {
    const to = (y >> 1) * coarse.width;
    for (let x = 0, i = y * fine.width; x < fine.width; x++, i++) sums[to + (x >> 1)] += values[i];
  }
  return sums;
}

/** @param {Level} fine @param {Level} coarse */
function prolong(fine, coarse) {
  for (let y = 0; y < fine.height; y++) {
    const from = (y >> 1) * coarse.width;
    for (let x = 0, i = y * fine.width; x < fine.width; x++, i++) fine.x[i] += coarse.x[from + (x >> 1)];
  }
}

// The last pixel of a row has no bond to the first of the next, and the last row none below: where
// an index runs over a row's end its bond is 0. Only the first and the last row need a look whether
// there is such a pixel at all; between them lies the work.

/** Neighbours' sum of one pixel. @param {Level} at @param {Float64Array} x @param {number} i */
function around({ width, right, below }, x, i) {
  const size = x.length;
  let sum = 0;
  if (i + 1 < size) sum += right[i] * x[i + 1];
  if (i) sum += right[i - 1] * x[i - 1];
  if (i + width < size) sum += below[i] * x[i + width];
  if (i >= width) sum += below[i - width] * x[i - width];
  return sum;
}

/** Where the rows between the first and the last begin and end. @param {Level} at */
function middle({ width, x }) {
  const start = Math.min(width, x.length);
  return { start, end: Math.max(start, x.length - width) };
}

/** A Gauss-Seidel sweep. @param {Level} at */
function forward(at) {
  const { width, right, below, inverse, x, b } = at;
  const { start, end } = middle(at);
  for (let i = 0; i < start; i++) x[i] = (b[i] + around(at, x, i)) * inverse[i];
  for (let i = start; i < end; i++) {
    x[i] = (b[i] + right[i] * x[i + 1] + right[i - 1] * x[i - 1] + below[i] * x[i + width] + below[i - width] * x[i - width]) * inverse[i];
  }
  for (let i = end; i < x.length; i++) x[i] = (b[i] + around(at, x, i)) * inverse[i];
}

/** The same backwards: together they are symmetric, which conjugate gradients ask for. @param {Level} at */
function backward(at) {
  const { width, right, below, inverse, x, b } = at;
  const { start, end } = middle(at);
  for (let i = x.length - 1; i >= end; i--) x[i] = (b[i] + around(at, x, i)) * inverse[i];
  for (let i = end - 1; i >= start; i--) {
    x[i] = (b[i] + right[i] * x[i + 1] + right[i - 1] * x[i - 1] + below[i] * x[i + width] + below[i - width] * x[i - width]) * inverse[i];
  }
  for (let i = start - 1; i >= 0; i--) x[i] = (b[i] + around(at, x, i)) * inverse[i];
}

/** @param {Level} at @param {Float64Array} x @param {Float64Array} out A x */
function multiply(at, x, out) {
  const { width, right, below, own } = at;
  const { start, end } = middle(at);
  for (let i = 0; i < start; i++) out[i] = own[i] * x[i] - around(at, x, i);
  for (let i = start; i < end; i++) {
    out[i] = own[i] * x[i] - right[i] * x[i + 1] - right[i - 1] * x[i - 1] - below[i] * x[i + width] - below[i - width] * x[i - width];
  }
  for (let i = end; i < x.length; i++) out[i] = own[i] * x[i] - around(at, x, i);
}

/** @param {Float64Array} a @param {Float64Array} b */
function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
