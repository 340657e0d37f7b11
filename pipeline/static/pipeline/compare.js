// <photo-compare>: one picture before and after, with a divider, zoom, the damage found and all
// stages side by side. Without script its figures simply stand below each other.

import { attachGestures } from "../viewer/gestures.js";
import { steer } from "../viewer/steering.js";
import { LOOKING, Viewport } from "../viewer/viewport.js";
import { button, holdButton, label, make, tag } from "./pieces.js";
import { Stages, panesOf } from "./stages.js";

/** @typedef {import("../viewer/viewport.js").Point} Point */
/**
 * Named here and not imported: an import in a comment counts when addresses are given digests, and
 * who draws knows the viewer already.
 *
 * @typedef {object} Drawer
 * @property {(at: Point) => void} begin
 * @property {(places: Point[]) => void} move
 * @property {() => void} end
 * @property {() => void} cancel
 * @property {(event: KeyboardEvent) => boolean} key whether it meant something here
 */

const STEP = 0.05;
const HANDLE = 24; // CSS pixels beside the divider that still take hold of it
const MANNERS = { scrolls: true, menu: true };
/** Up to two screen pixels for each pixel of the picture, at least four times the whole. */
const BOUNDS = { ...LOOKING, most: (/** @type {number} */ fit) => Math.max(4 * fit, 2) };

export class PhotoCompare extends HTMLElement {
  connectedCallback() {
    if (this.stage) return;
    this.picture = { width: Number(this.getAttribute("width")), height: Number(this.getAttribute("height")) };
    this.view = new Viewport(this.picture.width, this.picture.height, BOUNDS);
    this.divider = 0.5;
    /** @type {boolean} */
    this.flipped = false;
    /** @type {Stages | null} */
    this.stages = null;
    /** @type {HTMLElement[]} drawings that move with the pictures */
    this.laid = [];
    /** Whether a press on a pixel of the picture belongs to somebody else. @type {(at: Point) => boolean} */
    this.holds = () => false;
    /** @type {Drawer | null} who draws on the picture, if anybody */
    this.pen = null;
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
    this.stage.style.maxWidth = `calc(var(--tall) * ${this.picture.width} / ${this.picture.height})`;
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
      button("−", "Zoom out", () => this.look((view) => view.step(-1))),
      button("+", "Zoom in", () => this.look((view) => view.step(1))));
    if (!this.hasAttribute("plain")) {
      const actual = () => this.look((view) => view.zoomTo(1 / devicePixelRatio));
      bar.append(button("100 %", "One pixel of the picture on one of the screen", actual));
    }
    bar.append(button("Whole", "Show the whole picture", () => this.look((view) => view.fit())));
    return bar;
  }

  listen() {
    const stage = /** @type {HTMLElement} */ (this.stage);
    attachGestures(stage, {
      ...this.looking,
      grabs: (at) => !this.pen && this.grabs(at),
      begin: (at) => this.pen ? this.pen.begin(at) : this.press(at),
      move: (samples) => this.pen ? this.pen.move(samples) : this.divide(share(samples[samples.length - 1].x, stage.clientWidth)),
      end: () => this.pen?.end(),
      cancel: () => this.pen?.cancel(),
      twice: (at) => !this.pen && this.looking.twice?.(at),
      tap: (at) => !this.pen && this.dispatchEvent(new CustomEvent("tap", { detail: this.pixel(at) })),
    }, MANNERS);
    stage.addEventListener("keydown", (event) => this.key(event));
    stage.addEventListener("keyup", (event) => event.key.toLowerCase() === "o" && this.hold(false));
    new ResizeObserver(() => this.resize()).observe(stage);
  }

  /** What drags, pinches and double clicks do to the view, on the one stage and on all. */
  get looking() {
    return /** @type {import("../viewer/gestures.js").Handlers} */ ({
      pan: (dx, dy) => this.look((view) => view.pan(dx, dy)),
      zoom: (x, y, factor) => this.look((view) => view.zoomAt(x, y, factor)),
      twice: ({ x, y }) => this.look((view) => view.toggle(x, y)),
    });
  }

  /** The stage got another size, or another stage is shown: the same part of the picture stays in view. */
  resize() {
    const shown = this.stages ? this.stages.panes[0] : this.stage;
    if (!shown?.clientWidth) return; // hidden
    this.look((view) => view.rescale(shown.clientWidth, shown.clientHeight));
  }

  /** Where a point of the stage lies in the picture's own pixels. @param {Point} at */
  pixel(at) {
    const { x, y } = this.view?.toImage(at.x, at.y) ?? at;
    return { x: Math.floor(x), y: Math.floor(y) };
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

  /** @param {boolean} shown @param {boolean} [otherwise] by another drawing */
  showDamage(shown, otherwise = false) {
    if (this.over) this.over.hidden = !shown;
    if (this.check) this.check.checked = shown || otherwise;
    this.draw();
  }

  /**
   * A drawing over the picture that follows its zoom; its blocks of pixels may reach over the edge.
   * @param {HTMLElement} drawing @param {string} name @param {{width: number, height: number}} size in blocks
   */
  lay(drawing, name, size) {
    const { picture } = this;
    if (!picture) return;
    const block = Math.ceil(Math.max(picture.width, picture.height) / Math.max(size.width, size.height));
    drawing.style.width = `${(100 * block * size.width) / picture.width}%`;
    drawing.style.height = `${(100 * block * size.height) / picture.height}%`;
    const layer = make("div", `layer ${name}`);
    layer.append(drawing);
    this.over?.after(layer);
    this.laid?.push(drawing);
    this.draw();
  }

  /** @param {boolean} shown */
  showStages(shown) {
    const { stage, old, picture } = this;
    if (!stage || !old || !picture) return;
    if (this.all) this.all.checked = shown;
    this.stages?.element.remove();
    this.stages = null;
    if (shown) {
      this.stages = new Stages(panesOf(old, this.found ?? null, this.figures ?? []), picture);
      attachGestures(this.stages.panes, this.looking, MANNERS);
      stage.after(this.stages.element);
    }
    stage.hidden = shown;
    for (const part of [this.slider, this.flip]) if (part) part.hidden = shown;
    this.resize();
  }

  /** The whole original for as long as it is held; then the divider is back at its place. @param {boolean} held */
  hold(held) {
    if (held === this.flipped) return;
    this.flipped = held;
    if (held) this.place = this.divider;
    this.stage?.classList.toggle("flipped", held);
    this.divide(held ? 1 : this.place ?? 0.5);
  }

  /** Whether a drag that begins here moves the picture, not the divider. @param {Point} at */
  grabs(at) {
    if (this.hasAttribute("marking")) return true;
    const { view, stage } = this;
    return Boolean((view?.isZoomed && stage) || this.holds?.(this.pixel(at))) && !this.onHandle(at);
  }

  /** @param {Point} at */
  onHandle(at) {
    return Math.abs(at.x - (this.divider ?? 0) * (this.stage?.clientWidth ?? 0)) < HANDLE;
  }

  /** @param {Point} at */
  press(at) {
    if (!this.view?.isZoomed) this.divide(share(at.x, this.stage?.clientWidth ?? 1));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (this.pen?.key(event)) return event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (arrow && !event.shiftKey) this.divide((this.divider ?? 0) + STEP * arrow);
    else if (event.key.toLowerCase() === "o") this.hold(true);
    else if (this.view && steer(this.view, event)) this.draw();
    else return;
    event.preventDefault();
  }

  /** @param {number} value */
  divide(value) {
    this.divider = Math.min(1, Math.max(0, value));
    this.draw();
  }

  /** @param {(view: Viewport) => void} move */
  look(move) {
    if (this.view) move(this.view);
    this.draw();
  }

  draw() {
    const { view, stage, clip, handle, slider } = this;
    if (!view || !stage || !clip || !handle || !slider) return;
    const transform = view.transform(view.fitScale); // the pictures lie there as large as their stage
    for (const image of [this.old, this.fresh, this.found, ...(this.laid ?? [])]) if (image) image.style.transform = transform;
    this.stages?.draw(transform, view.isZoomed);
    const at = `${100 * (this.divider ?? 0.5)}%`;
    clip.style.clipPath = `inset(0 0 0 ${at})`;
    handle.style.left = at;
    slider.value = String(this.divider);
    stage.classList.toggle("zoomed", view.isZoomed);
    this.dispatchEvent(new CustomEvent("look"));
    if (!view.isZoomed) return;
    const damage = this.over?.hidden ? [] : [this.found];
    for (const image of this.stages?.images ?? [this.old, this.fresh, ...damage]) sharpen(image);
  }
}

/** Where the divider crosses, as a share 0..1 of the stage. @param {number} x @param {number} width CSS pixels */
function share(x, width) {
  return Math.min(1, Math.max(0, x / Math.max(1, width)));
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
