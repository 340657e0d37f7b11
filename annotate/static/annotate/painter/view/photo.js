// The photo as bitmaps: the preview at once, then full pixels and their halvings.

const SMALL = 1000;

export class Photo {
  /** @param {number} width @param {number} height of the full image */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    /** @type {ImageBitmap[]} small to large */
    this.levels = [];
  }

  /** @param {string} url @returns {Promise<void>} */
  async loadPreview(url) {
    const bitmap = await fetchBitmap(url);
    if (!this.levels.length) this.levels = [bitmap];
  }

  /** Full pixels in place of the preview. @param {ImageBitmap[]} levels small to large */
  take(levels) {
    this.levels.forEach((old) => old.close());
    this.levels = levels;
  }

  /** @param {number} scale device pixels per image pixel @returns {ImageBitmap | undefined} the smallest that fills the screen */
  pick(scale) {
    return this.levels.find((b) => b.width >= this.width * scale * 0.99) ?? this.levels.at(-1);
  }

  /**
   * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context in device pixels
   * @param {{x: number, y: number, scale: number, visible: () => import("../document/mask.js").Rect}} view
   * @param {number} ratio device per CSS pixel @param {boolean} smooth below 100 %
   */
  draw(context, view, ratio, smooth) {
    const scale = view.scale * ratio;
    const bitmap = this.pick(scale);
    if (!bitmap) return;
    const k = bitmap.width / this.width;
    const { x0, y0, x1, y1 } = view.visible();
    context.imageSmoothingEnabled = scale < k && smooth;
    context.imageSmoothingQuality = "low";
    context.drawImage(
      bitmap, x0 * k, y0 * k, (x1 - x0) * k, (y1 - y0) * k,
      (x0 - view.x) * scale, (y0 - view.y) * scale, (x1 - x0) * scale, (y1 - y0) * scale);
  }
}

/** @param {ImageBitmap} bitmap @returns {Promise<ImageBitmap[]>} it and its halves, small to large */
export async function halvings(bitmap) {
  const levels = [bitmap];
  while (Math.max(bitmap.width, bitmap.height) > SMALL) {
    bitmap = await createImageBitmap(bitmap, {
      resizeWidth: Math.max(1, bitmap.width >> 1), resizeHeight: Math.max(1, bitmap.height >> 1),
      resizeQuality: "medium",
    });
    levels.unshift(bitmap);
  }
  return levels;
}

/** @param {string} url @returns {Promise<ImageBitmap>} */
async function fetchBitmap(url) {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`The photo did not load (${response.status}).`);
  return createImageBitmap(await response.blob(), { premultiplyAlpha: "none" });
}
