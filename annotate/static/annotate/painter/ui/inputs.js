// Pointer, keys and buttons to the tool in hand and to the actions.
import { attachKeyboard } from "./keyboard.js";
import { block } from "./page.js";
import { attachGestures } from "../../../viewer/gestures.js";

/** @typedef {import("../../../viewer/gestures.js").Sample} Sample */
/** @typedef {import("../tools/bench.js").Touch} Touch */

/**
 * @typedef {object} Workplace
 * @property {import("../tools/bench.js").Bench} bench
 * @property {() => import("../tools/bench.js").Tool} hand the tool in it
 * @property {import("../view/cursor.js").Cursor} cursor
 * @property {Record<string, () => unknown>} actions
 * @property {{hide: (hidden: boolean) => void}} appearance
 * @property {import("../sync/active_clock.js").ActiveClock} clock
 * @property {{table: import("./shortcuts.js").Shortcut[]}} keymap
 */

/** @param {Workplace} workplace */
export function attachInputs({ bench, hand, cursor, actions, appearance, clock, keymap }) {
  const { editSession, view, surface, settings } = bench;
  const stage = block("stage");
  /** The tool a stroke began with ends it, whatever is picked meanwhile. */
  let busy = hand();
  let pressed = false; // by the space bar

  /** @param {Sample} sample @returns {Touch} */
  const touchOf = (sample) => {
    const at = view.toImage(sample.x, sample.y);
    return { ...sample, ix: at.x, iy: at.y };
  };
  /** @param {Touch} touch */
  const follow = (touch) => {
    cursor.byKeys = false;
    cursor.place({ x: touch.ix, y: touch.iy }, touch.erase || settings.values.tool === "eraser");
  };
  const note = () => clock.note(performance.now() / 1000, settings.values.tool);

  /** @param {Touch} touch */
  function begin(touch) {
    if (editSession.locked) return;
    note();
    busy = hand();
    busy.begin(touch);
  }

  const keyboard = attachKeyboard(stage, {
    act: (action) => {
      note();
      if (action === "cancel" && editSession.edit) busy.cancel();
      else if (!hand().act?.(action)) return action in actions && actions[action]() !== false;
      return true;
    },
    nudge: (dx, dy) => {
      const at = cursor.nudge(dx, dy);
      const touch = keyTouch(at);
      if (editSession.edit || pressed) busy.move([touch]);
      else hand().hover?.(touch);
    },
    byKeys: () => cursor.byKeys,
    press: (down) => {
      if (!cursor.at) return;
      pressed = down;
      if (down) begin(keyTouch(cursor.at));
      else busy.end(keyTouch(cursor.at));
    },
    hold: (action, down) => {
      if (action === "hide") appearance.hide(down);
      else hand().hold?.(action, down);
    },
    table: () => keymap.table,
  });

  /** @param {{x: number, y: number}} at @returns {Touch} */
  function keyTouch(at) {
    const { x, y } = view.toScreen(at.x, at.y);
    return { x, y, ix: at.x, iy: at.y, factor: 1, erase: false, alt: false, shift: false, ctrl: false };
  }

  attachGestures(stage, {
    begin: (sample) => {
      follow(touchOf(sample));
      begin(touchOf(sample));
    },
    move: (samples) => {
      const touches = samples.map(touchOf);
      follow(touches[touches.length - 1]);
      if (!editSession.locked) busy.move(touches);
      note();
    },
    end: (sample) => !editSession.locked && busy.end(touchOf(sample)),
    cancel: () => busy.cancel(),
    hover: (sample) => {
      const touch = sample && touchOf(sample);
      if (touch) follow(touch);
      else cursor.place(null);
      hand().hover?.(touch);
    },
    pan: (dx, dy) => {
      view.pan(dx, dy);
      surface.redraw();
    },
    zoom: (x, y, factor) => {
      view.zoomAt(x, y, factor);
      surface.redraw();
    },
    resize: (steps) => settings.resize(steps),
    wheel: (steps) => hand().wheel?.(steps) ?? false,
    twice: (sample) => hand().twice?.(touchOf(sample)),
    panning: () => keyboard.panning() || hand().pans === true,
    sizing: () => !hand().usesAlt,
  });

  for (const button of document.querySelectorAll("[data-do]")) {
    button.addEventListener("click", () => {
      const action = /** @type {HTMLElement} */ (button).dataset.do ?? "";
      if (!hand().act?.(action)) actions[action]?.();
    });
  }
  attachRail(settings);
  block("hide").addEventListener("click", () => appearance.hide(block("hide").getAttribute("aria-pressed") !== "true"));
  wearTool(hand, cursor, settings);
}

/** The tools: a press picks, arrows go from one to the next. @param {import("./settings.js").Settings} settings */
function attachRail(settings) {
  const rail = block("rail");
  rail.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button?.dataset.tool) settings.set({ tool: button.dataset.tool });
  });
  rail.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...rail.querySelectorAll("button")].filter((button) => !button.hidden);
    const at = buttons.findIndex((button) => button === document.activeElement);
    buttons[(at + step + buttons.length) % buttons.length].focus();
  });
}

/**
 * @param {() => import("../tools/bench.js").Tool} hand @param {import("../view/cursor.js").Cursor} cursor
 * @param {import("./settings.js").Settings} settings
 */
function wearTool(hand, cursor, settings) {
  let worn = hand();
  const wear = () => {
    if (worn !== hand()) worn.putAway?.();
    worn = hand();
    cursor.kind = worn.cursor;
    cursor.erasing = settings.values.tool === "eraser";
    cursor.magnify = settings.values.magnify;
    cursor.draw();
  };
  settings.watchers.push(wear);
  wear();
}
