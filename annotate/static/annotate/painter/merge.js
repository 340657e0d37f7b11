// Three-way merge of tiles: two people, or two computers, painted on the same ground (pure).

/** @typedef {"mine" | "theirs" | "both"} Choice */

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
