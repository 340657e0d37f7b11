// The browser's side of an upload: requests that tell how much is sent, waiting for the line.

/**
 * @typedef {{status: number, header: (name: string) => string | null, body: string}} Answer
 * @typedef {{method: string, url: string, headers: Record<string, string>, body?: Blob,
 *   onSent?: (bytes: number) => void, signal?: AbortSignal}} Question
 * @typedef {(question: Question) => Promise<Answer>} Send  rejects when nothing gets through
 */

/** @returns {Record<string, string>} */
export function csrf() {
  const cookies = typeof document === "undefined" ? "" : document.cookie;
  const token = /(?:^|;\s*)csrftoken=([^;]+)/.exec(cookies)?.[1];
  return token ? { "X-CSRFToken": token } : {};
}

export function storage() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null; // forbidden by the browser's settings
  }
}

/** Ends early when the line is back. @param {number} ms @param {AbortSignal} [signal] @returns {Promise<void>} */
export function waitOrOnline(ms, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      globalThis.removeEventListener?.("online", done);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    globalThis.addEventListener?.("online", done, { once: true });
    signal?.addEventListener("abort", done, { once: true });
  });
}

/** XMLHttpRequest, because fetch does not tell how much has been sent. @type {Send} */
export function byXhr({ method, url, headers, body, onSent, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    if (onSent) request.upload.addEventListener("progress", (event) => onSent(event.loaded));
    request.addEventListener("load", () => resolve({
      status: request.status,
      header: (name) => request.getResponseHeader(name),
      body: request.responseText,
    }));
    for (const name of ["error", "abort", "timeout"]) {
      request.addEventListener(name, () => reject(new Error(name)));
    }
    request.addEventListener("loadend", () => signal?.removeEventListener("abort", abort));
    signal?.addEventListener("abort", abort, { once: true });
    request.timeout = 120_000;
    request.send(body ?? null);
  });
}
