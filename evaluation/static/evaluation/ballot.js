// The voter's page: fetch a ballot, show it, cast a vote with one key, take it back.

import { required, requiredPart } from "./page.js";
import { attachPanels } from "./panels.js";

/** @typedef {import("./panels.js").Ballot} Ballot */
/** @typedef {"flip" | "original"} Hold what shows while its key or button is held */

const LEAST_VIEW = 1000; // ms that both pictures must be visible before a vote counts
const UNDO = 10_000;
/** @type {Record<string, string>} */
const VOTE_KEYS = {
  ArrowLeft: "left", 1: "left", ArrowRight: "right", 2: "right",
  ArrowDown: "equal", x: "both_bad", q: "recognised",
};

const root = required(document, ".ballot", HTMLElement);
const addresses = /** @type {Record<"next" | "votes" | "undo", string>} */ (root.dataset);
const buttons = /** @type {HTMLButtonElement[]} */ ([...root.querySelectorAll('[data-vote], [data-do="skip"]')]);
const undoButton = required(root, '[data-do="undo"]', HTMLButtonElement);
const panels = attachPanels(root);

/** @type {Ballot | null} */
let ballot = null;
let shownAt = 0;
let busy = true;
/** @type {string | null} token of the vote that can still be taken back */
let last = null;
let undoTimer = 0;
let openTimer = 0;

/** @param {string} address @param {object} [body] @returns {Promise<unknown>} */
async function post(address, body) {
  /** @type {Record<string, string>} */
  const headers = { "X-CSRFToken": csrf(), Accept: "application/json" };
  if (body) headers["Content-Type"] = "application/json";
  const answer = await fetch(address, {
    method: "POST", headers, credentials: "same-origin",
    body: body ? JSON.stringify(body) : undefined,
  });
  if (answer.status === 204) return null;
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(data.detail ?? "That did not work. Please reload the page.");
  return data;
}

/** @returns {string} */
function csrf() {
  return JSON.parse(/** @type {string} */ (document.body.getAttribute("hx-headers")))["X-CSRFToken"];
}

/** @param {string} text @param {string} [kind] */
function say(text, kind = "") {
  const notice = requiredPart(root, "notice", HTMLElement);
  notice.textContent = text;
  notice.className = `message ${kind}`;
  notice.hidden = text === "";
}

/** @param {boolean} open */
function setVoting(open) {
  busy = !open;
  for (const button of buttons) button.disabled = !open;
}

async function next() {
  setVoting(false);
  clearTimeout(openTimer);
  panels.clear();
  ballot = null;
  const fresh = /** @type {Ballot} */ (await post(addresses.next));
  await panels.reveal(fresh);
  ballot = fresh;
  shownAt = performance.now();
  count(fresh.cast);
  requiredPart(root, "progress", HTMLProgressElement).value = fresh.progress;
  openTimer = setTimeout(() => setVoting(true), LEAST_VIEW);
}

/** @param {number} votes */
function count(votes) {
  requiredPart(root, "count", HTMLElement).textContent = `You have cast ${votes} vote${votes === 1 ? "" : "s"}.`;
}

function ticked() {
  return /** @type {HTMLInputElement[]} */ ([...root.querySelectorAll("[data-reason]:checked")]);
}

function reasons() {
  return ticked().map((box) => box.value);
}

/** @param {string} outcome @param {string[]} [why] */
async function vote(outcome, why = reasons()) {
  if (busy || ballot === null) return;
  setVoting(false);
  const seconds = Math.round(performance.now() - shownAt) / 1000;
  const { token } = ballot;
  await guarded(async () => {
    const answer = await post(addresses.votes.replace("TOKEN", token), {
      outcome, seconds, reasons: why,
    });
    const { cast } = /** @type {{cast: number}} */ (answer);
    for (const box of ticked()) box.checked = false;
    count(cast);
    say("");
    offerUndo(token);
    await next();
  });
}

/** @param {string | null} token */
function offerUndo(token) {
  last = token;
  undoButton.hidden = token === null;
  clearTimeout(undoTimer);
  if (token !== null) undoTimer = setTimeout(() => offerUndo(null), UNDO);
}

async function undo() {
  if (last === null) return;
  const token = last;
  offerUndo(null);
  await guarded(async () => {
    await post(addresses.undo.replace("TOKEN", token));
    await next();
    say("Your last vote is taken back: here is the same pair again.");
  });
}

/**
 * Shows what went wrong in a sentence; a study that has ended keeps the page still.
 * @param {() => Promise<void>} work
 */
async function guarded(work) {
  try {
    await work();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error), "warning");
    if (ballot !== null) setVoting(true);
  }
}

const dialogs = {
  skip: requiredPart(root, "skip", HTMLDialogElement),
  help: requiredPart(root, "help", HTMLDialogElement),
};
/** @type {Record<string, () => unknown>} */
const actions = {
  mode: panels.nextMode,
  fit: panels.fit,
  real: panels.real,
  undo,
  "zoom-in": () => panels.zoomBy(1.5),
  "zoom-out": () => panels.zoomBy(1 / 1.5),
  help: () => dialogs.help.showModal(),
  skip: () => {
    if (!busy) dialogs.skip.showModal();
  },
};
/** @type {Record<string, string>} */
const ACTION_KEYS = { m: "mode", 0: "fit", r: "real", z: "undo", s: "skip", "?": "help" };
Object.assign(ACTION_KEYS, { "+": "zoom-in", "=": "zoom-in", "-": "zoom-out" });
/** @type {Record<string, Hold>} */
const HOLD_KEYS = { f: "flip", " ": "original" };
/** @type {Record<string, [number, number]>} */
const MOVES = {
  ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1],
};

/** @param {string} reason */
function skipWith(reason) {
  dialogs.skip.close();
  vote("skip", [reason]);
}

root.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("button");
  if (!button) return;
  if (button.dataset.vote) vote(button.dataset.vote);
  if (button.dataset.do) actions[button.dataset.do]();
  if (button.dataset.skip) skipWith(button.dataset.skip);
  if ("close" in button.dataset) button.closest("dialog")?.close();
});

for (const button of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-hold]"))) {
  const hold = panels[/** @type {Hold} */ (button.dataset.hold)];
  button.addEventListener("pointerdown", () => hold(true));
  for (const kind of ["pointerup", "pointerleave", "pointercancel", "blur"]) {
    button.addEventListener(kind, () => hold(false));
  }
}

/** @param {Event} event */
function typing(event) {
  return /** @type {Element} */ (event.target).closest("input, textarea, select, summary, dialog") !== null;
}

document.addEventListener("keydown", (event) => {
  if (dialogs.skip.open) {
    const choices = /** @type {NodeListOf<HTMLElement>} */ (dialogs.skip.querySelectorAll("[data-skip]"));
    const reason = choices[Number(event.key) - 1]?.dataset.skip;
    if (reason) skipWith(reason);
    return;
  }
  if (typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.shiftKey && MOVES[key]) panels.move(...MOVES[key]);
  else if (HOLD_KEYS[key]) panels[HOLD_KEYS[key]](true);
  else if (event.repeat) return;
  else if (ACTION_KEYS[key]) actions[ACTION_KEYS[key]]();
  else if (VOTE_KEYS[key]) vote(VOTE_KEYS[key]);
  else return;
  event.preventDefault();
});

document.addEventListener("keyup", (event) => {
  const held = HOLD_KEYS[event.key.toLowerCase()];
  if (!held) return;
  panels[held](false);
  if (!typing(event)) event.preventDefault(); // Space would press the focused button
});
window.addEventListener("blur", () => {
  panels.flip(false);
  panels.original(false);
});

guarded(next);
