// The overlay's pixels: hard edges on one grid, outlines, layers over each other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Layer, over } from "../../annotate/static/annotate/painter/view/layer.js";
import { CELL } from "../../annotate/static/annotate/painter/view/palette.js";
import { Pyramid } from "../../annotate/static/annotate/painter/view/pyramid.js";

const RED = 0xff0000ff;

function layerOf(data, width, height) {
  const table = new Uint32Array(CELL * CELL * 256).map((_, i) => (i % 256 ? RED : 0));
  const pyramid = new Pyramid(data, width, height);
  pyramid.update({ x0: 0, y0: 0, x1: width, y1: height });
  return new Layer(pyramid, table);
}

function painted(layer, box, view, scale) {
  const out = new Uint32Array((box.x1 - box.x0) * (box.y1 - box.y0));
  layer.paint(out, box, view, scale);
  return out;
}

test("a pixel is as large as the zoom and has hard edges", () => {
  const data = new Uint8Array(16);
  data[5] = 1; // (1, 1) of 4 x 4
  const out = painted(layerOf(data, 4, 4), { x0: 0, y0: 0, x1: 16, y1: 16 }, { x: 0, y: 0 }, 4);
  const at = (x, y) => out[y * 16 + x];
  assert.deepEqual([at(3, 4), at(4, 4), at(7, 7), at(8, 7), at(7, 8)], [0, RED, RED, 0, 0]);
});

test("a part lands on the same pixels as the whole, at any zoom and place", () => {
  const data = Uint8Array.from({ length: 60 * 40 }, (_, i) => ((i * 7919) % 5 ? 0 : 1));
  const layer = layerOf(data, 60, 40);
  for (const [view, scale] of [[{ x: -3.3, y: 2.7 }, 1.37], [{ x: 10.5, y: 5.25 }, 7], [{ x: 0.2, y: -4 }, 0.83]]) {
    const whole = painted(layer, { x0: 0, y0: 0, x1: 64, y1: 64 }, view, scale);
    const part = painted(layer, { x0: 20, y0: 30, x1: 50, y1: 60 }, view, scale);
    for (let y = 0; y < 30; y++) {
      assert.deepEqual(part.slice(y * 30, y * 30 + 30), whole.slice((y + 30) * 64 + 20, (y + 30) * 64 + 50));
    }
  }
});

test("a crack one pixel thin never vanishes when zoomed out", () => {
  const data = new Uint8Array(2000 * 1000);
  for (let y = 0; y < 1000; y++) data[y * 2000 + 777] = 1;
  const out = painted(layerOf(data, 2000, 1000), { x0: 0, y0: 0, x1: 200, y1: 100 }, { x: 0, y: 0 }, 0.1);
  for (let y = 0; y < 100; y++) assert.ok(out.slice(y * 200, y * 200 + 200).includes(RED));
});

test("an outline leaves the inside clear", () => {
  const data = new Uint8Array(64);
  for (let y = 2; y < 6; y++) data.fill(1, y * 8 + 2, y * 8 + 6);
  const layer = layerOf(data, 8, 8);
  layer.outline = true;
  const out = painted(layer, { x0: 0, y0: 0, x1: 8, y1: 8 }, { x: 0, y: 0 }, 1);
  assert.equal(out[3 * 8 + 3], 0);
  assert.equal(out.filter((pixel) => pixel === RED).length, 12);
});

test("a translucent colour over another keeps both", () => {
  assert.equal(over(0x800000ff, 0xffff0000), 0xff7f0080);
  assert.equal(over(0xff123456, 0xff000000), 0xff123456);
});
