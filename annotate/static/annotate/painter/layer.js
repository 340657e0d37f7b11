// A byte image shown through a colour table, as 512 px tiles made on demand and patched in place.
import { CELL } from "./palette.js";

const SIDE = 512;
const MOST = 64;

/** @typedef {import("./mask.js").Rect} Rect */
/** @typedef {{canvas: OffscreenCanvas, stale: Rect | null, used: number}} Tile */

export class Layer {
  /** @param {import("./pyramid.js").Pyramid} pyramid @param {Uint32Array} table see palette.js */
  constructor(pyramid, table) {
    this.pyramid = pyramid;
    this.table = table;
    this.outline = false;
    this.hidden = false;
    /** @type {Map<string, Tile>} */
    this.tiles = new Map();
    this.clock = 0;
  }

  /** @param {Uint32Array} table @param {boolean} [outline] */
  recolour(table, outline = this.outline) {
    this.table = table;
    this.outline = outline;
    this.tiles.clear();
  }

  /** The bytes of `rect` changed. @param {Rect} rect in image pixels */
  soil(rect) {
    this.pyramid.update(rect);
    for (const [key, tile] of this.tiles) {
      const [level, tx, ty] = key.split("/").map(Number);
      // One pixel more on each side: an outline depends on its neighbours.
      const x0 = Math.max(0, (rect.x0 >> level) - 1 - tx * SIDE);
      const y0 = Math.max(0, (rect.y0 >> level) - 1 - ty * SIDE);
      const x1 = Math.min(tile.canvas.width, ((rect.x1 - 1) >> level) + 2 - tx * SIDE);
      const y1 = Math.min(tile.canvas.height, ((rect.y1 - 1) >> level) + 2 - ty * SIDE);
      if (x0 >= x1 || y0 >= y1) continue;
      const s = tile.stale;
      tile.stale = s
        ? { x0: Math.min(s.x0, x0), y0: Math.min(s.y0, y0), x1: Math.max(s.x1, x1), y1: Math.max(s.y1, y1) }
        : { x0, y0, x1, y1 };
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context in device pixels, already clipped
   * @param {{x: number, y: number, scale: number}} view @param {number} ratio device per CSS pixel
   * @param {Rect} rect image pixels to draw at least
   */
  draw(context, view, ratio, rect) {
    if (this.hidden) return;
    const scale = view.scale * ratio;
    const level = this.pyramid.levelFor(scale);
    const span = SIDE << level;
    const { width, height } = this.pyramid.levels[level];
    context.imageSmoothingEnabled = false;
    for (let ty = Math.floor(rect.y0 / span); ty * span < rect.y1; ty++) {
      for (let tx = Math.floor(rect.x0 / span); tx * span < rect.x1; tx++) {
        const w = Math.min(SIDE, width - tx * SIDE);
        const h = Math.min(SIDE, height - ty * SIDE);
        if (w <= 0 || h <= 0) continue;
        const canvas = this.#tile(level, tx, ty, w, h);
        // Whole tiles at whole device pixels: part redraws then land on the same grid.
        const x0 = Math.round((tx * span - view.x) * scale);
        const y0 = Math.round((ty * span - view.y) * scale);
        const x1 = Math.round((tx * span + (w << level) - view.x) * scale);
        const y1 = Math.round((ty * span + (h << level) - view.y) * scale);
        context.drawImage(canvas, x0, y0, x1 - x0, y1 - y0);
      }
    }
  }

  /** @param {number} level @param {number} tx @param {number} ty @param {number} w @param {number} h */
  #tile(level, tx, ty, w, h) {
    const key = `${level}/${tx}/${ty}`;
    let tile = this.tiles.get(key);
    if (!tile) {
      tile = { canvas: new OffscreenCanvas(w, h), stale: { x0: 0, y0: 0, x1: w, y1: h }, used: 0 };
      this.tiles.set(key, tile);
      if (this.tiles.size > MOST) this.#evict();
    }
    tile.used = ++this.clock;
    if (tile.stale) {
      this.#paint(tile.canvas, level, tx * SIDE, ty * SIDE, tile.stale);
      tile.stale = null;
    }
    return tile.canvas;
  }

  #evict() {
    const oldest = [...this.tiles].filter(([, t]) => t.used).sort((a, b) => a[1].used - b[1].used)[0];
    if (oldest) this.tiles.delete(oldest[0]);
  }

  /** @param {OffscreenCanvas} canvas @param {number} level @param {number} left @param {number} top @param {Rect} part of the tile */
  #paint(canvas, level, left, top, part) {
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const w = part.x1 - part.x0;
    const h = part.y1 - part.y0;
    const image = context.createImageData(w, h);
    const out = new Uint32Array(image.data.buffer);
    const { data, width, height } = this.pyramid.levels[level];
    const { table, outline } = this;
    for (let y = 0, o = 0; y < h; y++) {
      const my = top + part.y0 + y;
      const cells = (my % CELL) * CELL;
      for (let x = 0, i = my * width + left + part.x0; x < w; x++, i++, o++) {
        let byte = data[i];
        if (!byte) continue;
        const mx = left + part.x0 + x;
        if (outline && mx > 0 && my > 0 && mx < width - 1 && my < height - 1) {
          byte &= ~(data[i - 1] & data[i + 1] & data[i - width] & data[i + width]);
        }
        out[o] = table[(cells + (mx % CELL)) * 256 + byte];
      }
    }
    context.putImageData(image, part.x0, part.y0);
  }
}
