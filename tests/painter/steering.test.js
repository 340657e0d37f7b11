// The keys that look around, the same on every page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { steer } from "../../config/static/viewer/steering.js";
import { LOOKING, Viewport } from "../../config/static/viewer/viewport.js";

function view() {
  const v = new Viewport(1000, 1000, LOOKING);
  v.resize(500, 500);
  return v;
}

const press = (v, key, shiftKey = false) => steer(v, { key, shiftKey });

test("plus and minus go along the round steps, 0 shows the whole", () => {
  const v = view();
  assert.equal(press(v, "+", true), true);
  assert.equal(v.scale, 0.67);
  press(v, "=");
  assert.equal(v.scale, 1);
  press(v, "-");
  assert.equal(v.scale, 0.67);
  press(v, "0");
  assert.equal(v.isWhole, true);
});

test("Shift and an arrow move by 60 pixels of the screen", () => {
  const v = view();
  v.zoomTo(2);
  const before = v.toScreen(0, 0);
  press(v, "ArrowDown", true);
  press(v, "ArrowRight", true);
  const after = v.toScreen(0, 0);
  assert.deepEqual([after.x - before.x, after.y - before.y], [-60, -60]);
});

test("other keys and plain arrows are the page's", () => {
  const v = view();
  v.zoomTo(2);
  const { x, y, scale } = v;
  for (const key of ["ArrowLeft", "x", "1", "constructor"]) assert.equal(press(v, key), false);
  assert.deepEqual([v.x, v.y, v.scale], [x, y, scale]);
});
