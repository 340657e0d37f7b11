// Spreads strokes beside the page, so that it stays awake: {open: picture} once, {strokes} after
// that. Each is answered, or fails: whoever asks counts on it.

import { Preview } from "./preview.js";

/** @typedef {import("./strokes.js").Stroke} Stroke */
/** @typedef {{open?: ImageData, photo?: {width: number, height: number}, strokes?: Stroke[]}} Asked */

/** @type {Preview | null} */
let preview = null;

addEventListener("message", ({ data }) => {
  const { open, photo, strokes } = /** @type {Asked} */ (data);
  if (open && photo) {
    preview = new Preview(open, photo);
    warmUp(preview, photo);
    postMessage({ ready: true });
  }
  if (!strokes || !preview) return;
  const begun = performance.now();
  const pixels = preview.paint(strokes);
  const { width, height } = preview.base;
  postMessage({ width, height, pixels, ms: performance.now() - begun }, /** @type {any} */ ([pixels.buffer]));
});

/** Code that has run is fast: a person's first stroke need not wait for that. @param {Preview} preview @param {{width: number, height: number}} photo */
function warmUp(preview, { width, height }) {
  const dots = [0.25, 0.5, 0.75].map((share) => /** @type {Stroke} */ ({
    points: [[share * width, share * height]], width: 1, colour: [120, 100, Math.round(200 * share)],
  }));
  dots.forEach((_, index) => preview.paint(dots.slice(0, index + 1)));
}
