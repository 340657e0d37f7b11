// Brings the photographs of a folder in, file by file: what is here already is not sent, and a
// broken line is tried again. Dropped once more, the folder goes on where it stopped.

export {};

/** @typedef {{path: string, file: File}} Found */
/** @typedef {{outcome: string, reason?: string}} Said */

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-role=bring]"));
/** @param {string} name @returns {any} an element of the page, of whatever kind */
const part = (name) => form.querySelector(`[data-role=${name}]`);
const NOBODY = "00000000-0000-0000-0000-000000000000";
const SIDE_BY_SIDE = 2;
const AT_A_TIME = 50; // digests in one question
const LARGEST = 300e6; // bytes of a file whose digest is made here
const TRIES = 5;
const SHOWN = 200;

const token = () => /** @type {HTMLInputElement} */ (form.querySelector("[name=csrfmiddlewaretoken]")).value;
/** @param {number} seconds */
const pause = (seconds) => new Promise((done) => { setTimeout(done, 1000 * seconds); });

/** @param {string} address @param {BodyInit} body @param {Record<string, string>} type @returns {Promise<any>} */
async function post(address, body, type) {
  const headers = { "X-CSRFToken": token(), Accept: "application/json", ...type };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await fetch(address, { method: "POST", body, headers });
      if (answer.ok) return await answer.json();
      if (answer.status < 500 || attempt >= TRIES) return { outcome: "refused", reason: `The server said ${answer.status}.` };
    } catch (error) {
      if (attempt >= TRIES) throw error;
    }
    part("said").textContent = "No connection; trying again.";
    await pause(2 ** attempt);
  }
}

/** @param {File} file */
async function digest(file) {
  if (!crypto.subtle || file.size > LARGEST) return "";
  const bytes = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Every file below a dropped entry, with its path.
 * @param {any} entry @returns {AsyncGenerator<Found>}
 */
async function* below(entry, path = "") {
  if (entry.isFile) {
    const file = await new Promise((done, failed) => { entry.file(done, failed); });
    yield { path: path + entry.name, file };
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const entries = await new Promise((done, failed) => { reader.readEntries(done, failed); });
    if (!entries.length) return;
    for (const each of entries) yield* below(each, `${path}${entry.name}/`);
  }
}

/** @param {string} text */
function remark(text) {
  const list = part("remarks");
  if (list.children.length >= SHOWN) return;
  const line = document.createElement("li");
  line.textContent = text;
  list.append(line);
}

/** Which of these files need not be sent, by their digests. @param {string} address @param {Found[]} files */
async function known(address, files) {
  /** @type {Record<string, string>} */
  const digests = {};
  for (const { path, file } of files) {
    const made = await digest(file);
    if (made) digests[path] = made;
  }
  if (!Object.keys(digests).length) return {};
  return post(address, JSON.stringify(digests), { "Content-Type": "application/json" });
}

/** @param {string} address @param {Found} found */
async function send(address, { path, file }) {
  const body = new FormData();
  body.append("path", path);
  body.append("file", file, file.name);
  return post(address, body, {});
}

/** @param {Found[]} files */
async function bring(files) {
  /** @type {Record<string, number>} */
  const counts = { new: 0, here: 0, other: 0 };
  const begun = new FormData(form);
  begun.delete("file");
  begun.append("name", files[0].path.split("/")[0]);
  const { id } = await post(String(form.dataset.begin), begun, {});
  if (!id) return remark("The import could not begin; sign in again.");
  /** @param {string} name */
  const of = (name) => String(form.dataset[name]).replace(NOBODY, id);
  const progress = part("progress");
  progress.hidden = false;
  let done = 0;
  /** @param {string} path @param {Said} said */
  const tell = (path, said) => {
    counts[said.outcome in counts ? said.outcome : "other"] += 1;
    if (said.outcome !== "new") remark(`${path}: ${said.reason}`);
    done += 1;
    progress.value = done / files.length;
    part("said").textContent = `${done} of ${files.length}: ${counts.new} came in, ${counts.here} were here already, ${counts.other} left out or refused.`;
  };
  for (let at = 0; at < files.length; at += AT_A_TIME) {
    const some = files.slice(at, at + AT_A_TIME);
    const here = await known(of("known"), some);
    const left = some.filter((each) => {
      const title = here[each.path];
      if (title) tell(each.path, { outcome: "here", reason: `already here as ${title}` });
      return !title;
    });
    const worker = async () => {
      for (let each = left.shift(); each; each = left.shift()) tell(each.path, await send(of("file"), each));
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  }
  part("done").hidden = false;
  part("done").querySelector("a").href = of("page");
  return undefined;
}

/** @param {Found[]} files */
async function start(files) {
  part("remarks").replaceChildren();
  part("done").hidden = true;
  if (!files.length) { part("said").textContent = "Nothing is in it."; return; }
  try {
    await bring(files);
  } catch {
    part("said").textContent = "The connection broke. Drop the folder once more: it goes on where it stopped.";
  }
}

part("folder").addEventListener("change", (/** @type {any} */ event) => {
  start([...event.target.files].map((/** @type {File} */ file) => ({ path: file.webkitRelativePath || file.name, file })));
});
part("drop").addEventListener("dragover", (/** @type {Event} */ event) => event.preventDefault());
part("drop").addEventListener("drop", async (/** @type {any} */ event) => {
  event.preventDefault();
  const entries = [...event.dataTransfer.items].map((/** @type {DataTransferItem} */ item) => item.webkitGetAsEntry()).filter(Boolean);
  /** @type {Found[]} */
  const files = [];
  for (const entry of entries) for await (const each of below(entry)) files.push(each);
  start(files);
});
