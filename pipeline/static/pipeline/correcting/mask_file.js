// A mask file in place of what is marked: one step, that undo takes back.

import { HOLE, SCUFF } from "../../annotate/painter/document/mask.js";
import { EMPTY, decodeTiles, unpackTile } from "../../annotate/painter/document/tiles.js";
import { csrf } from "../upload/line.js";
import { said } from "./asking.js";

/** @typedef {import("../../annotate/painter/document/edit_session.js").EditSession} EditSession */

/**
 * @param {string} address @param {File} file @param {number} bit of what is white in it
 * @param {import("../../annotate/painter/document/mask.js").Mask} mask
 * @returns {Promise<{tiles: Map<number, Uint8Array>, words: string}>} rejects with the site's sentence
 */
export async function readMaskFile(address, file, bit, mask) {
  const form = new FormData();
  form.set("mask", file);
  form.set("class", bit === SCUFF ? "scuff" : bit === HOLE ? "hole" : "fracture");
  const response = await said(await fetch(address, {
    method: "POST", credentials: "same-origin", body: form, headers: csrf(),
  }));
  const tiles = await decodeTiles(new Uint8Array(await response.arrayBuffer()), mask.columns, mask.rows);
  return { tiles, words: response.headers.get("Mask-Said") ?? "" };
}

/** @param {EditSession} editSession @param {Map<number, Uint8Array>} tiles packed @returns {boolean} whether anything changed */
export function replaceMask(editSession, tiles) {
  const { mask } = editSession;
  const edit = editSession.begin({});
  for (const index of mask.tiles()) {
    edit.before.set(index, mask.readTile(index));
    mask.writeTile(index, unpackTile(tiles.get(index) ?? EMPTY));
  }
  edit.dirty = { x0: 0, y0: 0, x1: mask.width, y1: mask.height };
  return editSession.commit("mask file");
}
