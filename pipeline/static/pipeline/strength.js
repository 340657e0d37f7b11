// The strength slider shows live what it would fill, before anything is computed.

import { counted, cut, leastLevel } from "./foreseen.js";
import { planeFrom } from "./plane.js";

/** @typedef {import("./compare.js").PhotoCompare} PhotoCompare */
/** @typedef {import("./foreseen.js").Plane} Plane */

/** @param {PhotoCompare} viewer @param {HTMLFormElement} form */
export function attachStrength(viewer, form) {
  const slider = /** @type {HTMLInputElement} */ (form.querySelector("input[type=range]"));
  const said = /** @type {HTMLElement} */ (form.querySelector("[data-said]"));
  const address = viewer.dataset.foreseen;
  if (!address) {
    slider.addEventListener("input", () => viewer.showDamage(true), { once: true });
    return;
  }
  const was = Number(form.dataset.strength);
  const percent = Number(form.dataset.percent);
  const canvas = document.createElement("canvas");
  /** @type {((wanted: number) => string) | null} */
  let show = null;
  let drawing = 0;

  const load = async () => {
    const plane = await planeFrom(address);
    show ??= preview(plane, canvas, was, percent);
    viewer.lay(canvas, "foreseen", plane);
    draw();
  };
  const draw = () => {
    const wanted = Number(slider.value);
    const changed = wanted !== was;
    canvas.hidden = !changed;
    viewer.showDamage(!changed, changed);
    said.textContent = changed ? show?.(wanted) ?? "" : "As it is now";
  };
  slider.addEventListener("input", () => {
    if (!drawing) drawing = requestAnimationFrame(() => {
      drawing = 0;
      if (show) draw();
      else load().catch(() => (said.textContent = "What another strength would fill did not load: move again."));
    });
  });
}

/**
 * @param {Plane} plane @param {HTMLCanvasElement} canvas @param {number} was strength @param {number} percent of the picture filled then
 * @returns {(wanted: number) => string} draws a strength, answers what it would fill in words
 */
function preview(plane, canvas, was, percent) {
  canvas.width = plane.width;
  canvas.height = plane.height;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = context.createImageData(plane.width, plane.height);
  const before = counted(plane, leastLevel(was, was));
  return (wanted) => {
    const count = cut(plane, leastLevel(was, wanted), picture.data);
    context.putImageData(picture, 0, 0);
    // A small copy shows hairlines wider than they are: what is known of this strength corrects that.
    const each = before ? percent / before : 100 / plane.levels.length;
    return `Would fill about ${(count * each).toFixed(2)} % of the picture, now ${percent.toFixed(2)} %`;
  };
}
