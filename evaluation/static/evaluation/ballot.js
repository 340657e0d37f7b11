// The voter's page: fetch a ballot, show it, cast a vote with one key, take it back.

import { listen } from "./keys.js";
import { required, requiredPart } from "./page.js";
import { attachPanels } from "./panels.js";
import { bundle, keepOnly } from "./pictures.js";
import { post, SaidNo } from "./server.js";

/** @typedef {import("./pictures.js").Ballot} Ballot */
/** @typedef {{right: boolean, text: string, summary: string}} Feedback */

const LEAST_VIEW = 1000; // ms that all pictures must be visible before a vote counts
const UNDO = 10_000;
const LESSONS = 8;

const root = required(document, ".ballot", HTMLElement);
const addresses = /** @type {Record<"next" | "ahead" | "votes" | "undo", string>} */ (root.dataset);
const undoButton = required(root, '[data-do="undo"]', HTMLButtonElement);
const lesson = requiredPart(root, "lesson", HTMLElement);
const toolsButton = required(root, '[data-do="tools"]', HTMLButtonElement);
const panels = attachPanels(root);

/** @type {Ballot | null} */
let ballot = null;
let shownAt = 0;
let away = 0; // how often the page lost the focus since
let busy = true;
/** @type {string | null} token of the vote that can still be taken back */
let last = null;
let undoTimer = 0;
let openTimer = 0;

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
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (
    root.querySelectorAll('[data-vote], [data-do="skip"]')
  );
  for (const button of buttons) button.disabled = !open;
}

async function next() {
  setVoting(false);
  clearTimeout(openTimer);
  lesson.hidden = true;
  panels.clear();
  ballot = null;
  delete root.dataset.over;
  const fresh = /** @type {Ballot} */ (await post(addresses.next));
  const pictures = await bundle(fresh);
  offer(fresh);
  await panels.reveal(fresh, pictures);
  root.scrollIntoView({ block: "start" }); // whoever read the reasons below is back at the pictures
  ballot = fresh;
  shownAt = performance.now();
  away = 0;
  count(fresh);
  openTimer = setTimeout(() => setVoting(true), LEAST_VIEW);
  fetchAhead(fresh).catch(() => {}); // a later ballot is only fetched sooner: never an error
}

// The next pictures come while the voter looks at these.
/** @param {Ballot} now */
async function fetchAhead(now) {
  const coming = /** @type {Ballot | null} */ (await post(addresses.ahead));
  keepOnly([now.token, ...(coming ? [coming.token] : [])]);
  if (coming) await bundle(coming);
}

/** The choices that fit this ballot. @param {Ballot} fresh */
function offer(fresh) {
  const pair = fresh.images.length === 2;
  requiredPart(root, "pair", HTMLElement).hidden = !pair;
  requiredPart(root, "many", HTMLElement).hidden = pair;
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-place]"))) {
    button.hidden = Number(button.dataset.place) > fresh.images.length;
  }
}

/** @param {Ballot} fresh */
function count({ cast, progress, lesson: number }) {
  const votes = `You have cast ${cast} vote${cast === 1 ? "" : "s"}.`;
  const practice = `Practice ${number} of ${LESSONS}: one picture is a spoilt copy of the other. Choose the better one.`;
  requiredPart(root, "count", HTMLElement).textContent = number ? practice : votes;
  requiredPart(root, "progress", HTMLProgressElement).value = progress;
}

function ticked() {
  return /** @type {HTMLInputElement[]} */ ([...root.querySelectorAll("[data-reason]:checked")]);
}

/** @param {string} outcome @param {string[]} [why] */
async function vote(outcome, why = ticked().map((box) => box.value)) {
  if (busy || ballot === null) return;
  setVoting(false);
  const seconds = Math.round(performance.now() - shownAt) / 1000;
  const screen = {
    width: innerWidth, height: innerHeight, ratio: devicePixelRatio, mode: panels.mode(), away,
  };
  const now = ballot;
  await guarded(async () => {
    const answer = await post(addresses.votes.replace("TOKEN", now.token), {
      outcome, seconds, reasons: why, screen,
    });
    const { cast, feedback } = /** @type {{cast: number, feedback: Feedback | null}} */ (answer);
    for (const box of ticked()) box.checked = false;
    say("");
    if (feedback) return teach(feedback);
    count({ ...now, cast });
    offerUndo(now.token);
    await next();
  });
}

/** Practice: the answer stays beside the pictures until the voter goes on. @param {Feedback} feedback */
function teach({ right, text, summary }) {
  requiredPart(lesson, "lesson-text", HTMLElement).textContent = [text, summary].join(" ");
  lesson.className = `message lesson ${right ? "success" : "warning"}`;
  lesson.hidden = false;
  required(lesson, "button", HTMLButtonElement).focus();
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
    say("Your last vote is taken back: here is the same ballot again.");
  });
}

/**
 * Shows what went wrong in a sentence; a study that has ended keeps the page still.
 * @param {() => Promise<void> | void} work
 */
async function guarded(work) {
  try {
    await work();
  } catch (error) {
    const over = ballot === null && error instanceof SaidNo; // no more to show: not a fault
    say(error instanceof Error ? error.message : String(error), over ? "" : "warning");
    if (over) root.dataset.over = "";
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
  next: () => guarded(next),
  tools: () => {
    const open = toolsButton.getAttribute("aria-expanded") === "true";
    toolsButton.setAttribute("aria-expanded", String(!open));
  },
  "zoom-in": () => panels.zoom(1),
  "zoom-out": () => panels.zoom(-1),
  help: () => dialogs.help.showModal(),
  skip: () => {
    if (!busy) dialogs.skip.showModal();
  },
};

listen(root, {
  panels,
  actions,
  vote,
  skipDialog: dialogs.skip,
  pictures: () => ballot?.images.length ?? 2,
});
window.addEventListener("blur", () => (away += 1));

guarded(next);
