// The overlay's screen: a grid of small canvases, so that a stroke costs only where it is.

const SIDE = 256; // device pixels

/** @typedef {import("../document/mask.js").Rect} Rect */
/** @typedef {{box: Rect, canvas: HTMLCanvasElement, blank: boolean}} CanvasTile box in device pixels */
/** @typedef {(out: Uint32Array, box: Rect) => void} Painter fills zeroed RGBA of a box */
/** @typedef {(box: Rect) => boolean} Judge whether there is nothing to paint in a box */

export class CanvasTiles {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    /** @type {CanvasTile[]} */
    this.tiles = [];
    this.sheet = new Sheet(true);
  }

  /** @param {number} width @param {number} height device pixels @param {number} ratio device per CSS pixel */
  resize(width, height, ratio) {
    this.tiles = [];
    for (let y0 = 0; y0 < height; y0 += SIDE) {
      for (let x0 = 0; x0 < width; x0 += SIDE) {
        this.tiles.push(tile({ x0, y0, x1: Math.min(width, x0 + SIDE), y1: Math.min(height, y0 + SIDE) }, ratio));
      }
    }
    this.host.replaceChildren(...this.tiles.map(({ canvas }) => canvas));
  }

  /** @param {Rect | null} part device pixels; null: everything @param {Judge} bare @param {Painter} paint */
  draw(part, bare, paint) {
    for (const tile of this.tiles) {
      if (part && !meets(tile.box, part)) continue;
      const blank = bare(tile.box);
      if (!blank) this.#paint(tile, paint);
      if (blank === tile.blank) continue;
      tile.blank = blank;
      tile.canvas.style.visibility = blank ? "hidden" : "visible"; // one layer less to blend
    }
  }

  /** @param {CanvasTile} tile @param {Painter} paint */
  #paint(tile, paint) {
    const { width, height } = tile.canvas;
    const image = new ImageData(width, height);
    const out = new Uint32Array(image.data.buffer);
    paint(out, tile.box);
    this.sheet.present(tile.canvas, (context) => context.putImageData(image, 0, 0));
  }
}

/**
 * A canvas out of sight whose picture is handed over whole. What a canvas in the page was handed
 * costs nothing until the next one; a canvas drawn on is copied again in every frame.
 */
export class Sheet {
  /** @param {boolean} plain pixels are written, not drawn */
  constructor(plain = false) {
    this.canvas = new OffscreenCanvas(1, 1);
    const context = this.canvas.getContext("2d", { willReadFrequently: plain });
    if (!context) throw new Error("This browser cannot draw on a canvas.");
    this.context = context;
  }

  /** @param {HTMLCanvasElement} canvas @param {(context: OffscreenCanvasRenderingContext2D) => void} draw on cleared ground */
  present(canvas, draw) {
    if (this.canvas.width !== canvas.width) this.canvas.width = canvas.width;
    if (this.canvas.height !== canvas.height) this.canvas.height = canvas.height;
    draw(this.context);
    canvas.getContext("bitmaprenderer")?.transferFromImageBitmap(this.canvas.transferToImageBitmap());
  }
}

/** @param {Rect} box @param {number} ratio @returns {CanvasTile} */
function tile(box, ratio) {
  const canvas = document.createElement("canvas");
  canvas.width = box.x1 - box.x0;
  canvas.height = box.y1 - box.y0;
  Object.assign(canvas.style, {
    left: `${box.x0 / ratio}px`, top: `${box.y0 / ratio}px`, visibility: "hidden",
    width: `${canvas.width / ratio}px`, height: `${canvas.height / ratio}px`,
  });
  return { box, canvas, blank: true };
}

/** @param {Rect} a @param {Rect} b */
function meets(a, b) {
  return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}
