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
    // Code that has run is fast: the first stroke of a person need not wait for that.
    preview.paint([{ points: [[photo.width / 2, photo.height / 2]], width: 1, colour: [120, 100, 80] }]);
    postMessage({ ready: true });
  }
  if (!strokes || !preview) return;
  const begun = performance.now();
  const pixels = preview.paint(strokes);
  const { width, height } = preview.base;
  postMessage({ turn, width, height, pixels, ms: performance.now() - begun }, /** @type {any} */ ([pixels.buffer]));
});

/** @param {ImageBitmap} picture */
function pixelsOf(picture) {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.drawImage(picture, 0, 0);
  picture.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
