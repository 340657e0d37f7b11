// The light painter: what was found lies over the photo; its owner wipes, paints, traces, looks at
// the filling around each stroke, and restores again.

import { EditSession } from "../annotate/painter/document/edit_session.js";
import { History } from "../annotate/painter/document/history.js";
import { FRACTURE, HOLE, Mask, SCUFF } from "../annotate/painter/document/mask.js";
import { readGreyPng } from "../annotate/painter/document/png.js";
import { EMPTY, encodeTiles, packTile } from "../annotate/painter/document/tiles.js";
import { ActiveClock } from "../annotate/painter/sync/active_clock.js";
import { openPhoto, openRidges, takeTools } from "../annotate/painter/tools/all.js";
import { drawingActions } from "../annotate/painter/ui/drawing_actions.js";
import { attachInputs } from "../annotate/painter/ui/inputs.js";
import { Keymap } from "../annotate/painter/ui/keymap.js";
import { block, canvas, input, part, readPage } from "../annotate/painter/ui/page.js";
import { attachPanel } from "../annotate/painter/ui/panel.js";
import { Settings } from "../annotate/painter/ui/settings.js";
import { printed } from "../annotate/painter/ui/shortcuts.js";
import { Appearance } from "../annotate/painter/view/appearance.js";
import { Cursor } from "../annotate/painter/view/cursor.js";
import { Photo } from "../annotate/painter/view/photo.js";
import { Surface } from "../annotate/painter/view/surface.js";
import { Viewport } from "../viewer/viewport.js";
import { fillingFrom, said } from "./correcting/asking.js";
import { changedBoxes } from "./correcting/changes.js";
import { Fills } from "./correcting/fills.js";
import { keysFor } from "./correcting/keys.js";
import { readMaskFile, replaceMask } from "./correcting/mask_file.js";
import { banner, hint, tell } from "./correcting/words.js";
import { csrf, storage } from "./upload/line.js";

/** @typedef {import("../annotate/painter/tools/bench.js").Bench} Bench */
/** @typedef {import("../annotate/painter/tools/bench.js").Tool} Tool */

const DEFECTS = FRACTURE | SCUFF | HOLE;
const FULL = 40e6; // pixels above which the preview has to do, and nothing is traced

const root = block("painter");
const page = readPage(root);
const { strokeUrl = "", fileUrl = "", saveUrl = "" } = root.dataset;
const { width, height } = page;
const mask = new Mask(width, height);
const settings = new Settings(null); // an assessor's own tools are not an owner's
settings.set({ size: 14, fixed: true });
const keymap = new Keymap(storage());
const view = new Viewport(width, height);
const photo = new Photo(width, height);
const surface = new Surface({ photo: canvas("photo-canvas"), guide: canvas("guide-canvas") }, block("overlay"), view, photo);
const appearance = new Appearance(mask, surface, settings);
const editSession = new EditSession(mask, new History(), {
  changed: (rect) => surface.change(appearance.mask, rect),
  committed: (operation) => {
    fills.change(changedBoxes(mask, operation), operation.label !== "mask file");
    showHistory();
  },
});
editSession.locked = true; // until the mask is here
const fills = new Fills(mask, fillingFrom(strokeUrl, mask.columns), {
  drawn: () => surface.redrawGuides(),
  begun: () => queueMicrotask(() => tell("Filling around your stroke…", "busy")), // after the tool's own words
  done: ({ seconds, reduced }) => tell(wordsOf(seconds, reduced), "filled"),
  failed: (reason) => banner(reason),
});
surface.guides.push((context, seen) => fills.draw(context, seen)); // below the tools' own guides
/** @type {Bench} */
const bench = {
  editSession, mask, view, surface, settings, suggestion: null, ridges: null, say: tell,
  key: (action) => printed(keymap.keyOf(action)),
  brushSize: () => {
    const { size, fixed } = settings.values;
    return fixed ? Math.max(1, size / view.scale) : size;
  },
};
/** @type {Tool} */
const move = { cursor: "cross", pans: true, begin() {}, move() {}, end() {}, cancel() {} };
const tools = /** @type {Record<string, Tool>} */ ({ ...takeTools(bench), move });
const hand = () => tools[settings.values.tool] ?? tools.brush;
const cursor = new Cursor(surface, bench.brushSize);
const actions = {
  ...drawingActions(bench, cursor),
  move: () => settings.set({ tool: "move" }),
  look: () => look(!fills.shown),
  submit: () => void save(),
};

/** @param {number} seconds @param {number} reduced */
function wordsOf(seconds, reduced) {
  const coarse = reduced > 1 ? `${reduced} times coarser than` : "a look at what";
  return `Filled in ${seconds.toFixed(1)} s: ${coarse} the restoration will ${reduced > 1 ? "be" : "make"}.`;
}

/** @param {boolean} shown */
function look(shown) {
  input("look").checked = shown;
  fills.show(shown);
  tell(shown ? "Each stroke is filled as you go." : "The marks alone are shown.");
}

function showHistory() {
  part("undo", HTMLButtonElement).disabled = !editSession.history.done.length || editSession.locked;
  part("redo", HTMLButtonElement).disabled = !editSession.history.undone.length || editSession.locked;
  part("save", HTMLButtonElement).disabled = editSession.locked;
  input("mask-file").disabled = editSession.locked;
}

function fitStage() {
  const { clientWidth, clientHeight } = block("stage");
  if (!clientWidth || !clientHeight) return;
  const whole = view.width <= 1 || view.isWhole;
  surface.resize(clientWidth, clientHeight);
  if (whole) view.fit();
}

function listen() {
  attachInputs({
    bench, hand, cursor, actions, clock: new ActiveClock(), keymap: { table: keysFor(keymap.table, Object.keys(actions)) },
    appearance: {
      hide: (hidden) => {
        appearance.hide(hidden);
        fills.hidden = hidden;
        surface.redrawGuides();
      },
    },
  });
  attachPanel(settings);
  settings.watchers.push((changed) => {
    if (changed.includes("tool")) showHand();
  });
  showHand();
  input("look").addEventListener("change", () => look(input("look").checked));
  input("mask-file").addEventListener("change", () => void takeFile());
  block("save").addEventListener("click", () => void save());
  block("banner-close").addEventListener("click", () => banner(""));
  surface.watchers.push(() => {
    cursor.draw();
    block("zoom").textContent = `${Math.round(view.scale * 100)} %`;
  });
  addEventListener("beforeunload", (event) => {
    if (editSession.history.done.length && !editSession.locked) event.preventDefault();
  });
  new ResizeObserver(fitStage).observe(block("stage"));
}

function showHand() {
  const { tool } = settings.values;
  root.dataset.hand = tool;
  tell(hint(tool, matchMedia("(pointer: coarse)").matches));
}

async function open() {
  fitStage();
  view.fit();
  await photo.loadPreview(page.previewUrl);
  surface.redraw();
  const found = await readGreyPng(new Uint8Array(await (await fetch(page.addresses.mask)).arrayBuffer()));
  if (!found || found.width !== width || found.height !== height) throw new Error("The mask did not load.");
  for (let i = 0; i < found.data.length; i++) mask.data[i] = found.data[i] & DEFECTS;
  editSession.locked = false;
  surface.change(appearance.mask, { x0: 0, y0: 0, x1: width, y1: height });
  block("stage-state").hidden = true;
  showHistory();
  root.dataset.ready = "true";
  await openTracer();
}

async function openTracer() {
  if (width * height > FULL) {
    for (const name of ["tracer", "speck"]) document.querySelector(`[data-tool=${name}]`)?.setAttribute("hidden", "");
    block("too-large").hidden = false;
    return tell("This photo is too large for the tracer and the speck tool; brush and lasso work.");
  }
  const worker = await openPhoto(page, photo);
  surface.redraw();
  await openRidges(worker, page, bench, appearance);
}

async function takeFile() {
  const chosen = input("mask-file");
  const file = chosen.files?.[0];
  if (!file || editSession.locked) return;
  tell(`Reading ${file.name}…`, "busy");
  try {
    const { tiles, words } = await readMaskFile(fileUrl, file, settings.values.bit, mask);
    await editSession.quiet();
    const changed = replaceMask(editSession, tiles);
    tell(`${changed ? "The file's marks are in place; Undo brings yours back." : "The file marks just what is marked."} ${words}`);
    banner("");
  } catch (error) {
    tell("");
    banner(`${file.name}: ${error instanceof Error ? error.message : error}`);
  }
  chosen.value = "";
}

async function save() {
  hand().putAway?.();
  await editSession.quiet();
  editSession.locked = true;
  showHistory();
  const tiles = new Map();
  for (const index of mask.tiles()) {
    const packed = packTile(mask.readTile(index));
    if (packed !== EMPTY) tiles.set(index, packed);
  }
  try {
    const response = await said(await fetch(saveUrl, {
      method: "POST", credentials: "same-origin", body: await encodeTiles(tiles, mask.columns),
      headers: { "Content-Type": "application/octet-stream", ...csrf() },
    }));
    location.assign((await response.json()).page);
  } catch (error) {
    editSession.locked = false;
    showHistory();
    banner(error instanceof TypeError ? "The mask was not sent. Try again." : /** @type {Error} */ (error).message);
  }
}

listen();
void open().catch((error) => {
  block("stage-state").hidden = true;
  banner(`The photo did not open: ${error.message}`);
});
