// Grow, shrink and fill the component under the pointer: what is left to correct is width.
import { paintRule } from "../document/mask.js";
import { componentAt, grown, holes, rim } from "../document/regions.js";

const CHANGE = { grow: grown, shrink: rim, fill: holes };
const NOTHING = { grow: "Nothing to grow.", shrink: "Nothing to shrink.", fill: "Nothing to fill: this component encloses nothing." };

/**
 * @param {import("./bench.js").Bench} bench @param {"grow" | "shrink" | "fill"} action
 * @param {{x: number, y: number} | null} at image pixel
 */
export function changeComponent(bench, action, at) {
  const { bit } = bench.settings.values;
  const runs = at && componentAt(bench.mask, Math.floor(at.x), Math.floor(at.y), bit);
  if (!runs) return bench.say("Point at a component of the class in hand first.");
  const change = CHANGE[action](runs);
  bench.editSession.begin(action === "shrink" ? { clear: bit } : paintRule(bit)).runs(change);
  const changed = bench.editSession.commit(action, { bit });
  if (!changed) return bench.say(NOTHING[action]);
  const done = { grow: "Grown by a pixel.", shrink: "Shrunk by a pixel.", fill: `Filled ${pixelsOf(change)} pixels.` };
  bench.say(done[action]);
}

/** @param {number[]} runs @returns {number} pixels of runs that do not overlap */
export function pixelsOf(runs) {
  let sum = 0;
  for (let i = 0; i < runs.length; i += 3) sum += runs[i + 2] - runs[i + 1];
  return sum;
}
