// What a step changed, and the part of the mask around it that filling has to know (pure).

import { IGNORE, TILE } from "../../annotate/painter/document/mask.js";
import { packTile, unpackTile } from "../../annotate/painter/document/tiles.js";

/** @typedef {import("../../annotate/painter/document/mask.js").Mask} Mask */
/** @typedef {import("../../annotate/painter/document/mask.js").Rect} Rect */

/** Pixels around a change that its filling may touch: marks grow to where their damage ends. */
export const AIR = 16;
/** Pixels around what is filled that filling looks at. */
const SEEN = 96;

/**
 * A box for each tile that a step changed: a long line is no rectangle.
 * @param {Mask} mask @param {import("../../annotate/painter/document/history.js").Operation} operation
 * @returns {Rect[]}
 */
export function changedBoxes(mask, { before, after }) {
  const boxes = [];
  for (const [index, packed] of after) {
    const { x0, y0 } = mask.tileRect(index);
    const box = differing(unpackTile(/** @type {Uint8Array} */ (before.get(index))), unpackTile(packed));
    if (!box) continue;
    boxes.push(grown({ x0: x0 + box.x0, y0: y0 + box.y0, x1: x0 + box.x1, y1: y0 + box.y1 }, AIR, mask));
  }
  return boxes;
}

/** @param {Uint8Array} a @param {Uint8Array} b TILE x TILE @returns {Rect | null} */
function differing(a, b) {
  const box = { x0: TILE, y0: TILE, x1: 0, y1: 0 };
  for (let i = 0; i < a.length; i++) {
    if (a[i] === b[i]) continue;
    const x = i % TILE;
    const y = Math.floor(i / TILE);
    box.x0 = Math.min(box.x0, x);
    box.x1 = Math.max(box.x1, x + 1);
    box.y0 = Math.min(box.y0, y);
    box.y1 = y + 1;
  }
  return box.x1 ? box : null;
}

/** @param {Rect} box @param {number} by pixels @param {{width: number, height: number}} photo @returns {Rect} */
function grown({ x0, y0, x1, y1 }, by, { width, height }) {
  return {
    x0: Math.max(0, x0 - by), y0: Math.max(0, y0 - by),
    x1: Math.min(width, x1 + by), y1: Math.min(height, y1 + by),
  };
}

/** @param {Mask} mask @param {Rect[]} boxes @returns {boolean} whether anything is marked there */
export function anyMarked(mask, boxes) {
  return boxes.some(({ x0, y0, x1, y1 }) => {
    for (let y = y0; y < y1; y++) {
      if (mask.data.subarray(y * mask.width + x0, y * mask.width + x1).some(Boolean)) return true;
    }
    return false;
  });
}

/**
 * The tiles around boxes as they travel: class bits, and `ignore` where it is to be filled.
 * @param {Mask} mask @param {Rect[]} boxes @returns {Map<number, Uint8Array>} packed, by index
 */
export function tilesAround(mask, boxes) {
  /** @type {Map<number, Uint8Array>} */
  const tiles = new Map();
  for (const box of boxes) {
    for (const index of tilesOf(grown(box, SEEN, mask), mask)) {
      const tile = tiles.get(index) ?? mask.readTile(index);
      lay(tile, mask.tileRect(index), box);
      tiles.set(index, tile);
    }
  }
  return new Map([...tiles].map(([index, tile]) => [index, packTile(tile)]));
}

/** @param {Rect} box @param {Mask} mask */
function* tilesOf({ x0, y0, x1, y1 }, { columns }) {
  for (let ty = Math.floor(y0 / TILE); ty * TILE < y1; ty++) {
    for (let tx = Math.floor(x0 / TILE); tx * TILE < x1; tx++) yield ty * columns + tx;
  }
}

/** @param {Uint8Array} tile @param {Rect} place of the tile @param {Rect} box */
function lay(tile, place, box) {
  const left = Math.max(place.x0, box.x0);
  const right = Math.min(place.x1, box.x1);
  for (let y = Math.max(place.y0, box.y0); y < Math.min(place.y1, box.y1); y++) {
    for (let x = left; x < right; x++) tile[(y - place.y0) * TILE + x - place.x0] |= IGNORE;
  }
}
