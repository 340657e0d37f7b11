// Lasso: an outline drawn in one go is filled on release; corners set by clicks are filled by Enter.
import { paintRule } from "../document/mask.js";
import { enclosed } from "../document/polygon.js";
import { pixelsOf } from "./component.js";

/** @typedef {import("./bench.js").Touch} Touch */
/** @typedef {import("../document/polygon.js").Point} Point */

const CLICK = 4; // CSS px: what moves less is a click
const CLOSE = 9; // CSS px from the first corner that close the outline

/** @param {import("./bench.js").Bench} bench @returns {import("./bench.js").Tool} */
export function lassoTool(bench) {
  const { surface, settings, editSession, say } = bench;
  /** @type {Point[]} */
  let outline = [];
  /** How many of these are corners or ended earlier drags. */
  let settled = 0;
  /** @type {Touch | null} where it was pressed */
  let from = null;
  let dragged = false;
  /** @type {Point | null} */
  let pointer = null;
  let erase = false;
  let all = false;

  surface.guides.push((context, view) => {
    if (settings.values.tool !== "lasso" || !outline.length) return false;
    const ends = pointer && !from ? [...outline, pointer] : outline;
    const path = new Path2D();
    for (const { x, y } of ends) {
      const at = view.toScreen(x, y);
      path.lineTo(at.x, at.y);
    }
    path.closePath();
    context.fillStyle = erase ? "rgb(255 59 48 / 25%)" : "rgb(255 235 90 / 30%)";
    context.fill(path);
    for (const [colour, width] of /** @type {[string, number][]} */ ([["#000", 3.5], ["#fff", 1.5]])) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke(path);
    }
    return true;
  });

  function forget() {
    outline = [];
    settled = 0;
    from = null;
    erase = all = false;
    surface.redrawGuides();
  }

  function fill() {
    const { bit } = settings.values;
    const runs = enclosed(outline, bench.mask.width, bench.mask.height);
    const rule = erase ? { clear: all ? 255 : bit } : paintRule(bit);
    const label = erase ? "eraser" : "lasso";
    forget();
    if (editSession.locked) return;
    if (!runs.length) return say("This outline encloses no pixel.");
    editSession.begin(rule).runs(runs);
    const changed = editSession.commit(label, { bit, lasso: true });
    say(changed ? `${label === "lasso" ? "Filled" : "Erased"} ${pixelsOf(runs)} pixels.` : "Nothing to change inside this outline.");
  }

  /** @param {Touch} touch */
  function corner(touch) {
    settled = outline.length;
    const first = bench.view.toScreen(outline[0].x, outline[0].y);
    if (settled > 3 && Math.hypot(touch.x - first.x, touch.y - first.y) < CLOSE) return fill();
    if (settled === 1) say("First corner. Set more, then finish with Enter or a double click.");
    surface.redrawGuides();
  }

  return {
    cursor: "cross",
    usesAlt: true,
    begin(touch) {
      if (!outline.length) {
        erase = touch.erase;
        all = touch.alt;
      }
      from = touch;
      dragged = false;
      outline.push({ x: touch.ix, y: touch.iy });
      surface.redrawGuides();
    },
    move(touches) {
      if (!from) return;
      for (const touch of touches) {
        if (Math.hypot(touch.x - from.x, touch.y - from.y) >= CLICK) dragged = true;
        if (dragged) outline.push({ x: touch.ix, y: touch.iy });
      }
      surface.redrawGuides();
    },
    end(touch) {
      if (!from) return;
      from = null;
      if (dragged && settled === 0) fill();
      else corner(touch);
    },
    hover(touch) {
      pointer = touch && { x: touch.ix, y: touch.iy };
      if (outline.length) surface.redrawGuides();
    },
    twice: () => void (outline.length && fill()),
    act(action) {
      if (!outline.length) return false;
      if (action === "commit") fill();
      else if (action === "cancel") forget();
      else if (action === "drop-anchor" || action === "undo") {
        outline.length = Math.max(0, settled - 1);
        settled = outline.length;
        surface.redrawGuides();
      } else return false;
      return true;
    },
    cancel: forget,
    putAway: forget,
  };
}
