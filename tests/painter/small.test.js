// The clock, the merge and the hash: three small pure modules.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { ActiveClock } from "../../annotate/static/annotate/painter/clock.js";
import { mergeTile } from "../../annotate/static/annotate/painter/merge.js";
import { sha256 } from "../../annotate/static/annotate/painter/sha256.js";
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

test("a merge takes the side that changed and counts true clashes", () => {
  const base = Uint8Array.of(0, 0, 1, 1, 0, 1);
  const mine = Uint8Array.of(1, 0, 1, 0, 1, 4);
  const theirs = Uint8Array.of(0, 2, 1, 0, 2, 2);
  const kept = (choice) => [...mergeTile(base, mine, theirs, choice).merged];
  assert.equal(mergeTile(base, mine, theirs, "mine").clashes, 2);
  assert.deepEqual(kept("mine"), [1, 2, 1, 0, 1, 4]);
  assert.deepEqual(kept("theirs"), [1, 2, 1, 0, 2, 2]);
  assert.deepEqual(kept("both"), [1, 2, 1, 0, 3, 6]);
});

test("our SHA-256 is everyone's SHA-256", () => {
  const random = seeded(40);
  for (const size of [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1000, 70001]) {
    const bytes = Uint8Array.from({ length: size }, () => random() * 256);
    assert.equal(sha256(bytes), createHash("sha256").update(bytes).digest("hex"));
  }
});
