// What every key and button does: one function each, so that a key and its button never differ.
import { drawingActions } from "./drawing_actions.js";
import { resetView } from "./panel.js";

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
  const { view, surface, settings, say } = bench;
  /** @param {string} action */
  const byReview = (action) => () => {
    const walk = { next: 1, previous: -1 }[action];
    const left = settings.suggests ? (bench.suggestion?.pending.length ?? 0) : 0;
    if (walk && !left && marks.step(/** @type {1 | -1} */ (walk))) return true;
    if (!bench.suggestion || !settings.suggests) return false; // Tab then goes on through the page
    settings.set({ tool: "review" });
    return tool().act?.(action);
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
    ...drawingActions(bench, cursor),
    review: () => bench.suggestion && settings.set({ tool: "review" }),
    "class-128": () => settings.set({ bit: 128 }),
    submit: () => void submission.submit(), skip: () => void submission.skip(),
    next: byReview("next"), previous: byReview("previous"),
    accept: byReview("accept"), reject: byReview("reject"),
    "accept-all": byReview("accept-all"), "reject-all": byReview("reject-all"),
    "reset-view": () => resetView(settings), unseen, help,
  };
}
