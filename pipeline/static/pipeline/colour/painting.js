// Correct the colours: strokes on the picture, spread beside the page, kept as the next version.

import { csrf } from "../upload/line.js";
import { Drawing } from "./drawing.js";
import { Palette } from "./palette.js";
import { Pen } from "./pen.js";
import { Strokes, shaded, thinned } from "./strokes.js";
import { Look } from "./look.js";

/** @typedef {import("../compare.js").PhotoCompare} PhotoCompare */
/** @typedef {import("./strokes.js").Colour} Colour */
/** @typedef {import("./strokes.js").Stroke} Stroke */
/** @typedef {Stroke & {aims: boolean}} Line as it was drawn; where it aims, the next ones have the colour found below it */

const WIDEST = 0.12; // of the longer side
const APART = 2; // CSS pixels between two points of a line

/** @param {PhotoCompare} viewer @param {HTMLElement} section */
export function attachColouring(viewer, section) {
  new Painting(viewer, section);
}

class Painting {
  /** @param {PhotoCompare} viewer @param {HTMLElement} section */
  constructor(viewer, section) {
    this.viewer = viewer;
    this.section = section;
    this.strokes = new Strokes(JSON.parse(section.dataset.strokes || "[]"));
    this.palette = new Palette(section, (there) => this.#aim(there));
    this.drawing = new Drawing(viewer);
    this.pen = new Pen(viewer, this.drawing, {
      width: () => this.#width(),
      line: (points) => this.#line(points),
      undo: (forward) => this.#travel(forward),
      leave: () => this.#toggle(false),
    });
    this.look = new Look(viewer, section);
    this.divider = 0.5;
    this.kept = false;
    /** @type {Line[]} drawn before the picture was there */
    this.early = [];
    this.#listen();
    section.hidden = false;
  }

  #listen() {
    const { viewer } = this;
    const on = (/** @type {string} */ name, /** @type {() => void} */ act) => this.#part(name).addEventListener("click", act);
    on("paint", () => this.#toggle(!viewer.pen));
    on("undo", () => this.#travel(false));
    on("redo", () => this.#travel(true));
    on("clear", () => {
      this.strokes.clear();
      this.#show();
    });
    on("keep-all", () => this.#save());
    this.#part("width").addEventListener("input", () => this.pen.draw());
    window.addEventListener("beforeunload", (event) => {
      if ((this.strokes.changed || this.early.length) && !this.kept) event.preventDefault();
    });
    this.section.addEventListener("keydown", (event) => this.pen.history(event) && event.preventDefault());
  }

  /** @param {string} name */
  #part(name) {
    return /** @type {HTMLElement} */ (this.section.querySelector(`[data-${name}]`));
  }

  /** @param {boolean} painting */
  #toggle(painting) {
    const { viewer } = this;
    const button = this.#part("paint");
    this.#part("tools").hidden = !painting;
    button.setAttribute("aria-pressed", String(painting));
    button.setAttribute("aria-expanded", String(painting));
    button.textContent = painting ? "Done painting" : "Paint colours";
    viewer.toggleAttribute("colouring", painting);
    viewer.pen = painting ? this.pen : null;
    if (painting) this.#open();
    else {
      viewer.divide(this.divider);
      button.focus();
    }
    this.#draw();
  }

  async #open() {
    const { viewer } = this;
    this.palette.open();
    if (viewer.stages) viewer.showStages(false);
    viewer.showDamage(false);
    this.divider = viewer.divider ?? 0.5;
    viewer.divide(0);
    viewer.stage?.scrollIntoView({ block: "nearest" });
    await this.#see();
  }

  /** Opens the picture; what was drawn meanwhile becomes strokes then. */
  async #see() {
    this.#say("Opening the picture…");
    try {
      await this.look.open();
    } catch (problem) {
      return this.#say(/** @type {Error} */ (problem).message);
    }
    this.early.splice(0).forEach((line) => this.#stroke(line));
    await this.#show();
  }

  /** The next press on the picture takes its colour. @param {boolean} there */
  #aim(there) {
    this.viewer.toggleAttribute("aiming", there);
    if (there) this.#say("Press the place whose colour you want.");
    else this.early = this.early.filter(({ aims }) => !aims);
  }

  /** px of the photograph */
  #width() {
    const { width = 1, height = 1 } = this.viewer.picture ?? {};
    const share = Number(/** @type {HTMLInputElement} */ (this.#part("width")).value) / 100;
    return Math.max(1, share * share * WIDEST * Math.max(width, height));
  }

  /** A line was drawn, or a dot. @param {[number, number][]} points in the photograph's px */
  #line(points) {
    const { aiming: aims, chosen: colour } = this.palette;
    const apart = APART / (this.viewer.view?.scale ?? 1);
    const line = { points: thinned(points, apart), width: round(this.#width()), colour, aims };
    if (this.look.isOpen && !this.early.length) return void (this.#stroke(line) && this.#show());
    this.early.push(line);
    this.#draw();
    void this.#see();
  }

  /** @param {Line} line @returns {boolean} whether there is a stroke more */
  #stroke({ points, width, colour, aims }) {
    const under = this.look.colourAt(...points[0]);
    if (aims && this.palette.aiming) this.palette.take(under);
    else if (this.strokes.full) this.#say("There is no room for more strokes.");
    else return this.#add({ points, width, colour: aims ? this.palette.chosen : colour }, under);
    return false;
  }

  /** @param {Stroke} stroke @param {Colour} under */
  #add({ points, width, colour }, under) {
    const luma = 0.299 * under[0] + 0.587 * under[1] + 0.114 * under[2];
    this.strokes.add({ points, width, colour: colour && shaded(colour, luma) });
    return true;
  }

  /** @param {boolean} forward */
  #travel(forward) {
    if (!forward && this.early.pop()) return this.#draw();
    if (forward) this.strokes.redo();
    else this.strokes.undo();
    this.#show();
  }

  /** The lines over the picture, and what can be done to them. */
  #draw() {
    const { strokes, early } = this;
    const able = (/** @type {string} */ name, /** @type {boolean} */ can) => {
      /** @type {HTMLButtonElement} */ (this.#part(name)).disabled = !can;
    };
    able("undo", early.length > 0 || strokes.canUndo);
    able("redo", strokes.canRedo);
    able("clear", strokes.all.length > 0 && !early.length);
    able("keep-all", strokes.changed && !early.length);
    this.drawing.show(this.viewer.pen === this.pen ? [...strokes.all, ...early] : []);
  }

  async #show() {
    this.#draw();
    const count = this.strokes.all.length;
    try {
      const ms = await this.look.paint(this.strokes.all);
      if (ms !== null) this.#say(count ? `${count} stroke${count === 1 ? "" : "s"} on the picture.` : "No strokes: the network's own colours.");
    } catch (problem) {
      this.#say(/** @type {Error} */ (problem).message);
    }
  }

  /** @param {string} sentence */
  #say(sentence) {
    this.#part("told").textContent = sentence;
  }

  async #save() {
    const button = /** @type {HTMLButtonElement} */ (this.#part("keep-all"));
    button.disabled = true;
    try {
      const response = await fetch(this.section.dataset.save ?? "", {
        method: "POST", credentials: "same-origin", body: JSON.stringify({ strokes: this.strokes.all }),
        headers: { "Content-Type": "application/json", ...csrf() },
      }).catch(() => {
        throw new Error("The site could not be reached. Your strokes are still here: try again.");
      });
      const told = await response.json().catch(() => null);
      if (!response.ok) throw new Error(told?.reason ?? `The site answered ${response.status}. Try again.`);
      this.kept = true;
      location.href = told.page;
    } catch (problem) {
      this.#say(/** @type {Error} */ (problem).message);
      button.disabled = false;
    }
  }
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
