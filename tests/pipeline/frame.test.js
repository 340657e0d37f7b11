// The pure part of the frame on a scan.

import assert from "node:assert/strict";
import { test } from "node:test";

import { LEAST, allowed, boxOf, lookingAt, partsOf, place, pulled } from "../../pipeline/static/pipeline/framing/geometry.js";

const size = { width: 700, height: 500 };
const box = { angle: 20, cx: 350, cy: 250, w: 300, h: 200 };
const near = (a, b) => a.forEach((each, k) => assert.ok(Math.abs(each - b[k]) < 1e-6, `${a} is not ${b}`));

test("parts and px are the same frame", () => {
  const parts = { angle: -3, x: 0.1, y: 0.2, width: 0.5, height: 0.4 };
  near(Object.values(partsOf(boxOf(parts, size), size)), Object.values(parts));
});

test("what is pulled moves, and what lies opposite stays", () => {
  for (const [u, v] of [[-1, 0], [1, 0], [0, -1], [0, 1], [-1, -1], [1, -1], [1, 1], [-1, 1]]) {
    const made = pulled(box, u, v, 11, -7, size);
    near(place(made, -u, -v), place(box, -u, -v));
    const moved = place(made, u, v);
    if (u && v) near(moved, [place(box, u, v)[0] + 11, place(box, u, v)[1] - 7]);
  }
});

test("a side is never pulled through the other", () => {
  const made = pulled(box, -1, 0, 1e4, 0, size);
  assert.equal(made.w, LEAST * size.width);
  near(place(made, 1, 0), place(box, 1, 0));
});

test("what the server refuses is not drawn", () => {
  const made = allowed({ angle: 90, cx: -5, cy: 600, w: 900, h: 1 }, size);
  assert.deepEqual(made, { angle: 45, cx: 0, cy: 500, w: 700, h: 10 });
});

test("the handle above the middle looks where it is pulled", () => {
  near([lookingAt(box, 350, 0).angle, lookingAt(box, 450, 150).angle], [0, 45]);
});
