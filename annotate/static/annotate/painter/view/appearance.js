// How photo and mask look: colours from the stylesheet, opacity, outline, filters, ridges.
import { Layer } from "./layer.js";
import { FRACTURE, HOLE, IGNORE, SCUFF } from "../document/mask.js";
import { block } from "../ui/page.js";
import { maskTable, parseColour, ridgeTable } from "./palette.js";
import { Pyramid } from "./pyramid.js";

const NAMES = /** @type {[number, string][]} */ ([
  [FRACTURE, "--fracture"], [SCUFF, "--scuff"], [HOLE, "--hole"], [IGNORE, "--ignore"],
]);

export class Appearance {
  /** @param {import("../document/mask.js").Mask} mask @param {import("./surface.js").Surface} surface @param {import("../ui/settings.js").Settings} settings */
  constructor(mask, surface, settings) {
    this.surface = surface;
    this.settings = settings;
    const style = getComputedStyle(document.documentElement);
    this.colours = new Map(NAMES.map(([bit, name]) => [bit, parseColour(style.getPropertyValue(name))]));
    this.mask = new Layer(new Pyramid(mask.data, mask.width, mask.height), this.#table());
    /** @type {Layer | null} */
    this.ridges = null;
    surface.layers = [this.mask];
    settings.watchers.push((changed) => this.#follow(changed));
    this.#swatches();
    this.#apply();
  }

  #table() {
    const { opacity, single, bit } = this.settings.values;
    return maskTable(this.colours, opacity / 100, single ? bit : 255);
  }

  /** @param {(keyof import("../ui/settings.js").Values)[]} changed */
  #follow(changed) {
    const { outline, single } = this.settings.values;
    const recolour = changed.some((key) => key === "opacity" || key === "outline" || key === "single");
    if (recolour || (single && changed.includes("bit"))) this.mask.recolour(this.#table(), outline);
    this.#apply();
    this.surface.redraw();
  }

  #apply() {
    const { black, white, gamma, invert, local, stretch, smooth, ridges, outline } = this.settings.values;
    this.mask.outline = outline;
    this.surface.smooth = smooth;
    if (this.ridges) this.ridges.hidden = !ridges;
    this.surface.tone = { black: Math.min(black, white - 1), white, gamma: gamma / 100, invert, local, stretch };
  }

  /** @param {Uint8Array} cost of the tracer, 1 to 64 @param {number} width @param {number} height */
  addRidges(cost, width, height) {
    // The pyramid keeps the highest, but the cheapest path is what should stay visible.
    const shown = new Pyramid(cost.map((c) => 255 - c), width, height, "max");
    shown.update({ x0: 0, y0: 0, x1: width, y1: height });
    this.ridges = new Layer(shown, ridgeTable(0.85));
    this.ridges.hidden = !this.settings.values.ridges;
    this.surface.layers = [this.ridges, ...this.surface.layers];
    this.surface.redraw();
  }

  /** @param {boolean} hidden */
  hide(hidden) {
    block("overlay").hidden = hidden;
    block("hide").setAttribute("aria-pressed", String(hidden));
  }

  /** The classes' own patterns beside their names. */
  #swatches() {
    const table = maskTable(this.colours, 1);
    for (const swatch of document.querySelectorAll(".painter-swatch")) {
      const bit = Number(/** @type {HTMLElement} */ (swatch).dataset.class);
      const image = new ImageData(24, 16);
      const pixels = new Uint32Array(image.data.buffer);
      for (let i = 0; i < pixels.length; i++) {
        pixels[i] = table[((Math.floor(i / 24) % 8) * 8 + ((i % 24) % 8)) * 256 + bit];
      }
      const canvas = document.createElement("canvas");
      canvas.width = 24;
      canvas.height = 16;
      canvas.getContext("2d")?.putImageData(image, 0, 0);
      swatch.replaceChildren(canvas);
    }
  }
}
