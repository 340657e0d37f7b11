// Sends one photograph to the upload page; answers the address of its result.

/** A sentence for the person who sent it. */
export class NotTaken extends Error {}

/**
 * @typedef {object} Sending
 * @property {Promise<string>} page address of the result; rejects with NotTaken, or AbortError
 * @property {() => void} cancel
 */

/**
 * @param {File} file @param {HTMLFormElement} form whose other fields go with it
 * @param {(share: number) => void} progress 0 to 1
 * @returns {Sending}
 */
export function send(file, form, progress) {
  const request = new XMLHttpRequest();
  const body = new FormData(form);
  body.delete("photos");
  body.append("photos", file, file.name || "photograph");
  const page = new Promise((/** @type {(page: string) => void} */ resolve, reject) => {
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      const said = answer(request);
      if (request.status === 201 && said.pages?.length) resolve(said.pages[0]);
      else reject(new NotTaken(said.errors?.join(" ") || `The site answered ${request.status}. Try again.`));
    });
    request.addEventListener("error", () => reject(new NotTaken("The connection broke. Try again.")));
    request.addEventListener("abort", () => reject(new DOMException("cancelled", "AbortError")));
  });
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.send(body);
  return { page, cancel: () => request.abort() };
}

/** @param {XMLHttpRequest} request @returns {{pages?: string[], errors?: string[]}} */
function answer(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}
