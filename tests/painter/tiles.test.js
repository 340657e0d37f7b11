import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateRawSync } from "node:zlib";
import * as tiles from "../../annotate/static/annotate/painter/document/tiles.js";
import { seeded } from "./random.js";

function noise(seed, bits, share = 0.2) {
  const random = seeded(seed);
  const bytes = new Uint8Array(65536);
  for (let i = 0; i < bytes.length; i++) {
    for (const bit of bits) if (random() < share) bytes[i] |= bit;
  }
  return bytes;
}

test("packing keeps every bit of every class", () => {
  const bytes = noise(4, [1, 4, 128]);
  const packed = tiles.packTile(bytes);
  assert.equal(packed[0], 1 | 4 | 128);
  assert.equal(packed.length, 1 + 3 * tiles.PLANE);
  assert.deepEqual(tiles.unpackTile(packed), bytes);
});

test("planes are row-major with the high bit first", () => {
  const bytes = new Uint8Array(65536);
  bytes[0] = bytes[9] = bytes[256] = 2;
  const packed = tiles.packTile(bytes);
  assert.deepEqual([packed[0], packed[1], packed[2], packed[1 + 32]], [2, 0x80, 0x40, 0x80]);
});

test("an empty tile is one byte", () => {
  assert.deepEqual(tiles.packTile(new Uint8Array(65536)), tiles.EMPTY);
  assert.deepEqual(tiles.unpackTile(tiles.EMPTY), new Uint8Array(65536));
});

test("a body survives the round trip", async () => {
  const sent = new Map([[0, tiles.packTile(noise(5, [1]))], [7, tiles.EMPTY], [11, tiles.packTile(noise(6, [2, 4]))]]);
  const body = await tiles.encodeTiles(sent, 4);
  assert.equal(Buffer.from(body.subarray(0, 4)).toString(), "HMT1");
  assert.deepEqual(await tiles.decodeTiles(body, 4, 3), sent);
});

test("the header and the records are little-endian", async () => {
  const body = await tiles.encodeTiles(new Map([[9, tiles.EMPTY]]), 4);
  assert.deepEqual([...body.subarray(4, 8)], [1, 0, 0, 0]);
  assert.deepEqual([...inflateRawSync(body.subarray(8))], [1, 0, 2, 0, 0]);
});

test("a tile outside the photo, a short body and a stranger are refused", async () => {
  const body = await tiles.encodeTiles(new Map([[11, tiles.packTile(noise(7, [1]))]]), 4);
  await assert.rejects(tiles.decodeTiles(body, 4, 2), RangeError);
  const lie = body.slice();
  lie[4] = 2;
  await assert.rejects(tiles.decodeTiles(lie, 4, 3), RangeError);
  await assert.rejects(tiles.decodeTiles(new TextEncoder().encode("PNG......"), 4, 3), RangeError);
});

test("a closing page's stored body inflates to the same records", () => {
  const raw = tiles.records(new Map([[1, tiles.packTile(noise(8, [1, 2, 4, 128]))], [2, tiles.packTile(noise(9, [1, 2, 4, 8, 128]))]]), 4);
  assert.ok(raw.length > 65535);
  assert.deepEqual(new Uint8Array(inflateRawSync(tiles.storedDeflate(raw))), raw);
  assert.equal(inflateRawSync(tiles.storedDeflate(new Uint8Array(0))).length, 0);
});
