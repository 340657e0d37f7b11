// The picture with its strokes: the worker that spreads them, and the canvas that shows it.

import { lookSize } from "./grid.js";

/** @typedef {import("../compare.js").PhotoCompare} PhotoCompare */
/** @typedef {import("./strokes.js").Stroke} Stroke */

const IDLE = 1500; // ms after the page until the worker gets ready
const AROUND = 2; // px around a place whose colour is taken

export class Look {
  /** @type {Promise<void> | null} */
  #opened = null;
  /** @type {Worker | null} */
  #worker = null;
  #turn = 0;
  /** @type {((ms: number | null) => void) | null} */
  #waiting = null;

  /** @param {PhotoCompare} viewer @param {HTMLElement} section */
  constructor(viewer, section) {
    this.viewer = viewer;
    this.section = section;
    this.canvas = document.createElement("canvas");
    this.canvas.hidden = true;
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d", { willReadFrequently: true }));
    const ready = () => void this.open().catch(() => {});
    section.addEventListener("pointerenter", ready, { once: true });
    setTimeout(ready, IDLE);
  }

  /** Fetches the network's picture and prepares the worker, once. Rejects with a sentence. */
  open() {
    this.#opened ??= this.#begin().catch((problem) => {
      this.#opened = null;
      throw problem;
    });
    return this.#opened;
  }

  async #begin() {
    const { section, viewer, canvas } = this;
    const { picture } = viewer;
    const response = await fetch(section.dataset.base ?? "", { credentials: "same-origin" });
    if (!response.ok || !picture) throw new Error("The picture could not be opened. Load the page again.");
    const { width, height } = Object.assign(canvas, lookSize(picture.width, picture.height));
    const size = { resizeWidth: width, resizeHeight: height, resizeQuality: /** @type {const} */ ("high") };
    const bitmap = await createImageBitmap(await response.blob(), size);
    this.context.drawImage(bitmap, 0, 0);
    viewer.lay(canvas, "coloured", canvas);
    canvas.style.width = canvas.style.height = "100%";
    const worker = new Worker(section.dataset.worker ?? "", { type: "module" });
    await new Promise((resolve, reject) => {
      worker.addEventListener("message", resolve, { once: true });
      worker.addEventListener("error", () => reject(new Error("Your browser could not start the preview.")), { once: true });
      worker.postMessage({ open: bitmap, photo: picture }, [bitmap]);
    });
    worker.addEventListener("message", ({ data }) => this.#painted(data));
    this.#worker = worker;
  }

  /** Shows these strokes; answers the milliseconds, or null where later strokes came first. @param {readonly Stroke[]} strokes */
  async paint(strokes) {
    await this.open();
    this.#waiting?.(null);
    const turn = ++this.#turn;
    const begun = performance.now();
    const done = new Promise((resolve) => (this.#waiting = resolve));
    this.#worker?.postMessage({ strokes, turn });
    if ((await done) === null) return null;
    const ms = performance.now() - begun;
    this.section.dataset.ms = ms.toFixed(0);
    this.section.dataset.turn = String(turn);
    return ms;
  }

  /** @param {{turn: number, width: number, height: number, pixels: Uint8ClampedArray<ArrayBuffer>, ms: number}} made */
  #painted({ turn, width, height, pixels, ms }) {
    if (turn !== this.#turn) return;
    this.context.putImageData(new ImageData(pixels, width, height), 0, 0);
    this.canvas.hidden = false;
    this.section.dataset.worked = ms.toFixed(0);
    this.#waiting?.(ms);
    this.#waiting = null;
  }

  /** The mean colour around a place of the photograph. @param {number} x @param {number} y @returns {[number, number, number] | null} */
  colourAt(x, y) {
    const { picture } = this.viewer;
    const { width, height } = this.canvas;
    if (!picture || !this.#worker) return null;
    const left = Math.min(width - 1, Math.max(0, Math.floor((x * width) / picture.width) - AROUND));
    const top = Math.min(height - 1, Math.max(0, Math.floor((y * height) / picture.height) - AROUND));
    const side = 2 * AROUND + 1;
    const { data } = this.context.getImageData(left, top, Math.min(side, width - left), Math.min(side, height - top));
    const sum = [0, 0, 0];
    for (let p = 0; p < data.length; p += 4) sum.forEach((_, channel) => (sum[channel] += data[p + channel]));
    return /** @type {[number, number, number]} */ (sum.map((value) => Math.round((4 * value) / data.length)));
  }
}
