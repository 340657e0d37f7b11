// The light painter: what was found lies over the photo; its owner wipes, paints and restores again.

import { Cursor } from "../annotate/painter/view/cursor.js";
import { EditSession } from "../annotate/painter/document/edit_session.js";
import { segment } from "../annotate/painter/document/brush.js";
import { History } from "../annotate/painter/document/history.js";
import { Layer } from "../annotate/painter/view/layer.js";
import { FRACTURE, HOLE, Mask, SCUFF } from "../annotate/painter/document/mask.js";
import { block, canvas, input, part } from "../annotate/painter/ui/page.js";
import { maskTable, parseColour } from "../annotate/painter/view/palette.js";
import { Photo, halvings } from "../annotate/painter/view/photo.js";
import { readGreyPng } from "../annotate/painter/document/png.js";
import { attachGestures } from "../viewer/gestures.js";
import { Pyramid } from "../annotate/painter/view/pyramid.js";
import { Surface } from "../annotate/painter/view/surface.js";
import { EMPTY, encodeTiles, packTile } from "../annotate/painter/document/tiles.js";
import { Viewport } from "../viewer/viewport.js";
import { bindKeys } from "./correcting-keys.js";

const DEFECTS = FRACTURE | SCUFF | HOLE;
const FULL = 40e6; // pixels above which the preview has to do

const page = block("corrector").dataset;
const text = (/** @type {string} */ name) => page[name] ?? "";
const width = Number(page.width);
const height = Number(page.height);
const mask = new Mask(width, height);
const view = new Viewport(width, height);
const photo = new Photo(width, height);
const surface = new Surface({ photo: canvas("photo-canvas"), guide: canvas("guide-canvas") }, block("overlay"), view, photo);
const layer = new Layer(new Pyramid(mask.data, width, height), maskTable(colours(), 0.65));
surface.layers = [layer];
const editSession = new EditSession(mask, new History(), {
  changed: (rect) => surface.change(layer, rect),
  committed: () => showHistory(),
});
editSession.locked = true;
const size = () => Math.max(1, Number(input("size").value) / view.scale);
const cursor = new Cursor(surface, size);
/** @type {{x: number, y: number} | null} where the stroke is, in the image */
let last = null;

/** @returns {"paint" | "wipe" | "move"} */
function tool() {
  const chosen = /** @type {HTMLInputElement | null} */ (document.querySelector("[name=tool]:checked"));
  return /** @type {"paint" | "wipe" | "move"} */ (chosen?.value ?? "paint");
}

function colours() {
  const style = getComputedStyle(document.documentElement);
  const named = /** @type {[number, string][]} */ ([[FRACTURE, "--fracture"], [SCUFF, "--scuff"], [HOLE, "--hole"]]);
  return new Map(named.map(([bit, name]) => [bit, parseColour(style.getPropertyValue(name))]));
}

/** @param {{x: number, y: number}} at in the image @param {number} [factor] @param {boolean} [erase] */
function begin(at, factor = 1, erase = tool() === "wipe") {
  const bit = Number(part("class", HTMLSelectElement).value);
  editSession.begin(erase ? { clear: 255 } : { set: bit });
  last = at;
  draw(at, factor);
}

/** @param {{x: number, y: number}} to @param {number} [factor] */
function draw(to, factor = 1) {
  const { edit } = editSession;
  if (!edit || !last) return;
  segment(last.x, last.y, to.x, to.y, Math.max(1, size() * factor), (y, x0, x1) => edit.span(y, x0, x1));
  last = to;
  editSession.show();
}

function end() {
  editSession.commit(tool());
  last = null;
}

function showHistory() {
  part("undo", HTMLButtonElement).disabled = !editSession.history.done.length;
  part("redo", HTMLButtonElement).disabled = !editSession.history.undone.length;
  part("save", HTMLButtonElement).disabled = editSession.locked;
}

/** @param {number} step 0: the whole photo */
function zoom(step) {
  if (step) view.step(step > 0 ? 1 : -1);
  else view.fit();
  moved();
}

function moved() {
  surface.redraw();
  cursor.draw();
}

function fitStage() {
  const { clientWidth, clientHeight } = block("stage");
  if (!clientWidth || !clientHeight) return;
  const whole = view.width <= 1;
  surface.resize(clientWidth, clientHeight);
  if (whole) view.fit();
}

function listen() {
  attachGestures(block("stage"), {
    begin: (at) => begin(view.toImage(at.x, at.y), at.factor, at.erase || tool() === "wipe"),
    move: (samples) => {
      for (const at of samples) draw(view.toImage(at.x, at.y), at.factor);
      const at = samples.at(-1);
      if (at) cursor.place(view.toImage(at.x, at.y));
    },
    end,
    cancel: () => editSession.cancel(),
    hover: (at) => cursor.place(at && view.toImage(at.x, at.y), tool() === "wipe"),
    pan: (dx, dy) => {
      view.pan(dx, dy);
      moved();
    },
    zoom: (x, y, factor) => {
      view.zoomAt(x, y, factor);
      moved();
    },
    resize: (steps) => resize(steps),
    panning: () => tool() === "move",
    sizing: () => true,
  });
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => zoom(Number(/** @type {HTMLElement} */ (button).dataset.zoom)));
  }
  block("undo").addEventListener("click", () => editSession.undo());
  block("redo").addEventListener("click", () => editSession.redo());
  block("peek").addEventListener("click", () => {
    const hidden = block("overlay").toggleAttribute("hidden");
    block("peek").setAttribute("aria-pressed", String(hidden));
  });
  block("save").addEventListener("click", () => void save());
  addEventListener("beforeunload", (event) => {
    if (editSession.history.done.length && !editSession.locked) event.preventDefault();
  });
  new ResizeObserver(fitStage).observe(block("stage"));
}

/** @param {number} steps */
function resize(steps) {
  const range = input("size");
  range.value = String(Number(range.value) + Math.sign(steps) * Math.max(1, Math.round(Math.abs(steps))));
  cursor.draw();
}

async function open() {
  fitStage();
  view.fit();
  await photo.loadPreview(text("previewUrl"));
  surface.redraw();
  const found = await readGreyPng(new Uint8Array(await (await fetch(text("maskUrl"))).arrayBuffer()));
  if (!found || found.width !== width || found.height !== height) throw new Error("The mask did not load.");
  for (let i = 0; i < found.data.length; i++) mask.data[i] = found.data[i] & DEFECTS;
  editSession.locked = false;
  surface.change(layer, { x0: 0, y0: 0, x1: width, y1: height });
  block("stage-state").hidden = true;
  showHistory();
  if (width * height <= FULL) {
    const full = await createImageBitmap(await (await fetch(text("photoUrl"))).blob());
    photo.take(await halvings(full));
    surface.redraw();
  }
}

async function save() {
  editSession.locked = true;
  showHistory();
  const tiles = new Map();
  for (const index of mask.tiles()) {
    const packed = packTile(mask.readTile(index));
    if (packed !== EMPTY) tiles.set(index, packed);
  }
  const response = await fetch(text("saveUrl"), {
    method: "POST", credentials: "same-origin", body: await encodeTiles(tiles, mask.columns),
    headers: { "Content-Type": "application/octet-stream", "X-CSRFToken": text("csrf") },
  }).catch(() => null);
  const said = await response?.json().catch(() => null);
  if (response?.status === 201) return location.assign(said.page);
  editSession.locked = false;
  showHistory();
  tell(said?.reason ?? "The mask was not sent. Try again.");
}

/** @param {string} problem */
function tell(problem) {
  block("problem").textContent = problem;
  block("problem").hidden = false;
}

listen();
bindKeys({ editSession, cursor, begin, draw, end, zoom, resize });
void open().catch((error) => {
  block("stage-state").hidden = true;
  tell(`The photo did not open: ${error.message}`);
});
