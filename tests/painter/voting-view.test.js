import assert from "node:assert/strict";
import { test } from "node:test";

import { fit, MOST, pan, settle, spell, zoomAt } from "../../evaluation/static/evaluation/view.js";

const picture = { width: 600, height: 400 };
const port = { width: 300, height: 300 };

test("fit shows the whole picture in the middle", () => {
  assert.deepEqual(fit(picture, port), { scale: 0.5, x: 0, y: 50 });
});

test("zooming keeps the pixel under the pointer", () => {
  const before = fit(picture, port);
  const point = { x: 120, y: 140 };
  const after = zoomAt(before, 4, point, picture, port);
  const pixel = (view) => [(point.x - view.x) / view.scale, (point.y - view.y) / view.scale];
  assert.deepEqual(pixel(after), pixel(before));
});

test("a picture larger than its port leaves no gap", () => {
  const view = settle({ scale: 2, x: 500, y: -9000 }, picture, port);
  assert.deepEqual(view, { scale: 2, x: 0, y: 300 - 800 });
});

test("panning stops at the edge", () => {
  const view = pan({ scale: 1, x: 0, y: 0 }, 50, -50, picture, port);
  assert.deepEqual(view, { scale: 1, x: 0, y: -50 });
});

test("scales stay within bounds", () => {
  const view = fit(picture, port);
  assert.equal(zoomAt(view, 1e9, { x: 0, y: 0 }, picture, port).scale, MOST);
  assert.equal(zoomAt(view, 1e-9, { x: 0, y: 0 }, picture, port).scale, 0.5);
});

test("a small picture may be shown at its real size", () => {
  const small = { width: 30, height: 30 };
  assert.equal(zoomAt(fit(small, port), 0.1, { x: 0, y: 0 }, small, port).scale, 1);
});

test("the zoom is told as fit or percent of real pixels", () => {
  assert.equal(spell(fit(picture, port), picture, port), "fit");
  assert.equal(spell({ scale: 1, x: 0, y: 0 }, picture, port, 2), "200 %");
});
