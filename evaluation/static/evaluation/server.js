// Talking with the site: JSON in, JSON out, and its sentence where it says no.

export class SaidNo extends Error {}

/** @param {string} address @param {object} [body] @returns {Promise<unknown>} */
export async function post(address, body) {
  /** @type {Record<string, string>} */
  const headers = { "X-CSRFToken": csrf(), Accept: "application/json" };
  if (body) headers["Content-Type"] = "application/json";
  const answer = await fetch(address, {
    method: "POST", headers, credentials: "same-origin",
    body: body ? JSON.stringify(body) : undefined,
  });
  if (answer.status === 204) return null;
  const data = await answer.json().catch(() => ({}));
  if (answer.ok) return data;
  throw new SaidNo(data.detail ?? "That did not work. Please reload the page.");
}

/** @returns {string} */
function csrf() {
  return JSON.parse(/** @type {string} */ (document.body.getAttribute("hx-headers")))["X-CSRFToken"];
}
