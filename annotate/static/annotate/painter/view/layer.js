// A byte image shown through a colour table: screen pixels straight from the bytes (pure).
import { CELL } from "./palette.js";

/** @typedef {import("../document/mask.js").Rect} Rect */
/** @typedef {{x: number, y: number}} View image point in the screen's corner */

export class Layer {
  /** @param {import("./pyramid.js").Pyramid} pyramid @param {Uint32Array} table see palette.js */
  constructor(pyramid, table) {
    this.pyramid = pyramid;
    this.table = table;
    this.outline = false;
    this.hidden = false;
  }

  /** @param {Uint32Array} table @param {boolean} [outline] */
  recolour(table, outline = this.outline) {
    this.table = table;
    this.outline = outline;
  }

  /** The bytes of `rect` changed. @param {Rect} rect in image pixels */
  soil(rect) {
    this.pyramid.update(rect);
  }

  /** Whether it shows nothing over device pixels. @param {Rect} box @param {View} view @param {number} scale */
  bare(box, view, scale) {
    if (this.hidden) return true;
    const air = 2 * Math.max(1, 1 / scale); // a level pixel may reach in from outside
    return !this.pyramid.some({
      x0: Math.floor(view.x + box.x0 / scale - air), y0: Math.floor(view.y + box.y0 / scale - air),
      x1: Math.ceil(view.x + box.x1 / scale + air), y1: Math.ceil(view.y + box.y1 / scale + air),
    }, (byte) => this.table[byte] > 0xffffff);
  }

  /**
   * Lay the layer over device pixels: each takes the byte beneath its centre, at the finest level
   * none of whose pixels is smaller than the screen's. Any part lands on the same grid.
   * @param {Uint32Array} out little-endian RGBA, box wide and high
   * @param {Rect} box in device pixels of the screen @param {View} view @param {number} scale device per image pixel
   */
  paint(out, box, view, scale) {
    if (this.hidden) return;
    const level = this.pyramid.levelFor(scale);
    const { data, width, height } = this.pyramid.levels[level];
    const { table, outline } = this;
    const step = 1 / (scale * (1 << level));
    const across = places(box.x0, box.x1, view.x / (1 << level), step, width);
    const down = places(box.y0, box.y1, view.y / (1 << level), step, height);
    const w = box.x1 - box.x0;
    const first = across.findIndex((x) => x >= 0);
    let last = w;
    while (last > 0 && across[last - 1] < 0) last--;
    if (first < 0) return;
    for (let row = 0; row < down.length; row++) {
      const y = down[row];
      if (y < 0) continue;
      const base = y * width;
      const cells = (y % CELL) * CELL;
      for (let i = first, o = row * w + first; i < last; i++, o++) {
        const x = across[i];
        let byte = data[base + x];
        if (byte === 0) continue;
        if (outline && x > 0 && y > 0 && x < width - 1 && y < height - 1) {
          const at = base + x;
          byte &= ~(data[at - 1] & data[at + 1] & data[at - width] & data[at + width]);
        }
        const colour = table[(cells + (x % CELL)) * 256 + byte];
        if (colour > 0xffffff) out[o] = out[o] === 0 ? colour : over(colour, out[o]);
      }
    }
  }
}

/**
 * Which pixel of a level lies beneath the centre of each screen pixel; -1 beyond the photo.
 * @param {number} from @param {number} to screen @param {number} origin @param {number} step level pixels per screen pixel
 * @param {number} size of the level @returns {Int32Array}
 */
function places(from, to, origin, step, size) {
  const out = new Int32Array(to - from);
  for (let i = 0; i < out.length; i++) {
    const at = Math.floor(origin + (from + i + 0.5) * step);
    out[i] = at < 0 || at >= size ? -1 : at;
  }
  return out;
}

/** One translucent colour over another. @param {number} top @param {number} bottom RGBA, little-endian @returns {number} */
export function over(top, bottom) {
  const a = (top >>> 24) / 255;
  const b = ((bottom >>> 24) / 255) * (1 - a);
  const alpha = a + b;
  const mix = (/** @type {number} */ shift) =>
    Math.round((((top >>> shift) & 255) * a + ((bottom >>> shift) & 255) * b) / alpha) << shift;
  return ((Math.round(alpha * 255) << 24) | mix(16) | mix(8) | mix(0)) >>> 0;
}
