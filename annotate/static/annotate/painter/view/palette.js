// Class colours and patterns: from class bits to screen pixels (pure).
import { FRACTURE, HOLE, IGNORE, SCUFF } from "../document/mask.js";

/** @typedef {[number, number, number]} Colour */

/** Patterns repeat every CELL pixels, so classes also differ without colour. */
export const CELL = 8;

/** @type {Record<number, (x: number, y: number) => boolean>} where a class shows its second shade */
const PATTERNS = {
  [FRACTURE]: (x, y) => (x + y) % 8 >= 6,
  [SCUFF]: (x, y) => x % 4 < 2 && y % 4 < 2,
  [HOLE]: (x, y) => x % 4 === 0 || y % 4 === 0,
  [IGNORE]: (x, y) => (x - y + 8) % 8 < 4,
};

/** @param {string} text "#rrggbb" @returns {Colour} */
export function parseColour(text) {
  const n = Number.parseInt(text.trim().slice(1), 16);
  return [(n >> 16) & 255, (n >> 8) & 255, n & 255];
}

/**
 * One colour for each cell of the pattern and each byte of the mask: table[cell * 256 + bits].
 * Where classes overlap, the cells take turns.
 * @param {Map<number, Colour>} colours by class bit @param {number} opacity 0 to 1
 * @param {number} [only] bits to show
 * @returns {Uint32Array} little-endian RGBA
 */
export function maskTable(colours, opacity, only = 255) {
  const table = new Uint32Array(CELL * CELL * 256);
  const alpha = Math.round(opacity * 255);
  const shades = new Map([...colours].map(([bit, colour]) => [bit, [rgba(colour, alpha), rgba(lighten(colour), alpha)]]));
  for (let byte = 1; byte < 256; byte++) {
    const classes = [...colours.keys()].filter((bit) => byte & only & bit);
    if (!classes.length) continue;
    for (let cell = 0; cell < CELL * CELL; cell++) {
      const x = cell % CELL;
      const y = Math.floor(cell / CELL);
      const bit = classes[((x >> 1) + (y >> 1)) % classes.length];
      const [first, second] = /** @type {number[]} */ (shades.get(bit));
      table[cell * 256 + byte] = PATTERNS[bit]?.(x, y) ? second : first;
    }
  }
  return table;
}

/**
 * A probability map at a threshold: everything at or above it shows, hatched.
 * @param {number} threshold 1 to 255 @param {Colour} colour @param {number} opacity
 * @returns {Uint32Array}
 */
export function thresholdTable(threshold, colour, opacity) {
  const table = new Uint32Array(CELL * CELL * 256);
  for (let cell = 0; cell < CELL * CELL; cell++) {
    const gap = (cell % CELL + Math.floor(cell / CELL)) % 4 === 3;
    const pixel = rgba(gap ? lighten(colour) : colour, Math.round(opacity * 255));
    table.fill(pixel, cell * 256 + threshold, cell * 256 + 256);
  }
  return table;
}

/** The tracer's cost map upside down (255 - cost) as a veil: cheap to follow shines. @param {number} opacity @returns {Uint32Array} */
export function ridgeTable(opacity) {
  const table = new Uint32Array(CELL * CELL * 256);
  for (let i = 0; i < table.length; i++) {
    const strength = Math.max(0, Math.min(1, 2 / (255.01 - (i & 255)) - 0.03)) ** 1.5;
    table[i] = rgba([255, 240, 120], Math.round(strength * opacity * 255));
  }
  return table;
}

/** @param {Colour} colour @returns {Colour} */
function lighten([r, g, b]) {
  const mix = (/** @type {number} */ v) => Math.round(v + (255 - v) * 0.55);
  return [mix(r), mix(g), mix(b)];
}

/** @param {Colour} colour @param {number} alpha @returns {number} */
function rgba([r, g, b], alpha) {
  return ((alpha << 24) | (b << 16) | (g << 8) | r) >>> 0;
}
