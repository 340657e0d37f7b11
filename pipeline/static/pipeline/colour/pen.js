// Draws lines on the picture by mouse, pen, finger and keys. The viewer hands over what it gets.

/** @typedef {import("../compare.js").PhotoCompare} PhotoCompare */
/** @typedef {import("./drawing.js").Drawing} Drawing */
/** @typedef {{x: number, y: number}} Point */
/**
 * @typedef {object} Meant
 * @property {() => number} width px of the photograph
 * @property {(points: [number, number][]) => void} line
 * @property {(forward: boolean) => void} undo
 * @property {() => void} leave
 */

const STEP = 8; // CSS pixels that an arrow key moves
const ARROWS = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] });

export class Pen {
  /** @type {[number, number][] | null} */
  #points = null;
  /** @type {Point | null} where the keys are, px of the photograph */
  #at = null;

  /** @param {PhotoCompare} viewer @param {Drawing} drawing @param {Meant} meant */
  constructor(viewer, drawing, meant) {
    this.viewer = viewer;
    this.drawing = drawing;
    this.meant = meant;
    viewer.stage?.addEventListener("keyup", (event) => event.key === "Shift" && this.end());
  }

  /** @param {Point} at of the stage */
  begin(at) {
    this.#at = null;
    this.#points = [this.#place(at)];
    this.draw();
  }

  /** @param {Point[]} places */
  move(places) {
    this.#points?.push(...places.map((at) => this.#place(at)));
    this.draw();
  }

  end() {
    const points = this.#points;
    this.cancel();
    if (points) this.meant.line(points);
  }

  cancel() {
    this.#points = null;
    this.draw();
  }

  draw() {
    this.drawing.line(this.#points, this.#at, this.meant.width());
  }

  /** @param {KeyboardEvent} event on the stage @returns {boolean} whether it meant something here */
  key(event) {
    if (this.history(event)) return true;
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const arrow = ARROWS[event.key];
    if (arrow) this.#walk(arrow, event.shiftKey);
    else if (event.key === "Enter" || event.key === " ") this.#dab();
    else if (event.key === "Escape") this.meant.leave();
    else return false;
    return true;
  }

  /** @param {KeyboardEvent} event @returns {boolean} */
  history(event) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || this.viewer.pen !== this || (key !== "z" && key !== "y")) return false;
    this.meant.undo(key === "y" || event.shiftKey);
    return true;
  }

  #dab() {
    const { x, y } = this.#keys();
    this.meant.line([[x, y]]);
    this.draw();
  }

  /** @param {[number, number]} arrow @param {boolean} drawing */
  #walk([dx, dy], drawing) {
    const from = this.#keys();
    if (drawing) this.#points ??= [[from.x, from.y]];
    const step = STEP / (this.viewer.view?.scale ?? 1);
    const { width = 1, height = 1 } = this.viewer.picture ?? {};
    this.#at = { x: clamp(from.x + dx * step, width), y: clamp(from.y + dy * step, height) };
    if (drawing) this.#points?.push([this.#at.x, this.#at.y]);
    this.draw();
  }

  /** Where the keys are; in the middle of what is seen to begin with. @returns {Point} */
  #keys() {
    const { view, picture } = this.viewer;
    if (!this.#at && view && picture) {
      const { x, y } = view.toImage(view.width / 2, view.height / 2);
      this.#at = { x: clamp(x, picture.width), y: clamp(y, picture.height) };
    }
    return this.#at ?? { x: 0, y: 0 };
  }

  /** @param {Point} at of the stage @returns {[number, number]} */
  #place(at) {
    const { view, picture } = this.viewer;
    const { x, y } = view?.toImage(at.x, at.y) ?? at;
    return [clamp(x, picture?.width ?? 1), clamp(y, picture?.height ?? 1)];
  }
}

/** @param {number} value @param {number} side */
function clamp(value, side) {
  return Math.round(10 * Math.min(side - 1, Math.max(0, value))) / 10;
}
