// Speck grow: click on a speck; drag before release takes more or less of it.
import { fillPreview, latest, outlineOf } from "./preview.js";

const SHARE = 0.45;

/** @param {import("./bench.js").Bench} bench @returns {import("./bench.js").Tool} */
export function speckTool(bench) {
  const { surface, settings } = bench;
  /** @type {import("./bench.js").Touch | null} where it was pressed */
  let from = null;
  /** @type {{runs: number[], shape: Path2D} | null} */
  let found = null;

  const growing = latest(
    (/** @type {object} */ wish) => /** @type {import("../calls.js").Caller} */ (bench.ridges).call("speck", wish),
    (/** @type {number[] | null} */ runs) => {
      found = runs && { runs, shape: outlineOf(runs) };
      surface.redrawGuides();
    });
  surface.guides.push((context, view) => {
    if (!found || !from) return false;
    fillPreview(context, view, found.shape, "rgb(255 235 90 / 65%)");
    return true;
  });

  /** @param {number} share */
  function want(share) {
    if (from) growing.want({ at: { x: from.ix, y: from.iy }, share });
  }

  return {
    cursor: "cross",
    begin(touch) {
      if (!bench.ridges) return bench.say("The speck tool is still reading the photo.");
      from = touch;
      found = null;
      want(SHARE);
    },
    move(touches) {
      const last = touches[touches.length - 1];
      if (!from || !last) return;
      // To the right takes more: pixels that differ less from their surroundings.
      want(Math.max(0.2, Math.min(0.8, SHARE * Math.exp((from.x - last.x) / 120))));
    },
    async end() {
      if (!from) return;
      await growing.settled();
      const runs = found?.runs;
      from = found = null;
      surface.redrawGuides();
      if (bench.easel.locked) return;
      if (!runs) return bench.say("This has no clear edge here. Use the brush.");
      const { bit } = settings.values;
      bench.easel.begin({ set: bit }).runs(runs);
      bench.easel.commit("speck", { bit });
    },
    cancel() {
      growing.forget();
      from = found = null;
      surface.redrawGuides();
    },
  };
}
