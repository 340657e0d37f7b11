// Three-way merge of masks: two people, or two computers, painted on the same ground (pure).
import { EMPTY, packTile, sameTile, unpackTile } from "./tiles.js";

/** @typedef {"mine" | "theirs" | "both"} Choice */
/** @typedef {Map<number, import("./tiles.js").Packed>} Tiles */

/**
 * Pixel by pixel: a pixel changed on one side takes that side; changed on both to the same value
 * is no conflict; the rest go by `choice`.
 * @param {Uint8Array} base @param {Uint8Array} mine @param {Uint8Array} theirs equal lengths
 * @param {Choice} choice
 * @returns {{merged: Uint8Array, clashes: number}}
 */
export function mergeTile(base, mine, theirs, choice = "mine") {
  const merged = new Uint8Array(mine.length);
  let clashes = 0;
  for (let i = 0; i < mine.length; i++) {
    const m = mine[i];
    const t = theirs[i];
    if (m === t || base[i] === t) merged[i] = m;
    else if (base[i] === m) merged[i] = t;
    else {
      clashes++;
      merged[i] = choice === "mine" ? m : choice === "theirs" ? t : m | t;
    }
  }
  return { merged, clashes };
}

/**
 * Join a mask with the server's. Tiles changed on one side only take that side.
 * @param {import("./mask.js").Mask} mask ours @param {Tiles} theirs without the empty ones
 * @param {Tiles} bases for each tile we changed, what the server had before
 * @param {Choice} choice @param {Iterable<number>} [tiles] that may differ; all when absent
 * @returns {{before: Tiles, after: Tiles, unsent: Tiles, bases: Tiles, clashes: number}} tiles of
 *   ours that change, from and to; tiles the server then lacks, with its own content of them
 */
export function joinMasks(mask, theirs, bases, choice, tiles = mask.tiles()) {
  /** @type {Tiles} */ const before = new Map();
  /** @type {Tiles} */ const after = new Map();
  /** @type {Tiles} */ const unsent = new Map();
  /** @type {Tiles} */ const newBases = new Map();
  let clashes = 0;
  for (const tile of tiles) {
    const mine = packTile(mask.readTile(tile));
    const other = theirs.get(tile) ?? EMPTY;
    if (sameTile(mine, other)) continue;
    const base = bases.get(tile);
    let result = other;
    if (base) {
      const merge = mergeTile(unpackTile(base), unpackTile(mine), unpackTile(other), choice);
      clashes += merge.clashes;
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
  return { before, after, unsent, bases: newBases, clashes };
}
