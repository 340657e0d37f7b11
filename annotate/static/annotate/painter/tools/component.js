// Grow, shrink and fill the component under the pointer: what is left to correct is width.
import { componentAt, grown, holes, rim } from "../regions.js";

/**
 * @param {import("./bench.js").Bench} bench @param {"grow" | "shrink" | "fill"} action
 * @param {{x: number, y: number} | null} at image pixel
 */
export function changeComponent(bench, action, at) {
  const { bit } = bench.settings.values;
  const runs = at && componentAt(bench.mask, Math.floor(at.x), Math.floor(at.y), bit);
  if (!runs) return bench.say("Point at a component of the class in hand first.");
  const edit = bench.easel.begin(action === "shrink" ? { clear: bit } : { set: bit });
  edit.runs({ grow: grown, shrink: rim, fill: holes }[action](runs));
  const changed = bench.easel.commit(action, { bit });
  bench.say(changed ? `${{ grow: "Grown", shrink: "Shrunk", fill: "Filled" }[action]}.` : "Nothing to change.");
}
