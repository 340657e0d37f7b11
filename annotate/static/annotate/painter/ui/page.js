// What the page says to the painter: its data attributes and its elements.

/** @typedef {ReturnType<typeof readPage>} Page */

/** @param {HTMLElement} root */
export function readPage(root) {
  const d = root.dataset;
  const text = (/** @type {string} */ name) => d[name] ?? "";
  return {
    assignment: text("assignment"), width: Number(d.width), height: Number(d.height),
    previewUrl: text("previewUrl"), photoUrl: text("photoUrl"),
    tileUrl: text("tileUrl"), suggestionUrl: text("suggestionUrl"), costUrl: text("costUrl"),
    threshold: Math.min(255, Math.max(1, Math.round(Number(d.suggestionThreshold || 0.5) * 255))),
    proven: text("suggestionProven") === "true", record: text("suggestionRecord"),
    addresses: {
      mask: text("maskUrl"), strokes: text("strokesUrl"), submit: text("submitUrl"),
      heartbeat: text("heartbeatUrl"), skip: text("skipUrl"), release: text("releaseUrl"),
      marks: text("marksUrl"), score: text("scoreUrl"), page: location.href,
    },
    workers: {
      encode: text("encodeWorker"), ridge: text("ridgeWorker"), components: text("componentsWorker"),
    },
    doneUrl: text("doneUrl") || "/", loginUrl: text("loginUrl"), comment: text("comment"),
    csrf: text("csrf"), readOnly: text("readOnly") === "true", practice: text("practice") === "true",
  };
}

/** @template {Element} T @param {string} id @param {new () => T} kind @returns {T} */
export function part(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no #${id}`);
  return found;
}

/** @param {string} id */
export const canvas = (id) => part(id, HTMLCanvasElement);
/** @param {string} id */
export const input = (id) => part(id, HTMLInputElement);
/** @param {string} id */
export const block = (id) => part(id, HTMLElement);

/** @param {string} id of a dialog @returns {Promise<string>} the value of the button that closed it */
export function ask(id) {
  const dialog = part(id, HTMLDialogElement);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
  });
}
