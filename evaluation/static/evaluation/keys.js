// Keys and buttons of the voter's page: one table for both kinds of ballots.

/** @typedef {"flip" | "original" | "outlines"} Hold what shows while its key or button is held */
/**
 * @typedef {object} Desk what keys and buttons steer
 * @property {{flip: (on: boolean) => void, original: (on: boolean) => void, outlines: (on: boolean) => void, steer: (pressed: {key: string, shiftKey: boolean}) => boolean, step: (by: number) => void}} panels
 * @property {Record<string, () => unknown>} actions
 * @property {(outcome: string, why?: string[]) => unknown} vote
 * @property {HTMLDialogElement} skipDialog
 * @property {() => number} pictures of the ballot on the screen
 */

/** @type {Record<string, string>} */
const PAIR_KEYS = {
  ArrowLeft: "left", 1: "left", ArrowRight: "right", 2: "right",
  ArrowDown: "equal", x: "both_bad", q: "recognised",
};
/** @type {Record<string, string>} */
const MANY_KEYS = { x: "none", q: "recognised" };
/** @type {Record<string, string>} */
const ACTION_KEYS = { m: "mode", r: "real", z: "undo", s: "skip", "?": "help" };
/** @type {Record<string, Hold>} */
const HOLD_KEYS = { f: "flip", " ": "original", t: "outlines" };
/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

/** What a key votes for on a ballot of so many pictures. @param {string} key @param {number} pictures */
export function voteOf(key, pictures) {
  if (pictures === 2) return PAIR_KEYS[key];
  const place = Number(key);
  return place >= 1 && place <= pictures ? key : MANY_KEYS[key];
}

/** @param {HTMLElement} root @param {Desk} desk */
export function listen(root, desk) {
  /** @param {string} reason */
  function skipWith(reason) {
    desk.skipDialog.close();
    desk.vote("skip", [reason]);
  }

  root.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("button");
    if (!button) return;
    if (button.dataset.vote) desk.vote(button.dataset.vote);
    if (button.dataset.do) desk.actions[button.dataset.do]();
    if (button.dataset.skip) skipWith(button.dataset.skip);
    if ("close" in button.dataset) button.closest("dialog")?.close();
  });

  for (const button of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-hold]"))) {
    const hold = desk.panels[/** @type {Hold} */ (button.dataset.hold)];
    button.addEventListener("pointerdown", () => hold(true));
    for (const kind of ["pointerup", "pointerleave", "pointercancel", "blur"]) {
      button.addEventListener(kind, () => hold(false));
    }
  }

  document.addEventListener("keydown", (event) => {
    if (desk.skipDialog.open) {
      const choices = /** @type {NodeListOf<HTMLElement>} */ (desk.skipDialog.querySelectorAll("[data-skip]"));
      const reason = choices[Number(event.key) - 1]?.dataset.skip;
      if (reason) skipWith(reason);
      return;
    }
    if (typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (pressed(event)) event.preventDefault();
  });

  /** Whether the key meant something here. @param {KeyboardEvent} event */
  function pressed(event) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const pictures = desk.pictures();
    const outcome = voteOf(key, pictures);
    const reason = /** @type {HTMLInputElement | null} */ (root.querySelector(`[data-reason][data-key="${CSS.escape(key)}"]`));
    if (desk.panels.steer({ key, shiftKey: event.shiftKey })) return true;
    if (HOLD_KEYS[key]) desk.panels[HOLD_KEYS[key]](true);
    else if (event.repeat) return false;
    else if (ACTION_KEYS[key]) desk.actions[ACTION_KEYS[key]]();
    else if (outcome) desk.vote(outcome);
    else if (pictures > 2 && STEPS[key]) desk.panels.step(STEPS[key]);
    else if (reason) reason.click();
    else return false;
    return true;
  }

  document.addEventListener("keyup", (event) => {
    const held = HOLD_KEYS[event.key.toLowerCase()];
    if (!held) return;
    desk.panels[held](false);
    if (!typing(event)) event.preventDefault(); // Space would press the focused button
  });
  window.addEventListener("blur", () => {
    desk.panels.flip(false);
    desk.panels.original(false);
    desk.panels.outlines(false);
  });
}

/** Where letters are letters; a ticked reason takes keys like the page. @param {Event} event */
function typing(event) {
  const target = /** @type {Element} */ (event.target);
  return target.closest("input:not([type=checkbox]), textarea, select, dialog") !== null;
}
