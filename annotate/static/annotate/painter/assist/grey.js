// One byte a pixel out of an image file, decoded in strips so that memory stays low.
import { readGreyPng } from "../document/png.js";

const STRIP = 512;

/** @typedef {import("../document/png.js").Grey} Grey */

/** @param {string} url @returns {Promise<Blob>} */
export async function fetchFile(url) {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`${response.status} for a picture of the photo`);
  return response.blob();
}

/** A map of the photo as it is, level by level. @param {string} url @returns {Promise<Grey>} */
export async function fetchMap(url) {
  const file = await fetchFile(url);
  const plain = await readGreyPng(new Uint8Array(await file.arrayBuffer()));
  if (plain) return plain;
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const map = greyOf(bitmap, (r) => r);
  bitmap.close();
  return map;
}

/** Rec. 601 luma. @param {ImageBitmap} bitmap @returns {Grey} */
export const lumaOf = (bitmap) => greyOf(bitmap, (r, g, b) => (r * 299 + g * 587 + b * 114 + 500) / 1000);

/** @param {ImageBitmap} bitmap @param {(r: number, g: number, b: number) => number} take @returns {Grey} */
function greyOf(bitmap, take) {
  const { width, height } = bitmap;
  const data = new Uint8Array(width * height);
  const canvas = new OffscreenCanvas(width, Math.min(STRIP, height));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas in this worker");
  for (let y = 0; y < height; y += STRIP) {
    const rows = Math.min(STRIP, height - y);
    context.drawImage(bitmap, 0, y, width, rows, 0, 0, width, rows);
    const rgba = context.getImageData(0, 0, width, rows).data;
    for (let i = 0, o = y * width; i < rgba.length; i += 4, o++) data[o] = take(rgba[i], rgba[i + 1], rgba[i + 2]);
  }
  return { data, width, height };
}
