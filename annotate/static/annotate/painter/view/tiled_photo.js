// Photos too large for one bitmap: the preview at once, then the server's tiles where one looks.
import { Photo } from "./photo.js";

export const TILE = 512;
const MOST = 96;
const AT_ONCE = 6;

/** @typedef {{bitmap: ImageBitmap | null, used: number}} Tile */
/** @typedef {(level: number, x: number, y: number) => string} Address level 0 is the smallest */

/** @param {number} width @param {number} height @returns {number} how often a photo is halved until it fits one tile */
export function halvingsOf(width, height) {
  return Math.max(0, Math.ceil(Math.log2(Math.max(width, height) / TILE)));
}

/** @param {string} pattern an address whose last three parts are zeros @returns {Address} */
export function addresses(pattern) {
  return (level, x, y) => pattern.replace(/0\/0\/0\/$/, `${level}/${x}/${y}/`);
}

export class TiledPhoto extends Photo {
  /** @param {number} width @param {number} height @param {Address} address @param {() => void} arrived */
  constructor(width, height, address, arrived) {
    super(width, height);
    this.address = address;
    this.arrived = arrived;
    this.deepest = halvingsOf(width, height);
    /** @type {Map<string, Tile>} */
    this.tiles = new Map();
    /** @type {string[]} wanted by the last drawing, nearest to its middle first */
    this.wanted = [];
    this.loading = 0;
    this.clock = 0;
  }

  /**
   * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context
   * @param {{x: number, y: number, scale: number, visible: () => import("../document/mask.js").Rect}} view
   * @param {number} ratio @param {boolean} smooth
   */
  draw(context, view, ratio, smooth) {
    super.draw(context, view, ratio, smooth);
    const scale = view.scale * ratio;
    const preview = this.levels.at(-1);
    if (preview && preview.width >= this.width * scale * 0.99) return; // it is sharp enough
    const halved = Math.max(0, Math.min(this.deepest, Math.floor(Math.log2(1 / scale) + 0.01)));
    const span = TILE << halved;
    const { x0, y0, x1, y1 } = view.visible();
    context.imageSmoothingEnabled = scale < 1 / (1 << halved) && smooth;
    /** @type {[number, string][]} */ const missing = [];
    for (let ty = Math.floor(y0 / span); ty * span < y1; ty++) {
      for (let tx = Math.floor(x0 / span); tx * span < x1; tx++) {
        const key = `${this.deepest - halved}/${tx}/${ty}`;
        const tile = this.tiles.get(key);
        if (!tile) missing.push([Math.hypot((tx + 0.5) * span - (x0 + x1) / 2, (ty + 0.5) * span - (y0 + y1) / 2), key]);
        if (!tile?.bitmap) continue;
        tile.used = ++this.clock;
        // Whole device pixels, so that no seam shows.
        const left = Math.round((tx * span - view.x) * scale);
        const top = Math.round((ty * span - view.y) * scale);
        const right = Math.round((Math.min(this.width, (tx + 1) * span) - view.x) * scale);
        const bottom = Math.round((Math.min(this.height, (ty + 1) * span) - view.y) * scale);
        context.drawImage(tile.bitmap, left, top, right - left, bottom - top);
      }
    }
    this.wanted = missing.sort((a, b) => a[0] - b[0]).map(([, key]) => key);
    this.#load();
  }

  #load() {
    while (this.loading < AT_ONCE && this.wanted.length) {
      const key = /** @type {string} */ (this.wanted.shift());
      if (this.tiles.has(key)) continue;
      const tile = { bitmap: null, used: ++this.clock };
      this.tiles.set(key, tile);
      this.loading++;
      void this.#fetch(key, tile).finally(() => {
        this.loading--;
        this.#load();
      });
    }
  }

  /** @param {string} key @param {Tile} tile */
  async #fetch(key, tile) {
    const [level, x, y] = key.split("/").map(Number);
    try {
      tile.bitmap = await fetchTile(this.address(level, x, y));
      this.#forget();
      this.arrived();
    } catch {
      this.tiles.delete(key); // the preview stays, and the next look asks again
    }
  }

  #forget() {
    const old = [...this.tiles].filter(([, { bitmap }]) => bitmap).sort((a, b) => a[1].used - b[1].used);
    for (const [key, { bitmap }] of old.slice(0, Math.max(0, old.length - MOST))) {
      bitmap?.close();
      this.tiles.delete(key);
    }
  }
}

/** @param {string} url @returns {Promise<ImageBitmap>} */
export async function fetchTile(url) {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`A tile of the photo did not load (${response.status}).`);
  return createImageBitmap(await response.blob(), { premultiplyAlpha: "none" });
}
