// The outline of a question's pixels as an SVG path (pure).

/** @typedef {import("./foreseen.js").Plane} Plane */
/** @typedef {{x: number, y: number, width: number, height: number}} Box */

/**
 * Runs along the edges of all pixels of a question and of those at most `grow` beside one.
 * @param {Plane} plane @param {number} number @param {Box} box of the question @param {number} grow all in the plane's pixels
 */
export function outline(plane, number, box, grow) {
  const x0 = Math.floor(box.x) - grow - 1;
  const y0 = Math.floor(box.y) - grow - 1;
  const width = Math.ceil(box.x + box.width) + grow + 1 - x0;
  const height = Math.ceil(box.y + box.height) + grow + 1 - y0;
  const mine = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const inside = x + x0 >= 0 && x + x0 < plane.width && y + y0 >= 0 && y + y0 < plane.height;
      mine[y * width + x] = Number(inside && plane.numbers[(y + y0) * plane.width + x + x0] === number);
    }
  }
  const grown = widened(widened(mine, width, height, grow, 1, width), width, height, grow, width, height);
  return edges(grown, width, height, x0, y0);
}

/** @param {HTMLElement} element @returns {Box} within what it is placed in */
export function placeOf({ offsetLeft: x, offsetTop: y, offsetWidth: width, offsetHeight: height }) {
  return { x, y, width, height };
}

/**
 * The height at which something of `reach` around (x, y) covers none of these words.
 * @param {Box[]} words @param {number} x @param {number} y @param {number} reach @returns {number}
 */
export function below(words, x, y, reach) {
  const covered = words.filter((word) => word.width > 0 && x + reach > word.x && x - reach < word.x + word.width
    && y + reach > word.y && y - reach < word.y + word.height);
  return Math.max(y, ...covered.map((word) => word.y + word.height + reach + 2));
}

/** The path of a box. @param {Box} box */
export function framed({ x, y, width, height }) {
  return `M${x} ${y}h${width}v${height}h${-width}z`;
}

/**
 * The largest value within `grow` steps along one axis.
 * @param {Uint8Array} from @param {number} width @param {number} height @param {number} grow
 * @param {number} stride of the axis @param {number} length of the axis
 */
function widened(from, width, height, grow, stride, length) {
  const to = new Uint8Array(from.length);
  for (let k = 0; k < from.length; k += 1) {
    if (!from[k]) continue;
    const at = stride === 1 ? k % width : Math.floor(k / width);
    for (let step = Math.max(-grow, -at); step <= Math.min(grow, length - 1 - at); step += 1) to[k + step * stride] = 1;
  }
  return to;
}

/** @param {Uint8Array} plane @param {number} width @param {number} height @param {number} x0 @param {number} y0 */
function edges(plane, width, height, x0, y0) {
  const at = (/** @type {number} */ x, /** @type {number} */ y) =>
    x >= 0 && x < width && y >= 0 && y < height ? plane[y * width + x] : 0;
  let path = "";
  for (let y = 0; y <= height; y += 1) {
    path += runs(width, (x) => at(x, y) !== at(x, y - 1), (x, length) => `M${x + x0} ${y + y0}h${length}`);
  }
  for (let x = 0; x <= width; x += 1) {
    path += runs(height, (y) => at(x, y) !== at(x - 1, y), (y, length) => `M${x + x0} ${y + y0}v${length}`);
  }
  return path;
}

/**
 * @param {number} length @param {(at: number) => boolean} isEdge @param {(at: number, length: number) => string} draw
 */
function runs(length, isEdge, draw) {
  let path = "";
  let start = -1;
  for (let k = 0; k <= length; k += 1) {
    const edge = k < length && isEdge(k);
    if (edge && start < 0) start = k;
    if (edge || start < 0) continue;
    path += draw(start, k - start);
    start = -1;
  }
  return path;
}
