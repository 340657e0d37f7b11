// What every key and button does: one function each, so that a key and its button never differ.
import { resetView } from "./panel.js";
import { changeComponent } from "../tools/component.js";

/** @typedef {import("../tools/bench.js").Bench} Bench */

/**
 * @typedef {object} Hands
 * @property {Bench} bench
 * @property {() => import("../tools/bench.js").Tool} tool in hand
 * @property {import("../view/cursor.js").Cursor} cursor
 * @property {import("../sync/submission.js").Submission} submission
 * @property {import("../view/coverage.js").Coverage} coverage
 * @property {import("./marks.js").Marks} marks
 * @property {() => void} help
 */

/** @param {Hands} hands @returns {Record<string, () => unknown>} by the id of shortcuts.js; false: the key was not used */
export function makeActions({ bench, tool, cursor, submission, coverage, marks, help }) {
  const { editSession, view, surface, settings, say } = bench;
  /** @param {() => void} change */
  const looking = (change) => () => {
    change();
    surface.redraw();
  };
  /** @param {string} name */
  const pick = (name) => () => settings.set({ tool: name });
  /** @param {number} bit */
  const paintAs = (bit) => () => settings.set({ bit });
  /** @param {"outline" | "invert" | "magnify" | "constant" | "local" | "stretch" | "ridges"} key */
  const toggle = (key) => () => settings.set({ [key]: !settings.values[key] });
  /** @param {"grow" | "shrink" | "fill"} how */
  const component = (how) => () => changeComponent(bench, how, cursor.at);
  /** @param {string} action */
  const byReview = (action) => () => {
    const walk = { next: 1, previous: -1 }[action];
    const left = settings.suggests ? (bench.suggestion?.pending.length ?? 0) : 0;
    if (walk && !left && marks.step(/** @type {1 | -1} */ (walk))) return true;
    if (!bench.suggestion || !settings.suggests) return false; // Tab then goes on through the page
    pick("review")();
    return tool().act?.(action);
  };

  /** @param {"undo" | "redo"} way */
  const step = (way) => () => {
    if (editSession.edit) return;
    const operation = editSession[way]();
    if (!operation && editSession.history.reading) return say("The earlier steps are still being read. Try again.");
    say(operation ? `${way === "undo" ? "Undone" : "Done again"}: ${operation.label}.` : `Nothing to ${way}.`);
  };

  /** The way out of the photo by keyboard, since Tab may belong to the review. */
  const leave = () => {
    const held = document.querySelector("#rail [aria-pressed='true']");
    if (held instanceof HTMLElement) held.focus();
  };

  function unseen() {
    const { x, y } = view.toImage(view.width / 2, view.height / 2);
    const next = coverage.next(x, y);
    if (next < 0) return say("Every part was seen.");
    const box = coverage.rect(next);
    view.scale = Math.max(1, Math.min(view.width / (box.x1 - box.x0), view.height / (box.y1 - box.y0)));
    view.centre((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2);
    surface.redraw();
    say(`${coverage.left} parts not seen yet.`);
  }

  return {
    brush: pick("brush"), eraser: pick("eraser"), tracer: pick("tracer"), speck: pick("speck"), lasso: pick("lasso"),
    review: () => bench.suggestion && pick("review")(),
    "class-1": paintAs(1), "class-2": paintAs(2), "class-4": paintAs(4), "class-128": paintAs(128),
    smaller: () => settings.resize(-1), larger: () => settings.resize(1),
    grow: component("grow"), shrink: component("shrink"), fill: component("fill"),
    undo: step("undo"), redo: step("redo"),
    submit: () => void submission.submit(), skip: () => void submission.skip(),
    "zoom-in": looking(() => view.step(1)), "zoom-out": looking(() => view.step(-1)),
    "zoom-fit": looking(() => view.fit()), "zoom-actual": looking(() => view.zoomTo(1)),
    stretch: toggle("stretch"), local: toggle("local"), ridges: toggle("ridges"),
    outline: toggle("outline"), invert: toggle("invert"), magnifier: toggle("magnify"),
    "fixed-width": toggle("constant"),
    next: byReview("next"), previous: byReview("previous"),
    accept: byReview("accept"), reject: byReview("reject"),
    "accept-all": byReview("accept-all"), "reject-all": byReview("reject-all"),
    "reset-view": () => resetView(settings), unseen, help, cancel: leave,
  };
}
