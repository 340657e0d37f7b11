import assert from "node:assert/strict";
import { test } from "node:test";
import { CELL, maskTable, parseColour, thresholdTable } from "../../annotate/static/annotate/painter/view/palette.js";
import { Coverage } from "../../annotate/static/annotate/painter/view/coverage.js";

const at = (x0, y0, w, h) => ({ x0, y0, x1: x0 + w, y1: y0 + h });

test("a part is seen after more than a second at 100 %, in one look or in several", () => {
  const coverage = new Coverage(1200, 700);
  assert.equal(coverage.left, 6);
  for (let i = 0; i < 4; i++) assert.equal(coverage.look(at(0, 0, 600, 600), 1, 0.25), false);
  assert.equal(coverage.look(at(0, 0, 600, 600), 1, 0.25), true);
  assert.deepEqual([...coverage.seen], [0]);
  coverage.look(at(500, 0, 300, 600), 2, 1.5);
  assert.deepEqual([...coverage.seen], [0]);
  coverage.look(at(760, 0, 300, 600), 2, 1.5);
  assert.deepEqual([...coverage.seen], [0, 1]);
});

test("what is too small on screen is not seen", () => {
  const coverage = new Coverage(1200, 700);
  assert.equal(coverage.look(at(0, 0, 1200, 700), 0.9, 100), false);
  assert.equal(coverage.left, 6);
});

test("the small parts at the edges can be seen too", () => {
  const coverage = new Coverage(1030, 520);
  coverage.look(at(0, 0, 1030, 520), 1, 2);
  assert.equal(coverage.left, 0);
  assert.deepEqual(coverage.rect(5), { x0: 1024, y0: 512, x1: 1030, y1: 520 });
});

test("the walk goes to the next unseen part in reading order and ends", () => {
  const coverage = new Coverage(1200, 700, [0, 1, 2]);
  assert.equal(coverage.next(10, 10), 3);
  coverage.seen.add(3).add(4);
  assert.equal(coverage.next(10, 10), 5);
  coverage.seen.add(5);
  assert.equal(coverage.next(10, 10), -1);
});

test("classes differ by colour and by pattern, and overlaps take turns", () => {
  const colours = new Map([[1, parseColour("#e5484d")], [2, parseColour("#d99a00")]]);
  const table = maskTable(colours, 0.5);
  const shades = (byte) => new Set(Array.from({ length: CELL * CELL }, (_, cell) => table[cell * 256 + byte]));
  assert.equal(shades(1).size, 2);
  assert.deepEqual([...shades(0)], [0]);
  assert.ok([...shades(3)].some((s) => shades(1).has(s)) && [...shades(3)].some((s) => shades(2).has(s)));
  assert.equal([...shades(1)][0] >>> 24, 128);
  const cells = (byte) => Array.from({ length: CELL * CELL }, (_, cell) => table[cell * 256 + byte] === Math.max(...shades(byte)));
  assert.notDeepEqual(cells(1), cells(2));
});

test("one class alone hides the others", () => {
  const colours = new Map([[1, parseColour("#ff0000")], [2, parseColour("#00ff00")]]);
  const table = maskTable(colours, 1, 2);
  assert.equal(table[1], 0);
  assert.notEqual(table[2], 0);
});

test("a threshold shows what is at or above it", () => {
  const table = thresholdTable(100, [0, 0, 0], 1);
  assert.equal(table[99], 0);
  assert.notEqual(table[100], 0);
  assert.notEqual(table[255], 0);
});
