import assert from "node:assert/strict";
import { test } from "node:test";
import { boxOf, covers, label, runsOf } from "../../annotate/static/annotate/painter/document/components.js";
import { Mask } from "../../annotate/static/annotate/painter/document/mask.js";
import { componentAt, componentNear, grown, holes, rim } from "../../annotate/static/annotate/painter/document/regions.js";
import { seeded } from "./random.js";

const NEAR = [[-1, -1], [-1, 0], [-1, 1], [0, -1], [0, 1], [1, -1], [1, 0], [1, 1]];

/** Plain flood fill: the oracle. */
function flood(map, width, height, inside) {
  const owner = new Int32Array(map.length).fill(-1);
  let count = 0;
  for (let start = 0; start < map.length; start++) {
    if (owner[start] >= 0 || !inside(map[start])) continue;
    const stack = [start];
    owner[start] = count;
    while (stack.length) {
      const at = stack.pop();
      for (const [dy, dx] of NEAR) {
        const x = (at % width) + dx;
        const y = Math.floor(at / width) + dy;
        const next = y * width + x;
        if (x < 0 || y < 0 || x >= width || y >= height || owner[next] >= 0 || !inside(map[next])) continue;
        owner[next] = count;
        stack.push(next);
      }
    }
    count++;
  }
  return { owner, count };
}

function noise(seed, width, height) {
  const random = seeded(seed);
  return Uint8Array.from({ length: width * height }, () => random() * 256);
}

const area = (runs) => runs.reduce((sum, v, i) => sum + (i % 3 === 2 ? v : i % 3 === 1 ? -v : 0), 0);

for (const threshold of [60, 150, 200, 245]) {
  test(`components at ${threshold} are those of a flood fill`, () => {
    const [width, height] = [83, 61];
    const map = noise(threshold, width, height);
    const { owner, count } = flood(map, width, height, (v) => v >= threshold);
    const found = label(map, width, height, threshold);
    assert.equal(found.count, count);
    for (let c = 0; c < found.count; c++) {
      const runs = runsOf(found, c);
      const name = owner[found.peaks[c]];
      const mine = [...owner.keys()].filter((i) => owner[i] === name);
      assert.equal(area(runs), mine.length);
      assert.equal(found.areas[c], mine.length);
      assert.ok(c === 0 || found.areas[c] <= found.areas[c - 1]);
      assert.ok(mine.every((i) => map[i] <= map[found.peaks[c]] && covers(runs, i % width, Math.floor(i / width))));
      const xs = mine.map((i) => i % width);
      const ys = mine.map((i) => Math.floor(i / width));
      assert.deepEqual(boxOf(found, c), { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs) + 1, y1: Math.max(...ys) + 1 });
    }
  });
}

test("nothing above the threshold is no component", () => {
  assert.equal(label(new Uint8Array(100), 10, 10, 1).count, 0);
});

test("the component under a point is that of a flood fill", () => {
  const random = seeded(50);
  const mask = new Mask(70, 50);
  for (let i = 0; i < mask.data.length; i++) mask.data[i] = random() < 0.42 ? 2 : random() < 0.3 ? 1 : 0;
  const { owner } = flood(mask.data, 70, 50, (v) => v & 2);
  for (let i = 0; i < mask.data.length; i += 13) {
    const runs = componentAt(mask, i % 70, Math.floor(i / 70), 2);
    if (owner[i] < 0) assert.equal(runs, null);
    else assert.equal(area(runs), owner.filter((name) => name === owner[i]).length);
  }
});

test("growing adds each neighbour, the rim is what shrinking takes, holes are enclosed", () => {
  const ring = [10, 10, 15, 11, 10, 11, 11, 14, 15, 12, 10, 15];
  const cells = new Set();
  for (let r = grown(ring), i = 0; i < r.length; i += 3) for (let x = r[i + 1]; x < r[i + 2]; x++) cells.add(r[i] * 100 + x);
  assert.equal(cells.size, 5 * 7);
  assert.deepEqual(holes(ring), [11, 11, 14]);
  const block = [5, 5, 9, 6, 5, 9, 7, 5, 9];
  assert.equal(area(rim(block)), 12 - 2);
  assert.deepEqual(holes(block), []);
});

test("a click beside a small component takes the nearest one, far from all none", () => {
  const mask = new Mask(60, 40);
  for (const [x, y] of [[10, 10], [11, 10], [16, 10]]) mask.data[y * 60 + x] = 2;
  assert.deepEqual(componentNear(mask, 13, 11, 2), [10, 10, 12]);
  assert.deepEqual(componentNear(mask, 14, 10, 2), [10, 16, 17]);
  assert.equal(componentNear(mask, 30, 30, 2), null);
  assert.equal(componentNear(mask, 10, 10, 1), null);
});
