// The result's plane of certainty and questions, fetched once.

import { planeOf } from "./foreseen.js";
import { once } from "./once.js";

/** @typedef {import("./foreseen.js").Plane} Plane */

/** @type {Map<string, () => Promise<Plane>>} */
const known = new Map();

/** @param {string} address @returns {Promise<Plane>} */
export function planeFrom(address) {
  const plane = known.get(address) ?? once(() => read(address));
  known.set(address, plane);
  return plane();
}

/** @param {string} address */
async function read(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.drawImage(image, 0, 0);
  return planeOf(context.getImageData(0, 0, canvas.width, canvas.height).data, canvas.width, canvas.height);
}
