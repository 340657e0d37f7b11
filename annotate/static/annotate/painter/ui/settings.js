// What a person chose and finds again next time: tool, class, brush, view.
import { FRACTURE } from "../document/mask.js";

const PLACE = "heirloom-painter";
const LARGEST = 400;
const FINE = 12; // up to here a pixel is a step

export const DEFAULTS = {
  tool: "brush", bit: FRACTURE, size: 12, fixed: false, restore: false,
  widen: 0, constant: false, least: 20, suggestion: "auto",
  opacity: 70, black: 0, white: 255, gamma: 100, local: false,
  stretch: false, outline: false, invert: false, single: false, ridges: false, smooth: true, magnify: false, flip: false,
};

/** The view's part: what "Reset" resets. */
export const VIEW_KEYS = /** @type {const} */ ([
  "opacity", "black", "white", "gamma", "stretch", "local", "outline", "invert", "single", "ridges", "smooth",
]);

/** @typedef {typeof DEFAULTS} Values */

export class Settings {
  /** @param {Pick<Storage, "getItem" | "setItem"> | null} storage null: nothing is remembered */
  constructor(storage) {
    this.storage = storage;
    /** The network has proved itself, so that its suggestion shows unless a person hid it. */
    this.proven = false;
    /** @type {Values} */
    this.values = { ...DEFAULTS };
    /** @type {((changed: (keyof Values)[]) => void)[]} */
    this.watchers = [];
    try {
      Object.assign(this.values, sane(JSON.parse(storage?.getItem(PLACE) ?? "{}")));
    } catch {
      // A broken note is no reason not to paint.
    }
  }

  /** @param {Partial<Values>} change */
  set(change) {
    const keys = /** @type {(keyof Values)[]} */ (Object.keys(change));
    const changed = keys.filter((key) => this.values[key] !== change[key]);
    if (!changed.length) return;
    Object.assign(this.values, change);
    for (const watcher of this.watchers) watcher(changed);
    try {
      this.storage?.setItem(PLACE, JSON.stringify(this.values));
    } catch {
      // Full or forbidden storage: the settings last as long as the page.
    }
  }

  /** @returns {boolean} whether the suggestion shows: by one's own word, else by its network's record */
  get suggests() {
    const { suggestion } = this.values;
    return suggestion === "shown" || (suggestion === "auto" && this.proven);
  }

  /** Grow or shrink the brush: by a pixel up to 12 px, by a share of its size beyond. @param {number} steps */
  resize(steps) {
    const { size } = this.values;
    const whole = Math.sign(steps) * Math.max(1, Math.round(Math.abs(steps)));
    const next = Math.round(size * 1.12 ** steps);
    this.set({ size: clampSize(next === size || Math.min(size, size + whole) < FINE ? size + whole : next) });
  }
}

/** @param {number} size @returns {number} whole pixels, 1 to 400 */
export function clampSize(size) {
  return Math.min(LARGEST, Math.max(1, Math.round(size) || 1));
}

/** The size slider has a step for each pixel up to 12 px and is logarithmic beyond. @param {number} step 1 to 100 @returns {number} */
export function sizeAt(step) {
  if (step <= FINE) return clampSize(step);
  return clampSize(Math.max(step, FINE * (LARGEST / FINE) ** ((step - FINE) / (100 - FINE))));
}

/** @param {number} size @returns {number} 1 to 100 */
export function stepOf(size) {
  if (size <= FINE) return size;
  return Math.round(FINE + ((100 - FINE) * Math.log(size / FINE)) / Math.log(LARGEST / FINE));
}

/** @param {any} read @returns {Partial<Values>} only known keys of the right type */
function sane(read) {
  const entries = Object.entries(DEFAULTS).filter(([key, value]) => typeof read[key] === typeof value);
  return Object.fromEntries(entries.map(([key]) => [key, read[key]]));
}
