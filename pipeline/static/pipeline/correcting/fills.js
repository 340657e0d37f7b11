// The fillings around the last strokes: asked for one after the other, shown in their places.

import { anyMarked, tilesAround } from "./changes.js";

/** @typedef {import("../../annotate/painter/document/mask.js").Rect} Rect */
/** @typedef {{box: number[], picture: CanvasImageSource, rims: CanvasImageSource[], reduced: number, seconds: number}} Filling box: x, y, width, height */
/** @typedef {{boxes: Rect[], asked: boolean, filling: Filling | null, within: Rect[]}} Place a change and, in time, the filling of all that was asked for with it */

const MOST = 80;

export class Fills {
  /**
   * @param {import("../../annotate/painter/document/mask.js").Mask} mask
   * @param {(tiles: Map<number, Uint8Array>) => Promise<Filling>} ask
   * @param {{drawn: () => void, begun: () => void, done: (filling: Filling) => void, failed: (reason: string) => void}} onlookers
   */
  constructor(mask, ask, onlookers) {
    this.mask = mask;
    this.ask = ask;
    this.onlookers = onlookers;
    this.shown = true;
    this.hidden = false; // while a key is held
    /** @type {Place[]} a later one lies over an earlier one */
    this.places = [];
    this.busy = false;
  }

  /**
   * The mask changed in these boxes: what was filled there is no longer true.
   * @param {Rect[]} boxes @param {boolean} [wanted] it is filled anew
   */
  change(boxes, wanted = true) {
    if (!boxes.length) return;
    this.places.push({ boxes, asked: !(wanted && this.shown), filling: null, within: boxes });
    if (this.places.length > MOST) this.places.shift();
    this.onlookers.drawn();
    void this.#next();
  }

  /** @param {boolean} shown */
  show(shown) {
    this.shown = shown;
    const last = this.places.at(-1);
    if (shown && last && !last.filling) last.asked = false;
    this.onlookers.drawn();
    void this.#next();
  }

  /** One at a time: what came meanwhile is asked for together. */
  async #next() {
    if (this.busy || !this.shown) return;
    const waiting = this.places.filter((place) => !place.asked);
    const last = waiting.at(-1);
    if (!last) return;
    for (const place of waiting) place.asked = true;
    const boxes = waiting.flatMap((place) => place.boxes);
    if (!anyMarked(this.mask, boxes)) return;
    this.busy = true;
    this.onlookers.begun();
    try {
      last.within = boxes;
      last.filling = await this.ask(tilesAround(this.mask, boxes));
      this.onlookers.done(last.filling);
    } catch (error) {
      this.onlookers.failed(error instanceof Error ? error.message : String(error));
    }
    this.busy = false;
    this.onlookers.drawn();
    void this.#next();
  }

  /**
   * Over the photo and its mask; a later change takes an earlier filling away.
   * @param {CanvasRenderingContext2D} context in CSS pixels
   * @param {import("../../viewer/viewport.js").Viewport} view @returns {boolean} whether anything was drawn
   */
  draw(context, view) {
    if (!this.shown || this.hidden || !this.places.some((place) => place.filling)) return false;
    context.save();
    context.transform(view.scale, 0, 0, view.scale, -view.x * view.scale, -view.y * view.scale);
    context.imageSmoothingEnabled = view.scale < 1;
    const pixel = 1 / view.scale;
    for (const { boxes, filling, within } of this.places) {
      // A pixel more than was drawn: half a pixel at its edge must not stay.
      for (const { x0, y0, x1, y1 } of boxes) {
        context.clearRect(x0 - pixel, y0 - pixel, x1 - x0 + 2 * pixel, y1 - y0 + 2 * pixel);
      }
      if (filling) drawFilling(context, filling, within, pixel);
    }
    context.restore();
    return true;
  }
}

/**
 * With a rim of screen pixels, so that one sees what was filled.
 * @param {CanvasRenderingContext2D} context @param {Filling} filling @param {Rect[]} within @param {number} pixel
 */
function drawFilling(context, { box: [x, y, width, height], picture, rims }, within, pixel) {
  context.save();
  context.beginPath();
  for (const { x0, y0, x1, y1 } of within) context.rect(x0, y0, x1 - x0, y1 - y0);
  context.clip();
  rims.forEach((rim, inwards) => {
    const away = (rims.length - inwards) * pixel;
    for (const [dx, dy] of [[-1, 0], [1, 0], [0, -1], [0, 1]]) {
      context.drawImage(rim, x + dx * away, y + dy * away, width, height);
    }
  });
  context.drawImage(picture, x, y, width, height);
  context.restore();
}
