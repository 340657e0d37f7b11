// Grey PNGs of every filter, against bytes known beforehand.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { readGreyPng } from "../../annotate/static/annotate/painter/document/png.js";
import { seeded } from "./random.js";

function chunk(name, data) {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length);
  out.write(name, 4, "latin1");
  data.copy(out, 8);
  return out; // the check sum is nobody's business here
}

function paeth(a, b, c) {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

function file(data, width, height, { colour = 0 } = {}) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, colour, 0, 0, 0], 8);
  const at = (x, y) => (x < 0 || y < 0 ? 0 : data[y * width + x]);
  const rows = [];
  for (let y = 0; y < height; y++) {
    const filter = y % 5;
    rows.push(filter);
    for (let x = 0; x < width; x++) {
      const [a, b, c] = [at(x - 1, y), at(x, y - 1), at(x - 1, y - 1)];
      rows.push((at(x, y) - [0, a, b, (a + b) >> 1, paeth(a, b, c)][filter]) & 255);
    }
  }
  const body = deflateSync(Buffer.from(rows));
  const half = body.length >> 1;
  const parts = [chunk("IHDR", header), chunk("IDAT", body.subarray(0, half)), chunk("IDAT", body.subarray(half)), chunk("IEND", Buffer.alloc(0))];
  return Uint8Array.from(Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), ...parts]));
}

test("every filter comes back bit for bit", async () => {
  const next = seeded(3);
  const data = Uint8Array.from({ length: 37 * 23 }, () => Math.floor(next() * 256));
  const read = await readGreyPng(file(data, 37, 23));
  assert.deepEqual([read.width, read.height], [37, 23]);
  assert.deepEqual(read.data, data);
});

test("a picture in colour is left to the browser", async () => {
  assert.equal(await readGreyPng(file(new Uint8Array(12), 4, 3, { colour: 2 })), null);
  assert.equal(await readGreyPng(new Uint8Array(40)), null);
});

test("a picture that ends too early is refused", async () => {
  const whole = file(new Uint8Array(100), 10, 10);
  new DataView(whole.buffer).setUint32(20, 11); // one row more than there is
  await assert.rejects(readGreyPng(whole));
});
