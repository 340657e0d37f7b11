import assert from "node:assert/strict";
import { test } from "node:test";
import { LOOKING, MAX_SCALE, Viewport } from "../../config/static/viewer/viewport.js";
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

// Where one only looks: compare, review and ballot.

function looking(width = 600, height = 400, port = [300, 300], most = undefined) {
  const v = new Viewport(width, height, most ? { ...LOOKING, most } : LOOKING);
  v.resize(...port);
  return v;
}

test("who only looks sees the whole picture in the middle, without air", () => {
  const v = looking();
  assert.equal(v.scale, 0.5);
  assert.deepEqual(v.toScreen(0, 0), { x: 0, y: 50 });
  assert.equal(v.transform(), "translate(0px, 50px) scale(0.5)");
  assert.equal(v.isWhole, true);
  assert.equal(v.isZoomed, false);
});

test("zooming a looked-at picture keeps the pixel under the pointer", () => {
  const v = looking(600, 400, [600, 400]);
  v.zoomAt(300, 200, 2);
  const held = v.toImage(120, 140);
  v.zoomAt(120, 140, 1.7);
  near(v.toScreen(held.x, held.y).x, 120);
  near(v.toScreen(held.x, held.y).y, 140);
});

test("a picture larger than its stage leaves no gap", () => {
  const v = looking();
  v.zoomTo(2);
  v.pan(1e6, -1e6);
  assert.deepEqual(v.toScreen(0, 0), { x: 0, y: 300 - 800 });
  v.zoomTo(1);
  v.pan(1e6, 1e6);
  v.pan(-50, -50);
  assert.deepEqual(v.toScreen(0, 0), { x: -50, y: -50 });
});

test("scales of a looked-at picture stay within bounds", () => {
  const v = looking();
  v.zoomAt(0, 0, 1e9);
  assert.equal(v.scale, 16);
  v.zoomAt(0, 0, 1e-9);
  assert.equal(v.scale, 0.5);
  assert.equal(v.isWhole, true);
});

test("a page may set its own limit", () => {
  const most = (fit) => Math.max(4 * fit, 2);
  const large = looking(4000, 3000, [800, 600], most);
  large.zoomTo(1e9);
  assert.equal(large.scale / large.fitScale, 10);
  const small = looking(100, 80, [800, 640], most);
  small.zoomTo(1e9);
  assert.equal(small.scale / small.fitScale, 4);
});

test("a small picture may be shown at its real size, in the middle", () => {
  const v = looking(30, 30);
  v.zoomAt(0, 0, 0.1);
  assert.equal(v.scale, 1);
  assert.deepEqual(v.toScreen(0, 0), { x: 135, y: 135 });
});

test("the zoom is told as fit or percent of real pixels", () => {
  const v = looking();
  assert.equal(v.label(), "fit");
  v.zoomTo(1);
  assert.equal(v.label(2), "200 %");
});

test("the whole stays whole on a stage of another size, a place stays in the middle", () => {
  const v = looking();
  v.resize(900, 500);
  assert.equal(v.label(), "fit");
  v.zoomTo(4);
  v.centre(400, 300);
  v.resize(500, 700);
  assert.equal(v.scale, 4);
  near(v.toImage(250, 350).x, 400);
  near(v.toImage(250, 350).y, 300);
});

test("rescaled, the same part of the picture is in view", () => {
  const v = looking(800, 600, [800, 600]);
  v.zoomTo(3);
  v.pan(400, 510);
  const before = v.visible();
  v.rescale(400, 300);
  assert.equal(v.scale, 1.5);
  assert.deepEqual(v.visible(), before);
});

test("another picture takes over the place and the scale, a whole one follows a whole", () => {
  const v = looking();
  assert.equal(v.onto(300, 900).label(), "fit");
  v.zoomTo(2);
  v.centre(300, 200);
  const next = v.onto(500, 380);
  assert.deepEqual([next.scale, next.x, next.y], [2, v.x, v.y]);
  assert.deepEqual(v.onto(200, 100).visible(), { x0: 50, y0: 0, x1: 200, y1: 100 });
});

test("a double click goes closer there and back to the whole", () => {
  const v = looking();
  v.toggle(0, 150);
  assert.equal(v.scale, 2);
  assert.equal(v.toImage(0, 150).y, 200);
  v.toggle(7, 7);
  assert.equal(v.isWhole, true);
});

test("a step that nobody would notice is passed over", () => {
  const v = view();
  v.zoomTo(0.97);
  v.step(1);
  assert.equal(v.scale, 1.5);
});
