import assert from "node:assert/strict";
import { before, test } from "node:test";
import { label } from "../../annotate/static/annotate/painter/document/components.js";
import { Mask } from "../../annotate/static/annotate/painter/document/mask.js";
import { actionOf, printed, SHORTCUTS } from "../../annotate/static/annotate/painter/ui/shortcuts.js";
import { Suggestion } from "../../annotate/static/annotate/painter/assist/suggestion.js";

const [W, H] = [60, 40];

/** Three blobs: a large sure one, a middling one, a speck below the size filter. */
function probability() {
  const map = new Uint8Array(W * H).fill(10);
  const blob = (x0, y0, w, h, p) => {
    for (let y = y0; y < y0 + h; y++) map.fill(p, y * W + x0, y * W + x0 + w);
  };
  blob(2, 2, 20, 4, 240);
  blob(30, 10, 8, 5, 160);
  blob(50, 30, 2, 2, 250);
  map[3 * W + 5] = 255;
  return map;
}

let suggestion;
before(async () => {
  suggestion = new Suggestion(new Mask(W, H), probability(), 128, 20, async (t) => label(probability(), W, H, t));
  await suggestion.setThreshold(128);
});

const shown = () => suggestion.pyramid.levels[0].data.filter((p) => p >= suggestion.threshold).length;

test("the size filter hides what is small, the rest waits, largest first", () => {
  assert.equal(suggestion.visible, 2);
  assert.equal(suggestion.pixels, 120);
  assert.deepEqual(suggestion.pending.map((c) => suggestion.found.areas[c]), [80, 40]);
  assert.equal(shown(), 120);
});

test("stepping goes round, a click finds what is under it", () => {
  assert.equal(suggestion.step(1), 0);
  assert.equal(suggestion.step(1), 1);
  assert.equal(suggestion.step(1), 0);
  assert.equal(suggestion.step(-1), 1);
  assert.equal(suggestion.at(3, 3), 0);
  assert.equal(suggestion.at(45, 35), -1);
  assert.deepEqual(suggestion.inside({ x0: 25, y0: 0, x1: 60, y1: 40 }), [1]);
});

test("a decision follows the peak when the threshold moves, and can be taken back", async () => {
  const decision = [[3 * W + 5, "rejected"]];
  suggestion.decide(decision, true);
  assert.equal(suggestion.pending.length, 1);
  assert.equal(shown(), 40);
  await suggestion.setThreshold(200);
  assert.equal(suggestion.visible, 1);
  assert.equal(suggestion.pending.length, 0);
  await suggestion.setThreshold(128);
  suggestion.decide(decision, false);
  assert.equal(suggestion.pending.length, 2);
  assert.equal(shown(), 120);
});

test("what is painted already needs no decision", () => {
  suggestion.mask.data.fill(1, 0, 8 * W);
  suggestion.sort();
  assert.deepEqual(suggestion.pending.map((c) => suggestion.found.areas[c]), [40]);
  suggestion.mask.data.fill(0);
  suggestion.sort();
});

test("the restoring eraser gets the suggestion at its threshold as class bits", () => {
  const bits = suggestion.asMask(4);
  assert.equal(bits.filter((b) => b === 4).length, 124);
  assert.equal(suggestion.asMask(4), bits);
  assert.notEqual(suggestion.asMask(2), bits);
});

const press = (key, extra = {}) => actionOf({
  key, code: "", ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...extra,
});

test("keys go by the printed character, brackets also by place", () => {
  assert.equal(press("b"), "brush");
  assert.equal(press("B", { shiftKey: true }), null);
  assert.equal(press("G", { shiftKey: true }), "shrink");
  assert.equal(press("?", { shiftKey: true }), "help");
  assert.equal(press("z", { ctrlKey: true }), "undo");
  assert.equal(press("Z", { metaKey: true, shiftKey: true }), "redo");
  assert.equal(press("Tab", { shiftKey: true }), "previous");
  assert.equal(press("ü", { code: "BracketLeft" }), "smaller");
  assert.equal(press("b", { altKey: true }), null);
});

test("no key does two things, and every key can be printed", () => {
  const keys = SHORTCUTS.flatMap((s) => s.keys);
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(new Set(SHORTCUTS.map((s) => s.id)).size, SHORTCUTS.length);
  assert.ok(keys.every((key) => printed(key).length > 0));
});
