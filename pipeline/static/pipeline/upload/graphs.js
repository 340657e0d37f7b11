// A form that brings a published network: its files go ahead in pieces, then its words. Without this
// script the form sends all at once, which the site takes of small graphs alone.

import { megabytes } from "./limits.js";
import { UploadRefused, uploadResumable } from "./resumable.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("form[data-graphs]"));
const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (form.querySelector(`[data-role=${name}]`));
const bar = /** @type {HTMLProgressElement} */ (part("sent"));
const button = /** @type {HTMLButtonElement} */ (part("import"));
const FILES = { graph: "arrived", beside: "beside_arrived" }; // which field names what has arrived
let stop = new AbortController();

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void sendAll();
});
part("stop").addEventListener("click", () => stop.abort());

async function sendAll() {
  stop = new AbortController();
  under(true);
  try {
    for (const [name, field] of Object.entries(FILES)) await sendOne(name, field);
    form.submit(); // of the element itself: without the event above
  } catch (error) {
    under(false);
    tell(stop.signal.aborted ? "Stopped; what had arrived is deleted." : reasonOf(error));
  }
}

/** @param {string} name @param {string} field */
async function sendOne(name, field) {
  const input = /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
  const file = input.files?.[0];
  if (!file) return;
  const { graph } = await uploadResumable(file, {
    choices: { purpose: "graph" },
    checked: true,
    signal: stop.signal,
    onProgress: (sent, total) => {
      bar.value = sent / total;
      tell(`${file.name}: ${Math.round((100 * sent) / total)} % of ${megabytes(total)}`);
    },
    onState: (state) => state === "waiting" && tell("The line is down. It goes on by itself."),
  });
  choose(field, graph, file.name);
  input.value = "";
}

/** Names what has arrived, also where the words are refused and the form comes back. */
function choose(/** @type {string} */ field, /** @type {string} */ id, /** @type {string} */ name) {
  const select = form.elements.namedItem(field);
  if (select instanceof HTMLSelectElement) {
    select.add(new Option(name, id, true, true));
    return;
  }
  const hidden = document.createElement("input"); // nothing has arrived before
  Object.assign(hidden, { type: "hidden", name: field, value: id });
  form.append(hidden);
}

/** @param {unknown} error */
function reasonOf(error) {
  if (error instanceof UploadRefused) return error.message;
  throw error;
}

/** @param {boolean} way */
function under(way) {
  button.disabled = way;
  part("way").hidden = !way;
}

/** @param {string} said */
function tell(said) {
  part("said").textContent = said;
}
