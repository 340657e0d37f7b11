// The lasso: which pixels an outline holds, and how a hand and a keyboard draw one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { EditSession } from "../../annotate/static/annotate/painter/document/edit_session.js";
import { History } from "../../annotate/static/annotate/painter/document/history.js";
import { FRACTURE, IGNORE, Mask, SCUFF } from "../../annotate/static/annotate/painter/document/mask.js";
import { enclosed } from "../../annotate/static/annotate/painter/document/polygon.js";
import { Settings } from "../../annotate/static/annotate/painter/ui/settings.js";
import { changeComponent } from "../../annotate/static/annotate/painter/tools/component.js";
import { lassoTool } from "../../annotate/static/annotate/painter/tools/lasso.js";
import { seeded } from "./random.js";

const at = (x, y, more = {}) => ({ ix: x, iy: y, x, y, factor: 1, erase: false, alt: false, shift: false, ctrl: false, ...more });
const area = (runs) => runs.reduce((sum, v, i) => sum + (i % 3 === 2 ? v : i % 3 === 1 ? -v : 0), 0);

/** Winding number of a point, by the angle it sees the outline turn through: the oracle. */
function turns(points, x, y) {
  let sum = 0;
  points.forEach((a, i) => {
    const b = points[(i + 1) % points.length];
    const angle = Math.atan2(b.y - y, b.x - x) - Math.atan2(a.y - y, a.x - x);
    sum += angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
  });
  return Math.round(sum / (2 * Math.PI));
}

test("an outline holds the pixels whose centre it goes round, however it crosses itself", () => {
  const random = seeded(31);
  for (let round = 0; round < 20; round++) {
    const points = Array.from({ length: 3 + Math.floor(random() * 9) }, () => ({ x: random() * 40 - 5, y: random() * 40 - 5 }));
    const inside = new Uint8Array(30 * 30);
    const runs = enclosed(points, 30, 30);
    for (let i = 0; i < runs.length; i += 3) inside.fill(1, runs[i] * 30 + runs[i + 1], runs[i] * 30 + runs[i + 2]);
    for (let i = 0; i < 900; i++) {
      assert.equal(inside[i] === 1, turns(points, (i % 30) + 0.5, Math.floor(i / 30) + 0.5) !== 0);
    }
  }
});

test("fewer than three points hold nothing", () => {
  assert.deepEqual(enclosed([{ x: 1, y: 1 }, { x: 9, y: 9 }], 30, 30), []);
});

function atBench() {
  const mask = new Mask(100, 80);
  const editSession = new EditSession(mask, new History(), { changed() {}, committed: () => {} });
  const said = [];
  const settings = new Settings(null);
  settings.set({ tool: "lasso", bit: SCUFF });
  const bench = {
    mask, editSession, settings, said, say: (text) => said.push(text),
    surface: { guides: [], redrawGuides() {} }, view: { toScreen: (x, y) => ({ x, y }) },
  };
  return { ...bench, bench, tool: lassoTool(bench) };
}

const SQUARE = [[10, 10], [30, 10], [30, 30], [10, 30]];

test("an outline drawn in one go is filled on release and is one step", () => {
  const { tool, mask, editSession, said } = atBench();
  tool.begin(at(10, 10));
  tool.move(SQUARE.map(([x, y]) => at(x, y)));
  tool.end(at(10, 30));
  assert.equal(mask.data.reduce((sum, bits) => sum + (bits === SCUFF ? 1 : 0), 0), 400);
  assert.equal(said.at(-1), "Filled 400 pixels.");
  editSession.undo();
  assert.ok(mask.data.every((bits) => bits === 0));
});

function click(tool, x, y) {
  tool.begin(at(x, y));
  tool.end(at(x, y));
}

test("corners are filled by Enter, and the last one can be dropped", () => {
  const { tool, mask, said } = atBench();
  for (const [x, y] of [...SQUARE, [90, 70]]) click(tool, x, y);
  tool.act("drop-anchor");
  assert.ok(tool.act("commit"));
  assert.equal(mask.data.filter((bits) => bits === SCUFF).length, 400);
  assert.equal(tool.act("commit"), false);
  click(tool, 5, 5);
  assert.ok(tool.act("commit"));
  assert.equal(said.at(-1), "This outline encloses no pixel.");
});

test("a click on the first corner closes, Escape forgets", () => {
  const { tool, mask } = atBench();
  for (const [x, y] of SQUARE) click(tool, x, y);
  click(tool, 12, 11);
  assert.ok(mask.at(20, 20) === SCUFF);
  for (const [x, y] of SQUARE) click(tool, x + 40, y);
  assert.ok(tool.act("cancel"));
  assert.equal(tool.act("commit"), false);
  assert.equal(mask.at(60, 20), 0);
});

test("the right button takes the class out of the outline, Alt every class", () => {
  const { tool, mask } = atBench();
  mask.data.fill(SCUFF | FRACTURE);
  for (const [y, more] of [[0, {}], [40, { alt: true }]]) {
    tool.begin(at(10, y + 5, { erase: true, ...more }));
    tool.move([at(30, y + 5), at(30, y + 25), at(10, y + 25)]);
    tool.end(at(10, y + 25));
  }
  assert.deepEqual([mask.at(20, 15), mask.at(20, 55), mask.at(50, 15)], [FRACTURE, 0, SCUFF | FRACTURE]);
});

test("filling says what it filled, or that there is nothing to fill", () => {
  const { bench, mask, said } = atBench();
  changeComponent(bench, "fill", { x: 5, y: 5 });
  for (let y = 10; y < 20; y++) for (let x = 10; x < 20; x++) if (y % 9 === 1 || x % 9 === 1) mask.data[y * 100 + x] = SCUFF;
  changeComponent(bench, "fill", { x: 10, y: 12 });
  assert.equal(said.at(-1), "Filled 64 pixels.");
  changeComponent(bench, "fill", { x: 15, y: 15 });
  assert.equal(said.at(-1), "Nothing to fill: this component encloses nothing.");
  assert.equal(area(enclosed([{ x: 0, y: 0 }, { x: 2, y: 0 }, { x: 2, y: 2 }], 9, 9)), 3);
});

test("painting a defect takes Ignore away, ignoring takes defects, and undo brings both back", () => {
  const { tool, mask, editSession, settings } = atBench();
  mask.data.fill(IGNORE);
  tool.begin(at(10, 10));
  tool.move(SQUARE.map(([x, y]) => at(x, y)));
  tool.end(at(10, 30));
  assert.deepEqual([mask.at(20, 20), mask.at(50, 20)], [SCUFF, IGNORE]);
  settings.set({ bit: IGNORE });
  tool.begin(at(10, 10));
  tool.move([at(20, 10), at(20, 20), at(10, 20)]);
  tool.end(at(10, 20));
  assert.deepEqual([mask.at(15, 15), mask.at(25, 25)], [IGNORE, SCUFF]);
  editSession.undo();
  assert.equal(mask.at(15, 15), SCUFF);
  editSession.undo();
  assert.ok(mask.data.every((bits) => bits === IGNORE));
});
