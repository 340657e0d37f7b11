// Review of a suggestion: look at each component once, accept it or reject it.
import { boxOf, runsOf } from "../document/components.js";
import { paintRule } from "../document/mask.js";

/** @typedef {import("../document/mask.js").Rect} Rect */
/** @typedef {import("../assist/suggestion.js").Verdict} Verdict */

const WORDS = { accepted: "accepted", rejected: "rejected" };

/** @param {import("./bench.js").Bench} bench @returns {import("./bench.js").Tool} */
export function reviewTool(bench) {
  /** @type {{x: number, y: number} | null} */
  let from = null;
  /** @type {Rect | null} */
  let box = null;
  bench.surface.guides.push((context, view) => {
    const { suggestion } = bench;
    if (!suggestion?.found || bench.settings.values.tool !== "review") return false;
    if (suggestion.current >= 0) frame(context, view, boxOf(suggestion.found, suggestion.current), 6, []);
    if (box) frame(context, view, box, 0, [6, 4]);
    return suggestion.current >= 0 || box !== null;
  });

  /** @param {1 | -1} direction */
  function go(direction) {
    const { suggestion } = bench;
    if (!suggestion?.found) return;
    const c = suggestion.step(direction);
    if (c < 0) return bench.say("No component is left to decide.");
    bench.view.show(boxOf(suggestion.found, c));
    bench.surface.redraw();
    bench.say(`${suggestion.found.areas[c]} pixels. ${left(suggestion.pending.length)}`);
  }

  /** @param {Verdict} verdict @param {number[]} chosen */
  function decide(verdict, chosen) {
    const { suggestion, editSession, settings } = bench;
    const found = suggestion?.found;
    if (!found || editSession.locked) return;
    if (!chosen.length) return bench.say("Choose a component first: press Tab.");
    const edit = editSession.begin(paintRule(settings.values.bit));
    if (verdict === "accepted") for (const c of chosen) edit.runs(runsOf(found, c));
    const after = suggestion.pending.indexOf(chosen[0]);
    const decisions = chosen.map((c) => [found.peaks[c], verdict]);
    editSession.commit("review", { decisions }, true);
    box = null;
    if (chosen.length === 1 && suggestion.pending.length) {
      suggestion.current = suggestion.pending[Math.min(after, suggestion.pending.length - 1)];
      bench.view.show(boxOf(/** @type {import("../document/components.js").Components} */ (suggestion.found), suggestion.current));
    }
    bench.surface.redraw();
    const subject = chosen.length === 1 ? "Component" : `${chosen.length} components`;
    bench.say(`${subject} ${WORDS[verdict]}. ${left(suggestion.pending.length)}`);
  }

  return {
    cursor: "cross",
    begin(touch) {
      from = { x: touch.ix, y: touch.iy };
      box = null;
    },
    move(touches) {
      const last = touches.at(-1);
      if (!from || !last) return;
      box = span(from, { x: last.ix, y: last.iy });
      bench.surface.redrawGuides();
    },
    end(touch) {
      const small = box && (box.x1 - box.x0) * bench.view.scale < 5 && (box.y1 - box.y0) * bench.view.scale < 5;
      if (!box || small) {
        box = null;
        const { suggestion } = bench;
        if (suggestion) suggestion.current = suggestion.at(Math.floor(touch.ix), Math.floor(touch.iy));
      } else bench.say(`${bench.suggestion?.inside(box).length ?? 0} components in the box.`);
      from = null;
      bench.surface.redrawGuides();
    },
    cancel() {
      from = box = null;
      bench.surface.redrawGuides();
    },
    putAway() {
      box = null;
      bench.surface.redrawGuides();
    },
    act(action) {
      const { suggestion } = bench;
      const current = suggestion && suggestion.current >= 0 ? [suggestion.current] : [];
      const boxed = suggestion && box ? suggestion.inside(box) : [];
      if (action === "next") go(1);
      else if (action === "previous") go(-1);
      else if (action === "accept") decide("accepted", current);
      else if (action === "reject") decide("rejected", current);
      else if (action === "accept-all") decide("accepted", boxed);
      else if (action === "reject-all") decide("rejected", boxed);
      else return false;
      return true;
    },
  };
}

/** @param {number} count */
function left(count) {
  return count === 1 ? "1 component left." : `${count} components left.`;
}

/** @param {{x: number, y: number}} a @param {{x: number, y: number}} b @returns {Rect} */
export function span(a, b) {
  return {
    x0: Math.min(a.x, b.x), y0: Math.min(a.y, b.y), x1: Math.max(a.x, b.x), y1: Math.max(a.y, b.y),
  };
}

/**
 * A box in black and white, so that it shows on any photo.
 * @param {CanvasRenderingContext2D} context @param {import("../../../viewer/viewport.js").Viewport} view
 * @param {Rect} box @param {number} air CSS pixels around @param {number[]} dash
 */
export function frame(context, view, box, air, dash) {
  const a = view.toScreen(box.x0, box.y0);
  const b = view.toScreen(box.x1, box.y1);
  for (const [colour, width] of /** @type {[string, number][]} */ ([["#000", 3.5], ["#fff", 1.5]])) {
    context.setLineDash(colour === "#fff" ? dash : []);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.strokeRect(a.x - air, a.y - air, b.x - a.x + 2 * air, b.y - a.y + 2 * air);
  }
  context.setLineDash([]);
}
