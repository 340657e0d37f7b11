// Which colour the next stroke has: a named swatch, an own one, one from the picture, or none.

import { once } from "../once.js";
import { button, make } from "../pieces.js";

/** @typedef {import("./strokes.js").Colour} Colour */
/** @typedef {{name: string, rgb: Colour, source: string, exact: boolean}} Swatch */
/** @typedef {{name: string, swatches: Swatch[]}} Group */

/** @type {Colour} the own colour to begin with, as the page shows it */
const PLAIN = [107, 95, 69];
const MISSING = "The named colours did not load. Your own colour and those of the picture work all the same.";

export class Palette {
  /** @type {Group[] | null} */
  #groups = null;
  /** @type {Colour | null} null keeps what is there */
  chosen = PLAIN;
  aiming = false;

  /** @param {HTMLElement} section @param {(there: boolean) => void} aim */
  constructor(section, aim) {
    this.section = section;
    this.aim = aim;
    this.read = once(() => this.#read());
    const picker = this.#input("picker");
    this.#part("group").addEventListener("change", () => this.#fill());
    this.#part("list").addEventListener("change", (event) => this.#swatch(Number(/** @type {HTMLInputElement} */ (event.target).value)));
    for (const kind of ["input", "change"]) picker.addEventListener(kind, () => this.#own());
    this.#input("own").addEventListener("change", () => this.#own());
    this.#input("keep").addEventListener("change", () => this.#choose(null, "Strokes keep what the network coloured."));
    this.#part("there").addEventListener("click", () => this.#aims(!this.aiming));
  }

  /** Shows the swatches, which are fetched once, or says that they are missing. */
  async open() {
    await this.read().catch(() => this.#miss());
  }

  async #read() {
    const response = await fetch(this.section.dataset.swatches ?? "");
    if (!response.ok) throw new Error(`${response.status}`);
    const groups = /** @type {Group[]} */ ((await response.json()).groups);
    this.#groups = groups;
    const select = /** @type {HTMLSelectElement} */ (this.#part("group"));
    select.replaceChildren(...groups.map(({ name }, index) => new Option(name, String(index))));
    const first = groups.findIndex(({ name }) => name === "Cloth");
    select.value = String(Math.max(0, first));
    this.#fill();
    if (this.chosen === PLAIN && !this.aiming) this.#list()[0]?.click();
  }

  #miss() {
    const sentence = make("p", "small", { role: "alert" });
    sentence.textContent = MISSING;
    const again = button("Try again", "Try again to load the named colours", async () => {
      await this.open();
      /** @type {HTMLElement | null} */ (this.#part("list").querySelector("input, button"))?.focus();
    });
    this.#part("list").replaceChildren(sentence, again);
  }

  /** A colour of the picture becomes the own colour. @param {Colour} colour */
  take(colour) {
    this.#aims(false);
    this.#input("picker").value = hex(colour);
    this.#input("own").checked = true;
    this.#choose(colour, `${hex(colour)}, from the picture.`);
  }

  /** @param {string} name */
  #part(name) {
    return /** @type {HTMLElement} */ (this.section.querySelector(`[data-${name}]`));
  }

  /** @param {string} name */
  #input(name) {
    return /** @type {HTMLInputElement} */ (this.#part(name));
  }

  #list() {
    return /** @type {HTMLInputElement[]} */ ([...this.#part("list").querySelectorAll("input")]);
  }

  /** @returns {Swatch[]} of the group that is shown */
  #shown() {
    return this.#groups?.[Number(this.#input("group").value)]?.swatches ?? [];
  }

  #fill() {
    this.#part("list").replaceChildren(...this.#shown().map(({ name, rgb }, index) => {
      const radio = make("input", "", { type: "radio", name: "colour", value: String(index), "aria-label": name, title: name });
      radio.style.backgroundColor = hex(rgb);
      return radio;
    }));
  }

  /** @param {number} index */
  #swatch(index) {
    const swatch = this.#shown()[index];
    if (swatch) this.#choose(swatch.rgb, `${swatch.name}${swatch.exact ? "" : ", approximate"}: ${swatch.source}.`);
  }

  #own() {
    const picker = this.#input("picker");
    this.#input("own").checked = true;
    const { value } = picker;
    this.#choose(/** @type {Colour} */ ([1, 3, 5].map((at) => parseInt(value.slice(at, at + 2), 16))), "");
  }

  /** @param {Colour | null} colour @param {string} sentence */
  #choose(colour, sentence) {
    this.chosen = colour;
    this.#part("named").textContent = sentence;
    this.#aims(false);
  }

  /** @param {boolean} aiming */
  #aims(aiming) {
    this.aiming = aiming;
    this.#part("there").setAttribute("aria-pressed", String(aiming));
    this.aim(aiming);
  }
}

/** @param {Colour} colour */
function hex(colour) {
  return `#${colour.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}
