// Joins the parts: what the page says, the mask under edit, the tools, the screen, the sync.
import { Viewport } from "../../viewer/viewport.js";
import { openSuggestion } from "./assist/suggestion_panel.js";
import { EditSession } from "./document/edit_session.js";
import { History } from "./document/history.js";
import { Mask } from "./document/mask.js";
import { ActiveClock } from "./sync/active_clock.js";
import { openStore } from "./sync/local_store.js";
import { Server, csrfToken } from "./sync/server.js";
import { Submission } from "./sync/submission.js";
import { Sync } from "./sync/sync.js";
import { takeTabLock } from "./sync/tab_lock.js";
import { openPhoto, openRidges, takeTools } from "./tools/all.js";
import { makeActions } from "./ui/actions.js";
import { resolveConflicts } from "./ui/conflict_dialog.js";
import { Guide } from "./ui/guide.js";
import { attachHelp } from "./ui/help.js";
import { attachInputs } from "./ui/inputs.js";
import { Keymap } from "./ui/keymap.js";
import { Marks } from "./ui/marks.js";
import { block, canvas, part, readPage } from "./ui/page.js";
import { attachPanel } from "./ui/panel.js";
import { Settings } from "./ui/settings.js";
import { printed } from "./ui/shortcuts.js";
import { Status } from "./ui/status.js";
import { Appearance } from "./view/appearance.js";
import { Coverage } from "./view/coverage.js";
import { attachCoverageMap } from "./view/coverage_map.js";
import { Cursor } from "./view/cursor.js";
import { Photo } from "./view/photo.js";
import { Surface } from "./view/surface.js";
import { TiledPhoto, addresses } from "./view/tiled_photo.js";
import { Caller } from "./workers/worker_rpc.js";

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
const appearance = new Appearance(mask, surface, settings);
const clock = new ActiveClock();
const editSession = new EditSession(mask, history, {
  changed: (rect) => surface.change(appearance.mask, rect),
  committed,
});
editSession.locked = true; // until the mask is here
/** @type {import("./tools/bench.js").Bench} */
const bench = {
  editSession, mask, view, surface, settings, suggestion: null, ridges: null,
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

/** A step was made, undone or redone: to the store, to the server, to the buttons. @param {import("./document/history.js").Operation} operation */
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
  part("undo", HTMLButtonElement).disabled = !history.done.length || editSession.locked;
  part("redo", HTMLButtonElement).disabled = !history.undone.length || editSession.locked;
}

async function start() {
  page.comment && showComment(page.comment);
  addEventListener("resize", fitStage);
  new ResizeObserver(fitStage).observe(block("stage"));
  fitStage();
  view.fit();
  const show = () => {
    block("stage-state").hidden = true;
    surface.redraw();
  };
  // Caught at once: what is awaited later counts as unhandled till then.
  const seeing = photo.loadPreview(page.previewUrl).then(show)
    .catch(() => status.say("The preview did not load; the photo itself follows."));
  const opening = openStore();
  const tabLock = await takeTabLock(page.assignment, () => {
    watchOnly("Another tab took over this photo.", tabLock.take);
    sync?.retire();
  });
  const store = await opening;
  const server = new Server(page.addresses, mask, () => csrfToken(page.csrf));
  sync = new Sync({
    assignment: page.assignment, mask, store, server,
    encode: (tiles) => encoder.call("encode", { tiles, columns: mask.columns }),
    quiet: () => editSession.quiet(),
    decide: (found, theirs) => resolveConflicts(found, mask, theirs, surface, appearance.mask.table),
    merged: (operation) => {
      editSession.adopt(operation);
      status.say("Changes from elsewhere were joined.");
      showHistory();
    },
    regain: () => server.tell("heartbeat"),
    report: (state, reason) => status.report(state, reason, sync?.unsent ?? 0),
  });
  if (page.readOnly || !tabLock.held) sync.retire(); // who only watches writes and sends nothing
  await openMask(sync);
  history.reading = true;
  const coverage = new Coverage(page.width, page.height, sync.session.seen);
  const submission = new Submission({
    page, editSession, sync, server, store, status, coverage, clock, nextUnseen: () => actions.unseen(),
    digest: () => encoder.call("digest", { bytes: mask.data }),
  });
  const marks = new Marks(surface, bench.say, () => csrfToken(page.csrf));
  if (!page.practice) void marks.load(page.addresses.marks).catch(() => {});
  if (page.practice && !page.readOnly) guide = new Guide({ sync, server, marks, surface, settings, say: bench.say, key: bench.key });
  const actions = makeActions({ bench, tool: hand, cursor, submission, coverage, marks, help: attachHelp(keymap) });
  attachInputs({ bench, hand, cursor, actions, appearance, clock, keymap });
  attachPanel(settings);
  watchCoverage(coverage, sync);
  if (page.readOnly) watchOnly("This mask is closed: you can look, but not paint.");
  else if (!tabLock.held) watchOnly("This photo is open in another tab.", tabLock.take);
  else {
    editSession.locked = false;
    submission.beat();
  }
  showHistory();
  block("painter").dataset.ready = "true";
  encoder.wake();
  void recall(sync);
  if (!store.durable) status.banner("This browser keeps nothing for this site (a private window?). Each step goes to the server at once.");
  void navigator.storage?.persist?.();
  await seeing;
  void openSuggestion(page, bench, appearance, sync).catch(() => status.say("The suggestion did not load."));
  const reader = await openPhoto(page, photo).catch(() => status.banner(
    "The full photo did not load, or is too large for this browser: you see its preview. What you paint is exact all the same.",
    [["Try again", () => location.reload()]]));
  show();
  block("painter").dataset.full = "true";
  if (reader) await openRidges(reader, page, bench, appearance).catch(() => status.say("The tracer could not read the photo."));
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
    const { answer, tiles, laid } = await opened.open();
    if (answer.outcome === "ok") {
      Object.assign(clock, { seconds: opened.session.seconds, tools: opened.session.tools });
      await opened.adopt(answer, tiles);
      for (const tile of laid) surface.change(appearance.mask, mask.tileRect(tile));
      return;
    }
    status.report(answer.outcome === "signed-out" ? "signed-out" : "offline", "", opened.unsent);
    status.banner(answer.reason ?? "The mask did not load yet; trying again.", [["Try now", () => location.reload()]]);
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
  }
}

/** @param {string} why @param {() => Promise<void>} [take] */
function watchOnly(why, take) {
  editSession.commit("brush");
  editSession.locked = true;
  showHistory();
  block("painter").dataset.watching = "true";
  status.banner(why, take ? [["Paint here instead", async () => {
    await take();
    location.reload();
  }]] : [], "watching");
}

/** @param {Coverage} coverage @param {Sync} opened */
function watchCoverage(coverage, opened) {
  const draw = attachCoverageMap(coverage, surface);
  surface.watchers.push(() => {
    draw();
    cursor.draw();
    block("zoom").textContent = `${Math.round(view.scale * 100)} %`;
  });
  surface.redraw();
  setInterval(() => {
    if (document.hidden || !photo.levels.length) return;
    if (!coverage.look(view.visible(), view.scale, 0.25)) return;
    opened.session.seen = [...coverage.seen];
    draw();
    if (!editSession.locked) void opened.touch();
  }, 250);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return;
    clock.pause();
    if (!editSession.locked) void opened.flush();
  });
  addEventListener("pagehide", () => editSession.locked || opened.farewell());
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
