// The tones' slider shows live, on the result in view, what further downloads would look like.

import { Beside } from "../beside.js";

/** @typedef {import("../compare.js").PhotoCompare} PhotoCompare */
/** @typedef {import("./curves.js").Curves} Curves */
/** @typedef {import("./curves.js").Pixels} Pixels */

const MOST_PIXELS = 6e6; // of the look: a larger picture is looked at on a copy
const UNSHOWN = "Your browser could not show the tones here. The downloads will have them all the same.";

/** @param {PhotoCompare} viewer @param {HTMLFormElement} form */
export function attachTones(viewer, form) {
  const slider = /** @type {HTMLInputElement} */ (form.querySelector("input[type=range]"));
  const sepia = /** @type {HTMLInputElement | null} */ (form.querySelector("[name=keep_sepia]"));
  const said = /** @type {HTMLElement} */ (form.querySelector("[data-said]"));
  const suits = Number(form.dataset.suits);
  const say = (shown = true) => {
    said.textContent = shown ? inWords(Number(slider.value), suits) : UNSHOWN;
  };
  const look = new Look(viewer, JSON.parse(form.dataset.curves ?? "{}"), say);

  const show = () => {
    look.ask(Number(slider.value), sepia?.checked ?? false);
    say();
  };
  slider.addEventListener("input", show);
  sepia?.addEventListener("change", show);
  viewer.fresh?.addEventListener("load", () => look.reopen());
  if (Number(slider.value) > 0) show();
}

/** @param {number} strength @param {number} suits what the photograph's own histogram calls for */
function inWords(strength, suits) {
  if (strength === 0) return "As it is: no further downloads.";
  const far = `The picture shows it: ${Math.round(100 * strength)} % of the way.`;
  return suits === 0 ? `${far} Its tones looked fine as they were.` : far;
}

/** A canvas over the result, on the same side of the divider and under the same zoom. */
class Look {
  /** @param {PhotoCompare} viewer @param {Curves} curves @param {(shown: boolean) => void} tell */
  constructor(viewer, curves, tell) {
    this.viewer = viewer;
    this.curves = curves;
    this.tell = tell;
    this.canvas = document.createElement("canvas");
    this.canvas.hidden = true;
    this.canvas.setAttribute("data-toned", "");
    viewer.clip?.append(this.canvas);
    viewer.laid?.push(this.canvas);
    viewer.draw();
    /** @type {Beside<Pixels> | null} */
    this.worker = this.start();
    this.strength = 0;
    this.sepia = false;
    /** @type {string} address of the picture that the worker has */
    this.opened = "";
    this.drawn = 0;
    this.busy = false;
    this.stale = false;
  }

  /** @returns {Beside<Pixels>} */
  start() {
    return new Beside(new URL("./worker.js", import.meta.url));
  }

  /** @param {number} strength @param {boolean} sepia */
  ask(strength, sepia) {
    this.strength = strength;
    this.sepia = sepia;
    this.canvas.hidden = strength === 0;
    if (strength > 0) this.send();
  }

  /** Another result is in view, or the same one at its full size. */
  reopen() {
    if (this.strength > 0) this.send();
  }

  /** One picture at a time is drawn; of what is asked meanwhile, the last. */
  async send() {
    this.stale = this.busy;
    const image = this.viewer.fresh;
    if (this.busy || !image) return;
    this.busy = true;
    const address = image.src;
    try {
      this.draw(await this.toned(image, address));
    } catch {
      if (image.src === address) this.lose(); // else another picture came into view meanwhile
    }
    this.busy = false;
    if (this.strength > 0 && (this.stale || address !== this.viewer.fresh?.src)) this.send();
  }

  /** Rejects where the picture or the worker is lost. @param {HTMLImageElement} image @param {string} address */
  async toned(image, address) {
    const worker = (this.worker ??= this.start());
    if (this.opened !== address) {
      await image.decode();
      const picture = pixelsOf(image);
      worker.tell({ picture }, [picture.data.buffer]);
      this.opened = address;
    }
    const { curves, strength } = this;
    this.drawn = strength;
    return worker.ask({ curves, strength, byLuma: this.sepia || isColoured(address) });
  }

  /** The next move of the slider asks another worker. */
  lose() {
    this.worker = null;
    this.opened = "";
    this.stale = false;
    this.canvas.hidden = true;
    if (this.strength > 0) this.tell(false);
  }

  /** @param {Pixels} pixels */
  draw({ width, height, data }) {
    Object.assign(this.canvas, { width, height });
    const picture = new ImageData(/** @type {Uint8ClampedArray<ArrayBuffer>} */ (data), width, height);
    this.canvas.getContext("2d")?.putImageData(picture, 0, 0);
    this.canvas.dataset.toned = String(this.drawn);
    this.canvas.dataset.of = this.opened;
    this.canvas.hidden = this.strength === 0;
    this.tell(true);
  }
}

/** What a network coloured keeps its chroma. @param {string} address */
function isColoured(address) {
  return /colorized\.\w+$/.test(new URL(address).pathname);
}

/** @param {HTMLImageElement} image @returns {Pixels} */
function pixelsOf(image) {
  const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (image.naturalWidth * image.naturalHeight)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return { width: canvas.width, height: canvas.height, data };
}
