// What is drawn: photo, mask and guides on three canvases, once a frame, only what changed.
import { union } from "../document/mask.js";
import { CanvasTiles, Sheet } from "./canvas_tiles.js";
import { applyTone, isPlain } from "./tone.js";

/** @typedef {import("../document/mask.js").Rect} Rect */
/**
 * Draws in CSS pixels; answers whether there was anything to draw.
 * @typedef {(context: CanvasRenderingContext2D, view: import("../../../viewer/viewport.js").Viewport) => boolean} Guide
 */

export class Surface {
  /**
   * @param {{photo: HTMLCanvasElement, guide: HTMLCanvasElement}} canvases @param {HTMLElement} overlay
   * @param {import("../../../viewer/viewport.js").Viewport} view @param {import("./photo.js").Photo} photo
   */
  constructor(canvases, overlay, view, photo) {
    this.canvases = canvases;
    this.overlay = new CanvasTiles(overlay);
    this.view = view;
    this.photo = photo;
    this.smooth = true;
    /** @type {import("./tone.js").Tone} */
    this.tone = { black: 0, white: 255, gamma: 1, invert: false, local: false };
    /** @type {import("./tone.js").Span | null} that the view stretches */
    this.span = null;
    /** @type {import("./layer.js").Layer[]} bottom to top */
    this.layers = [];
    /** @type {Guide[]} */
    this.guides = [];
    /** @type {(() => void)[]} called after each frame in which the view moved */
    this.watchers = [];
    this.ratio = 1;
    this.sheet = new Sheet();
    this.guide = context(canvases.guide);
    /** @type {Rect | null} */
    this.dirty = null;
    this.moved = true;
    this.sharper = false;
    this.guided = true;
    this.requested = false;
  }

  /** @param {number} width @param {number} height CSS pixels */
  resize(width, height) {
    this.ratio = globalThis.devicePixelRatio || 1;
    for (const canvas of Object.values(this.canvases)) {
      canvas.width = Math.round(width * this.ratio);
      canvas.height = Math.round(height * this.ratio);
    }
    const { photo } = this.canvases;
    this.overlay.resize(photo.width, photo.height, this.ratio);
    this.view.resize(width, height);
    this.redraw();
  }

  /** Bytes of a layer changed. @param {import("./layer.js").Layer} layer @param {Rect} rect */
  change(layer, rect) {
    layer.soil(rect);
    this.dirty = union(this.dirty, rect);
    this.#request();
  }

  /** The view moved, or everything looks different. */
  redraw() {
    this.moved = true;
    this.#request();
  }

  /** More of the photo's pixels came. */
  redrawPhoto() {
    this.sharper = true;
    this.#request();
  }

  /** Only the guides changed. */
  redrawGuides() {
    this.guided = true;
    this.#request();
  }

  #request() {
    if (this.requested) return;
    this.requested = true;
    requestAnimationFrame(() => this.#frame());
  }

  #frame() {
    this.requested = false;
    const { moved, dirty } = this;
    this.moved = false;
    this.dirty = null;
    if (moved || this.sharper) this.#drawPhoto();
    this.sharper = false;
    if (moved || dirty) this.#drawOverlay(moved ? null : dirty);
    if (moved || this.guided) this.#drawGuides();
    if (moved) for (const watcher of this.watchers) watcher();
  }

  #drawPhoto() {
    this.sheet.present(this.canvases.photo, (c) => {
      this.photo.draw(c, this.view, this.ratio, this.smooth);
      this.span = null;
      this.toneIn(c);
    });
  }

  /** Levels and local contrast, on what was drawn; the magnifier stretches what the view did. @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context */
  toneIn(context) {
    if (isPlain(this.tone)) return;
    const { width, height } = context.canvas;
    const image = context.getImageData(0, 0, width, height);
    this.span = applyTone(image.data, width, height, this.tone, this.span);
    context.putImageData(image, 0, 0);
  }

  /** @param {Rect | null} part in image pixels; null: all in view */
  #drawOverlay(part) {
    const { view } = this;
    const scale = view.scale * this.ratio;
    // Level pixels reach beyond the changed ones, and outlines one level pixel further.
    const air = Math.ceil(2 / Math.min(1, scale)) * 2;
    const box = part && {
      x0: Math.floor((part.x0 - air - view.x) * scale), y0: Math.floor((part.y0 - air - view.y) * scale),
      x1: Math.ceil((part.x1 + air - view.x) * scale), y1: Math.ceil((part.y1 + air - view.y) * scale),
    };
    this.overlay.draw(box,
      (place) => this.layers.every((layer) => layer.bare(place, view, scale)),
      (out, place) => {
        for (const layer of this.layers) layer.paint(out, place, view, scale);
      });
  }

  #drawGuides() {
    this.guided = false;
    const { guide: c } = this;
    if (!c.canvas.hidden) {
      c.setTransform(1, 0, 0, 1, 0, 0);
      c.clearRect(0, 0, c.canvas.width, c.canvas.height);
    }
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    const drawn = this.guides.map((guide) => guide(c, this.view));
    c.canvas.hidden = !drawn.includes(true); // one full layer less to blend in each frame
  }
}

/** @param {HTMLCanvasElement} canvas */
function context(canvas) {
  const c = canvas.getContext("2d");
  if (!c) throw new Error("This browser cannot draw on a canvas.");
  return c;
}
