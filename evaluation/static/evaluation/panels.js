// Two to six pictures on the screen: modes, synchronised zoom and pan, reveal together.

import { required, requiredPart } from "./page.js";
import { fit, pan, settle, spell, zoomAt } from "./view.js";

/** @typedef {import("./pictures.js").Ballot} Ballot */
/** @typedef {import("./pictures.js").Bundle} Bundle */
/** @typedef {import("./view.js").Picture} Picture */
/** @typedef {import("./view.js").Point} Point */
/** @typedef {import("./view.js").View} View */
/** @typedef {"side" | "flip" | "slider"} Mode */

/** @type {Mode[]} */
const MODES = ["side", "flip", "slider"];
const NAMES = { side: "Side by side", flip: "Flip in place", slider: "Slider" };
const STEP = 60;

/** Attaches the viewer to its element; returns what the ballot steers. @param {HTMLElement} root */
export function attachPanels(root) {
  const panels = requiredPart(root, "panels", HTMLElement);
  const figures = /** @type {HTMLElement[]} */ ([...panels.querySelectorAll(".panel")]);
  const ports = figures.map((figure) => required(figure, ".viewport", HTMLElement));
  const pictures = ports.map((port) => required(port, "img:not(.original)", HTMLImageElement));
  const originals = ports.map((port) => required(port, "img.original", HTMLImageElement));
  const divider = requiredPart(panels, "divider", HTMLInputElement);
  const zoom = requiredPart(root, "zoom", HTMLOutputElement);
  const modeName = requiredPart(root, "mode", HTMLElement);
  /** @type {Map<number, Point>} */
  const pointers = new Map();
  /** @type {Mode} */
  let mode = "side";
  /** @type {Picture | null} */
  let size = null;
  /** @type {View} */
  let view = { scale: 1, x: 0, y: 0 };
  let fitted = true;
  let count = 2; // pictures of the ballot on the screen
  let front = 0; // which of them lies on top in flip mode
  let flipped = false;

  // In flip and slider mode all pictures lie in the place of the first panel.
  const port = () => {
    const box = ports[0].getBoundingClientRect();
    return { width: box.width, height: box.height };
  };

  function draw() {
    if (size === null) return;
    const sharp = view.scale * devicePixelRatio >= 1 - 1e-6;
    for (const image of [...pictures, ...originals]) {
      image.style.width = `${size.width}px`;
      image.style.height = `${size.height}px`;
      image.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
      image.style.imageRendering = sharp ? "pixelated" : "auto";
    }
    figures[1]?.style.setProperty("--cut", `${divider.value}%`);
    zoom.value = spell(view, size, port(), devicePixelRatio);
  }

  /** @param {View} next */
  function look(next) {
    if (size === null) return;
    view = next;
    fitted = false;
    draw();
  }

  function toFit() {
    if (size === null) return;
    view = fit(size, port());
    fitted = true;
    draw();
  }

  const middle = () => ({ x: port().width / 2, y: port().height / 2 });
  /** @param {number} factor @param {Point} [point] */
  const zoomBy = (factor, point = middle()) => {
    if (size !== null) look(zoomAt(view, factor, point, size, port()));
  };

  /** @param {Mode} next */
  function setMode(next) {
    mode = next;
    panels.dataset.mode = mode;
    divider.hidden = mode !== "slider";
    modeName.textContent = NAMES[mode];
    front = 0;
    setFlipped(false);
    if (fitted) toFit();
    else if (size !== null) look(settle(view, size, port()));
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

  /** @param {MouseEvent} event @param {Element} element */
  function place(event, element) {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /** @param {PointerEvent} event */
  function moved(event) {
    const before = pointers.get(event.pointerId);
    if (!before || size === null) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const stretch =
        Math.hypot(now.x - other.x, now.y - other.y) /
        Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
      const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
      const centre = { x: (now.x + other.x) / 2 - box.left, y: (now.y + other.y) / 2 - box.top };
      zoomBy(stretch, centre);
    } else {
      look(pan(view, now.x - before.x, now.y - before.y, size, port()));
    }
    pointers.set(event.pointerId, now);
  }

  for (const element of ports) {
    element.addEventListener("pointerdown", (event) => {
      element.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    });
    element.addEventListener("pointermove", moved);
    for (const kind of /** @type {const} */ (["pointerup", "pointercancel"])) {
      element.addEventListener(kind, (event) => pointers.delete(event.pointerId));
    }
    element.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        zoomBy(Math.exp(-event.deltaY / 400), place(event, element));
      },
      { passive: false },
    );
  }
  divider.addEventListener("input", draw);
  new ResizeObserver(() => {
    if (size === null) return;
    if (fitted) toFit();
    else look(settle(view, size, port()));
  }).observe(ports[0]);

  return {
    nextMode() {
      const modes = count === 2 ? MODES : MODES.slice(0, 2);
      setMode(modes[(modes.indexOf(mode) + 1) % modes.length]);
    },
    step,
    mode: () => mode,
    flip: setFlipped,
    original: setOriginal,
    fit: toFit,
    real: () => zoomBy(1 / devicePixelRatio / view.scale),
    zoomBy,
    /** @param {number} dx @param {number} dy */
    move: (dx, dy) => {
      if (size !== null) look(pan(view, dx * STEP, dy * STEP, size, port()));
    },

    /** Hides everything until the next reveal. */
    clear() {
      panels.setAttribute("aria-busy", "true");
      setOriginal(false);
      setFlipped(false);
      for (const image of [...pictures, ...originals]) image.hidden = true;
    },

    /** Decodes all pictures out of sight, then shows them in one frame. @param {Ballot} ballot @param {Bundle} bundle */
    async reveal(ballot, bundle) {
      size = { width: ballot.width, height: ballot.height };
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
      if (fitted) toFit();
      else look(settle(view, size, port()));
      for (const image of [...shown, ...under]) image.hidden = false;
      panels.setAttribute("aria-busy", "false");
    },
  };
}
