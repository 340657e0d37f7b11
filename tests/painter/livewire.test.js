import assert from "node:assert/strict";
import { test } from "node:test";
import { EditSession } from "../../annotate/static/annotate/painter/document/edit_session.js";
import { History } from "../../annotate/static/annotate/painter/document/history.js";
import { FRACTURE, HOLE, Mask } from "../../annotate/static/annotate/painter/document/mask.js";
import { costAt, fullStrength, ridgeStrength } from "../../annotate/static/annotate/painter/assist/ridges.js";
import { Settings } from "../../annotate/static/annotate/painter/ui/settings.js";
import { speckAt } from "../../annotate/static/annotate/painter/assist/blob_grow.js";
import { tracerTool } from "../../annotate/static/annotate/painter/tools/tracer.js";
import { Tracer } from "../../annotate/static/annotate/painter/assist/livewire.js";
import { Background, alongRidge } from "../../annotate/static/annotate/painter/assist/line_width.js";
import { seeded } from "./random.js";

globalThis.Path2D = class {
  rect() {}
};

const [W, H] = [300, 160];
const box = { width: W, height: H };

/** Grass: blades of 2 by 10 px, as strong as the scratch of 1 px that crosses them at y = 80. */
function grass({ blades = 55, scratch = 45 } = {}) {
  const random = seeded(7);
  const data = new Float32Array(W * H).fill(110);
  for (let k = 0; k < (W * H) / 45; k++) {
    const [x, y] = [Math.floor(random() * W), Math.floor(random() * H)];
    const level = (random() - 0.4) * blades;
    for (let v = y; v < Math.min(H, y + 10); v++) for (let u = x; u < Math.min(W, x + 2); u++) data[v * W + u] += level;
  }
  for (let x = 20; x < 280; x++) data[80 * W + x] += scratch;
  return { data: Uint8Array.from(data, (v) => Math.max(0, Math.min(255, v + 8 * (random() - 0.5)))), ...box };
}

const straight = (x0, x1, y) => Array.from({ length: x1 - x0 + 1 }, (_, i) => ({ x: x0 + i, y }));

/** Rows painted in each column. */
function heights(runs) {
  const out = new Uint16Array(W);
  for (let i = 0; i < runs.length; i += 3) for (let x = runs[i + 1]; x < runs[i + 2]; x++) out[x]++;
  return out;
}

test("on texture the automatic width stays near the path's median", () => {
  const tall = heights(alongRidge(new Background(grass()), straight(20, 279, 80)));
  const inside = tall.slice(20, 280).sort();
  const median = inside[inside.length >> 1];
  assert.ok(median <= 5, `median ${median}`);
  assert.ok(inside.at(-1) <= median + 3, `most ${inside.at(-1)}, median ${median}`);
});

test("nothing is painted beyond the two ends", () => {
  const grey = grass({ blades: 0, scratch: 60 });
  const runs = alongRidge(new Background(grey), straight(60, 200, 80));
  const columns = heights(runs);
  assert.ok(columns.slice(0, 59).every((n) => n === 0) && columns.slice(202).every((n) => n === 0));
  assert.ok(columns.slice(60, 201).every((n) => n >= 1));
});

test("a crack that swells is followed within its bounds", () => {
  const grey = { data: new Uint8Array(W * H).fill(100), ...box };
  for (let x = 0; x < W; x++) {
    const half = x < 150 ? 2 : 3;
    for (let y = 80 - half; y <= 80 + half; y++) grey.data[y * W + x] = 180;
  }
  const tall = heights(alongRidge(new Background(grey), straight(20, 280, 80)));
  assert.equal(tall[60], 5);
  assert.equal(tall[220], 7);
});

/** A faint line at y = 90 and a strong one that runs beside it, 18 px above. */
function inked() {
  const random = seeded(9);
  const data = Uint8Array.from({ length: W * H }, (_, i) => {
    const y = Math.floor(i / W);
    const line = y >= 71 && y <= 73 ? 110 : y >= 90 && y <= 91 ? 22 : 0;
    return 90 + line + 6 * (random() - 0.5);
  });
  return { data, ...box };
}

function tracerOf(grey) {
  const strength = ridgeStrength(grey.data, W, H);
  const full = fullStrength(strength);
  const cost = { data: Uint8Array.from(strength, (r) => costAt(r, full)), ...box };
  return new Tracer(cost, new Background(grey));
}

test("a narrow search keeps to the faint line beside a strong one", () => {
  const tracer = tracerOf(inked());
  const ask = { from: { x: 10, y: 90 }, to: { x: 285, y: 91 } };
  const wide = tracer.path(ask).line;
  assert.ok(wide.some(({ y }) => y < 76), "the strong line draws the path away");
  const narrow = tracer.path({ ...ask, narrow: true }).line;
  assert.ok(narrow.every(({ y }) => y >= 82 && y <= 99));
  assert.ok(narrow.filter(({ y }) => Math.abs(y - 90.5) < 2).length > 0.9 * narrow.length);
  for (let i = 1; i < narrow.length; i++) assert.ok(Math.abs(narrow[i].y - narrow[i - 1].y) <= 1);
});

test("a narrow path along a slope stays within the band, whichever way it runs", () => {
  const tracer = tracerOf(grass());
  for (const [from, to] of [[{ x: 30, y: 20 }, { x: 250, y: 140 }], [{ x: 250, y: 20 }, { x: 30, y: 140 }], [{ x: 4, y: 3 }, { x: 4, y: 150 }]]) {
    const { line, end } = tracer.path({ from, to, narrow: true, free: true });
    assert.deepEqual([line[0], end], [from, to]);
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    for (const { x, y } of line) {
      assert.ok(Math.abs((x - from.x) * (to.y - from.y) - (y - from.y) * (to.x - from.x)) / length <= 9);
    }
  }
});

/** The tracer in hand, with a worker that answers when told to. */
function atBench() {
  const mask = new Mask(W, H);
  const editSession = new EditSession(mask, new History(), { changed() {}, committed: (o) => said.push(o.details) });
  const said = [];
  const answers = [];
  const wishes = [];
  const bench = {
    editSession, mask, settings: new Settings(null), say() {}, brushSize: () => 12,
    surface: { guides: [], redrawGuides() {} },
    ridges: { call: (name, wish) => (wishes.push(wish), new Promise((done) => answers.push(() => done(
      name === "snap" ? wish.at : { end: wish.to, runs: [wish.to.y, wish.from.x, wish.to.x + 1] })))) },
  };
  bench.settings.set({ tool: "tracer" });
  return { bench, tool: tracerTool(bench), answers, wishes, said };
}

const touch = (ix, iy, more = {}) => ({ ix, iy, x: ix, y: iy, factor: 1, erase: false, alt: false, shift: false, ctrl: false, ...more });
const turn = () => new Promise((resolve) => setTimeout(resolve));

async function traced({ bench, tool, answers }, meanwhile) {
  tool.begin(touch(10, 20));
  await turn();
  answers.shift()();
  await turn();
  tool.begin(touch(60, 20));
  await turn();
  tool.act("commit");
  meanwhile();
  answers.shift()();
  await turn();
  await turn();
  return bench.mask;
}

test("a line is painted in the class that was in hand at Enter", async () => {
  const place = atBench();
  const mask = await traced(place, () => place.bench.settings.set({ bit: HOLE, widen: 3 }));
  assert.equal(mask.at(30, 20), FRACTURE);
  assert.deepEqual([place.said[0].bit, place.said[0].widen], [FRACTURE, 0]);
});

test("a stroke begun while the line was still computed is not cut short by it", async () => {
  const place = atBench();
  const { editSession } = place.bench;
  const mask = await traced(place, () => editSession.begin({ set: HOLE }).span(50, 0, 5));
  assert.equal(mask.at(30, 20), 0);
  editSession.edit.span(51, 0, 5);
  editSession.commit("brush");
  await turn();
  assert.deepEqual([mask.at(2, 51), mask.at(30, 20)], [HOLE, FRACTURE]);
});

test("holding the narrow key asks the worker for the band, letting go no longer", async () => {
  const { tool, answers, wishes } = atBench();
  tool.begin(touch(10, 20));
  await turn();
  answers.shift()();
  await turn();
  tool.hold("narrow", true);
  tool.hover(touch(50, 20));
  await turn();
  assert.equal(wishes.at(-1).narrow, true);
  answers.shift()();
  await turn();
  tool.hold("narrow", false);
  await turn();
  assert.equal(wishes.at(-1).narrow, false);
});

test("a speck on soft ground does not become its ground", () => {
  const random = seeded(11);
  const grey = { data: new Uint8Array(W * H), ...box };
  // A shadow 60 px wide with a speck of 3 px on its slope, and a dark band along the border.
  for (let i = 0; i < W * H; i++) {
    const [x, y] = [i % W, Math.floor(i / W)];
    grey.data[i] = 120 + 14 * Math.exp(-((x - 150) ** 2 + (y - 80) ** 2) / 500) + (x < 7 ? 12 : 0) + 4 * (random() - 0.5);
  }
  for (const [cx, cy] of [[146, 80], [2, 61]]) {
    for (const [u, v] of [[0, 0], [1, 0], [0, 1], [1, 1], [-1, 0], [0, -1]]) grey.data[(cy + v) * W + cx + u] += 30;
    const runs = speckAt(new Background(grey), cx, cy)?.runs ?? [];
    const area = runs.reduce((sum, v, i) => sum + (i % 3 === 2 ? v : i % 3 === 1 ? -v : 0), 0);
    assert.ok(area >= 3 && area <= 20, `${area} pixels at ${cx}, ${cy}`);
  }
});
