// The dialog for what two people, or two computers, painted in different ways: part by part.
import { boxOf } from "../document/components.js";
import { Layer } from "../view/layer.js";
import { block, canvas, input, part } from "./page.js";
import { Pyramid } from "../view/pyramid.js";

/** @typedef {import("../sync/merge.js").Choice} Choice */

const AIR = 2.5; // how much of the surroundings is shown, in sizes of the part

/**
 * Both sides of each part, and a key for either: M mine, T theirs, B both.
 * @param {import("../document/components.js").Components} found @param {import("../document/mask.js").Mask} mask
 * @param {Uint8Array} theirs their class bits @param {import("../view/surface.js").Surface} surface @param {Uint32Array} table colours
 * @returns {Promise<Choice[]>} one a component
 */
export async function resolveConflicts(found, mask, theirs, surface, table) {
  const dialog = part("merge-dialog", HTMLDialogElement);
  const rest = input("merge-rest");
  const sides = [side(mask.data, mask, table), side(theirs, mask, table)];
  /** @type {Choice[]} */ const choices = [];
  rest.checked = false;
  while (choices.length < found.count) {
    const c = choices.length;
    const box = boxOf(found, c);
    block("merge-text").textContent =
      `Part ${c + 1} of ${found.count}, ${found.areas[c]} pixels. All else was joined.`;
    sides.forEach((layer, i) => show(canvas(i ? "merge-theirs" : "merge-mine"), layer, box, surface));
    const choice = await chosen(dialog);
    do choices.push(choice); while (rest.checked && choices.length < found.count);
  }
  return choices;
}

/** @param {Uint8Array} data @param {import("../document/mask.js").Mask} mask @param {Uint32Array} table */
function side(data, { width, height }, table) {
  return new Layer(new Pyramid(data, width, height), table);
}

/** @param {HTMLCanvasElement} at @param {Layer} layer @param {import("../document/mask.js").Rect} box @param {import("../view/surface.js").Surface} surface */
function show(at, layer, box, surface) {
  const { width, height } = at;
  const span = AIR * Math.max(24, box.x1 - box.x0, box.y1 - box.y0);
  const scale = Math.min(16, width / span);
  const x = (box.x0 + box.x1) / 2 - width / scale / 2;
  const y = (box.y0 + box.y1) / 2 - height / scale / 2;
  const rect = {
    x0: Math.max(0, Math.floor(x)), y0: Math.max(0, Math.floor(y)),
    x1: Math.min(surface.photo.width, Math.ceil(x + width / scale)),
    y1: Math.min(surface.photo.height, Math.ceil(y + height / scale)),
  };
  const context = /** @type {CanvasRenderingContext2D} */ (at.getContext("2d"));
  context.clearRect(0, 0, width, height);
  surface.photo.draw(context, { x, y, scale, visible: () => rect }, 1, false);
  layer.soil(rect); // only what is shown needs its halvings
  const image = new ImageData(width, height);
  layer.paint(new Uint32Array(image.data.buffer), { x0: 0, y0: 0, x1: width, y1: height }, { x, y }, scale);
  const sheet = new OffscreenCanvas(width, height);
  sheet.getContext("2d")?.putImageData(image, 0, 0);
  context.drawImage(sheet, 0, 0);
}

/** @param {HTMLDialogElement} dialog @returns {Promise<Choice>} Escape keeps what is here */
function chosen(dialog) {
  dialog.returnValue = "";
  if (!dialog.open) dialog.showModal();
  const keys = (/** @type {KeyboardEvent} */ event) => {
    const choice = { m: "mine", t: "theirs", b: "both" }[event.key.toLowerCase()];
    if (choice && !event.ctrlKey && !event.altKey) dialog.close(choice);
  };
  dialog.addEventListener("keydown", keys);
  return new Promise((resolve) => dialog.addEventListener("close", () => {
    dialog.removeEventListener("keydown", keys);
    resolve(/** @type {Choice} */ (dialog.returnValue || "mine"));
  }, { once: true }));
}
