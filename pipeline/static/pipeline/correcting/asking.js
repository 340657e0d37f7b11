// Asks the site to fill around a stroke, and fetches the picture when a worker has made it.

import { encodeTiles } from "../../annotate/painter/document/tiles.js";
import { csrf } from "../upload/line.js";

/** @typedef {import("./fills.js").Filling} Filling */

const SOON = 100; // ms between two looks, while it is a matter of a second or two
const LATER = 700;
const PATIENCE = 60_000;
const RIMS = ["#000", "#fff"]; // outside and inside: one of them shows on any photo

/** @param {string} address @param {number} columns of the mask's tiles @returns {(tiles: Map<number, Uint8Array>) => Promise<Filling>} */
export function fillingFrom(address, columns) {
  return async (tiles) => {
    const begun = performance.now();
    const { filled } = await (await said(await fetch(address, {
      method: "POST", credentials: "same-origin", body: await encodeTiles(tiles, columns),
      headers: { "Content-Type": "application/octet-stream", ...csrf() },
    }))).json();
    const response = await made(filled, begun);
    const box = (response.headers.get("Fill-Box") ?? "").split(",").map(Number);
    const picture = await createImageBitmap(await response.blob());
    const reduced = Number(response.headers.get("Fill-Reduced") ?? 1);
    return { box, picture, rims: RIMS.map((colour) => silhouette(picture, colour)), reduced, seconds: (performance.now() - begun) / 1000 };
  };
}

/** @param {string} address @param {number} begun @returns {Promise<Response>} */
async function made(address, begun) {
  for (;;) {
    const response = await said(await fetch(address, { credentials: "same-origin" }));
    if (response.status === 200) return response;
    const waited = performance.now() - begun;
    if (waited > PATIENCE) throw new Error("The lab is busy: your stroke is kept, and will be filled when you restore.");
    await new Promise((resolve) => setTimeout(resolve, waited < 3000 ? SOON : LATER));
  }
}

/** @param {Response} response @returns {Promise<Response>} rejects with the site's own sentence */
export async function said(response) {
  if (response.ok) return response;
  const told = await response.json().catch(() => null);
  throw new Error(told?.reason ?? `The site answered ${response.status}. Try again.`);
}

/** The shape of a picture in one colour. @param {ImageBitmap} picture @param {string} colour */
function silhouette(picture, colour) {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.drawImage(picture, 0, 0);
  context.globalCompositeOperation = "source-in";
  context.fillStyle = colour;
  context.fillRect(0, 0, canvas.width, canvas.height);
  return canvas;
}
