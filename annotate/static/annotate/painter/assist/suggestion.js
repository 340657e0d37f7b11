// A network's probability map under review: threshold, size filter, one decision a component.
import { boxOf, covers, runsOf } from "../document/components.js";
import { Layer } from "../view/layer.js";
import { thresholdTable } from "../view/palette.js";
import { Pyramid } from "../view/pyramid.js";

/** @typedef {import("../document/components.js").Components} Components */
/** @typedef {"accepted" | "rejected"} Verdict */
/** @typedef {import("../document/mask.js").Rect} Rect */

/** @type {import("../view/palette.js").Colour} */
const TINT = [0, 214, 190];
const PAINTED = 0.95;

export class Suggestion {
  /**
   * @param {import("../document/mask.js").Mask} mask @param {Uint8Array} probability p x 255 of each pixel
   * @param {number} threshold 1 to 255 @param {number} least pixels of the smallest shown
   * @param {(threshold: number) => Promise<Components>} label in a worker
   */
  constructor(mask, probability, threshold, least, label) {
    this.mask = mask;
    this.probability = probability;
    this.threshold = threshold;
    this.least = least;
    this.label = label;
    /** @type {Map<number, Verdict>} by peak pixel: decisions stay when the threshold moves */
    this.decisions = new Map();
    /** @type {Components | null} */
    this.found = null;
    /** @type {number[]} components to decide, largest first */
    this.pending = [];
    this.visible = 0;
    this.pixels = 0;
    this.current = -1;
    this.pyramid = new Pyramid(probability.slice(), mask.width, mask.height, "max");
    this.pyramid.update({ x0: 0, y0: 0, x1: mask.width, y1: mask.height });
    this.layer = new Layer(this.pyramid, thresholdTable(threshold, TINT, 0.55));
    /** @type {() => void} */
    this.changed = () => {};
    this.labelling = false;
    this.asked = 0;
  }

  /** @param {number} threshold the view follows at once, the labels as soon as they can */
  async setThreshold(threshold) {
    this.threshold = threshold;
    this.layer.recolour(thresholdTable(threshold, TINT, 0.55));
    this.changed();
    this.asked = threshold;
    if (this.labelling) return;
    this.labelling = true;
    try {
      while (this.asked) {
        const wanted = this.asked;
        this.asked = 0;
        const found = await this.label(wanted);
        const peak = this.peak;
        this.found = found;
        this.sort(peak);
      }
    } finally {
      this.labelling = false;
    }
  }

  /** @param {number} least */
  setLeast(least) {
    this.least = least;
    this.sort();
  }

  /** The current component's name, or -1. */
  get peak() {
    return this.found && this.current >= 0 ? this.found.peaks[this.current] : -1;
  }

  /** Sort the components into decided and pending, and hide what needs no look. @param {number} [peak] the current one's */
  sort(peak = this.peak) {
    const { found, mask } = this;
    if (!found) return;
    this.pyramid.levels[0].data.set(this.probability);
    this.pending = [];
    this.visible = 0;
    this.pixels = 0;
    for (let c = 0; c < found.count; c++) {
      const large = found.areas[c] >= this.least;
      if (large) {
        this.visible++;
        this.pixels += found.areas[c];
      }
      if (large && !this.decisions.has(found.peaks[c]) && !this.#painted(c)) this.pending.push(c);
      else this.#blank(c);
    }
    this.pyramid.update({ x0: 0, y0: 0, x1: mask.width, y1: mask.height });
    this.current = this.pending.find((c) => found.peaks[c] === peak) ?? -1;
    this.changed();
  }

  /** @param {number} c @returns {boolean} whether nearly all of it is in the mask already */
  #painted(c) {
    const found = /** @type {Components} */ (this.found);
    const { data, width } = this.mask;
    const runs = runsOf(found, c);
    let set = 0;
    for (let i = 0; i < runs.length; i += 3) {
      const row = runs[i] * width;
      for (let p = row + runs[i + 1]; p < row + runs[i + 2]; p++) if (data[p]) set++;
    }
    return set >= PAINTED * found.areas[c];
  }

  /** @param {number} c */
  #blank(c) {
    const runs = runsOf(/** @type {Components} */ (this.found), c);
    const { data, width } = this.pyramid.levels[0];
    for (let i = 0; i < runs.length; i += 3) {
      data.fill(0, runs[i] * width + runs[i + 1], runs[i] * width + runs[i + 2]);
    }
  }

  /** @param {Iterable<[number, Verdict]>} decisions @param {boolean} taken false: taken back */
  decide(decisions, taken) {
    const peaks = new Set();
    for (const [peak, verdict] of decisions) {
      peaks.add(peak);
      if (taken) this.decisions.set(peak, verdict);
      else this.decisions.delete(peak);
    }
    if (taken && this.found) this.#settle(this.found, peaks);
    else this.sort();
  }

  /** Take decided components out of sight without sorting all anew. @param {Components} found @param {Set<number>} peaks */
  #settle(found, peaks) {
    const decided = this.pending.filter((c) => peaks.has(found.peaks[c]));
    this.pending = this.pending.filter((c) => !peaks.has(found.peaks[c]));
    for (const c of decided) {
      this.#blank(c);
      this.layer.soil(boxOf(found, c));
    }
    if (decided.includes(this.current)) this.current = -1;
    this.changed();
  }

  /** @param {1 | -1} direction @returns {number} the component now current, -1 when none is left */
  step(direction) {
    const { pending } = this;
    if (!pending.length) return this.current = -1;
    const at = pending.indexOf(this.current);
    const next = at < 0 ? (direction > 0 ? 0 : pending.length - 1) : at + direction;
    return this.current = pending[(next + pending.length) % pending.length];
  }

  /** @param {number} x @param {number} y @returns {number} the pending component there, or -1 */
  at(x, y) {
    const { found } = this;
    if (!found) return -1;
    const slack = 2;
    return this.pending.find((c) => {
      const b = boxOf(found, c);
      if (x < b.x0 - slack || x >= b.x1 + slack || y < b.y0 - slack || y >= b.y1 + slack) return false;
      const runs = runsOf(found, c);
      for (let dy = -slack; dy <= slack; dy++) {
        for (let dx = -slack; dx <= slack; dx++) if (covers(runs, x + dx, y + dy)) return true;
      }
      return false;
    }) ?? -1;
  }

  /** @param {Rect} box @returns {number[]} pending components that lie wholly inside */
  inside(box) {
    const { found } = this;
    if (!found) return [];
    return this.pending.filter((c) => {
      const b = boxOf(found, c);
      return b.x0 >= box.x0 && b.y0 >= box.y0 && b.x1 <= box.x1 && b.y1 <= box.y1;
    });
  }

  /** @param {number} bit @returns {Uint8Array} the suggestion as class bits, for the restoring eraser */
  asMask(bit) {
    if (this.restorable?.bit !== bit || this.restorable.threshold !== this.threshold) {
      const bytes = this.probability.map((p) => (p >= this.threshold ? bit : 0));
      this.restorable = { bit, threshold: this.threshold, bytes };
    }
    return this.restorable.bytes;
  }

  /** @type {{bit: number, threshold: number, bytes: Uint8Array} | undefined} */
  restorable = undefined;
}
