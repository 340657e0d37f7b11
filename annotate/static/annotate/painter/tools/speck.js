// Speck grow: click on a speck; drag to take more or less of it; Shift drag proposes all of a box.
import { paintRule } from "../document/mask.js";
import { fillPreview, latest, outlineOf } from "./preview.js";
import { frame, span } from "./review.js";

/** @typedef {import("./bench.js").Touch} Touch */
/** @typedef {import("../assist/blob_grow.js").Speck} Speck */
/** @typedef {{runs: number[], shape: Path2D}} Proposal */

/** @param {import("./bench.js").Bench} bench @returns {import("./bench.js").Tool} */
export function speckTool(bench) {
  const { surface, settings, editSession, say } = bench;
  /** @type {Touch | null} where it was pressed */
  let from = null;
  /** @type {(Proposal & Speck) | null} */
  let found = null;
  /** The share the first look chose: dragging starts there. */
  let share = 0;
  /** @type {import("../document/mask.js").Rect | null} being dragged */
  let box = null;
  /** @type {Proposal[]} specks of the last box, until they are taken or left */
  let proposed = [];

  const growing = latest(
    (/** @type {object} */ wish) => /** @type {import("../workers/worker_rpc.js").Caller} */ (bench.ridges).call("speck", wish),
    (/** @type {Speck | null} */ speck) => {
      found = speck && { ...speck, shape: outlineOf(speck.runs) };
      share ||= speck?.share ?? 0;
      surface.redrawGuides();
    });
  surface.guides.push((context, view) => {
    if (settings.values.tool !== "speck") return false;
    for (const { shape } of proposed) fillPreview(context, view, shape, "rgb(255 235 90 / 70%)");
    if (found && from) fillPreview(context, view, found.shape, "rgb(255 235 90 / 65%)");
    if (box) frame(context, view, box, 0, [6, 4]);
    return proposed.length > 0 || found !== null || box !== null;
  });

  /** @param {Touch} touch */
  function grow(touch) {
    const at = { x: touch.ix, y: touch.iy };
    found = null;
    share = 0;
    growing.want({ at, share: 0 });
  }

  /** @param {import("../document/mask.js").Rect} wanted */
  async function propose(wanted) {
    say("Looking for specks…");
    surface.redrawGuides();
    /** @type {number[][]} */
    const specks = await /** @type {import("../workers/worker_rpc.js").Caller} */ (bench.ridges).call("specks", { box: wanted });
    const { data, width } = bench.mask;
    const { bit } = settings.values;
    const open = specks.filter((runs) => !(data[runs[0] * width + runs[1]] & bit));
    proposed = open.map((runs) => ({ runs, shape: outlineOf(runs) }));
    surface.redrawGuides();
    say(proposed.length ? `${proposed.length} specks proposed. Click on one to leave it out; ${bench.key("accept")} takes all, ${bench.key("reject")} none.`
      : "No speck stands out here.");
  }

  /** @param {Proposal[]} specks @param {number} [bit] */
  function paint(specks, bit = settings.values.bit) {
    if (editSession.locked || !specks.length) return;
    const edit = editSession.begin(paintRule(bit));
    for (const { runs } of specks) edit.runs(runs);
    editSession.commit("speck", { bit, count: specks.length });
  }

  function takeAll() {
    const count = proposed.length;
    paint(proposed);
    forget();
    say(`${count} specks painted.`);
  }

  function forget() {
    growing.forget();
    from = found = box = null;
    proposed = [];
    surface.redrawGuides();
  }

  /** @param {Touch} touch @returns {boolean} whether a proposal was under the pointer */
  function leaveOut(touch) {
    const at = proposed.findIndex(({ runs }) => near(runs, touch.ix, touch.iy, 3));
    if (at >= 0) proposed.splice(at, 1);
    if (at >= 0) say(`Left out. ${proposed.length} specks proposed.`);
    surface.redrawGuides();
    return at >= 0;
  }

  return {
    cursor: "cross",
    begin(touch) {
      if (!bench.ridges) return say("The speck tool is still reading the photo.");
      if (!touch.shift && leaveOut(touch)) return;
      from = touch;
      found = null;
      if (!touch.shift) grow(touch);
    },
    move(touches) {
      const last = touches[touches.length - 1];
      if (!from || !last) return;
      if (from.shift) {
        box = span({ x: from.ix, y: from.iy }, { x: last.ix, y: last.iy });
        return surface.redrawGuides();
      }
      // To the right takes more: pixels that differ less from their surroundings.
      const wanted = (share || 0.5) * Math.exp((from.x - last.x) / 120);
      if (Math.abs(from.x - last.x) > 3) {
        growing.want({ at: { x: from.ix, y: from.iy }, share: Math.max(0.15, Math.min(0.9, wanted)) });
      }
    },
    async end() {
      if (!from) return;
      const wanted = box;
      if (from.shift) {
        from = box = null;
        if (wanted) await propose(wanted).catch((error) => say(error.message));
        return;
      }
      const { bit } = settings.values; // of the release, whatever is picked while the worker looks
      await growing.settled();
      await editSession.quiet();
      const speck = found;
      from = found = null;
      surface.redrawGuides();
      if (editSession.locked) return;
      if (speck?.runs.length) paint([speck], bit);
      else say("This has no clear edge here. Use the brush.");
    },
    cancel: forget,
    putAway: forget,
    act(action) {
      if (!proposed.length) return false;
      if (action === "accept" || action === "accept-all" || action === "commit") takeAll();
      else if (action === "reject" || action === "reject-all" || action === "cancel" || action === "undo") forget();
      else return false;
      return true;
    },
  };
}

/** @param {number[]} runs @param {number} x @param {number} y @param {number} slack pixels */
function near(runs, x, y, slack) {
  for (let i = 0; i < runs.length; i += 3) {
    if (Math.abs(runs[i] + 0.5 - y) <= slack && x >= runs[i + 1] - slack && x < runs[i + 2] + slack) return true;
  }
  return false;
}
