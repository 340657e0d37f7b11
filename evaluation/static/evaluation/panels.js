// Two to six pictures on the screen: modes, synchronised zoom and pan, reveal together.

import { attachGestures } from "../viewer/gestures.js";
import { steer } from "../viewer/steering.js";
import { LOOKING, Viewport } from "../viewer/viewport.js";
import { outlines } from "./outlines.js";
import { required, requiredPart } from "./page.js";

/** @typedef {import("./pictures.js").Ballot} Ballot */
/** @typedef {import("./pictures.js").Bundle} Bundle */
/** @typedef {"side" | "flip" | "slider"} Mode */

/** @type {Mode[]} */
const MODES = ["side", "flip", "slider"];
const NAMES = { side: "Side by side", flip: "Flip in place", slider: "Slider" };

/** Attaches the viewer to its element; returns what the ballot steers. @param {HTMLElement} root */
export function attachPanels(root) {
  const panels = requiredPart(root, "panels", HTMLElement);
  const figures = /** @type {HTMLElement[]} */ ([...panels.querySelectorAll(".panel")]);
  const ports = figures.map((figure) => required(figure, ".viewport", HTMLElement));
  const pictures = ports.map((port) => required(port, "img:not(.original)", HTMLImageElement));
  const originals = ports.map((port) => required(port, "img.original", HTMLImageElement));
  const traces = ports.map((port) => required(port, "img.outlines", HTMLImageElement));
  const divider = requiredPart(panels, "divider", HTMLInputElement);
  const zoom = requiredPart(root, "zoom", HTMLOutputElement);
  const modeName = requiredPart(root, "mode", HTMLElement);
  /** @type {Mode} */
  let mode = "side";
  /** @type {Viewport | null} of all pictures alike */
  let view = null;
  let count = 2; // pictures of the ballot on the screen
  let front = 0; // which of them lies on top in flip mode
  let flipped = false;

  function draw() {
    if (view === null) return;
    const sharp = view.scale * devicePixelRatio >= 1 - 1e-6;
    for (const image of [...pictures, ...originals, ...traces]) {
      image.style.width = `${view.imageWidth}px`;
      image.style.height = `${view.imageHeight}px`;
      image.style.transform = view.transform();
      image.style.imageRendering = sharp ? "pixelated" : "auto";
    }
    figures[1]?.style.setProperty("--cut", `${divider.value}%`);
    zoom.value = view.label(devicePixelRatio);
  }

  /** @param {(view: Viewport) => void} move */
  function look(move) {
    if (view !== null) move(view);
    draw();
  }

  // In flip and slider mode all pictures lie in the place of the first panel.
  const resize = () => {
    const { width, height } = ports[0].getBoundingClientRect();
    look((all) => all.resize(width, height));
  };

  /** @param {Mode} next */
  function setMode(next) {
    mode = next;
    panels.dataset.mode = mode;
    divider.hidden = mode !== "slider";
    modeName.textContent = NAMES[mode];
    front = 0;
    setFlipped(false);
    resize();
  }

  // One picture is in front in flip mode, or while the other one is held.
  function stack() {
    const single = mode === "flip" || flipped;
    const top = flipped ? (front + 1) % count : front;
    panels.classList.toggle("single", single);
    figures.forEach((figure, slot) => figure.classList.toggle("front", single && slot === top));
  }

  /** @param {boolean} on */
  function setFlipped(on) {
    flipped = on;
    stack();
  }

  /** Another picture in front; in the other modes, into flip mode first. @param {number} by */
  function step(by) {
    if (mode !== "flip") setMode("flip");
    else front = (front + by + count) % count;
    stack();
  }

  /** @param {boolean} on */
  function setOriginal(on) {
    panels.classList.toggle("originals", on);
  }

  /** Of what was filled, where the study is about masks. @param {boolean} on */
  function setOutlines(on) {
    const ready = on && "outlines" in root.dataset && panels.getAttribute("aria-busy") === "false";
    traces.forEach((trace, slot) => {
      if (ready && slot < count && !trace.hasAttribute("src")) {
        trace.src = outlines(pictures[slot], originals[slot]);
      }
      trace.hidden = !ready || slot >= count;
    });
  }

  attachGestures(ports, {
    pan: (dx, dy) => look((all) => all.pan(dx, dy)),
    zoom: (x, y, factor) => look((all) => all.zoomAt(x, y, factor)),
    twice: ({ x, y }) => look((all) => all.toggle(x, y)),
  }, { menu: true });
  divider.addEventListener("input", draw);
  new ResizeObserver(resize).observe(ports[0]);

  return {
    nextMode() {
      const modes = count === 2 ? MODES : MODES.slice(0, 2);
      setMode(modes[(modes.indexOf(mode) + 1) % modes.length]);
    },
    step,
    mode: () => mode,
    flip: setFlipped,
    original: setOriginal,
    outlines: setOutlines,
    fit: () => look((all) => all.fit()),
    real: () => look((all) => all.zoomTo(1 / devicePixelRatio)),
    /** @param {1 | -1} by */
    zoom: (by) => look((all) => all.step(by)),
    /** @param {{key: string, shiftKey: boolean}} pressed @returns {boolean} whether it looks around */
    steer(pressed) {
      const meant = view !== null && steer(view, pressed);
      draw();
      return meant;
    },

    /** Hides everything until the next reveal. */
    clear() {
      panels.setAttribute("aria-busy", "true");
      setOriginal(false);
      setFlipped(false);
      setOutlines(false);
      for (const trace of traces) trace.removeAttribute("src");
      for (const image of [...pictures, ...originals]) image.hidden = true;
    },

    /** Decodes all pictures out of sight, then shows them in one frame. @param {Ballot} ballot @param {Bundle} bundle */
    async reveal(ballot, bundle) {
      view = view?.onto(ballot.width, ballot.height) ?? new Viewport(ballot.width, ballot.height, LOOKING);
      count = bundle.images.length;
      panels.dataset.count = String(count);
      if (count > 2 && mode === "slider") setMode("side");
      front = 0;
      const shown = pictures.slice(0, count);
      const under = originals.slice(0, count);
      figures.forEach((figure, slot) => (figure.hidden = slot >= count));
      shown.forEach((image, slot) => (image.src = bundle.images[slot]));
      under.forEach((image) => (image.src = bundle.original));
      await Promise.all([...shown, ...under].map((image) => image.decode()));
      stack();
      resize();
      for (const image of [...shown, ...under]) image.hidden = false;
      panels.setAttribute("aria-busy", "false");
    },
  };
}
