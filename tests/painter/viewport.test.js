import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_SCALE, Viewport } from "../../config/static/viewer/viewport.js";
import { seeded } from "./random.js";

function view(width = 900, height = 600) {
  const v = new Viewport(4000, 3000);
  v.resize(width, height);
  v.fit();
  return v;
}

const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-6, `${a} is not ${b}`);

test("fit shows the whole photo in the middle", () => {
  const v = view();
  assert.deepEqual(v.visible(), { x0: 0, y0: 0, x1: 4000, y1: 3000 });
  near(v.toScreen(2000, 1500).x, 450);
  near(v.toScreen(2000, 1500).y, 300);
});

test("screen and image coordinates are inverse to each other", () => {
  const random = seeded(30);
  const v = view();
  for (let i = 0; i < 100; i++) {
    v.zoomAt(random() * 900, random() * 600, 0.5 + random());
    const p = v.toImage(123, 45);
    near(v.toScreen(p.x, p.y).x, 123);
    near(v.toScreen(p.x, p.y).y, 45);
  }
});

test("zooming keeps the point under the pointer", () => {
  const v = view();
  const held = v.toImage(700, 200);
  for (const factor of [1.5, 2, 3, 0.8, 4]) {
    v.zoomAt(700, 200, factor);
    near(v.toScreen(held.x, held.y).x, 700);
    near(v.toScreen(held.x, held.y).y, 200);
  }
});

test("the scale stays between fit and 3200 %", () => {
  const v = view();
  v.zoomAt(5, 5, 1e9);
  assert.equal(v.scale, MAX_SCALE);
  v.zoomAt(5, 5, 1e-9);
  assert.equal(v.scale, 0.05);
  v.step(1);
  assert.equal(v.scale, 0.1);
  v.step(-1);
  assert.equal(v.scale, 0.05);
});

test("the photo can't be lost out of view", () => {
  const v = view();
  v.zoomTo(1);
  v.pan(1e7, -1e7);
  const seen = v.visible();
  assert.ok(seen.x1 - seen.x0 >= 200 && seen.y1 - seen.y0 >= 150);
});

test("a resize keeps the centre", () => {
  const v = view();
  v.zoomTo(3);
  v.centre(1234, 876);
  v.resize(400, 700);
  const p = v.toImage(200, 350);
  near(p.x, 1234);
  near(p.y, 876);
});

test("a small component is shown close and a large one whole", () => {
  const v = view();
  v.show({ x0: 100, y0: 100, x1: 110, y1: 110 });
  assert.equal(v.scale, 4);
  v.show({ x0: 100, y0: 100, x1: 2100, y1: 400 });
  const seen = v.visible();
  assert.ok(seen.x0 <= 100 && seen.x1 >= 2100);
});
