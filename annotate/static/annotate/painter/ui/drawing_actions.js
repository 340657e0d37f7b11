// What keys and buttons do to mask and view, on every page with the painter's tools.
import { changeComponent } from "../tools/component.js";

/**
 * @param {import("../tools/bench.js").Bench} bench @param {import("../view/cursor.js").Cursor} cursor
 * @returns {Record<string, () => unknown>} by the id of shortcuts.js
 */
export function drawingActions(bench, cursor) {
  const { editSession, view, surface, settings, say } = bench;
  /** @param {() => void} change */
  const looking = (change) => () => {
    change();
    surface.redraw();
  };
  /** @param {string} name */
  const pick = (name) => () => settings.set({ tool: name });
  /** @param {number} bit */
  const paintAs = (bit) => () => settings.set({ bit });
  /** @param {"outline" | "invert" | "magnify" | "constant" | "local" | "stretch" | "ridges"} key */
  const toggle = (key) => () => settings.set({ [key]: !settings.values[key] });
  /** @param {"grow" | "shrink" | "fill"} how */
  const component = (how) => () => changeComponent(bench, how, cursor.at);

  /** @param {"undo" | "redo"} way */
  const step = (way) => () => {
    if (editSession.edit) return;
    const operation = editSession[way]();
    if (!operation && editSession.history.reading) return say("The earlier steps are still being read. Try again.");
    say(operation ? `${way === "undo" ? "Undone" : "Done again"}: ${operation.label}.` : `Nothing to ${way}.`);
  };

  /** The way out of the photo by keyboard, since Tab may belong to the review. */
  const leave = () => {
    const held = document.querySelector("#rail [aria-pressed='true']");
    if (held instanceof HTMLElement) held.focus();
  };

  return {
    brush: pick("brush"), eraser: pick("eraser"), tracer: pick("tracer"), speck: pick("speck"), lasso: pick("lasso"),
    "class-1": paintAs(1), "class-2": paintAs(2), "class-4": paintAs(4),
    smaller: () => settings.resize(-1), larger: () => settings.resize(1),
    grow: component("grow"), shrink: component("shrink"), fill: component("fill"),
    undo: step("undo"), redo: step("redo"),
    "zoom-in": looking(() => view.step(1)), "zoom-out": looking(() => view.step(-1)),
    "zoom-fit": looking(() => view.fit()), "zoom-actual": looking(() => view.zoomTo(1)),
    stretch: toggle("stretch"), local: toggle("local"), ridges: toggle("ridges"),
    outline: toggle("outline"), invert: toggle("invert"), magnifier: toggle("magnify"),
    "fixed-width": toggle("constant"), cancel: leave,
  };
}
