// Our own 8-bit grey PNGs to bytes, without the four bytes a pixel a canvas would take.

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** @typedef {{data: Uint8Array<ArrayBuffer>, width: number, height: number}} Grey */

/**
 * PNG specification, sections 9 and 11: colour type 0, 8 bits, not interlaced.
 * @param {Uint8Array<ArrayBuffer>} file @returns {Promise<Grey | null>} null for any other kind of picture
 */
export async function readGreyPng(file) {
  if (SIGNATURE.some((byte, i) => file[i] !== byte)) return null;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  const [depth, colour, , , interlaced] = file.subarray(24, 29);
  if (depth !== 8 || colour !== 0 || interlaced) return null;
  const parts = [];
  for (let at = 8; at + 8 <= file.length;) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...file.subarray(at + 4, at + 8));
    if (name === "IDAT") parts.push(file.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const rows = new Rows(width, height);
  const stream = new Blob(parts).stream().pipeThrough(new DecompressionStream("deflate"));
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    rows.take(value);
  }
  if (rows.y !== height) throw new RangeError("the picture ends too early");
  return { data: rows.data, width, height };
}

/** Filtered rows to pixels, as they come. */
class Rows {
  /** @param {number} width @param {number} height */
  constructor(width, height) {
    this.width = width;
    this.data = new Uint8Array(width * height);
    this.height = height;
    this.y = 0;
    this.at = -1; // place in the row; -1: its filter byte comes next
    this.filter = 0;
  }

  /** @param {Uint8Array} bytes */
  take(bytes) {
    for (let i = 0; i < bytes.length && this.y < this.height;) {
      if (this.at < 0) {
        this.filter = bytes[i++];
        this.at = 0;
      }
      const count = Math.min(bytes.length - i, this.width - this.at);
      const from = this.y * this.width + this.at;
      this.data.set(bytes.subarray(i, i + count), from);
      i += count;
      this.at += count;
      if (this.at < this.width) continue;
      this.#undo();
      this.y++;
      this.at = -1;
    }
  }

  #undo() {
    const { data, width, filter } = this;
    const start = this.y * width;
    const up = this.y ? start - width : -1;
    const end = start + width;
    if (filter === 1) for (let i = start + 1; i < end; i++) data[i] += data[i - 1];
    else if (filter === 2 && up >= 0) for (let i = start, j = up; i < end; i++, j++) data[i] += data[j];
    else if (filter === 3) {
      for (let i = start, j = up; i < end; i++, j++) {
        data[i] += ((i > start ? data[i - 1] : 0) + (up >= 0 ? data[j] : 0)) >> 1;
      }
    } else if (filter === 4) {
      for (let i = start, j = up; i < end; i++, j++) {
        const a = i > start ? data[i - 1] : 0;
        const b = up >= 0 ? data[j] : 0;
        const c = i > start && up >= 0 ? data[j - 1] : 0;
        data[i] += paeth(a, b, c);
      }
    }
  }
}

/** @param {number} a left @param {number} b above @param {number} c above left */
function paeth(a, b, c) {
  const p = a + b - c;
  const pa = Math.abs(p - a);
  const pb = Math.abs(p - b);
  const pc = Math.abs(p - c);
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}
