// The grid that is solved: its size, a picture shrunk to it by area, and the strokes drawn on it.
// pipeline/engine/colour_strokes.py holds the same, and a golden test the two together.

/** @typedef {import("./strokes.js").Stroke} Stroke */
/** @typedef {{width: number, height: number, data: Float32Array}} Plane row by row */

export const AREA = 49_152; // px
const SHOWN = 512_000; // px of the look: as many as a phone shows, and a tenth of a second to mix
const NEAREST = 0.75; // px: a stroke as thin as it may be still reaches the nearest centre

/** @param {number} width @param {number} height of the photograph, px */
export function gridSize(width, height) {
  return within(AREA, width, height);
}

/** The look's own pixels: of any shape no fewer than the grid's, across and down, as area bounds both.
 * @param {number} width @param {number} height of the photograph, px */
export function lookSize(width, height) {
  return within(SHOWN, width, height);
}

/** @param {number} area px @param {number} width @param {number} height */
function within(area, width, height) {
  const factor = Math.min(1, Math.sqrt(area / (width * height)));
  const side = (/** @type {number} */ full) => Math.max(1, Math.floor(full * factor + 0.5));
  return { width: side(width), height: side(height) };
}

/** Y, Cb and Cr of sRGB (JFIF, full range): Y in 0..1, chroma around 0 in steps of 8 bits.
 * @param {number} red @param {number} green @param {number} blue 0..255 */
export function ycbcr(red, green, blue) {
  const y = 0.299 * red + 0.587 * green + 0.114 * blue;
  return { y: y / 255, cb: (blue - y) / 1.772, cr: (red - y) / 1.402 };
}

/** sRGB of luma and chroma; the chroma is shortened until it fits, so luma stays.
 * @param {number} y 0..255 @param {number} cb @param {number} cr around 0 */
export function rgb(y, cb, cr) {
  const red = 1.402 * cr;
  const green = (-0.114 * 1.772 * cb - 0.299 * 1.402 * cr) / 0.587;
  const blue = 1.772 * cb;
  const up = Math.max(red, green, blue, 1e-9);
  const down = Math.max(-red, -green, -blue, 1e-9);
  const fits = Math.min(1, (255 - y) / up, y / down);
  return [y + fits * red, y + fits * green, y + fits * blue];
}

/** The Y of RGBA pixels. @param {Uint8ClampedArray} pixels @param {number} width @param {number} height @returns {Plane} */
export function lumaOf(pixels, width, height) {
  const data = new Float32Array(width * height);
  for (let i = 0, p = 0; i < data.length; i++, p += 4) {
    data[i] = (0.299 * pixels[p] + 0.587 * pixels[p + 1] + 0.114 * pixels[p + 2]) / 255;
  }
  return { width, height, data };
}

/** By area; never enlarged. @param {Plane} plane @param {{width: number, height: number}} size @returns {Plane} */
export function shrunk(plane, { width, height }) {
  if (plane.width === width && plane.height === height) return plane;
  const across = shares(plane.width, width);
  const down = shares(plane.height, height);
  const wide = new Float64Array(plane.height * width);
  for (let y = 0; y < plane.height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (const [from, share] of across[x]) sum += share * plane.data[y * plane.width + from];
      wide[y * width + x] = sum;
    }
  }
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (const [from, share] of down[y]) {
      for (let x = 0; x < width; x++) data[y * width + x] += share * wide[from * width + x];
    }
  }
  return { width, height, data };
}

/** For each small pixel the full ones that it covers, with their shares. @param {number} full @param {number} small @returns {[number, number][][]} */
function shares(full, small) {
  const step = full / small;
  return Array.from({ length: small }, (_, index) => {
    const start = index * step;
    const end = Math.min(full, start + step);
    const covered = /** @type {[number, number][]} */ ([]);
    for (let from = Math.floor(start); from < end - 1e-9; from++) {
      covered.push([from, (Math.min(end, from + 1) - Math.max(start, from)) / step]);
    }
    return covered;
  });
}

/**
 * The index of the last stroke on each grid pixel, -1 where there is none.
 * @param {{width: number, height: number}} grid @param {readonly Stroke[]} strokes @param {number} across @param {number} down grid px for each of the photograph
 */
export function painted(grid, strokes, across, down) {
  const at = new Int16Array(grid.width * grid.height).fill(-1);
  strokes.forEach((stroke, index) => {
    const points = stroke.points.map(([x, y]) => ({ x: (x + 0.5) * across - 0.5, y: (y + 0.5) * down - 0.5 }));
    const radius = Math.max((stroke.width * Math.sqrt(across * down)) / 2, NEAREST);
    const ends = points.length > 1 ? points.slice(1) : points;
    ends.forEach((end, number) => capsule(at, grid, points[number], end, radius, index));
  });
  return at;
}

/** @typedef {{x: number, y: number}} Point */

/** @param {Int16Array} at @param {{width: number, height: number}} grid @param {Point} start @param {Point} end @param {number} radius @param {number} index */
function capsule(at, grid, start, end, radius, index) {
  const dx = end.x - start.x;
  const dy = end.y - start.y;
  const length = Math.max(dx * dx + dy * dy, 1e-12);
  const top = Math.max(0, Math.floor(Math.min(start.y, end.y) - radius));
  const bottom = Math.min(grid.height - 1, Math.ceil(Math.max(start.y, end.y) + radius));
  const left = Math.max(0, Math.floor(Math.min(start.x, end.x) - radius));
  const right = Math.min(grid.width - 1, Math.ceil(Math.max(start.x, end.x) + radius));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const along = Math.min(1, Math.max(0, ((x - start.x) * dx + (y - start.y) * dy) / length));
      const apart = (x - start.x - along * dx) ** 2 + (y - start.y - along * dy) ** 2;
      if (apart <= radius * radius) at[y * grid.width + x] = index;
    }
  }
}
