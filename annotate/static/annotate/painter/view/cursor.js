// The pointer's true size on the photo, and the keyboard's own cursor.
import { block, canvas } from "../ui/page.js";

const SMALL = 4;
const MAGNIFIED = 4;

export class Cursor {
  /**
   * @param {import("./surface.js").Surface} surface @param {() => number} size of the brush in image pixels
   */
  constructor(surface, size) {
    this.surface = surface;
    this.size = size;
    this.ring = block("ring");
    this.glass = canvas("magnifier");
    /** @type {{x: number, y: number} | null} in the image */
    this.at = null;
    this.erasing = false;
    /** @type {"ring" | "cross"} */
    this.kind = "ring";
    /** The arrow keys hold the cursor, until the pointer moves. */
    this.byKeys = false;
    this.magnify = false;
  }

  /** @param {{x: number, y: number} | null} at image point; null hides it @param {boolean} [erasing] */
  place(at, erasing = this.erasing) {
    this.at = at;
    this.erasing = erasing;
    this.draw();
  }

  draw() {
    const { ring, at } = this;
    ring.hidden = at === null;
    this.glass.hidden = at === null || !this.magnify;
    if (!at) return;
    const { view } = this.surface;
    const place = view.toScreen(at.x, at.y);
    const across = this.size() * view.scale;
    const cross = this.kind === "cross" || across < SMALL;
    ring.classList.toggle("cross", cross);
    ring.classList.toggle("erasing", this.erasing);
    const side = cross ? 17 : Math.max(SMALL, across);
    ring.style.width = ring.style.height = `${side}px`;
    ring.style.transform = `translate(${place.x - side / 2}px, ${place.y - side / 2}px)`;
    if (this.magnify) this.#magnifyAt(at, place);
  }

  /** @param {{x: number, y: number}} at image @param {{x: number, y: number}} place screen */
  #magnifyAt(at, place) {
    const { glass, surface } = this;
    const context = /** @type {CanvasRenderingContext2D} */ (glass.getContext("2d"));
    const scale = Math.max(2, surface.view.scale * MAGNIFIED);
    const x = at.x - glass.width / scale / 2;
    const y = at.y - glass.height / scale / 2;
    const { photo, view } = surface;
    const rect = {
      x0: Math.max(0, Math.floor(x)), y0: Math.max(0, Math.floor(y)),
      x1: Math.min(photo.width, Math.ceil(x + glass.width / scale)),
      y1: Math.min(photo.height, Math.ceil(y + glass.height / scale)),
    };
    context.fillStyle = "#000";
    context.fillRect(0, 0, glass.width, glass.height);
    photo.draw(context, { x, y, scale, visible: () => rect }, 1, false);
    surface.toneIn(context);
    this.#layMask(context, { x, y }, scale);
    context.strokeStyle = "#fff";
    context.lineWidth = 1;
    context.strokeRect(glass.width / 2 - 0.5 - scale / 2, glass.height / 2 - 0.5 - scale / 2, scale, scale);
    const right = place.x + 30 + glass.width < view.width;
    const above = place.y - 30 - glass.height > 0;
    const left = right ? place.x + 30 : place.x - 30 - glass.width;
    const top = above ? place.y - 30 - glass.height : place.y + 30;
    glass.style.transform = `translate(${left}px, ${top}px)`;
  }

  /** @param {CanvasRenderingContext2D} context @param {{x: number, y: number}} corner @param {number} scale */
  #layMask(context, corner, scale) {
    const { width, height } = this.glass;
    const image = new ImageData(width, height);
    const out = new Uint32Array(image.data.buffer);
    for (const layer of this.surface.layers) layer.paint(out, { x0: 0, y0: 0, x1: width, y1: height }, corner, scale);
    this.#lens ??= new OffscreenCanvas(width, height);
    this.#lens.getContext("2d")?.putImageData(image, 0, 0);
    context.drawImage(this.#lens, 0, 0);
  }

  /** @type {OffscreenCanvas | undefined} */
  #lens;

  /** Move by keys. @param {number} dx @param {number} dy image pixels @returns {{x: number, y: number}} */
  nudge(dx, dy) {
    const { view } = this.surface;
    const from = this.at ?? view.toImage(view.width / 2, view.height / 2);
    const x = Math.min(view.imageWidth - 0.5, Math.max(0.5, Math.floor(from.x) + 0.5 + dx));
    const y = Math.min(view.imageHeight - 0.5, Math.max(0.5, Math.floor(from.y) + 0.5 + dy));
    this.byKeys = true;
    const place = view.toScreen(x, y);
    if (place.x < 8 || place.y < 8 || place.x > view.width - 8 || place.y > view.height - 8) {
      view.centre(x, y);
      this.surface.redraw();
    }
    this.place({ x, y });
    return { x, y };
  }
}
