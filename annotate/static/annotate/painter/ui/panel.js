// The panel on the right: inputs to settings and back.
import { block, input } from "./page.js";
import { DEFAULTS, VIEW_KEYS, clampSize, sizeAt, stepOf } from "./settings.js";

/** Check boxes have the id of their setting. */
const BOXES = /** @type {const} */ ([
  ["fixed", "fixed"], ["restore", "restore"], ["constant", "constant"], ["outline", "outline"],
  ["invert", "invert"], ["stretch", "stretch"], ["local", "local"], ["single", "single"], ["ridges", "ridges"], ["smooth", "smooth"], ["magnify", "magnify"], ["flip", "flip"],
]);

/** @type {[id: string, key: "opacity" | "black" | "white" | "gamma" | "widen" | "least", unit: string][]} */
const RANGES = [
  ["opacity", "opacity", " %"], ["black", "black", ""], ["white", "white", ""], ["gamma", "gamma", " %"],
  ["widen", "widen", " px"], ["least", "least", ""],
];

/** @param {readonly [id: string, ...unknown[]]} row @returns {boolean} whether this page has the input */
const here = ([id]) => document.getElementById(id) !== null;

/** @param {import("./settings.js").Settings} settings */
export function attachPanel(settings) {
  for (const [id, key] of BOXES.filter(here)) {
    input(id).addEventListener("change", () => settings.set({ [key]: input(id).checked }));
  }
  for (const [id, key] of RANGES.filter(here)) {
    input(id).addEventListener("input", () => settings.set({ [key]: input(id).valueAsNumber }));
  }
  input("size").addEventListener("input", () => settings.set({ size: sizeAt(input("size").valueAsNumber) }));
  document.getElementById("suggest")?.addEventListener("change", () => {
    settings.set({ suggestion: input("suggest").checked ? "shown" : "hidden" });
  });
  input("size-px").addEventListener("change", () => {
    settings.set({ size: clampSize(input("size-px").valueAsNumber) });
    show(settings);
  });
  block("classes").addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement) settings.set({ bit: Number(event.target.value) });
  });
  const toggle = block("panel-toggle");
  toggle.addEventListener("click", () => {
    const open = block("panel").classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
  });
  settings.watchers.push(() => show(settings));
  show(settings);
}

/** @param {import("./settings.js").Settings} settings */
function show({ values, suggests }) {
  if (here(["suggest"])) input("suggest").checked = suggests;
  for (const [id, key] of BOXES.filter(here)) input(id).checked = values[key];
  for (const [id, key, unit] of RANGES.filter(here)) {
    input(id).valueAsNumber = values[key];
    block(`${id}-out`).textContent = `${key === "widen" && values[key] > 0 ? "+" : ""}${values[key]}${unit}`;
  }
  input("size").valueAsNumber = stepOf(values.size);
  input("size-px").valueAsNumber = values.size;
  for (const radio of block("classes").querySelectorAll("input")) {
    radio.checked = Number(radio.value) === values.bit;
  }
  for (const button of block("rail").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.dataset.tool === values.tool));
  }
  block("painter").classList.toggle("flip", values.flip);
  block("tracing").hidden = values.tool !== "tracer";
  for (const button of block("painter").querySelectorAll("[data-bit]")) {
    button.setAttribute("aria-pressed", String(Number(/** @type {HTMLElement} */ (button).dataset.bit) === values.bit));
  }
  if (here(["reach-finish"])) block("reach-finish").hidden = !["tracer", "lasso"].includes(values.tool);
}

/** @param {import("./settings.js").Settings} settings */
export function resetView(settings) {
  settings.set(Object.fromEntries(VIEW_KEYS.map((key) => [key, DEFAULTS[key]])));
}
