// The strokes of a photograph, with undo and redo, as the page holds them and the site takes them.

/** @typedef {[number, number, number]} Colour sRGB, 0..255 */
/** @typedef {{points: [number, number][], width: number, colour: Colour | null}} Stroke in the photograph's px; null keeps what is there */

export const MOST = 200; // strokes
export const MOST_POINTS = 400; // of one

export class Strokes {
  /** @param {readonly Stroke[]} [kept] of the version that is shown */
  constructor(kept = []) {
    /** @type {readonly Stroke[][]} */
    this.states = [[...kept]];
    this.at = 0;
  }

  /** @returns {readonly Stroke[]} */
  get all() {
    return this.states[this.at];
  }

  get full() {
    return this.all.length >= MOST;
  }

  get changed() {
    return this.at > 0 && JSON.stringify(this.all) !== JSON.stringify(this.states[0]);
  }

  get canUndo() {
    return this.at > 0;
  }

  get canRedo() {
    return this.at < this.states.length - 1;
  }

  /** @param {Stroke} stroke */
  add(stroke) {
    this.#step([...this.all, stroke]);
  }

  clear() {
    if (this.all.length) this.#step([]);
  }

  undo() {
    this.at = Math.max(0, this.at - 1);
  }

  redo() {
    this.at = Math.min(this.states.length - 1, this.at + 1);
  }

  /** @param {Stroke[]} strokes */
  #step(strokes) {
    this.states = [...this.states.slice(0, this.at + 1), strokes];
    this.at = this.states.length - 1;
  }
}

/** A drawn line without points that add nothing. @param {[number, number][]} points @param {number} least px between two @returns {[number, number][]} */
export function thinned(points, least) {
  const kept = points.filter(([x, y], index) => {
    if (index === 0 || index === points.length - 1) return true;
    const [px, py] = points[index - 1];
    return Math.hypot(x - px, y - py) > 0;
  });
  /** @type {[number, number][]} */
  const apart = [];
  for (const [x, y] of kept) {
    const last = apart[apart.length - 1];
    if (!last || Math.hypot(x - last[0], y - last[1]) >= least) apart.push([x, y]);
  }
  const every = Math.ceil(apart.length / MOST_POINTS);
  return apart.filter((_, index) => index % every === 0);
}

/** A colour as it looks at another brightness of the same stuff: shade scales all of it.
 * @param {Colour} colour @param {number} luma 0..255 of the place @returns {Colour} */
export function shaded(colour, luma) {
  const own = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2];
  const factor = Math.min(1.5, Math.max(0.4, luma / Math.max(1, own)));
  const most = 255 / Math.max(...colour, 1);
  return /** @type {Colour} */ (colour.map((value) => Math.round(value * Math.min(factor, most))));
}
