// What may be sent, told before anything is sent (pure).

/** @typedef {{megabytes: number, most: number}} Limits */

export const ENDINGS = [
  ...["jpg", "jpeg", "jpe", "jfif", "png", "tif", "tiff", "webp", "heic", "heif"],
  ...["avif", "jp2", "j2k", "jpx", "bmp", "dib", "ppm", "pgm", "pbm", "pnm", "gif"],
  "", // without one the server looks at the first bytes
];
const SHOWN = ["jpg", "jpeg", "png", "webp"]; // by every browser

/** @param {string} name */
export function endingOf(name) {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot + 1).toLowerCase();
}

/** @param {{name: string, type: string}} file */
export function canShow(file) {
  return SHOWN.includes(endingOf(file.name)) || /^image\/(jpeg|png|webp)$/.test(file.type);
}

/**
 * @param {{name: string, size: number, type: string}} file @param {Limits} limits
 * @returns {string} why it cannot be sent, in a sentence; empty when it can
 */
export function problemOf(file, limits) {
  if (!file.size) return "This file is empty.";
  if (file.size > limits.megabytes * 1e6) {
    return `This file has ${megabytes(file.size)}; the limit is ${limits.megabytes} MB.`;
  }
  const known = ENDINGS.includes(endingOf(file.name)) || file.type.startsWith("image/");
  return known ? "" : "This is not a JPEG, PNG, TIFF, WebP, HEIC, AVIF, JPEG 2000, BMP, PPM or GIF image.";
}

/** @param {number} bytes */
export function megabytes(bytes) {
  const size = bytes / 1e6;
  if (size < 0.1) return `${Math.max(1, Math.round(bytes / 1000))} kB`;
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} MB`;
}
