import assert from "node:assert/strict";
import { test } from "node:test";
import { Edit, FRACTURE, HOLE, IGNORE, Mask, SCUFF } from "../../annotate/static/annotate/painter/document/mask.js";
import { seeded } from "./random.js";

test("a span is clipped to the photo and copies only the tiles it touches", () => {
  const mask = new Mask(600, 300);
  const edit = new Edit(mask, { set: FRACTURE });
  edit.span(10, -5, 900);
  edit.span(-1, 0, 9);
  edit.span(300, 0, 9);
  assert.equal(mask.data.reduce((a, b) => a + b), 600);
  assert.deepEqual([...edit.before.keys()], [0, 1, 2]);
  assert.deepEqual(edit.takeDirty(), { x0: 0, y0: 10, x1: 600, y1: 11 });
  assert.equal(edit.takeDirty(), null);
});

test("classes overlap, and erasing one leaves the other", () => {
  const mask = new Mask(8, 8);
  new Edit(mask, { set: SCUFF }).span(2, 0, 8);
  new Edit(mask, { set: HOLE }).span(2, 0, 8);
  new Edit(mask, { clear: SCUFF }).span(2, 0, 4);
  assert.equal(mask.at(1, 2), HOLE);
  assert.equal(mask.at(6, 2), HOLE | SCUFF);
  assert.equal(mask.at(-1, 2), 0);
});

test("erasing can put a suggestion back", () => {
  const mask = new Mask(4, 1);
  new Edit(mask, { set: SCUFF | FRACTURE }).span(0, 0, 4);
  const restore = Uint8Array.of(0, FRACTURE, HOLE, 0);
  new Edit(mask, { clear: FRACTURE, restore }).span(0, 0, 4);
  assert.deepEqual([...mask.data], [SCUFF, SCUFF | FRACTURE, SCUFF, SCUFF]);
});

test("reverting an edit restores every byte", () => {
  const random = seeded(3);
  const mask = new Mask(530, 270);
  for (let i = 0; i < mask.data.length; i++) mask.data[i] = random() < 0.1 ? SCUFF : 0;
  const before = mask.data.slice();
  const edit = new Edit(mask, { set: FRACTURE, clear: SCUFF });
  for (let i = 0; i < 200; i++) edit.span(Math.floor(random() * 270), random() * 400 | 0, 500);
  assert.notDeepEqual(mask.data, before);
  edit.revert();
  assert.deepEqual(mask.data, before);
});

test("an edge tile reads as zeros beyond the photo and writes back only inside", () => {
  const mask = new Mask(300, 260);
  mask.data.fill(HOLE);
  const tile = mask.readTile(3);
  assert.equal(tile.reduce((a, b) => a + b), 44 * 4 * HOLE);
  mask.data.fill(0);
  mask.writeTile(3, tile);
  assert.equal(mask.at(299, 259), HOLE);
  assert.equal(mask.at(255, 259), 0);
});

test("a suggestion put back by erasing counts also where pixels were ignored", () => {
  const mask = new Mask(3, 1);
  mask.data.set([IGNORE, IGNORE, FRACTURE]);
  new Edit(mask, { clear: FRACTURE, restore: Uint8Array.of(FRACTURE, 0, 0) }).span(0, 0, 3);
  assert.deepEqual([...mask.data], [FRACTURE, IGNORE, 0]);
});
