// One byte a pixel out of an image file, decoded in strips so that memory stays low.

const STRIP = 512;

/**
 * @param {string} url @param {"first" | "luma"} take the first channel as it is, or Rec. 601 luma
 * @returns {Promise<{data: Uint8Array<ArrayBuffer>, width: number, height: number}>}
 */
export async function fetchGrey(url, take) {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`${response.status} for a map of the photo`);
  const bitmap = await createImageBitmap(await response.blob(), {
    colorSpaceConversion: take === "first" ? "none" : "default", premultiplyAlpha: "none",
  });
  const { width, height } = bitmap;
  const data = new Uint8Array(width * height);
  const canvas = new OffscreenCanvas(width, Math.min(STRIP, height));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas in this worker");
  for (let y = 0; y < height; y += STRIP) {
    const rows = Math.min(STRIP, height - y);
    context.drawImage(bitmap, 0, y, width, rows, 0, 0, width, rows);
    const rgba = context.getImageData(0, 0, width, rows).data;
    for (let i = 0, o = y * width; i < rgba.length; i += 4, o++) {
      data[o] = take === "first"
        ? rgba[i] : (rgba[i] * 299 + rgba[i + 1] * 587 + rgba[i + 2] * 114 + 500) / 1000;
    }
  }
  bitmap.close();
  return { data, width, height };
}
