// Which tiles of a large photo are asked for, and where their pixels land.
import assert from "node:assert/strict";
import { test } from "node:test";
import { addresses, halvingsOf } from "../../annotate/static/annotate/painter/view/tiled_photo.js";

test("a photo is halved until it fits one tile", () => {
  assert.deepEqual([[512, 300], [513, 10], [3000, 2200], [8000, 6000]].map(([w, h]) => halvingsOf(w, h)), [0, 1, 3, 4]);
});

test("an address names level, column and row", () => {
  const of = addresses("/annotate/photos/00/tiles/0/0/0/");
  assert.equal(of(4, 12, 7), "/annotate/photos/00/tiles/4/12/7/");
});
