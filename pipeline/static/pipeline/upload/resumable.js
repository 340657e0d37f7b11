// Sends a file in pieces (tus 1.0), goes on after a lost line, a restarted server or a closed tab.
// Knows nothing of the page: see `uploadResumable` for all that it takes and tells.

import { byXhr, csrf, storage, waitOrOnline } from "./line.js";

const VERSION = "1.0.0";
const SMALLEST = 256 * 1024;
const LARGEST = 8 * 1024 * 1024;
const QUICK = 2_000, SLOW = 10_000; // ms of a piece: below it pieces grow, above it they shrink
const PAUSES = [1, 2, 4, 8, 16, 30]; // s between attempts while nothing gets through
const RESTARTS = 3; // after the server has forgotten the upload
const KEPT = 23 * 3600 * 1000; // ms for which an address is tried again; the server forgets later

/**
 * @typedef {import("./line.js").Answer} Answer
 * @typedef {import("./line.js").Send} Send
 * @typedef {{restoration: string, page: string, graph: string}} Finished  addresses in the API and
 *   for people; the id of a network that was sent
 * @typedef {"sending" | "waiting" | "paused"} State
 * @typedef {object} Options
 * @property {string} [url] where uploads begin
 * @property {Record<string, string | boolean | number>} [choices] strength, careful, ...
 * @property {(sent: number, total: number) => void} [onProgress]
 * @property {(state: State) => void} [onState] "waiting": the line is down, it will go on
 * @property {boolean} [checked] each piece with its digest, where the browser makes one
 * @property {AbortSignal} [signal] aborting also deletes what has arrived
 * @property {PauseSwitch} [pause]
 * @property {Send} [send] for tests
 * @property {(ms: number) => Promise<void>} [wait] for tests
 * @property {Pick<Storage, "getItem" | "setItem" | "removeItem"> | null} [memory]
 */

/** The server's final no: `message` is its sentence, `status` the HTTP status. */
export class UploadRefused extends Error {
  /** @param {number} status @param {string} sentence */
  constructor(status, sentence) {
    super(sentence);
    this.name = "UploadRefused";
    this.status = status;
  }
}

/** `pause()` ends after the piece that is under way; `resume()` goes on. */
export class PauseSwitch {
  /** @type {Promise<void> | null} */ closed = null;
  #open = () => {};
  pause() {
    this.closed ??= new Promise((resolve) => { this.#open = resolve; });
  }
  resume() {
    this.#open();
    this.closed = null;
  }
}

/**
 * Sends one file and gives the addresses of what became of it.
 * Rejects with UploadRefused, or with the signal's reason.
 * @param {File} file @param {Options} [options] @returns {Promise<Finished>}
 */
export async function uploadResumable(file, options = {}) {
  const sending = new Sending(file, options);
  try {
    return await sending.run();
  } catch (error) {
    if (options.signal?.aborted) await sending.giveUp();
    throw error;
  }
}

class Sending {
  /** @param {File} file @param {Options} options */
  constructor(file, options) {
    this.file = file;
    this.options = options;
    this.send = options.send ?? byXhr;
    this.wait = options.wait ?? ((ms) => waitOrOnline(ms, options.signal));
    this.memory = options.memory === undefined ? storage() : options.memory;
    this.key = `upload:${JSON.stringify([file.name, file.size, file.lastModified, options.choices ?? {}])}`;
    this.url = "";
    this.offset = 0;
    this.piece = 4 * SMALLEST;
    this.failures = 0;
    this.restarts = 0;
    this.known = true; // whether `offset` is what the server has
  }

  async run() {
    this.url = this.#remembered();
    this.known = !this.url; // a remembered upload's offset has to be asked first
    for (;;) {
      await this.#whilePaused();
      this.options.signal?.throwIfAborted();
      const answer = await this.#attempt();
      const done = answer && await this.#take(answer);
      if (done) return done;
    }
  }

  /** One request; null when it did not get through. */
  async #attempt() {
    this.options.onState?.("sending");
    try {
      const answer = await (!this.url ? this.#begin() : this.known ? this.#append() : this.#ask());
      if (answer.status < 500 && answer.status !== 429) return answer;
      await this.#rest(Number(answer.header("Retry-After")) * 1000);
    } catch (error) {
      this.options.signal?.throwIfAborted();
      this.piece = Math.max(SMALLEST, this.piece / 2);
      await this.#rest(0);
    }
    return null;
  }

  /** @param {Answer} answer @returns {Promise<Finished | null>} */
  async #take(answer) {
    if (this.url && (answer.status === 409 || answer.status === 460)) return this.#rest(0); // then ask, go on
    if ((answer.status === 404 || answer.status === 410) && this.url && this.restarts++ < RESTARTS) {
      return this.#startAgain();
    }
    if (answer.status >= 400) throw this.#refusal(answer);
    if (answer.status === 201) return this.#begun(answer.header("Location") ?? "");
    return this.#moved(answer);
  }

  #startAgain() {
    this.#forget();
    this.url = "";
    this.offset = 0;
    return null;
  }

  /** @param {string} url */
  #begun(url) {
    this.url = url;
    this.known = true;
    this.#remember();
    return null;
  }

  /** @param {Answer} answer */
  async #moved(answer) {
    const offset = Number(answer.header("Upload-Offset"));
    const restoration = answer.header("Upload-Restoration") ?? "";
    const graph = answer.header("Upload-Graph") ?? "";
    if (this.known && offset <= this.offset && !restoration && !graph) await this.#rest(0);
    else this.failures = 0;
    this.known = true;
    this.offset = offset;
    this.options.onProgress?.(offset, this.file.size);
    if (!restoration && !graph) return null;
    this.#forget();
    return { restoration, graph, page: answer.header("Upload-Page") ?? "" };
  }

  #begin() {
    const given = { filename: this.file.name, remember: "1", ...this.options.choices };
    const headers = { "Upload-Length": String(this.file.size), "Upload-Metadata": metadata(given) };
    return this.#request("POST", this.options.url ?? "/api/v1/uploads/", headers);
  }

  #ask() {
    return this.#request("HEAD", this.url, {});
  }

  async #append() {
    const start = this.offset;
    const body = this.file.slice(start, start + this.piece);
    const headers = {
      "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(start),
      ...(this.options.checked ? await checksum(body) : {}),
    };
    const began = Date.now();
    const onSent = (/** @type {number} */ bytes) =>
      this.options.onProgress?.(start + Math.min(bytes, body.size), this.file.size);
    const answer = await this.#request("PATCH", this.url, headers, body, onSent);
    const took = Date.now() - began;
    if (took < QUICK && body.size === this.piece) this.piece = Math.min(LARGEST, this.piece * 2);
    if (took > SLOW) this.piece = Math.max(SMALLEST, this.piece / 2);
    return answer;
  }

  /**
   * @param {string} method @param {string} url @param {Record<string, string>} headers
   * @param {Blob} [body] @param {(bytes: number) => void} [onSent]
   */
  #request(method, url, headers, body, onSent) {
    const { signal } = this.options;
    const all = { "Tus-Resumable": VERSION, ...csrf(), ...headers };
    return this.send({ method, url, headers: all, body, onSent, signal });
  }

  /** @param {Answer} answer */
  #refusal(answer) {
    this.#forget();
    return new UploadRefused(answer.status, sentence(answer));
  }

  /** Waits, then asks how far it is. @param {number} asked ms that the server asked for @returns {Promise<null>} */
  async #rest(asked) {
    this.options.onState?.("waiting");
    this.known = false;
    const pause = PAUSES[Math.min(this.failures++, PAUSES.length - 1)] * 1000;
    await this.wait(Math.max(pause * (0.8 + 0.4 * Math.random()), asked || 0));
    return null;
  }

  async #whilePaused() {
    while (this.options.pause?.closed) {
      this.options.onState?.("paused");
      const { signal } = this.options;
      const aborted = new Promise((resolve) => signal?.addEventListener("abort", resolve, { once: true }));
      await Promise.race([this.options.pause.closed, aborted]);
      signal?.throwIfAborted();
    }
  }

  async giveUp() {
    this.#forget();
    if (!this.url) return;
    const headers = { "Tus-Resumable": VERSION, ...csrf() };
    await this.send({ method: "DELETE", url: this.url, headers }).catch(() => {});
  }

  #remembered() {
    try {
      const kept = JSON.parse(this.memory?.getItem(this.key) ?? "null");
      return kept && Date.now() - kept.at < KEPT ? String(kept.url) : "";
    } catch {
      return "";
    }
  }

  #remember() {
    try {
      this.memory?.setItem(this.key, JSON.stringify({ url: this.url, at: Date.now() }));
    } catch { /* a full or forbidden storage costs only the next visit's resuming */ }
  }

  #forget() {
    try {
      this.memory?.removeItem(this.key);
    } catch { /* as above */ }
  }
}

/** @param {Blob} piece @returns {Promise<Record<string, string>>} nothing where no digest is to be had */
async function checksum(piece) {
  if (!globalThis.crypto?.subtle) return {};
  const digest = await crypto.subtle.digest("SHA-256", await piece.arrayBuffer());
  return { "Upload-Checksum": `sha256 ${btoa(String.fromCharCode(...new Uint8Array(digest)))}` };
}

/** `name base64,...`, as the protocol wants it. @param {Record<string, string | boolean | number>} given */
export function metadata(given) {
  const encoded = (/** @type {string} */ text) =>
    btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  return Object.entries(given).map(([name, value]) => `${name} ${encoded(String(value))}`).join(",");
}

/** The reason in the server's words. @param {Answer} answer */
function sentence(answer) {
  try {
    const said = JSON.parse(answer.body);
    return String(said.detail ?? Object.values(said).flat()[0]);
  } catch {
    return `The server answered ${answer.status}.`;
  }
}
