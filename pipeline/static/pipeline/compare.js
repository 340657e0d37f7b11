// <photo-compare>: one picture before and after, with a divider, zoom and the damage found.
// Without script its figures simply stand below each other.

import { WHOLE, most, moved, share, zoomed } from "./zoom.js";

const STEP = 0.05;
const KEYS = /** @type {Record<string, number>} */ ({ "+": 1.5, "=": 1.5, "-": 1 / 1.5 });

class PhotoCompare extends HTMLElement {
  connectedCallback() {
    if (this.stage) return;
    this.picture = { width: Number(this.getAttribute("width")), height: Number(this.getAttribute("height")) };
    /** @type {import("./zoom.js").View} */
    this.view = { ...WHOLE };
    this.divider = 0.5;
    /** @type {Map<number, {x: number, y: number}>} */
    this.fingers = new Map();
    this.dragging = "";
    this.build();
    this.listen();
    this.draw();
  }

  build() {
    if (!this.picture) return;
    const image = (/** @type {string} */ selector) =>
      /** @type {HTMLImageElement} */ (this.querySelector(`${selector} img`));
    this.figures = /** @type {HTMLElement[]} */ ([...this.querySelectorAll("figure.after")]);
    this.old = image("figure.before");
    this.found = /** @type {HTMLImageElement | null} */ (this.querySelector("figure.found img"));
    this.fresh = /** @type {HTMLImageElement} */ (image("figure.after").cloneNode());
    this.stage = make("div", "stage", { tabindex: "0", role: "group" });
    this.stage.setAttribute("aria-label", "Before and after. Arrow keys move the divider, plus and minus zoom.");
    this.stage.style.aspectRatio = `${this.picture.width} / ${this.picture.height}`;
    this.stage.style.maxWidth = `calc(82vh * ${this.picture.width} / ${this.picture.height})`;
    this.clip = make("div", "layer clip");
    this.clip.append(this.fresh);
    this.under = make("div", "layer");
    this.under.append(this.old);
    this.over = make("div", "layer over");
    if (this.found) this.over.append(this.found);
    this.over.hidden = true;
    this.handle = make("div", "handle", { "aria-hidden": "true" });
    this.stage.append(this.under, this.clip, this.over, this.handle, tag("Before", "left"), tag("After", "right"));
    const shown = this.controls();
    const tools = this.tools();
    tools.style.maxWidth = this.stage.style.maxWidth;
    this.replaceChildren(shown, this.stage, tools);
    this.classList.add("ready");
  }

  /** Which result is shown, and whether the damage is drawn. */
  controls() {
    const box = make("fieldset", "which");
    const legend = make("legend", "visually-hidden");
    legend.textContent = "Result";
    box.append(legend);
    (this.figures ?? []).forEach((figure, index) => {
      const radio = /** @type {HTMLInputElement} */ (make("input", "", { type: "radio", name: "shown" }));
      radio.checked = index === 0;
      radio.addEventListener("change", () => this.show(figure));
      box.append(label(radio, figure.dataset.name ?? ""));
    });
    if (this.found) {
      const check = /** @type {HTMLInputElement} */ (make("input", "", { type: "checkbox" }));
      check.addEventListener("change", () => {
        if (this.over) this.over.hidden = !check.checked;
      });
      box.append(label(check, "Damage found"));
    }
    return box;
  }

  tools() {
    const bar = make("div", "tools");
    this.slider = /** @type {HTMLInputElement} */ (
      make("input", "", { type: "range", min: "0", max: "1", step: "0.001", "aria-label": "Divider between before and after" })
    );
    this.slider.addEventListener("input", () => this.divide(Number(this.slider?.value)));
    bar.append(
      this.slider,
      button("−", "Zoom out", () => this.zoom(1 / 1.5)),
      button("+", "Zoom in", () => this.zoom(1.5)),
      button("Whole", "Show the whole picture", () => this.reset()),
    );
    return bar;
  }

  listen() {
    const stage = /** @type {HTMLElement} */ (this.stage);
    stage.addEventListener("pointerdown", (event) => this.press(event));
    stage.addEventListener("pointermove", (event) => this.drag(event));
    for (const name of ["pointerup", "pointercancel"]) {
      stage.addEventListener(name, (event) => this.fingers?.delete(/** @type {PointerEvent} */ (event).pointerId));
    }
    stage.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    stage.addEventListener("dblclick", (event) => {
      if (this.view && this.view.scale > 1) this.reset();
      else this.zoom(4, this.point(event));
    });
    stage.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.draw()).observe(stage);
  }

  get size() {
    const stage = /** @type {HTMLElement} */ (this.stage);
    return { width: stage.clientWidth, height: stage.clientHeight };
  }

  get limit() {
    return most(/** @type {{width: number, height: number}} */ (this.picture), this.size);
  }

  /** @param {MouseEvent} event */
  point(event) {
    const box = /** @type {HTMLElement} */ (this.stage).getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /** @param {HTMLElement} figure */
  show(figure) {
    const image = /** @type {HTMLImageElement} */ (figure.querySelector("img"));
    const after = /** @type {HTMLImageElement} */ (this.fresh);
    after.dataset.full = image.dataset.full;
    after.alt = image.alt;
    after.src = image.src;
    delete after.dataset.sharp;
    this.draw();
  }

  /** @param {PointerEvent} event */
  press(event) {
    const at = this.point(event);
    this.fingers?.set(event.pointerId, at);
    const zoomedIn = (this.view?.scale ?? 1) > 1;
    const onHandle = Math.abs(at.x - (this.divider ?? 0) * this.size.width) < 24;
    this.dragging = zoomedIn && !onHandle ? "picture" : "divider";
    if (this.dragging === "divider" && !zoomedIn) this.divide(share(at.x, this.size));
    /** @type {HTMLElement} */ (this.stage).setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  drag(event) {
    const last = this.fingers?.get(event.pointerId);
    if (!last || !this.view) return;
    const at = this.point(event);
    this.fingers?.set(event.pointerId, at);
    const others = [...(this.fingers ?? [])].filter(([id]) => id !== event.pointerId);
    if (others.length) {
      const other = others[0][1];
      const factor = distance(at, other) / Math.max(1, distance(last, other));
      this.zoom(factor, { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 });
    } else if (this.dragging === "picture") {
      this.view = moved(this.view, at.x - last.x, at.y - last.y, this.size, this.limit);
      this.draw();
    } else {
      this.divide(share(at.x, this.size));
    }
  }

  /** Plain scrolling stays with the page; pinching and Ctrl zoom. @param {WheelEvent} event */
  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY / 200), this.point(event));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const view = this.view;
    if (!view || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrows = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const arrow = /** @type {Record<string, number[]>} */ (arrows)[event.key];
    if (arrow && event.shiftKey) {
      this.view = moved(view, 60 * arrow[0], 60 * arrow[1], this.size, this.limit);
      this.draw();
    } else if (arrow && arrow[0]) this.divide((this.divider ?? 0) - STEP * arrow[0]);
    else if (KEYS[event.key]) this.zoom(KEYS[event.key]);
    else if (event.key === "0") this.reset();
    else return;
    event.preventDefault();
  }

  /** @param {number} value */
  divide(value) {
    this.divider = Math.min(1, Math.max(0, value));
    this.draw();
  }

  /** @param {number} factor @param {{x: number, y: number}} [point] */
  zoom(factor, point) {
    const size = this.size;
    const at = point ?? { x: size.width / 2, y: size.height / 2 };
    if (this.view) this.view = zoomed(this.view, factor, at, size, this.limit);
    this.draw();
  }

  reset() {
    this.view = { ...WHOLE };
    this.draw();
  }

  draw() {
    const { view, stage, clip, handle, slider } = this;
    if (!view || !stage || !clip || !handle || !slider) return;
    const transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
    for (const image of [this.old, this.fresh, this.found]) if (image) image.style.transform = transform;
    const at = `${100 * (this.divider ?? 0.5)}%`;
    clip.style.clipPath = `inset(0 0 0 ${at})`;
    handle.style.left = at;
    slider.value = String(this.divider);
    stage.classList.toggle("zoomed", view.scale > 1);
    if (view.scale > 1.01) for (const image of [this.old, this.fresh]) sharpen(image);
  }
}

/** Past the preview's size the full picture is loaded, once. @param {HTMLImageElement | undefined} image */
function sharpen(image) {
  if (!image?.dataset.full || image.dataset.sharp) return;
  image.dataset.sharp = "yes";
  const full = new Image();
  const wanted = image.dataset.full;
  full.addEventListener("load", () => {
    if (image.dataset.full === wanted) image.src = wanted;
  });
  full.src = wanted;
}

/** @param {string} name @param {string} [classes] @param {Record<string, string>} [attributes] */
function make(name, classes = "", attributes = {}) {
  const element = document.createElement(name);
  if (classes) element.className = classes;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** @param {HTMLElement} input @param {string} text */
function label(input, text) {
  const element = make("label", "plain");
  element.append(input, text);
  return element;
}

/** @param {string} text @param {string} side */
function tag(text, side) {
  const element = make("span", `tag ${side}`, { "aria-hidden": "true" });
  element.textContent = text;
  return element;
}

/** @param {string} text @param {string} name @param {() => void} action */
function button(text, name, action) {
  const element = make("button", "button small", { type: "button", "aria-label": name, title: name });
  element.textContent = text;
  element.addEventListener("click", action);
  return element;
}

/** @param {{x: number, y: number}} a @param {{x: number, y: number}} b */
function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

customElements.define("photo-compare", PhotoCompare);
