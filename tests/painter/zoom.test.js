import assert from "node:assert/strict";
import test from "node:test";

import { WHOLE, clamped, most, moved, rescaled, share, zoomed } from "../../pipeline/static/pipeline/zoom.js";

const stage = { width: 800, height: 600 };

test("the point under the finger stays", () => {
  const point = { x: 300, y: 200 };
  const before = zoomed(WHOLE, 2, point, stage, 8);
  const after = zoomed(before, 1.7, point, stage, 8);
  const inside = (view) => (point.x - view.x) / view.scale;
  assert.ok(Math.abs(inside(before) - inside(after)) < 1e-9);
});

test("no gap shows at any side", () => {
  const view = moved({ scale: 2, x: 0, y: 0 }, 500, -5000, stage, 8);
  assert.deepEqual(view, { scale: 2, x: 0, y: -600 });
});

test("zooming out ends at the whole picture", () => {
  assert.deepEqual(zoomed({ scale: 2, x: -300, y: -100 }, 0.1, { x: 5, y: 5 }, stage, 8), { ...WHOLE });
});

test("the scale has a limit that shows every pixel twice", () => {
  assert.equal(most({ width: 4000, height: 3000 }, stage), 10);
  assert.equal(most({ width: 100, height: 80 }, stage), 4);
  assert.equal(clamped({ scale: 99, x: 0, y: 0 }, stage, 10).scale, 10);
});

test("the divider stays inside", () => {
  assert.deepEqual([share(-5, stage), share(400, stage), share(900, stage)], [0, 0.5, 1]);
});

test("a view keeps its place on a stage of another size", () => {
  const view = { scale: 3, x: -400, y: -90 };
  const half = rescaled(view, stage, { width: 400, height: 300 });
  assert.deepEqual(half, { scale: 3, x: -200, y: -45 });
});
