// Brush and eraser: capsules under the pointer, a straight line with Shift.
import { segment } from "../document/brush.js";
import { paintRule } from "../document/mask.js";
import { componentNear } from "../document/regions.js";

/** @typedef {import("./bench.js").Touch} Touch */

/** @param {import("./bench.js").Bench} bench @param {boolean} erasing @returns {import("./bench.js").Tool} */
export function brushTool(bench, erasing) {
  const label = erasing ? "eraser" : "brush";
  /** @type {{x: number, y: number} | null} where the last stroke ended */
  let last = null;
  let name = label;

  /** @param {Touch} touch @returns {import("../document/mask.js").Rule} */
  function ruleOf(touch) {
    const { bit, restore } = bench.settings.values;
    if (!erasing && !touch.erase) return paintRule(bit);
    const suggested = restore ? bench.suggestion?.asMask(bit) : null;
    return { clear: touch.alt ? 255 : bit, restore: suggested ?? null };
  }

  /** @param {{x: number, y: number}} from @param {Touch} to */
  function draw(from, to) {
    const { edit } = bench.editSession;
    if (!edit) return;
    const size = Math.max(1, bench.brushSize() * to.factor);
    segment(from.x, from.y, to.ix, to.iy, size, (y, x0, x1) => edit.span(y, x0, x1));
    last = { x: to.ix, y: to.iy };
  }

  /** @param {Touch} touch */
  function removeComponent(touch) {
    const bits = touch.alt ? 255 : bench.settings.values.bit;
    const runs = componentNear(bench.mask, Math.floor(touch.ix), Math.floor(touch.iy), bits);
    if (!runs) return bench.say("Nothing of this class here.");
    bench.editSession.begin({ clear: bits }).runs(runs);
    bench.editSession.commit("eraser", { component: true });
  }

  return {
    cursor: "ring",
    usesAlt: erasing,
    begin(touch) {
      if (touch.ctrl && erasing) return removeComponent(touch);
      name = touch.erase ? "eraser" : label;
      bench.editSession.begin(ruleOf(touch));
      draw(touch.shift && last ? last : { x: touch.ix, y: touch.iy }, touch);
      bench.editSession.show();
    },
    move(touches) {
      if (!last) return;
      for (const touch of touches) draw(last, touch);
      bench.editSession.show();
    },
    end() {
      const { bit, size } = bench.settings.values;
      bench.editSession.commit(name, { bit, size });
    },
    cancel() {
      bench.editSession.cancel();
    },
  };
}
