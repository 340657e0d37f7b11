// What the page says: one line over the photo, which is also the live region, and one banner.

import { block } from "../../annotate/painter/ui/page.js";

/** @type {Record<string, [mouse: string, finger: string]>} */
const HINTS = {
  brush: ["Paint over what was missed. The right button wipes.", "Paint with one finger; two move and zoom."],
  eraser: ["Wipe away what is whole.", "Wipe with one finger; two move and zoom."],
  tracer: ["Click along a crack: it finds line and width. Enter paints it.", "Tap along a crack: it finds line and width."],
  speck: ["Click on a speck; drag to take more or less of it.", "Tap on a speck; drag to take more or less of it."],
  lasso: ["Draw round a stain or a missing piece, or set corners.", "Draw round a stain or a missing piece."],
  move: ["Drag the photo. With any tool, Space and a drag do the same.", "Drag the photo. Two fingers do so with any tool."],
};

/** @param {string} tool @param {boolean} byFinger @returns {string} */
export function hint(tool, byFinger) {
  return HINTS[tool]?.[byFinger ? 1 : 0] ?? "";
}

/** @param {string} words @param {"" | "busy" | "filled"} [state] */
export function tell(words, state = "") {
  const line = block("live");
  // The same words twice must still be heard twice.
  line.textContent = line.textContent === words && words ? `${words}\u00a0` : words;
  block("said").dataset.state = state;
  block("said").hidden = !words;
}

/** @param {string} problem "" takes it away */
export function banner(problem) {
  block("banner-text").textContent = problem;
  block("banner").hidden = !problem;
}
