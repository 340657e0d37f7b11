// A large photo's grey pixels, fetched tile by tile where a tool works.
import { lumaOf } from "./grey.js";
import { TILE, fetchTile, halvingsOf } from "../view/tiled_photo.js";

/** @typedef {import("../document/mask.js").Rect} Rect */

export class GreyTiles {
  /** @param {number} width @param {number} height @param {import("../view/tiled_photo.js").Address} address */
  constructor(width, height, address) {
    this.width = width;
    this.height = height;
    this.address = address;
    this.data = new Uint8Array(width * height); // the system gives memory only where it is written
    /** @type {Map<string, Promise<void>>} */
    this.asked = new Map();
  }

  /** @param {Rect} rect @param {number} [air] pixels around @returns {Promise<void>} settles when its pixels are here */
  async fetch({ x0, y0, x1, y1 }, air = 0) {
    const wanted = [];
    const last = (/** @type {number} */ v, /** @type {number} */ size) => Math.floor((Math.min(size, v + air) - 1) / TILE);
    for (let ty = Math.floor(Math.max(0, y0 - air) / TILE); ty <= last(y1, this.height); ty++) {
      for (let tx = Math.floor(Math.max(0, x0 - air) / TILE); tx <= last(x1, this.width); tx++) {
        wanted.push(this.#tile(tx, ty));
      }
    }
    await Promise.all(wanted);
  }

  /** @param {number} tx @param {number} ty */
  #tile(tx, ty) {
    const key = `${tx}/${ty}`;
    const asked = this.asked.get(key) ?? this.#fetch(tx, ty).catch((error) => {
      this.asked.delete(key);
      throw error;
    });
    this.asked.set(key, asked);
    return asked;
  }

  /** @param {number} tx @param {number} ty */
  async #fetch(tx, ty) {
    const bitmap = await fetchTile(this.address(halvingsOf(this.width, this.height), tx, ty));
    const { data, width, height } = lumaOf(bitmap);
    bitmap.close();
    for (let y = 0; y < height; y++) {
      this.data.set(data.subarray(y * width, (y + 1) * width), (ty * TILE + y) * this.width + tx * TILE);
    }
  }
}
