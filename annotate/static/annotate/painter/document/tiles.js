// Tiles as bits, and the HMT1 body that carries them between browser and server (pure).
import { TILE } from "./mask.js";

const PIXELS = TILE * TILE;
/** Bytes of one class plane of a tile. */
export const PLANE = PIXELS / 8;
const MAGIC = [0x48, 0x4d, 0x54, 0x31]; // "HMT1"

/** @typedef {Uint8Array<ArrayBuffer>} Packed class bits present, then one plane of PLANE bytes for each, low to high */

/** @type {Packed} */
export const EMPTY = new Uint8Array(1);

/** @param {Uint8Array} bytes TILE x TILE @returns {Packed} */
export function packTile(bytes) {
  let present = 0;
  for (let i = 0; i < PIXELS; i++) present |= bytes[i];
  if (!present) return EMPTY;
  const out = new Uint8Array(1 + planes(present) * PLANE);
  out[0] = present;
  let at = 1;
  for (let bit = 0; bit < 8; bit++) {
    if (!(present & (1 << bit))) continue;
    for (let i = 0; i < PIXELS; i += 8) {
      out[at++] =
        (((bytes[i] >> bit) & 1) << 7) | (((bytes[i + 1] >> bit) & 1) << 6) |
        (((bytes[i + 2] >> bit) & 1) << 5) | (((bytes[i + 3] >> bit) & 1) << 4) |
        (((bytes[i + 4] >> bit) & 1) << 3) | (((bytes[i + 5] >> bit) & 1) << 2) |
        (((bytes[i + 6] >> bit) & 1) << 1) | ((bytes[i + 7] >> bit) & 1);
    }
  }
  return out;
}

/** @param {Uint8Array} packed @returns {Uint8Array} TILE x TILE bytes */
export function unpackTile(packed) {
  const out = new Uint8Array(PIXELS);
  const present = packed[0];
  let at = 1;
  for (let bit = 0; bit < 8; bit++) {
    if (!(present & (1 << bit))) continue;
    for (let i = 0; i < PIXELS; i += 8, at++) {
      const byte = packed[at];
      if (!byte) continue;
      for (let k = 0; k < 8; k++) if (byte & (128 >> k)) out[i + k] |= 1 << bit;
    }
  }
  return out;
}

/** @param {Uint8Array} a @param {Uint8Array} b @returns {boolean} */
export function sameTile(a, b) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** @param {number} bits @returns {number} how many classes they name */
function planes(bits) {
  let count = 0;
  for (let b = bits; b; b &= b - 1) count++;
  return count;
}

/**
 * The records of an HMT1 body before compression.
 * @param {Map<number, Uint8Array>} tiles by index, row-major @param {number} columns
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function records(tiles, columns) {
  let size = 0;
  for (const packed of tiles.values()) size += 4 + packed.length;
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [index, packed] of tiles) {
    view.setUint16(at, index % columns, true);
    view.setUint16(at + 2, Math.floor(index / columns), true);
    out.set(packed, at + 4);
    at += 4 + packed.length;
  }
  return out;
}

/** @param {number} count @param {Uint8Array} deflated @returns {Uint8Array<ArrayBuffer>} a whole HMT1 body */
export function frame(count, deflated) {
  const out = new Uint8Array(8 + deflated.length);
  out.set(MAGIC);
  new DataView(out.buffer).setUint32(4, count, true);
  out.set(deflated, 8);
  return out;
}

/**
 * @param {Uint8Array} raw inflated records @param {number} count @param {number} columns
 * @param {number} rows @returns {Map<number, Packed>}
 */
export function readRecords(raw, count, columns, rows) {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const tiles = new Map();
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 5 > raw.length) throw new RangeError("the mask ends too early");
    const tx = view.getUint16(at, true);
    const ty = view.getUint16(at + 2, true);
    const end = at + 5 + planes(raw[at + 4]) * PLANE;
    if (tx >= columns || ty >= rows || end > raw.length) {
      throw new RangeError("the mask does not fit its photo");
    }
    tiles.set(ty * columns + tx, raw.slice(at + 4, end));
    at = end;
  }
  if (at !== raw.length) throw new RangeError("the mask is longer than it says");
  return tiles;
}

/** @param {Map<number, Uint8Array>} tiles @param {number} columns @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function encodeTiles(tiles, columns) {
  return frame(tiles.size, await pump(records(tiles, columns), new CompressionStream("deflate-raw")));
}

/**
 * @param {Uint8Array<ArrayBuffer>} body @param {number} columns @param {number} rows
 * @returns {Promise<Map<number, Packed>>} rejects on anything but a well-formed body
 */
export async function decodeTiles(body, columns, rows) {
  if (body.length < 8 || MAGIC.some((byte, i) => body[i] !== byte)) {
    throw new RangeError("this is not a mask");
  }
  const count = new DataView(body.buffer, body.byteOffset).getUint32(4, true);
  const raw = await pump(body.slice(8), new DecompressionStream("deflate-raw"));
  return readRecords(raw, count, columns, rows);
}

/**
 * Deflate without compression: what a closing page can still do in one turn.
 * @param {Uint8Array} bytes @returns {Uint8Array<ArrayBuffer>}
 */
export function storedDeflate(bytes) {
  const blocks = Math.max(1, Math.ceil(bytes.length / 65535));
  const out = new Uint8Array(bytes.length + blocks * 5);
  const view = new DataView(out.buffer);
  for (let i = 0, at = 0; i < blocks; i++) {
    const chunk = bytes.subarray(i * 65535, (i + 1) * 65535);
    out[at] = i === blocks - 1 ? 1 : 0;
    view.setUint16(at + 1, chunk.length, true);
    view.setUint16(at + 3, ~chunk.length & 0xffff, true);
    out.set(chunk, at + 5);
    at += 5 + chunk.length;
  }
  return out;
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {CompressionStream | DecompressionStream} through */
async function pump(bytes, through) {
  const stream = new Blob([bytes]).stream().pipeThrough(through);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
