// Crack tracer: click along the crack, it finds line and width. All anchors are one undo step.
import { paintRule } from "../document/mask.js";
import { dot, fillPreview, latest, outlineOf } from "./preview.js";

/** @typedef {import("./bench.js").Touch} Touch */
/** @typedef {import("../assist/ridges.js").Point} Point */
/** @typedef {{at: Point, runs: number[], shape: Path2D | null}} Anchor with the segment that leads to it */

/** @param {import("./bench.js").Bench} bench @returns {import("./bench.js").Tool} */
export function tracerTool(bench) {
  /** @type {Anchor[]} */
  let anchors = [];
  /** @type {{shape: Path2D, end: Point} | null} */
  let preview = null;
  /** @type {Touch | null} */
  let pointer = null;
  let placing = Promise.resolve();
  let narrow = false;

  const { settings, surface } = bench;
  const hovering = latest(
    (/** @type {object} */ wish) => /** @type {import("../workers/worker_rpc.js").Caller} */ (bench.ridges).call("path", wish),
    (found) => {
      preview = anchors.length ? { shape: outlineOf(found.runs), end: found.end } : null;
      surface.redrawGuides();
    });

  surface.guides.push((context, view) => {
    if (settings.values.tool !== "tracer") return false;
    for (const { shape } of anchors) if (shape) fillPreview(context, view, shape, "rgb(255 90 160 / 75%)");
    if (preview) fillPreview(context, view, preview.shape, "rgb(255 235 90 / 65%)");
    for (const { at } of anchors) dot(context, view.toScreen(at.x + 0.5, at.y + 0.5));
    return anchors.length > 0;
  });
  settings.watchers.push((changed) => {
    if (changed.includes("widen") || changed.includes("constant") || changed.includes("size")) hover(pointer);
  });

  /** How a line is drawn now: a click or a key means what held when it was given. */
  const manner = () => {
    const { bit, constant, widen } = settings.values;
    return { bit, constant, widen, size: constant ? Math.max(1, Math.round(bench.brushSize())) : 0, narrow };
  };

  /** @param {Touch} touch @param {ReturnType<typeof manner>} how */
  const wish = (touch, { size, widen, narrow }) => ({
    from: anchors[anchors.length - 1].at, to: { x: touch.ix, y: touch.iy }, free: touch.alt, straight: touch.shift,
    size, widen, narrow,
  });

  /** @param {Touch | null} touch */
  function hover(touch) {
    pointer = touch;
    if (touch && anchors.length && bench.ridges) hovering.want(wish(touch, manner()));
    else if (preview) {
      preview = null;
      surface.redrawGuides();
    }
  }

  /** @param {Touch} touch @param {ReturnType<typeof manner>} how */
  async function place(touch, how) {
    const { ridges } = bench;
    if (!ridges) return bench.say("The tracer is still reading the photo.");
    const at = { x: touch.ix, y: touch.iy };
    hovering.forget();
    if (!anchors.length) anchors.push({ at: await ridges.call("snap", { at, free: touch.alt }), runs: [], shape: null });
    else {
      const { end, runs } = await ridges.call("path", wish(touch, how));
      const last = anchors[anchors.length - 1].at;
      if (end.x === last.x && end.y === last.y) return;
      anchors.push({ at: end, runs, shape: outlineOf(runs) });
    }
    preview = null;
    surface.redrawGuides();
  }

  async function commit() {
    hovering.forget();
    const { bit, constant, widen } = manner();
    await placing;
    await bench.editSession.quiet(); // another tool may have begun a stroke meanwhile
    const segments = anchors.slice(1);
    anchors = [];
    preview = null;
    surface.redrawGuides();
    if (!segments.length || bench.editSession.locked) return;
    const edit = bench.editSession.begin(paintRule(bit));
    for (const { runs } of segments) edit.runs(runs);
    bench.editSession.commit("tracer", { bit, anchors: segments.length + 1, constant, widen });
    bench.say(`Line of ${segments.length} ${segments.length === 1 ? "segment" : "segments"} painted.`);
  }

  function dropAnchor() {
    anchors.pop();
    preview = null;
    hover(pointer);
    surface.redrawGuides();
  }

  return {
    cursor: "cross",
    usesAlt: true,
    begin(touch) {
      const how = manner();
      placing = placing.then(() => place(touch, how)).catch((error) => bench.say(error.message));
    },
    move() {},
    end() {},
    cancel() {},
    hover,
    wheel(steps) {
      if (!anchors.length) return false;
      settings.set({ widen: Math.max(-3, Math.min(6, settings.values.widen + steps)) });
      return true;
    },
    twice: () => void commit(),
    act(action) {
      if (action === "drop-anchor" || (action === "undo" && anchors.length)) dropAnchor();
      else if (action === "commit" || (action === "cancel" && anchors.length)) void commit();
      else return false;
      return true;
    },
    putAway: () => void commit(),
    hold(action, down) {
      if (action !== "narrow" || narrow === down) return;
      narrow = down;
      hover(pointer);
    },
  };
}
