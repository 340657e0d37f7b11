// Strokes of colour on the page: the same system as the engine's, and their history.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Beside } from "../../pipeline/static/pipeline/beside.js";
import { AREA, gridSize, lookSize, lumaOf, rgb, shrunk, ycbcr } from "../../pipeline/static/pipeline/colour/grid.js";
import { Multigrid } from "../../pipeline/static/pipeline/colour/multigrid.js";
import { Preview, guided } from "../../pipeline/static/pipeline/colour/preview.js";
import { Solver } from "../../pipeline/static/pipeline/colour/solver.js";
import { Strokes, shaded, thinned } from "../../pipeline/static/pipeline/colour/strokes.js";
import { once } from "../../pipeline/static/pipeline/once.js";

const read = (name) => JSON.parse(readFileSync(new URL(`engine/${name}.json`, import.meta.url), "utf8"));
const golden = read("colour_strokes");
const { width, height, across, down } = golden;
const planes = golden.guide.map((plane) => Float32Array.from(plane));
const most = (values) => values.reduce((a, b) => Math.max(a, b), 0);

test("the page and the engine spread the same strokes alike", () => {
  const solver = new Solver({ width, height, planes });
  for (let count = 1; count < golden.strokes.length; count++) solver.spread(golden.strokes.slice(0, count), across, down);
  const { hold, cb, cr } = solver.spread(golden.strokes, across, down);
  assert.ok(most(golden.hold.map((value, i) => Math.abs(value - hold[i]))) < 0.01);
  const apart = golden.chroma.map(([blue, red], i) => golden.hold[i] * Math.max(Math.abs(blue - cb[i]), Math.abs(red - cr[i])));
  assert.ok(most(apart) < 0.5); // of 255 steps
});

test("and find the same edges", () => {
  const { slope, level } = guided({ width, height, data: planes[0] }, Float32Array.from(golden.hold));
  const hold = (a, b, i) => Math.min(1, Math.max(0, a[i] * planes[0][i] + b[i]));
  assert.ok(most(golden.slope.map((_, i) => Math.abs(hold(golden.slope, golden.level, i) - hold(slope, level, i)))) < 2e-3);
});

test("a warm start ends where a cold one does", () => {
  const warm = new Solver({ width, height, planes });
  warm.spread([golden.strokes[3]], across, down);
  warm.spread(golden.strokes, across, down);
  const two = warm.spread(golden.strokes.slice(0, 2), across, down).hold;
  const cold = new Solver({ width, height, planes }).spread(golden.strokes.slice(0, 2), across, down).hold;
  assert.ok(most([...two].map((value, i) => Math.abs(value - cold[i]))) < 0.01);
});

test("the solver's answer fits its equations on grids of odd sides", () => {
  for (const [w, h] of [[1, 1], [7, 1], [13, 9], [64, 33]]) {
    const ends = (i) => ((i + 1) % w ? 0.3 + 0.7 * ((i * 37) % 11) / 11 : 0);
    const right = Float64Array.from({ length: w * h }, (_, i) => ends(i));
    const below = Float64Array.from({ length: w * h }, (_, i) => (i + w < w * h ? 0.5 : 0));
    const grid = new Multigrid(w, h, right, below);
    grid.pull(new Float64Array(w * h).fill(0.01));
    const b = Float64Array.from({ length: w * h }, (_, i) => (i % 5) - 1);
    const x = new Float64Array(w * h);
    assert.ok(grid.solve(x, b, 1e-9) < 60);
    for (let i = 0; i < x.length; i++) {
      let sum = 0.01 * x[i];
      if ((i + 1) % w) sum += right[i] * (x[i] - x[i + 1]);
      if (i % w) sum += right[i - 1] * (x[i] - x[i - 1]);
      if (i + w < x.length) sum += below[i] * (x[i] - x[i + w]);
      if (i >= w) sum += below[i - w] * (x[i] - x[i - w]);
      assert.ok(Math.abs(sum - b[i]) < 1e-6);
    }
  }
});

test("grids are bounded by area and pictures shrink by it", () => {
  assert.deepEqual(gridSize(4000, 3000), { width: 256, height: 192 });
  const wide = gridSize(30_000, 600);
  assert.ok(wide.height >= 31 && wide.width * wide.height <= 1.02 * AREA);
  assert.deepEqual(gridSize(40, 30), { width: 40, height: 30 });
  const plane = { width: 3, height: 2, data: Float32Array.of(0, 1, 2, 3, 4, 5) };
  assert.deepEqual([...shrunk(plane, { width: 1, height: 1 }).data], [2.5]);
  const half = shrunk(plane, { width: 2, height: 2 }).data;
  assert.ok(Math.abs(half[0] - 1 / 3) < 1e-6 && Math.abs(half[1] - 5 / 3) < 1e-6);
});

test("a photograph of any shape is looked at on the grid that the engine solves", () => {
  for (const { photo: [width, height], grid } of read("colour_grids")) {
    const look = lookSize(width, height);
    const base = { ...look, data: new Uint8ClampedArray(4 * look.width * look.height) };
    const used = new Preview(base, { width, height }).grid;
    assert.deepEqual([used.width, used.height], grid, `${width} x ${height}`);
    assert.ok(look.width * look.height <= 512_000 * 1.35); // a side of a few px is rounded
  }
});

test("luma stays whatever chroma is asked for", () => {
  for (const [y, cb, cr] of [[10, 100, -90], [250, -60, 60], [128, 20, 30], [0, 5, 5]]) {
    const [red, green, blue] = rgb(y, cb, cr);
    for (const value of [red, green, blue]) assert.ok(value > -1e-6 && value < 255 + 1e-6);
    assert.ok(Math.abs(255 * ycbcr(red, green, blue).y - y) < 1e-6);
  }
});

/** Left dark, right bright, in one tint. */
function picture(w = 96, h = 64) {
  const data = new Uint8ClampedArray(4 * w * h);
  for (let i = 0; i < w * h; i++) data.set([...rgb(i % w < w / 2 ? 80 : 170, -6, 8), 255], 4 * i);
  return { width: w, height: h, data };
}

test("a stroke changes its side of an edge and keeps the other to the bit", () => {
  const base = picture();
  const preview = new Preview(base, { width: 960, height: 640 });
  const stroke = { points: [[200, 320], [260, 320]], width: 60, colour: [160, 60, 50] };
  const pixels = preview.paint([stroke]);
  const at = (x, y) => ycbcr(...pixels.slice(4 * (y * 96 + x), 4 * (y * 96 + x) + 3));
  const wanted = ycbcr(160, 60, 50);
  assert.ok(Math.abs(at(22, 32).cb - wanted.cb) < 2 && Math.abs(at(22, 32).cr - wanted.cr) < 2);
  for (let i = 0; i < 96 * 64; i++) {
    if (i % 96 > 54) assert.deepEqual([...pixels.slice(4 * i, 4 * i + 3)], [...base.data.slice(4 * i, 4 * i + 3)]);
  }
  const before = lumaOf(base.data, 96, 64).data;
  assert.ok(most([...lumaOf(pixels, 96, 64).data].map((y, i) => Math.abs(y - before[i]))) < 1 / 255);
  assert.deepEqual([...preview.paint([])], [...base.data]);
});

test("strokes are undone, redone and cleared, and a new one forgets what was undone", () => {
  const one = { points: [[1, 1]], width: 4, colour: [1, 2, 3] };
  const strokes = new Strokes([one]);
  assert.ok(!strokes.changed && !strokes.canUndo);
  strokes.add({ ...one, width: 5 });
  strokes.clear();
  assert.equal(strokes.all.length, 0);
  strokes.undo();
  strokes.undo();
  assert.ok(!strokes.changed && strokes.canRedo);
  strokes.redo();
  assert.equal(strokes.all.length, 2);
  strokes.add({ ...one, width: 6 });
  assert.ok(!strokes.canRedo && strokes.all.length === 3 && strokes.changed);
});

test("a line keeps its ends apart and its points few", () => {
  assert.deepEqual(thinned([[0, 0], [0.4, 0], [3, 0], [3.2, 0]], 2), [[0, 0], [3, 0]]);
  assert.ok(thinned(Array.from({ length: 5000 }, (_, i) => [i, 0]), 1).length <= 400);
});

test("a colour in the shade keeps its hue", () => {
  assert.deepEqual(shaded([200, 100, 50], 62.1), [100, 50, 25]);
  assert.ok(Math.max(...shaded([250, 240, 230], 255)) <= 255);
});

class FakeWorker extends EventTarget {
  ended = false;
  postMessage() {}
  terminate() {
    this.ended = true;
  }
  say(name, data) {
    this.dispatchEvent(Object.assign(new Event(name), { data }));
  }
}

test("a worker answers in turn, and where it dies all who wait are told", async () => {
  globalThis.Worker = FakeWorker;
  const beside = new Beside("worker.js");
  const [first, second, third] = [1, 2, 3].map((each) => beside.ask(each));
  beside.worker.say("message", "one");
  assert.equal(await first, "one");
  beside.worker.say("error");
  await assert.rejects(second);
  await assert.rejects(third);
  assert.ok(beside.worker.ended);
  await assert.rejects(beside.ask(4));
});

test("a worker that says nothing any more is given up, one that nobody asks is not", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.Worker = FakeWorker;
  const beside = new Beside("worker.js");
  const first = beside.ask(1);
  beside.worker.say("message", "one");
  await first;
  t.mock.timers.tick(600_000);
  assert.ok(!beside.worker.ended);
  const second = beside.ask(2);
  t.mock.timers.tick(600_000);
  await assert.rejects(second);
});

test("what failed is tried again, what succeeded is not", async () => {
  let calls = 0;
  const read = once(async () => {
    calls += 1;
    if (calls === 1) throw new Error("no line");
    return calls;
  });
  await assert.rejects(read());
  assert.deepEqual(await Promise.all([read(), read()]), [2, 2]);
  assert.equal(await read(), 2);
});
