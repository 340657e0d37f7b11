// What another strength would fill, cut from the finder's certainty, and where questions lie (pure).
// The plane is that of pipeline/engine/guards/foreseen.py.

/** @typedef {{width: number, height: number, levels: Uint8Array, numbers: Uint8Array}} Plane */

const NEVER = 0;
const MIDDLE = 32;
const LEVELS_PER_STRENGTH = 30; // the whole slider is 6 logits, a level a fifth of one
/** The stylesheet's --fracture, --scuff and --hole, as pictures.py draws them. */
const COLOURS = [[229, 72, 77], [217, 154, 0], [59, 130, 246]];
const OPACITY = 200;

/** @param {Uint8ClampedArray} rgba of the served picture @param {number} width @param {number} height @returns {Plane} */
export function planeOf(rgba, width, height) {
  const levels = new Uint8Array(width * height);
  const numbers = new Uint8Array(width * height);
  for (let k = 0; k < levels.length; k += 1) {
    levels[k] = rgba[4 * k];
    numbers[k] = rgba[4 * k + 1];
  }
  return { width, height, levels, numbers };
}

/** The least level that is filled. @param {number} was @param {number} wanted strengths 0 to 1 */
export function leastLevel(was, wanted) {
  return Math.max(NEVER + 1, MIDDLE - Math.round(LEVELS_PER_STRENGTH * (wanted - was)));
}

/**
 * Draws what would be filled in the colours of the classes, clear elsewhere.
 * @param {Plane} plane @param {number} least level @param {Uint8ClampedArray} rgba to draw on
 * @returns {number} how many pixels
 */
export function cut({ levels }, least, rgba) {
  let count = 0;
  for (let k = 0; k < levels.length; k += 1) {
    const filled = levels[k] >> 2 >= least;
    rgba[4 * k + 3] = filled ? OPACITY : 0;
    if (!filled) continue;
    rgba.set(COLOURS[levels[k] & 3], 4 * k);
    count += 1;
  }
  return count;
}

/** @param {Plane} plane @param {number} least level */
export function counted({ levels }, least) {
  return levels.reduce((sum, each) => sum + Number(each >> 2 >= least), 0);
}

/**
 * The number of the question at a place, or the nearest within a reach; 0 where there is none.
 * @param {Plane} plane @param {number} x @param {number} y @param {number} reach in the plane's pixels
 */
export function questionAt({ width, height, numbers }, x, y, reach) {
  let found = 0;
  let nearest = reach * reach + 1;
  for (let v = Math.max(0, Math.ceil(y - reach)); v <= Math.min(height - 1, y + reach); v += 1) {
    for (let u = Math.max(0, Math.ceil(x - reach)); u <= Math.min(width - 1, x + reach); u += 1) {
      const away = (u - x) ** 2 + (v - y) ** 2;
      if (!numbers[v * width + u] || away >= nearest) continue;
      nearest = away;
      found = numbers[v * width + u];
    }
  }
  return found;
}
