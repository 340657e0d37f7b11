// Joins the parts: what the page says, the mask on the easel, the tools, the screen, the sync.
import { makeActions } from "./actions.js";
import { Caller } from "./calls.js";
import { decideClashes } from "./clashes.js";
import { ActiveClock } from "./clock.js";
import { Cursor } from "./cursor.js";
import { Easel } from "./easel.js";
import { Handover } from "./handover.js";
import { History } from "./history.js";
import { Guide } from "./guide.js";
import { attachHelp } from "./help.js";
import { attachInputs } from "./inputs.js";
import { Keymap } from "./keymap.js";
import { Looks } from "./looks.js";
import { Marks } from "./marks.js";
import { Mask } from "./mask.js";
import { attachMinimap } from "./minimap.js";
import { block, canvas, part, readPage } from "./page.js";
import { attachPanel } from "./panel.js";
import { Photo } from "./photo.js";
import { Server, csrfToken } from "./server.js";
import { Settings } from "./settings.js";
import { printed } from "./shortcuts.js";
import { Status } from "./status.js";
import { openStore } from "./store.js";
import { openSuggestion } from "./suggesting.js";
import { Surface } from "./surface.js";
import { Sync } from "./sync.js";
import { TiledPhoto, addresses } from "./tiled.js";
import { openPhoto, openRidges, takeTools } from "./tools/all.js";
import { takeTurn } from "./turn.js";
import { Viewport } from "./viewport.js";
import { Walker } from "./walker.js";

const page = readPage(block("painter"));
const status = new Status({ retry: () => void sync?.retry(), signIn, leave: () => location.assign(page.doneUrl) });
/** @type {Sync | undefined} */
let sync;
/** @type {Guide | undefined} of the practice photo */
let guide;

const mask = new Mask(page.width, page.height);
const history = new History();
const settings = new Settings(safeStorage());
const keymap = new Keymap(safeStorage());
const view = new Viewport(page.width, page.height);
const photo = page.tileUrl
  ? new TiledPhoto(page.width, page.height, addresses(page.tileUrl), () => surface.redrawPhoto())
  : new Photo(page.width, page.height);
/** @type {Surface} */
const surface = new Surface(
  { photo: canvas("photo-canvas"), guide: canvas("guide-canvas") }, block("overlay"), view, photo);
const looks = new Looks(mask, surface, settings);
const clock = new ActiveClock();
const easel = new Easel(mask, history, {
  changed: (rect) => surface.change(looks.mask, rect),
  committed,
});
easel.locked = true; // until the mask is here
/** @type {import("./tools/bench.js").Bench} */
const bench = {
  easel, mask, view, surface, settings, suggestion: null, ridges: null,
  say: (text) => status.say(text), key: (action) => printed(keymap.keyOf(action)),
  brushSize: () => {
    const { size, fixed } = settings.values;
    return fixed ? Math.max(1, size / view.scale) : size;
  },
};
const cursor = new Cursor(surface, bench.brushSize);
const tools = takeTools(bench);
const hand = () => tools[settings.values.tool] ?? tools.brush;
const encoder = new Caller(page.workers.encode);

/** A step was made, undone or redone: to the store, to the server, to the buttons. @param {import("./history.js").Operation} operation */
function committed(operation) {
  clock.note(performance.now() / 1000, operation.label);
  clock.count(operation.label);
  const { decisions } = operation.details;
  if (decisions) bench.suggestion?.decide(decisions, operation.kind !== "undo");
  if (!sync) return;
  if (bench.suggestion) sync.session.decisions = [...bench.suggestion.decisions];
  sync.session.seconds = clock.seconds;
  sync.session.tools = clock.tools;
  sync.record(operation).catch(() => status.banner("This computer's storage is full or closed. Each step is sent to the server at once; keep this page open until all is saved."));
  showHistory();
  guide?.note(operation);
}

function showHistory() {
  part("undo", HTMLButtonElement).disabled = !history.done.length || easel.locked;
  part("redo", HTMLButtonElement).disabled = !history.undone.length || easel.locked;
}

async function start() {
  page.comment && showComment(page.comment);
  addEventListener("resize", fitStage);
  new ResizeObserver(fitStage).observe(block("stage"));
  fitStage();
  view.fit();
  const seeing = photo.loadPreview(page.previewUrl).then(() => {
    block("stage-state").hidden = true;
    surface.redraw();
  });
  const opening = openStore();
  const turn = await takeTurn(page.assignment, () => {
    watchOnly("Another tab took over this photo.", turn.take);
    sync?.retire();
  });
  const store = await opening;
  const server = new Server(page.addresses, mask, () => csrfToken(page.csrf));
  sync = new Sync({
    assignment: page.assignment, mask, store, server,
    encode: (tiles) => encoder.call("encode", { tiles, columns: mask.columns }),
    quiet: () => easel.quiet(),
    decide: (found, theirs) => decideClashes(found, mask, theirs, surface, looks.mask.table),
    merged: (operation) => {
      easel.adopt(operation);
      status.say("Changes from elsewhere were joined.");
      showHistory();
    },
    regain: () => server.tell("heartbeat"),
    report: (state, reason) => status.report(state, reason, sync?.unsent ?? 0),
  });
  if (page.readOnly || !turn.held) sync.retire(); // who only watches writes and sends nothing
  await openMask(sync);
  history.reading = true;
  const walker = new Walker(page.width, page.height, sync.session.seen);
  const handover = new Handover({
    page, easel, sync, server, store, status, walker, clock, nextUnseen: () => actions.unseen(),
    digest: () => encoder.call("digest", { bytes: mask.data }),
  });
  const marks = new Marks(surface, bench.say);
  if (!page.practice) void marks.load(page.addresses.marks).catch(() => {});
  if (page.practice && !page.readOnly) guide = new Guide({ sync, server, marks, surface, settings, say: bench.say, key: bench.key });
  const actions = makeActions({ bench, tool: hand, cursor, handover, walker, marks, help: attachHelp(keymap) });
  attachInputs({ bench, hand, cursor, actions, looks, clock, keymap });
  attachPanel(settings);
  watchCoverage(walker, sync);
  if (page.readOnly) watchOnly("This mask is closed: you can look, but not paint.");
  else if (!turn.held) watchOnly("This photo is open in another tab.", turn.take);
  else {
    easel.locked = false;
    handover.beat();
  }
  showHistory();
  block("painter").dataset.ready = "true";
  void recall(sync);
  if (!store.durable) status.banner("This browser keeps nothing for this site (a private window?). Each step goes to the server at once.");
  void navigator.storage?.persist?.();
  await seeing.catch((error) => status.banner(error.message));
  void openSuggestion(page, bench, looks, sync).catch(() => status.say("The suggestion did not load."));
  const reader = await openPhoto(page, photo).catch(() => status.banner(
    "The full photo did not load, or is too large for this browser: you see its preview. What you paint is exact all the same.",
    [["Try again", () => location.reload()]]));
  surface.redraw();
  block("painter").dataset.full = "true";
  if (reader) await openRidges(reader, page, bench, looks).catch(() => status.say("The tracer could not read the photo."));
}

/** Painting does not wait for the steps from before: they follow. @param {Sync} opened */
async function recall(opened) {
  history.recall(await opened.past().catch(() => []));
  showHistory();
  block("painter").dataset.history = "true";
}

/** @param {Sync} opened */
async function openMask(opened) {
  for (let wait = 1; ; wait = Math.min(30, wait * 2)) {
    const { answer, tiles } = await opened.open();
    if (answer.outcome === "ok") {
      Object.assign(clock, { seconds: opened.session.seconds, tools: opened.session.tools });
      await opened.adopt(answer, tiles);
      surface.change(looks.mask, { x0: 0, y0: 0, x1: mask.width, y1: mask.height });
      return;
    }
    status.report(answer.outcome === "signed-out" ? "signed-out" : "offline", "", opened.unsent);
    status.banner(answer.reason ?? "The mask did not load yet; trying again.", [["Try now", () => location.reload()]]);
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
  }
}

/** @param {string} why @param {() => Promise<void>} [take] */
function watchOnly(why, take) {
  easel.commit("brush");
  easel.locked = true;
  showHistory();
  block("painter").dataset.watching = "true";
  status.banner(why, take ? [["Paint here instead", async () => {
    await take();
    location.reload();
  }]] : [], "watching");
}

/** @param {Walker} walker @param {Sync} opened */
function watchCoverage(walker, opened) {
  const draw = attachMinimap(walker, surface);
  surface.watchers.push(() => {
    draw();
    cursor.draw();
    block("zoom").textContent = `${Math.round(view.scale * 100)} %`;
  });
  surface.redraw();
  setInterval(() => {
    if (document.hidden || !photo.levels.length) return;
    if (!walker.look(view.visible(), view.scale, 0.25)) return;
    opened.session.seen = [...walker.seen];
    draw();
    if (!easel.locked) void opened.touch();
  }, 250);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return;
    clock.pause();
    if (!easel.locked) void opened.flush();
  });
  addEventListener("pagehide", () => easel.locked || opened.farewell());
  addEventListener("online", () => void opened.retry());
}

function fitStage() {
  const { clientWidth, clientHeight } = block("stage");
  if (clientWidth && clientHeight) surface.resize(clientWidth, clientHeight);
}

/** @param {string} comment */
function showComment(comment) {
  block("comment").hidden = false;
  block("comment-by").textContent = block("painter").dataset.commentBy ?? "";
  block("comment-text").textContent = comment;
}

function signIn() {
  const child = window.open(page.loginUrl, "heirloom-sign-in", "width=480,height=640");
  const timer = setInterval(() => {
    if (child && !child.closed) return;
    clearInterval(timer);
    void sync?.retry();
  }, 500);
}

/** @returns {Storage | null} */
function safeStorage() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

void start().catch((error) => {
  status.banner(`The painter could not start: ${error.message}`, [["Reload", () => location.reload()]]);
  throw error;
});
