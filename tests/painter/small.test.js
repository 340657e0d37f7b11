// The clock, the merge, the settings and the hash: small pure modules.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { ActiveClock } from "../../annotate/static/annotate/painter/sync/active_clock.js";
import { mergeTile } from "../../annotate/static/annotate/painter/sync/merge.js";
import { Settings, clampSize, sizeAt, stepOf } from "../../annotate/static/annotate/painter/ui/settings.js";
import { sha256 } from "../../annotate/static/annotate/painter/document/sha256.js";
import { seeded } from "./random.js";

test("pauses over 20 s and hidden tabs do not count", () => {
  const clock = new ActiveClock(5);
  for (const now of [100, 110, 129, 150, 155]) clock.note(now, "brush");
  clock.pause();
  clock.note(160, "eraser");
  clock.note(162, "eraser");
  clock.count("brush");
  assert.equal(clock.seconds, 5 + 10 + 19 + 5 + 2);
  assert.deepEqual(clock.tools, { brush: { actions: 1, seconds: 34 }, eraser: { actions: 0, seconds: 2 } });
});

test("a merge takes the side that changed and counts true conflicts", () => {
  const base = Uint8Array.of(0, 0, 1, 1, 0, 1);
  const mine = Uint8Array.of(1, 0, 1, 0, 1, 4);
  const theirs = Uint8Array.of(0, 2, 1, 0, 2, 2);
  const kept = (choice) => [...mergeTile(base, mine, theirs, choice).merged];
  assert.equal(mergeTile(base, mine, theirs, "mine").conflicts, 2);
  assert.deepEqual(kept("mine"), [1, 2, 1, 0, 1, 4]);
  assert.deepEqual(kept("theirs"), [1, 2, 1, 0, 2, 2]);
  assert.deepEqual(kept("both"), [1, 2, 1, 0, 3, 6]);
});

test("where one side painted a defect and the other ignored, both means the defect", () => {
  const { merged } = mergeTile(Uint8Array.of(0, 0, 1), Uint8Array.of(1, 128, 128), Uint8Array.of(128, 130, 2), "both");
  assert.deepEqual([...merged], [1, 2, 2]);
});

test("the brush grows and shrinks pixel by pixel up to 12 px, and the slider has a step for each", () => {
  const settings = new Settings(null);
  settings.set({ size: 1 });
  const sizes = Array.from({ length: 14 }, () => (settings.resize(1), settings.values.size));
  assert.deepEqual(sizes, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 17]);
  for (let k = 0; k < 14; k++) settings.resize(-1);
  assert.equal(settings.values.size, 1);
  for (let size = 1; size <= 12; size++) assert.equal(sizeAt(stepOf(size)), size);
  const steps = Array.from({ length: 100 }, (_, i) => sizeAt(i + 1));
  assert.ok(steps.every((size, i) => i === 0 || size > steps[i - 1]));
  assert.deepEqual([steps[0], steps[99], clampSize(Number.NaN)], [1, 400, 1]);
});

test("a suggestion shows by its network's record until a person says otherwise", () => {
  const settings = new Settings(null);
  assert.equal(settings.suggests, false);
  settings.proven = true;
  assert.equal(settings.suggests, true);
  settings.set({ suggestion: "hidden" });
  assert.equal(settings.suggests, false);
  settings.proven = false;
  settings.set({ suggestion: "shown" });
  assert.equal(settings.suggests, true);
});

test("our SHA-256 is everyone's SHA-256", () => {
  const random = seeded(40);
  for (const size of [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1000, 70001]) {
    const bytes = Uint8Array.from({ length: size }, () => random() * 256);
    assert.equal(sha256(bytes), createHash("sha256").update(bytes).digest("hex"));
  }
});
