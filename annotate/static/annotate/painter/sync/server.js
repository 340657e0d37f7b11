// The painter's HTTP calls: what was asked, and which of a few plain answers came back.
import { decodeTiles } from "../document/tiles.js";

/** @typedef {import("../document/tiles.js").Packed} Packed */

/**
 * @typedef {{mask: string, strokes: string, submit: string, heartbeat: string, skip: string,
 *   release: string, marks: string, score: string, page: string}} Addresses
 */

/**
 * Every answer is one of these words: "ok", "stale" (the revision moved), "lost" (somebody else has
 * the photo; what was sent is kept), "refused" (with a sentence), "bad" (malformed or too big),
 * "signed-out", "offline" (no answer, or the server's own trouble: try again).
 * @typedef {{outcome: "ok" | "stale" | "mismatch" | "lost" | "refused" | "bad" | "signed-out" | "offline",
 *   revision?: number, reason?: string, [more: string]: any}} Answer
 */

/** @typedef {{base: number, client: string, first: number, last: number, seconds: number, tools: import("./active_clock.js").Tools}} Batch */

export class Server {
  /** @param {Addresses} addresses @param {{columns: number, rows: number}} grid @param {() => string} token of the CSRF check */
  constructor(addresses, grid, token) {
    this.addresses = addresses;
    this.grid = grid;
    this.token = token;
  }

  /** @returns {Promise<Answer & {tiles?: Map<number, Packed>}>} the mask as the server has it */
  async mask() {
    const response = await this.#fetch(this.addresses.mask, { cache: "no-store" });
    if (!response?.ok) return describe(response);
    const body = new Uint8Array(await response.arrayBuffer());
    const tiles = await decodeTiles(body, this.grid.columns, this.grid.rows);
    return { outcome: "ok", revision: Number(response.headers.get("X-Revision")), tiles };
  }

  /** @param {Uint8Array<ArrayBuffer>} body HMT1 @param {Batch} batch @param {boolean} [closing] the page is going away */
  async strokes(body, batch, closing = false) {
    const headers = {
      "Content-Type": "application/octet-stream",
      "X-Base-Revision": String(batch.base), "X-Client": batch.client,
      "X-First-Seq": String(batch.first), "X-Last-Seq": String(batch.last),
      "X-Active-Seconds": String(Math.round(batch.seconds)), "X-Tools": JSON.stringify(batch.tools ?? {}),
    };
    return this.#post(this.addresses.strokes, body, headers, closing);
  }

  /** @param {"submit" | "heartbeat" | "skip" | "release" | "score"} call @param {object} [content] */
  async tell(call, content = {}) {
    return this.#post(this.addresses[call], JSON.stringify(content), {
      "Content-Type": "application/json",
    });
  }

  /** @param {string} url @param {BodyInit} body @param {Record<string, string>} headers @param {boolean} [keepalive] */
  async #post(url, body, headers, keepalive = false) {
    const response = await this.#fetch(url, {
      method: "POST", body, keepalive, headers: { ...headers, "X-CSRFToken": this.token() },
    });
    return describe(response);
  }

  /** @param {string} url @param {RequestInit} options @returns {Promise<Response | null>} null: no answer */
  async #fetch(url, options) {
    try {
      return await fetch(url, { credentials: "same-origin", redirect: "manual", ...options });
    } catch {
      return null;
    }
  }
}

/** @param {Response | null} response @returns {Promise<Answer>} */
async function describe(response) {
  if (!response || response.status >= 500 || response.status === 429) return { outcome: "offline" };
  const { status } = response;
  if (response.type === "opaqueredirect" || status === 401 || status === 403) {
    return { outcome: "signed-out" };
  }
  const said = await response.json().catch(() => ({}));
  if (response.ok) return { ...said, outcome: "ok" };
  const reason = said.reason ?? said.detail ?? `The server answered ${status}.`;
  if (status === 409 && ["stale", "mismatch", "lost"].includes(said.code)) {
    return { ...said, outcome: said.code, reason };
  }
  if (status === 409 || status === 404) return { ...said, outcome: "refused", reason };
  return { ...said, outcome: "bad", reason };
}

/** @param {string} fallback used where the cookie can't be read @returns {string} */
export function csrfToken(fallback) {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? fallback;
}

/** @param {Answer} answer @returns {boolean} whether the server has what was sent */
export function taken({ outcome, kept }) {
  return outcome === "ok" || (outcome === "lost" && kept === true);
}
