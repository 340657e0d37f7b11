// Three-way merge of masks: two people, or two computers, painted on the same ground (pure).
import { label } from "../document/components.js";
import { IGNORE, TILE } from "../document/mask.js";
import { EMPTY, packTile, sameTile, unpackTile } from "../document/tiles.js";

/** @typedef {"mine" | "theirs" | "both"} Choice */
/** @typedef {(place: number) => Choice} Chooser by the pixel's place in the mask */
/** @typedef {import("../document/components.js").Components} Components */
/** @typedef {Map<number, import("../document/tiles.js").Packed>} Tiles */

/**
 * Pixel by pixel: a pixel changed on one side takes that side; changed on both to the same value
 * is no conflict; the rest go by `choice`.
 * @param {Uint8Array} base @param {Uint8Array} mine @param {Uint8Array} theirs equal lengths
 * @param {Choice | ((i: number) => Choice)} choice of all, or of each pixel of the tile
 * @returns {{merged: Uint8Array, conflicts: number}}
 */
export function mergeTile(base, mine, theirs, choice = "mine") {
  const merged = new Uint8Array(mine.length);
  let conflicts = 0;
  for (let i = 0; i < mine.length; i++) {
    const m = mine[i];
    const t = theirs[i];
    if (m === t || base[i] === t) merged[i] = m;
    else if (base[i] === m) merged[i] = t;
    else {
      conflicts++;
      const taken = typeof choice === "string" ? choice : choice(i);
      merged[i] = taken === "mine" ? m : taken === "theirs" ? t : both(m, t);
    }
  }
  return { merged, conflicts };
}

/** A defect of one side outweighs what the other ignores. @param {number} m @param {number} t */
function both(m, t) {
  const defects = (m | t) & ~IGNORE;
  return defects || m | t;
}

/**
 * Join a mask with the server's. Tiles changed on one side only take that side.
 * @param {import("../document/mask.js").Mask} mask ours @param {Tiles} theirs without the empty ones
 * @param {Tiles} bases for each tile we changed, what the server had before
 * @param {Choice | Chooser} choice @param {Iterable<number>} [tiles] that may differ; all when absent
 * @returns {{before: Tiles, after: Tiles, unsent: Tiles, bases: Tiles, conflicts: number}} tiles of
 *   ours that change, from and to; tiles the server then lacks, with its own content of them
 */
export function joinMasks(mask, theirs, bases, choice, tiles = mask.tiles()) {
  /** @type {Tiles} */ const before = new Map();
  /** @type {Tiles} */ const after = new Map();
  /** @type {Tiles} */ const unsent = new Map();
  /** @type {Tiles} */ const newBases = new Map();
  let conflicts = 0;
  for (const tile of tiles) {
    const mine = packTile(mask.readTile(tile));
    const other = theirs.get(tile) ?? EMPTY;
    if (sameTile(mine, other)) continue;
    const base = bases.get(tile);
    let result = other;
    if (base) {
      const { x0, y0 } = mask.tileRect(tile);
      const inTile = typeof choice === "string" ? choice
        : (/** @type {number} */ i) => choice((y0 + Math.floor(i / TILE)) * mask.width + x0 + (i % TILE));
      const merge = mergeTile(unpackTile(base), unpackTile(mine), unpackTile(other), inTile);
      conflicts += merge.conflicts;
      result = packTile(merge.merged);
    }
    if (!sameTile(result, mine)) {
      before.set(tile, mine);
      after.set(tile, result);
    }
    if (!sameTile(result, other)) {
      unsent.set(tile, result);
      newBases.set(tile, other);
    }
  }
  return { before, after, unsent, bases: newBases, conflicts };
}

/**
 * Where both sides changed a pixel in different ways, as 8-connected components.
 * @param {import("../document/mask.js").Mask} mask ours @param {Tiles} theirs @param {Tiles} bases
 * @returns {{found: Components, theirs: Uint8Array}} and their mask, where it differs
 */
export function conflictsOf(mask, theirs, bases) {
  const { width, height } = mask;
  const conflict = new Uint8Array(width * height);
  const other = mask.data.slice();
  for (const [tile, packed] of bases) {
    const base = unpackTile(packed);
    const mine = mask.readTile(tile);
    const them = unpackTile(theirs.get(tile) ?? EMPTY);
    const { x0, y0, x1, y1 } = mask.tileRect(tile);
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) {
        const i = (y - y0) * TILE + x - x0;
        other[y * width + x] = them[i];
        if (mine[i] !== them[i] && base[i] !== mine[i] && base[i] !== them[i]) conflict[y * width + x] = 1;
      }
    }
  }
  return { found: label(conflict, width, height, 1), theirs: other };
}

/** @param {Components} found @param {Choice[]} choices one a component @param {number} width of the mask @returns {Chooser} */
export function chooserOf(found, choices, width) {
  /** @type {Map<number, Choice>} */ const at = new Map();
  choices.forEach((choice, c) => {
    for (let r = found.offsets[c]; r < found.offsets[c + 1]; r++) {
      const [y, x0, x1] = found.runs.subarray(3 * r, 3 * r + 3);
      for (let x = x0; x < x1; x++) at.set(y * width + x, choice);
    }
  });
  return (place) => at.get(place) ?? "mine";
}
