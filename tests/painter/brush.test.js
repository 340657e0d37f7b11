import assert from "node:assert/strict";
import { test } from "node:test";
import { capsule, segment, thinLine } from "../../annotate/static/annotate/painter/document/brush.js";
import { pressureFactor } from "../../config/static/viewer/gestures.js";
import { seeded } from "./random.js";

const SIDE = 64;

function raster(draw) {
  const out = new Uint8Array(SIDE * SIDE);
  draw((y, x0, x1) => {
    assert.ok(x0 < x1);
    for (let x = x0; x < x1; x++) if (x >= 0 && y >= 0 && x < SIDE && y < SIDE) out[y * SIDE + x]++;
  });
  return out;
}

function distance(px, py, ax, ay, bx, by) {
  const length2 = (bx - ax) ** 2 + (by - ay) ** 2;
  const t = length2 ? ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length2 : 0;
  const k = Math.max(0, Math.min(1, t));
  return Math.hypot(px - ax - k * (bx - ax), py - ay - k * (by - ay));
}

test("a capsule holds exactly the pixels whose centre is near enough", () => {
  const random = seeded(1);
  for (let round = 0; round < 300; round++) {
    const [ax, ay, bx, by] = Array.from({ length: 4 }, () => random() * SIDE);
    const radius = 0.6 + random() * 12;
    const out = raster((emit) => capsule(ax, ay, bx, by, radius, emit));
    for (let i = 0; i < out.length; i++) {
      const d = distance((i % SIDE) + 0.5, Math.floor(i / SIDE) + 0.5, ax, ay, bx, by);
      if (Math.abs(d - radius) > 1e-9) assert.equal(out[i], d < radius ? 1 : 0);
    }
  }
});

test("axis-parallel and empty segments are capsules too", () => {
  for (const [ax, ay, bx, by] of [[10, 10, 40, 10], [10, 10, 10, 40], [20.5, 20.5, 20.5, 20.5]]) {
    const out = raster((emit) => capsule(ax, ay, bx, by, 3.3, emit));
    for (let i = 0; i < out.length; i++) {
      const d = distance((i % SIDE) + 0.5, Math.floor(i / SIDE) + 0.5, ax, ay, bx, by);
      assert.equal(out[i], d < 3.3 ? 1 : 0);
    }
  }
});

test("size 1 paints exactly the pixel under the pointer", () => {
  const out = raster((emit) => segment(7.9, 3.1, 7.9, 3.1, 1, emit));
  assert.deepEqual([...out.keys()].filter((i) => out[i]), [3 * SIDE + 7]);
});

test("a thin line is 8-connected and as long as its longer side", () => {
  const random = seeded(2);
  for (let round = 0; round < 200; round++) {
    const [ax, ay, bx, by] = Array.from({ length: 4 }, () => Math.floor(random() * SIDE));
    const points = [];
    thinLine(ax, ay, bx, by, (y, x) => points.push([x, y]));
    assert.equal(points.length, Math.max(Math.abs(ax - bx), Math.abs(ay - by)) + 1);
    assert.deepEqual(points[0], [ax, ay]);
    assert.deepEqual(points.at(-1), [bx, by]);
    for (let i = 1; i < points.length; i++) {
      assert.ok(Math.abs(points[i][0] - points[i - 1][0]) <= 1);
      assert.ok(Math.abs(points[i][1] - points[i - 1][1]) <= 1);
    }
  }
});

test("a mouse has no pressure, a pen scales the width", () => {
  assert.equal(pressureFactor(0), 1);
  assert.equal(pressureFactor(0.5), 1);
  assert.equal(pressureFactor(1), 1.6);
});
