// Pan, zoom and coordinates: what part of a picture the screen shows. One for every page (pure).

export const MIN_SCALE = 0.05;
export const MAX_SCALE = 32;
/** Round magnifications; what is hardly a change is passed over. */
const STEPS = [0.05, 0.1, 0.17, 0.25, 0.33, 0.5, 0.67, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, MAX_SCALE];
const NOTICEABLE = 1.1;
const CLOSER = 4; // of a double click

/** @typedef {{x: number, y: number}} Point */
/** @typedef {{x0: number, y0: number, x1: number, y1: number}} Rect half-open, in image pixels */
/**
 * @typedef {object} Bounds
 * @property {number} air share of the stage that the whole picture fills
 * @property {(fit: number) => number} least smallest scale, given the one that fits
 * @property {(fit: number) => number} most largest scale
 * @property {boolean} covers no gap beside a picture larger than its stage; smaller ones lie in the middle
 */

/** Where one paints up to the edge, the picture may leave the stage but for a corner. @type {Bounds} */
export const PAINTING = { air: 0.96, least: (fit) => Math.min(MIN_SCALE, fit * 0.96), most: () => MAX_SCALE, covers: false };
/** Where one only looks. @type {Bounds} */
export const LOOKING = { air: 1, least: (fit) => Math.min(fit, 1), most: () => 16, covers: true };

export class Viewport {
  /** @param {number} imageWidth @param {number} imageHeight in image pixels @param {Bounds} [bounds] */
  constructor(imageWidth, imageHeight, bounds = PAINTING) {
    this.imageWidth = imageWidth;
    this.imageHeight = imageHeight;
    this.bounds = bounds;
    this.width = 1;
    this.height = 1;
    /** Screen (CSS) pixels per image pixel. */
    this.scale = 1;
    /** Image coordinates of the screen's top left corner. */
    this.x = 0;
    this.y = 0;
    if (bounds.covers) this.fit();
  }

  /**
   * The middle stays where it is. Who sees the whole picture sees it afterwards, where one only looks.
   * @param {number} width @param {number} height CSS pixels
   */
  resize(width, height) {
    const whole = this.bounds.covers && this.isWhole;
    const { x, y } = this.toImage(this.width / 2, this.height / 2);
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
    if (whole) this.fit();
    else this.centre(x, y);
  }

  /** The same part of the picture on a stage of another size. @param {number} width @param {number} height */
  rescale(width, height) {
    const relative = this.scale / this.fitScale;
    const { x, y } = this.toImage(this.width / 2, this.height / 2);
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
    this.scale = this.#limited(relative * this.fitScale);
    this.centre(x, y);
  }

  /**
   * Another picture on the same stage: its whole after a whole, else the same place at the same scale.
   * @param {number} imageWidth @param {number} imageHeight @returns {Viewport}
   */
  onto(imageWidth, imageHeight) {
    const next = new Viewport(imageWidth, imageHeight, this.bounds);
    next.width = this.width;
    next.height = this.height;
    if (this.isWhole) next.fit();
    else {
      next.zoomTo(this.scale);
      next.x = this.x;
      next.y = this.y;
      next.pan(0, 0);
    }
    return next;
  }

  /** @returns {number} the scale at which the whole picture fills the stage */
  get fitScale() {
    return Math.min(this.width / this.imageWidth, this.height / this.imageHeight);
  }

  get isWhole() {
    return Math.abs(this.scale / (this.fitScale * this.bounds.air) - 1) < 1e-9;
  }

  /** @returns {boolean} whether parts of the picture lie outside the stage */
  get isZoomed() {
    return this.scale > this.fitScale * 1.001;
  }

  fit() {
    this.scale = Math.min(this.fitScale * this.bounds.air, MAX_SCALE);
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
    this.scale = this.#limited(scale);
    this.x = held.x - sx / this.scale;
    this.y = held.y - sy / this.scale;
    this.#hold();
  }

  /** The next or last of the round zoom steps. @param {1 | -1} direction */
  step(direction) {
    const next = direction > 0
      ? STEPS.find((s) => s > this.scale * NOTICEABLE) ?? MAX_SCALE
      : STEPS.filter((s) => s < this.scale / NOTICEABLE).at(-1) ?? 0;
    this.zoomTo(next);
  }

  /** What a double click does: closer there, or back to the whole. @param {number} sx @param {number} sy */
  toggle(sx, sy) {
    if (this.isZoomed) this.fit();
    else this.zoomAt(sx, sy, CLOSER);
  }

  /** @param {number} dx @param {number} dy screen pixels the picture moves by */
  pan(dx, dy) {
    this.x -= dx / this.scale;
    this.y -= dy / this.scale;
    this.#hold();
  }

  /** Show a box with some air around it, no closer than `most`. @param {Rect} box @param {number} [most] */
  show(box, most = 4) {
    const air = 3;
    const fitting = Math.min(
      this.width / ((box.x1 - box.x0) * air), this.height / ((box.y1 - box.y0) * air), most);
    this.scale = Math.max(this.fitScale * this.bounds.air, Math.min(MAX_SCALE, fitting));
    this.centre((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2);
  }

  /** @returns {Rect} whole image pixels in view */
  visible() {
    const end = this.toImage(this.width, this.height);
    return {
      x0: Math.max(0, Math.floor(this.x)), y0: Math.max(0, Math.floor(this.y)),
      x1: Math.min(this.imageWidth, Math.ceil(end.x)), y1: Math.min(this.imageHeight, Math.ceil(end.y)),
    };
  }

  /** The same as a CSS transform from the top left corner. @param {number} [laidOut] scale at which the element lies there */
  transform(laidOut = 1) {
    const { x, y } = this.toScreen(0, 0);
    return `translate(${x}px, ${y}px) scale(${this.scale / laidOut})`;
  }

  /** "fit" or a percentage of real pixels. @param {number} [ratio] screen pixels per CSS pixel */
  label(ratio = 1) {
    return this.isWhole ? "fit" : `${Math.round(this.scale * ratio * 100)} %`;
  }

  /** @param {number} scale */
  #limited(scale) {
    const { least, most } = this.bounds;
    return Math.min(most(this.fitScale), Math.max(least(this.fitScale), scale));
  }

  #hold() {
    const place = this.bounds.covers ? covering : reachable;
    this.x = place(this.x, this.width / this.scale, this.imageWidth);
    this.y = place(this.y, this.height / this.scale, this.imageHeight);
  }
}

/** At least a corner of the picture stays in reach. @param {number} at @param {number} room @param {number} length image pixels */
function reachable(at, room, length) {
  const keep = Math.min(room, length) / 4;
  return Math.min(length - keep, Math.max(keep - room, at));
}

/** @param {number} at @param {number} room @param {number} length image pixels */
function covering(at, room, length) {
  return room >= length ? (length - room) / 2 : Math.min(length - room, Math.max(0, at));
}
