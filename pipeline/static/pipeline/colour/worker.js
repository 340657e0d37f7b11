// Spreads strokes beside the page, so that it stays awake: {open: picture} once, {strokes} after that.

import { Preview } from "./preview.js";

/** @typedef {import("./strokes.js").Stroke} Stroke */
/** @typedef {{open?: ImageBitmap, photo?: {width: number, height: number}, strokes?: Stroke[], turn?: number}} Asked */

/** @type {Preview | null} */
let preview = null;

addEventListener("message", ({ data }) => {
  const { open, photo, strokes, turn } = /** @type {Asked} */ (data);
  if (open && photo) {
    preview = new Preview(pixelsOf(open), photo);
    warmUp(preview, photo);
    postMessage({ ready: true });
  }
  if (!strokes || !preview) return;
  const begun = performance.now();
  const pixels = preview.paint(strokes);
  const { width, height } = preview.base;
  postMessage({ turn, width, height, pixels, ms: performance.now() - begun }, /** @type {any} */ ([pixels.buffer]));
});

/** Code that has run is fast: a person's first stroke need not wait for that. @param {Preview} preview @param {{width: number, height: number}} photo */
function warmUp(preview, { width, height }) {
  const dots = [0.25, 0.5, 0.75].map((share) => /** @type {Stroke} */ ({
    points: [[share * width, share * height]], width: 1, colour: [120, 100, Math.round(200 * share)],
  }));
  dots.forEach((_, index) => preview.paint(dots.slice(0, index + 1)));
}

/** @param {ImageBitmap} picture */
function pixelsOf(picture) {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.drawImage(picture, 0, 0);
  picture.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
