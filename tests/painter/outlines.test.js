// Outlines of what was filled: what counts as changed, and the line around it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { changed, rim } from "../../evaluation/static/evaluation/outlines.js";

/** @param {number[]} greys @param {number} width */
function picture(greys, width) {
  const data = new Uint8ClampedArray(greys.flatMap((grey) => [grey, grey, grey, 255]));
  return /** @type {ImageData} */ ({ data, width, height: greys.length / width });
}

test("eight levels are no change, nine are", () => {
  const found = changed(picture([100, 108, 109, 91], 2), picture([100, 100, 100, 100], 2));
  assert.deepEqual([...found], [0, 0, 1, 1]);
});

test("the line runs around and never over an edge of the picture", () => {
  const inside = new Uint8Array([0, 0, 1, 0, 0, 0, 0, 0, 0]); // 3 x 3, the last of the first row
  assert.deepEqual([...rim(inside, 3)], [0, 1, 0, 0, 0, 1, 0, 0, 0]);
});
