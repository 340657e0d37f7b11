// Pan, zoom and coordinates: what part of the photo the screen shows (pure).

export const MIN_SCALE = 0.05;
export const MAX_SCALE = 32;

/** @typedef {{x: number, y: number}} Point */

export class Viewport {
  /** @param {number} imageWidth @param {number} imageHeight in image pixels */
  constructor(imageWidth, imageHeight) {
    this.imageWidth = imageWidth;
    this.imageHeight = imageHeight;
    this.width = 1;
    this.height = 1;
    /** Screen (CSS) pixels per image pixel. */
    this.scale = 1;
    /** Image coordinates of the screen's top left corner. */
    this.x = 0;
    this.y = 0;
  }

  /** @param {number} width @param {number} height CSS pixels; the centre stays where it is */
  resize(width, height) {
    const centre = this.toImage(this.width / 2, this.height / 2);
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
    this.centre(centre.x, centre.y);
  }

  /** @returns {number} the scale at which the whole photo is in view */
  get fitScale() {
    return Math.min(this.width / this.imageWidth, this.height / this.imageHeight);
  }

  fit() {
    this.scale = Math.min(this.fitScale * 0.96, MAX_SCALE);
    this.centre(this.imageWidth / 2, this.imageHeight / 2);
  }

  /** @param {number} x @param {number} y image point to put in the middle */
  centre(x, y) {
    this.x = x - this.width / this.scale / 2;
    this.y = y - this.height / this.scale / 2;
    this.#hold();
  }

  /** @param {number} sx @param {number} sy screen @returns {Point} image */
  toImage(sx, sy) {
    return { x: this.x + sx / this.scale, y: this.y + sy / this.scale };
  }

  /** @param {number} x @param {number} y image @returns {Point} screen */
  toScreen(x, y) {
    return { x: (x - this.x) * this.scale, y: (y - this.y) * this.scale };
  }

  /** Zoom so that the image point under (sx, sy) stays there. @param {number} sx @param {number} sy @param {number} factor */
  zoomAt(sx, sy, factor) {
    this.zoomTo(this.scale * factor, sx, sy);
  }

  /** @param {number} scale @param {number} [sx] @param {number} [sy] screen point that stays */
  zoomTo(scale, sx = this.width / 2, sy = this.height / 2) {
    const held = this.toImage(sx, sy);
    const least = Math.min(MIN_SCALE, this.fitScale * 0.96);
    this.scale = Math.min(MAX_SCALE, Math.max(least, scale));
    this.x = held.x - sx / this.scale;
    this.y = held.y - sy / this.scale;
    this.#hold();
  }

  /** The next or last of the round zoom steps. @param {1 | -1} direction */
  step(direction) {
    const steps = [0.05, 0.1, 0.17, 0.25, 0.33, 0.5, 0.67, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32];
    const next = direction > 0
      ? steps.find((s) => s > this.scale * 1.001)
      : steps.filter((s) => s < this.scale * 0.999).at(-1);
    if (next) this.zoomTo(next);
  }

  /** @param {number} dx @param {number} dy screen pixels the photo moves by */
  pan(dx, dy) {
    this.x -= dx / this.scale;
    this.y -= dy / this.scale;
    this.#hold();
  }

  /** Show a box with some air around it, no closer than `most`. @param {import("../annotate/painter/document/mask.js").Rect} box @param {number} [most] */
  show(box, most = 4) {
    const air = 3;
    const fitting = Math.min(
      this.width / ((box.x1 - box.x0) * air), this.height / ((box.y1 - box.y0) * air), most);
    this.scale = Math.max(this.fitScale * 0.96, Math.min(MAX_SCALE, fitting));
    this.centre((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2);
  }

  /** @returns {import("../annotate/painter/document/mask.js").Rect} whole image pixels in view */
  visible() {
    const end = this.toImage(this.width, this.height);
    return {
      x0: Math.max(0, Math.floor(this.x)), y0: Math.max(0, Math.floor(this.y)),
      x1: Math.min(this.imageWidth, Math.ceil(end.x)), y1: Math.min(this.imageHeight, Math.ceil(end.y)),
    };
  }

  /** At least a corner of the photo stays in reach. */
  #hold() {
    const spareX = this.width / this.scale;
    const spareY = this.height / this.scale;
    const keepX = Math.min(spareX, this.imageWidth) / 4;
    const keepY = Math.min(spareY, this.imageHeight) / 4;
    this.x = Math.min(this.imageWidth - keepX, Math.max(keepX - spareX, this.x));
    this.y = Math.min(this.imageHeight - keepY, Math.max(keepY - spareY, this.y));
  }
}
