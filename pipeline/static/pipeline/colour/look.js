// The picture with its strokes: the worker that spreads them, and the canvas that shows it.

import { once } from "../once.js";
import { Beside } from "../beside.js";
import { lookSize } from "./grid.js";

/** @typedef {import("../compare.js").PhotoCompare} PhotoCompare */
/** @typedef {import("./strokes.js").Stroke} Stroke */
/** @typedef {{width: number, height: number, pixels: Uint8ClampedArray<ArrayBuffer>, ms: number}} Made */

const IDLE = 1500; // ms after the page until the worker gets ready
const AROUND = 2; // px around a place whose colour is taken
const CLOSED = "The picture did not open. What you draw is kept, and the next stroke tries again.";
const UNSHOWN = "Your browser could not show the strokes. They are kept, and the next one tries again; “Keep these colours” makes them all the same.";

export class Look {
  /** @type {ImageData | null} in the network's colours */
  #base = null;
  /** @type {Promise<Beside<Made>> | null} */
  #solver = null;
  #turn = 0;

  /** @param {PhotoCompare} viewer @param {HTMLElement} section */
  constructor(viewer, section) {
    this.viewer = viewer;
    this.section = section;
    this.canvas = document.createElement("canvas");
    this.canvas.hidden = true;
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d", { willReadFrequently: true }));
    /** Fetches the network's picture, once. Rejects with a sentence, and may be asked again then. */
    this.open = once(() => this.#begin().catch(() => {
      throw new Error(CLOSED);
    }));
    const ready = () => void this.#ready().catch(() => {});
    section.addEventListener("pointerenter", ready, { once: true });
    setTimeout(ready, IDLE);
  }

  get isOpen() {
    return this.#base !== null;
  }

  async #begin() {
    const { section, viewer, canvas, context } = this;
    const { picture } = viewer;
    const response = await fetch(section.dataset.base ?? "", { credentials: "same-origin" });
    if (!response.ok || !picture) throw new Error(`${response.status}`);
    const { width, height } = Object.assign(canvas, lookSize(picture.width, picture.height));
    const size = { resizeWidth: width, resizeHeight: height, resizeQuality: /** @type {const} */ ("high") };
    context.drawImage(await createImageBitmap(await response.blob(), size), 0, 0);
    viewer.lay(canvas, "coloured", canvas);
    canvas.style.width = canvas.style.height = "100%";
    this.#base = context.getImageData(0, 0, width, height);
  }

  /** A worker that has the picture; another where one was lost. */
  #ready() {
    const solver = (this.#solver ??= this.#start());
    solver.catch(() => this.#forget(solver));
    return solver;
  }

  async #start() {
    await this.open();
    const solver = /** @type {Beside<Made>} */ (new Beside(this.section.dataset.worker ?? ""));
    await solver.ask({ open: this.#base, photo: this.viewer.picture });
    return solver;
  }

  /** @param {Promise<Beside<Made>>} solver */
  #forget(solver) {
    if (this.#solver === solver) this.#solver = null;
  }

  /** Shows these strokes; answers the milliseconds, or null where later strokes came first. Rejects
   * with a sentence, and may be asked again then. @param {readonly Stroke[]} strokes */
  async paint(strokes) {
    const turn = ++this.#turn;
    const solver = this.#ready();
    try {
      return await this.#solve(await solver, strokes, turn);
    } catch {
      this.#forget(solver);
      throw new Error(this.isOpen ? UNSHOWN : CLOSED);
    }
  }

  /** @param {Beside<Made>} solver @param {readonly Stroke[]} strokes @param {number} turn */
  async #solve(solver, strokes, turn) {
    if (turn !== this.#turn) return null;
    const begun = performance.now();
    const made = await solver.ask({ strokes });
    if (turn !== this.#turn) return null;
    this.#show(made);
    const ms = performance.now() - begun;
    Object.assign(this.section.dataset, { ms: ms.toFixed(0), worked: made.ms.toFixed(0) });
    return ms;
  }

  /** @param {Made} made */
  #show({ width, height, pixels }) {
    this.context.putImageData(new ImageData(pixels, width, height), 0, 0);
    this.canvas.hidden = false;
  }

  /** The mean colour around a place of the photograph, which is open. @param {number} x @param {number} y @returns {[number, number, number]} */
  colourAt(x, y) {
    const { picture = { width: 1, height: 1 } } = this.viewer;
    const { width, height } = this.canvas;
    const left = Math.min(width - 1, Math.max(0, Math.floor((x * width) / picture.width) - AROUND));
    const top = Math.min(height - 1, Math.max(0, Math.floor((y * height) / picture.height) - AROUND));
    const side = 2 * AROUND + 1;
    const { data } = this.context.getImageData(left, top, Math.min(side, width - left), Math.min(side, height - top));
    const sum = [0, 0, 0];
    for (let p = 0; p < data.length; p += 4) sum.forEach((_, channel) => (sum[channel] += data[p + channel]));
    return /** @type {[number, number, number]} */ (sum.map((value) => Math.round((4 * value) / data.length)));
  }
}
