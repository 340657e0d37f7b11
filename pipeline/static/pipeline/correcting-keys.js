// The light painter's keys: tools, size, zoom, undo, and a brush that the arrow keys move.

import { block } from "../annotate/painter/ui/page.js";

/**
 * @typedef {object} Painter
 * @property {import("../annotate/painter/document/edit_session.js").EditSession} editSession
 * @property {import("../annotate/painter/view/cursor.js").Cursor} cursor
 * @property {(at: {x: number, y: number}) => void} begin @property {(at: {x: number, y: number}) => void} draw
 * @property {() => void} end @property {(step: number) => void} zoom @property {(steps: number) => void} resize
 */

const ARROWS = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
});
const TOOLS = /** @type {Record<string, string>} */ ({ b: "paint", e: "wipe", m: "move" });

/** @param {Painter} painter */
export function bindKeys({ editSession, cursor, begin, draw, end, zoom, resize }) {
  const stage = block("stage");
  let painting = false;

  const move = (/** @type {KeyboardEvent} */ event, /** @type {[number, number]} */ [dx, dy]) => {
    const step = (event.shiftKey ? 40 : 8) / cursor.surface.view.scale;
    const at = cursor.nudge(Math.ceil(step) * dx, Math.ceil(step) * dy);
    if (painting) draw(at);
  };

  const press = (/** @type {KeyboardEvent} */ event) => {
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if (key === "z") return void (event.shiftKey ? editSession.redo() : editSession.undo());
      return key === "y" ? void editSession.redo() : false;
    }
    if (TOOLS[key]) choose(TOOLS[key]);
    else if (key === "[") resize(-2);
    else if (key === "]") resize(2);
    else if (key === "0") zoom(0);
    else if (key === "+" || key === "=") zoom(1);
    else if (key === "-") zoom(-1);
    else return false;
  };

  document.addEventListener("keydown", (event) => {
    if (event.altKey || isField(event.target)) return;
    if (press(event) !== false) event.preventDefault();
  });
  stage.addEventListener("keydown", (event) => {
    if (ARROWS[event.key]) move(event, ARROWS[event.key]);
    else if (event.key === " " && !painting && !editSession.locked) {
      painting = true;
      begin(cursor.nudge(0, 0));
    } else if (event.key !== " ") return;
    event.preventDefault();
  });
  const lift = () => {
    if (painting) end();
    painting = false;
  };
  stage.addEventListener("keyup", (event) => event.key === " " && lift());
  stage.addEventListener("blur", lift);
}

/** @param {string} tool */
function choose(tool) {
  const radio = /** @type {HTMLInputElement | null} */ (document.querySelector(`[name=tool][value=${tool}]`));
  if (radio) radio.checked = true;
}

/** @param {EventTarget | null} target */
function isField(target) {
  return target instanceof HTMLElement && target.matches("select, textarea, input:not([type=radio])");
}
