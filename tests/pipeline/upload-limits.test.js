import assert from "node:assert/strict";
import test from "node:test";

import { canShow, endingOf, megabytes, problemOf } from "../../pipeline/static/pipeline/upload/limits.js";

const limits = { megabytes: 500, most: 20 };
const file = (name, size = 1000, type = "") => ({ name, size, type });

test("what can be sent has no problem", () => {
  for (const name of ["a.JPG", "scan.tiff", "x.heic"]) assert.equal(problemOf(file(name), limits), "");
  assert.equal(problemOf(file("pasted", 10, "image/png"), limits), "");
});

test("problems are sentences that name the limit", () => {
  assert.equal(problemOf(file("a.jpg", 0), limits), "This file is empty.");
  assert.equal(problemOf(file("a.tif", 612e6), limits), "This file has 612 MB; the limit is 500 MB.");
  assert.match(problemOf(file("notes.txt"), limits), /not a JPEG/);
});

test("browsers show some kinds and not others", () => {
  assert.ok(canShow(file("a.webp")) && canShow(file("x", 1, "image/jpeg")));
  assert.ok(!canShow(file("a.tif")) && !canShow(file("a.heic")));
});

test("names and sizes", () => {
  assert.equal(endingOf("a.b.TIF"), "tif");
  assert.equal(endingOf("none"), "");
  assert.equal(megabytes(1_240_000), "1.2 MB");
  assert.equal(megabytes(43_210), "43 kB");
  assert.equal(megabytes(48_600_000), "49 MB");
});
