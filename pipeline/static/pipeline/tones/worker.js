// Draws tones beside the page: a picture once, then a strength after the other.

import { surroundings, toned } from "./curves.js";

/** @typedef {import("./curves.js").Pixels} Pixels */
/** @typedef {import("./curves.js").Curves} Curves */
/** @typedef {{picture: Pixels}} Opened */
/** @typedef {{curves: Curves, strength: number, byLuma: boolean}} Asked */

/** @type {Pixels | null} */
let picture = null;
/** @type {Uint8Array} */
let around = new Uint8Array(0);

self.addEventListener("message", (/** @type {MessageEvent<Opened | Asked>} */ { data }) => {
  if ("picture" in data) {
    picture = data.picture;
    around = surroundings(picture);
  } else if (picture) {
    const pixels = toned(picture, around, data.curves, data.strength, data.byLuma);
    const { width, height } = picture;
    self.postMessage({ width, height, data: pixels }, { transfer: [pixels.buffer] });
  }
});
