import assert from "node:assert/strict";
import { test } from "node:test";
import { Pyramid } from "../../annotate/static/annotate/painter/view/pyramid.js";
import { seeded } from "./random.js";

function pyramid(width, height, merge) {
  return new Pyramid(new Uint8Array(width * height), width, height, merge);
}

test("a single pixel never vanishes at any level", () => {
  const random = seeded(20);
  for (let round = 0; round < 30; round++) {
    const p = pyramid(1301, 917);
    const x = Math.floor(random() * 1301);
    const y = Math.floor(random() * 917);
    p.levels[0].data[y * 1301 + x] = 4;
    p.update({ x0: x, y0: y, x1: x + 1, y1: y + 1 });
    p.levels.forEach(({ data, width }, k) => assert.equal(data[(y >> k) * width + (x >> k)], 4));
    p.levels.forEach(({ data }) => assert.equal(data.reduce((a, b) => a + b), 4));
  }
});

test("updating parts gives what updating the whole gives", () => {
  const random = seeded(21);
  const parts = pyramid(1111, 1003, "max");
  for (let i = 0; i < 40; i++) {
    const x0 = Math.floor(random() * 1000);
    const y0 = Math.floor(random() * 900);
    const rect = { x0, y0, x1: x0 + 77, y1: y0 + 31 };
    const value = Math.floor(random() * 256);
    for (let y = y0; y < rect.y1; y++) parts.levels[0].data.fill(value, y * 1111 + x0, y * 1111 + rect.x1);
    parts.update(rect);
  }
  const whole = pyramid(1111, 1003, "max");
  whole.levels[0].data.set(parts.levels[0].data);
  whole.update({ x0: 0, y0: 0, x1: 1111, y1: 1003 });
  assert.deepEqual(parts.levels.map((l) => l.data), whole.levels.map((l) => l.data));
});

test("no pixel of the level chosen is smaller than the screen's", () => {
  const p = pyramid(4000, 3000);
  assert.deepEqual([2, 1, 0.6, 0.5, 0.3, 0.25, 0.05, 0.001].map((s) => p.levelFor(s)), [0, 0, 1, 1, 2, 2, 5, 6]);
});
