// The upload form: drop, paste, photograph or choose; every file has its own line and its own
// sending. Without script it is a plain form.

import { Chosen } from "./chosen.js";
import { problemOf } from "./limits.js";
import { UploadRefused, uploadResumable } from "./resumable.js";

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-upload]"));
if (form) attach(form);

/** @param {HTMLFormElement} form */
function attach(form) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (form.querySelector(`[data-${name}]`));
  const drop = part("drop");
  const list = part("chosen");
  const submit = /** @type {HTMLButtonElement} */ (part("send"));
  const limits = { megabytes: Number(form.dataset.megabytes), most: Number(form.dataset.most) };
  /** @type {Chosen[]} */
  let chosen = [];

  const ready = () => {
    const waiting = chosen.filter(({ state }) => state === "waiting").length;
    submit.disabled = !waiting;
    submit.textContent = waiting > 1 ? `Restore ${waiting} photographs` : "Restore";
  };

  /** @param {Iterable<File>} files */
  const add = (files) => {
    for (const file of files) {
      const full = chosen.filter(({ state }) => state === "waiting").length >= limits.most;
      const problem = full ? `Send at most ${limits.most} photographs at once.` : problemOf(file, limits);
      const line = new Chosen(file, problem, (gone) => {
        chosen = chosen.filter((each) => each !== gone);
        ready();
      });
      line.again.addEventListener("click", () => void sendOne(line, form).finally(ready));
      chosen.push(line);
      list.append(line.element);
    }
    ready();
    if (!submit.disabled) submit.scrollIntoView({ block: "nearest" }); // on a phone it lies below the window
  };

  for (const input of form.querySelectorAll("input[type=file]")) {
    const field = /** @type {HTMLInputElement} */ (input);
    field.required = false;
    field.addEventListener("change", () => {
      add(field.files ?? []);
      field.value = "";
    });
  }
  const over = (/** @type {boolean} */ yes) => drop.classList.toggle("over", yes);
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      event.preventDefault();
      over(name === "dragenter" || name === "dragover");
      if (name === "drop") add(/** @type {DragEvent} */ (event).dataTransfer?.files ?? []);
    });
  }
  document.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files;
    if (files?.length) add(files);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit.disabled = true;
    void sendAll(chosen, form).finally(ready);
  });
  form.classList.add("scripted");
  ready();
}

/** One after the other: a line is filled better by one. @param {Chosen[]} chosen @param {HTMLFormElement} form */
async function sendAll(chosen, form) {
  const alone = chosen.length === 1;
  for (const line of [...chosen]) {
    if (line.state !== "waiting") continue;
    await sendOne(line, form);
    if (!alone && line.page && document.getElementById("sent")) line.gone(); // the list below has it now
  }
  if (alone && chosen[0].page) location.assign(chosen[0].page);
  else document.body.dispatchEvent(new CustomEvent("all-sent"));
}

/** @param {Chosen} line @param {HTMLFormElement} form */
async function sendOne(line, form) {
  const stop = new AbortController();
  line.cancel = () => stop.abort();
  line.state = "sending";
  line.show("Sending…");
  try {
    const { page } = await uploadResumable(line.file, {
      choices: choicesOf(form),
      signal: stop.signal,
      onProgress: (sent, total) => line.progress(sent / total),
      onState: (state) => state === "waiting" && line.tell("The line is down. It goes on by itself."),
    });
    line.sent(new URL(page, location.href).pathname);
    document.body.dispatchEvent(new CustomEvent("sent"));
  } catch (error) {
    if (stop.signal.aborted) return; // its line is gone
    if (!(error instanceof UploadRefused)) throw error;
    line.refuse(error.message);
  } finally {
    line.cancel = null;
  }
}

const CHOICES = [
  ...["strength", "careful", "colourise", "rotate", "crop", "negative", "tones"],
  "training_allowed",
];

/** The choices, as the form has them now. @param {HTMLFormElement} form */
function choicesOf(form) {
  /** @type {Record<string, string>} */
  const choices = {};
  for (const name of CHOICES) {
    const value = new FormData(form).get(name);
    if (value !== null) choices[name] = value === "on" ? "true" : String(value);
  }
  return choices;
}
