// <photo-compare>: one picture before and after, with a divider, zoom, the damage found and all
// stages side by side. Without script its figures simply stand below each other.

import { attachGestures } from "./gestures.js";
import { button, holdButton, label, make, tag } from "./pieces.js";
import { Stages, panesOf } from "./stages.js";
import { WHOLE, most, moved, rescaled, share, zoomed } from "./zoom.js";

const STEP = 0.05;
const KEYS = /** @type {Record<string, number>} */ ({ "+": 1.5, "=": 1.5, "-": 1 / 1.5 });

export class PhotoCompare extends HTMLElement {
  connectedCallback() {
    if (this.stage) return;
    this.picture = { width: Number(this.getAttribute("width")), height: Number(this.getAttribute("height")) };
    /** @type {import("./zoom.js").View} */
    this.view = { ...WHOLE };
    this.divider = 0.5;
    this.dragging = "";
    /** @type {boolean} */
    this.flipped = false;
    /** @type {Stages | null} */
    this.stages = null;
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
    this.stage.setAttribute("aria-label", "Before and after. Arrow keys move the divider, plus and minus zoom, O held shows the original.");
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

  /** Which result is shown, whether the damage is drawn, one picture or all stages. */
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
      this.check = /** @type {HTMLInputElement} */ (make("input", "", { type: "checkbox" }));
      this.check.addEventListener("change", () => this.showDamage(this.check?.checked ?? false));
      box.append(label(this.check, "Damage found"));
    }
    if (!this.hasAttribute("plain")) {
      this.all = /** @type {HTMLInputElement} */ (make("input", "", { type: "checkbox" }));
      this.all.addEventListener("change", () => this.showStages(this.all?.checked ?? false));
      box.append(label(this.all, "All stages side by side"));
    }
    return box;
  }

  tools() {
    const bar = make("div", "tools");
    this.slider = /** @type {HTMLInputElement} */ (
      make("input", "", { type: "range", min: "0", max: "1", step: "0.001", "aria-label": "Divider between before and after" })
    );
    this.slider.addEventListener("input", () => this.divide(Number(this.slider?.value)));
    this.flip = holdButton("Hold: original", "Hold to see the original", (held) => this.hold(held));
    bar.append(this.slider, this.flip,
      button("−", "Zoom out", () => this.zoom(1 / 1.5)),
      button("+", "Zoom in", () => this.zoom(1.5)));
    if (!this.hasAttribute("plain")) bar.append(button("100 %", "One pixel of the picture on one of the screen", () => this.actual()));
    bar.append(button("Whole", "Show the whole picture", () => this.reset()));
    return bar;
  }

  listen() {
    const stage = /** @type {HTMLElement} */ (this.stage);
    attachGestures(stage, {
      press: (at) => this.press(at),
      drag: (at, last) => this.drag(at, last),
      zoom: (factor, at) => this.zoom(factor, at),
      twice: (at) => this.twice(at),
      tap: (at) => this.dispatchEvent(new CustomEvent("tap", { detail: this.pixel(at) })),
    });
    stage.addEventListener("keydown", (event) => this.key(event));
    stage.addEventListener("keyup", (event) => event.key.toLowerCase() === "o" && this.hold(false));
    new ResizeObserver(() => this.draw()).observe(stage);
  }

  get size() {
    const stage = /** @type {HTMLElement} */ (this.stage);
    return this.stages ? this.stages.size : { width: stage.clientWidth, height: stage.clientHeight };
  }

  get limit() {
    return most(/** @type {import("./zoom.js").Size} */ (this.picture), this.size);
  }

  /** Where a point of the stage lies in the picture's own pixels. @param {{x: number, y: number}} at */
  pixel(at) {
    const { view, picture, size } = this;
    if (!view || !picture) return { x: 0, y: 0 };
    const across = (at.x - view.x) / view.scale / size.width;
    const down = (at.y - view.y) / view.scale / size.height;
    return { x: Math.floor(across * picture.width), y: Math.floor(down * picture.height) };
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

  /** @param {boolean} shown */
  showDamage(shown) {
    if (this.over) this.over.hidden = !shown;
    if (this.check) this.check.checked = shown;
    this.draw();
  }

  /** @param {boolean} shown */
  showStages(shown) {
    const { stage, old, picture, view } = this;
    if (!stage || !old || !picture || !view) return;
    const before = this.size;
    this.stages?.element.remove();
    this.stages = null;
    if (shown) {
      const that = this;
      this.stages = new Stages(panesOf(old, this.found ?? null, this.figures ?? []), picture, {
        get view() { return /** @type {import("./zoom.js").View} */ (that.view); },
        get limit() { return that.limit; },
        change: (next) => this.look(next),
        zoom: (factor, at) => this.zoom(factor, at),
        twice: (at) => this.twice(at),
      });
      stage.after(this.stages.element);
    }
    stage.hidden = shown;
    for (const part of [this.slider, this.flip]) if (part) part.hidden = shown;
    this.look(rescaled(view, before, this.size));
  }

  /** The whole original for as long as it is held; afterwards the whole result. @param {boolean} held */
  hold(held) {
    if (held === this.flipped) return;
    this.flipped = held;
    this.divide(held ? 1 : 0);
  }

  /** @param {{x: number, y: number}} at */
  press(at) {
    const zoomedIn = (this.view?.scale ?? 1) > 1;
    const onHandle = Math.abs(at.x - (this.divider ?? 0) * this.size.width) < 24;
    this.dragging = zoomedIn && !onHandle ? "picture" : "divider";
    if (this.hasAttribute("marking")) this.dragging = "picture";
    if (this.dragging === "divider" && !zoomedIn) this.divide(share(at.x, this.size));
  }

  /** @param {{x: number, y: number}} at @param {{x: number, y: number}} last */
  drag(at, last) {
    if (this.dragging !== "picture") this.divide(share(at.x, this.size));
    else if (this.view) this.look(moved(this.view, at.x - last.x, at.y - last.y, this.size, this.limit));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const view = this.view;
    if (!view || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrows = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const arrow = /** @type {Record<string, number[]>} */ (arrows)[event.key];
    if (arrow && event.shiftKey) this.look(moved(view, 60 * arrow[0], 60 * arrow[1], this.size, this.limit));
    else if (arrow && arrow[0]) this.divide((this.divider ?? 0) - STEP * arrow[0]);
    else if (KEYS[event.key]) this.zoom(KEYS[event.key]);
    else if (event.key === "0") this.reset();
    else if (event.key.toLowerCase() === "o") this.hold(true);
    else return;
    event.preventDefault();
  }

  /** @param {number} value */
  divide(value) {
    this.divider = Math.min(1, Math.max(0, value));
    this.draw();
  }

  /** @param {import("./zoom.js").View} view */
  look(view) {
    this.view = view;
    this.draw();
  }

  /** @param {number} factor @param {{x: number, y: number}} [point] */
  zoom(factor, point) {
    const size = this.size;
    const at = point ?? { x: size.width / 2, y: size.height / 2 };
    if (this.view) this.look(zoomed(this.view, factor, at, size, this.limit));
  }

  /** @param {{x: number, y: number}} at */
  twice(at) {
    if (this.view && this.view.scale > 1) this.reset();
    else this.zoom(4, at);
  }

  actual() {
    const scale = (this.picture?.width ?? 1) / (this.size.width * devicePixelRatio);
    this.zoom(scale / (this.view?.scale ?? 1));
  }

  reset() {
    this.look({ ...WHOLE });
  }

  draw() {
    const { view, stage, clip, handle, slider } = this;
    if (!view || !stage || !clip || !handle || !slider) return;
    const transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
    for (const image of [this.old, this.fresh, this.found]) if (image) image.style.transform = transform;
    this.stages?.draw(transform, view.scale > 1);
    const at = `${100 * (this.divider ?? 0.5)}%`;
    clip.style.clipPath = `inset(0 0 0 ${at})`;
    handle.style.left = at;
    slider.value = String(this.divider);
    stage.classList.toggle("zoomed", view.scale > 1);
    this.dispatchEvent(new CustomEvent("look"));
    if (view.scale <= 1.01) return;
    const damage = this.over?.hidden ? [] : [this.found];
    for (const image of this.stages?.images ?? [this.old, this.fresh, ...damage]) sharpen(image);
  }
}

/** Past the preview's size the full picture is loaded, once. @param {HTMLImageElement | null | undefined} image */
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

customElements.define("photo-compare", PhotoCompare);
