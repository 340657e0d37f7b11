// What was left for the owner: outlines on the picture, a list beside it, yes and no by click, touch and key.

import { questionAt } from "./foreseen.js";
import { below, framed, outline, placeOf } from "./outlines.js";
import { make } from "./pieces.js";
import { planeFrom } from "./plane.js";
import { Walk, meaning } from "./walk.js";

/** @typedef {import("./compare.js").PhotoCompare} PhotoCompare */
/** @typedef {import("./foreseen.js").Plane} Plane */
/** @typedef {import("./outlines.js").Box} Box */
/** @typedef {{item: HTMLElement, number: number, box: Box, badge: HTMLElement, path: SVGElement}} Question */

const SVG = "http://www.w3.org/2000/svg";
const REACH = 12; // CSS pixels round an outline that still take a press
const GROWN = 3; // pixels of the plane between a mark and its outline
const SMALL = 0.25; // of the stage: a box below it is looked at closer
const BESIDE = 50; // CSS pixels between a mark and the divider
const CLOSEST = 2; // CSS pixels for each of the picture

/** @param {PhotoCompare} viewer @param {HTMLElement} section */
export function attachQuestions(viewer, section) {
  new Questions(viewer, section).open();
}

class Questions {
  /** @type {Plane | null} */
  #plane = null;
  #step = 1;

  /** @param {PhotoCompare} viewer @param {HTMLElement} section */
  constructor(viewer, section) {
    this.viewer = viewer;
    this.section = section;
    this.drawing = /** @type {SVGSVGElement} */ (document.createElementNS(SVG, "svg"));
    this.drawing.setAttribute("class", "asked-drawing");
    this.drawing.setAttribute("preserveAspectRatio", "none");
    this.drawing.setAttribute("aria-hidden", "true");
    const items = /** @type {HTMLElement[]} */ ([...section.querySelectorAll("[data-id]")]);
    this.questions = items.map((item, index) => this.#question(item, index));
    this.walk = new Walk(items.length);
  }

  async open() {
    const { viewer, section, walk } = this;
    viewer.stage?.append(this.drawing, ...this.questions.map(({ badge }) => badge));
    section.classList.add("ready");
    this.#part("walk").hidden = false;
    for (const step of section.querySelectorAll("[data-step]")) {
      step.addEventListener("click", () => this.#go(walk.at + Number(/** @type {HTMLElement} */ (step).dataset.step)));
    }
    section.addEventListener("change", () => this.#tell());
    section.addEventListener("focusin", (event) => this.#focused(event));
    for (const place of [section, viewer.stage]) place?.addEventListener("keydown", (event) => this.#key(/** @type {KeyboardEvent} */ (event)));
    viewer.addEventListener("look", () => this.#place());
    viewer.addEventListener("tap", (event) => this.#tapped(/** @type {CustomEvent} */ (event).detail));
    viewer.holds = (at) => this.#at(at) > 0;
    this.#tell();
    this.#mark(false);
    this.#place();
    const address = viewer.dataset.foreseen;
    const plane = address ? await planeFrom(address).catch(() => null) : null; // boxes and list do without
    if (plane) this.#outline(plane);
  }

  /** @param {HTMLElement} item @param {number} index @returns {Question} */
  #question(item, index) {
    const [x, y, width, height] = (item.dataset.box ?? "").split(" ").map(Number);
    const box = { x, y, width, height };
    const badge = make("button", "asked-badge", { type: "button", tabindex: "-1", "aria-hidden": "true" });
    badge.textContent = String(index + 1);
    badge.addEventListener("click", () => this.#go(index, true));
    const path = /** @type {SVGElement} */ (document.createElementNS(SVG, "g"));
    this.drawing.append(path);
    draw(path, framed(box));
    return { item, number: Number(item.dataset.number), box, badge, path };
  }

  /** The outlines of the marks themselves instead of their boxes. @param {Plane} plane */
  #outline(plane) {
    this.#plane = plane;
    const { width = 1, height = 1 } = this.viewer.picture ?? {};
    const step = Math.ceil(Math.max(width, height) / Math.max(plane.width, plane.height));
    this.#step = step;
    for (const { number, box, path } of this.questions) {
      const small = { x: box.x / step, y: box.y / step, width: box.width / step, height: box.height / step };
      path.setAttribute("transform", `scale(${step})`);
      draw(path, outline(plane, number, small, GROWN));
    }
  }

  /** @param {string} name */
  #part(name) {
    return /** @type {HTMLElement} */ (this.section.querySelector(`[data-${name}]`));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const meant = meaning(event);
    if (meant === null) return;
    event.preventDefault();
    if (typeof meant === "number") return this.#go(this.walk.at + meant);
    const radio = this.#radio(this.walk.at, meant);
    radio.checked = true;
    this.#tell();
    this.walk.on();
    this.#go(this.walk.at);
  }

  /** @param {number} index @param {"yes" | "no"} answer */
  #radio(index, answer) {
    return /** @type {HTMLInputElement} */ (this.questions[index].item.querySelector(`input[value=${answer}]`));
  }

  /** Looks at a question. @param {number} index @param {boolean} [focus] its answers, wherever the focus is */
  #go(index, focus = false) {
    const { walk, viewer, section } = this;
    walk.step(index - walk.at);
    this.#mark();
    const { item, box } = this.questions[walk.at];
    if (viewer.stages) viewer.showStages(false);
    viewer.look((view) => lookAt(view, box, (viewer.divider ?? 0) * view.width));
    const chosen = this.#radio(walk.at, walk.answers[walk.at] ?? "yes");
    const inList = section.querySelector("ol")?.contains(document.activeElement);
    if (focus || inList) chosen.focus({ preventScroll: true });
    reveal(item);
  }

  /** @param {FocusEvent} event */
  #focused(event) {
    const item = /** @type {Element} */ (event.target).closest("[data-id]");
    const index = this.questions.findIndex((each) => each.item === item);
    if (index < 0 || index === this.walk.at) return;
    this.walk.step(index - this.walk.at);
    this.#mark();
  }

  #mark(begun = true) {
    const { at, answers } = this.walk;
    this.drawing.classList.toggle("begun", begun);
    this.questions.forEach(({ item, badge, path }, index) => {
      const now = index === at;
      if (now) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
      for (const part of [badge, path]) {
        part.classList.toggle("now", now);
        part.classList.toggle("yes", answers[index] === "yes");
        part.classList.toggle("no", answers[index] === "no");
      }
      if (now) this.drawing.append(path); // above the others
    });
    this.#part("at").textContent = `${at + 1} of ${answers.length}`;
  }

  /** Reads the answers off the form. */
  #tell() {
    const { walk } = this;
    this.questions.forEach((_, index) => {
      const answer = /** @type {("yes" | "no")[]} */ (["yes", "no"]).find((each) => this.#radio(index, each).checked);
      walk.answers[index] = answer ?? null;
    });
    this.#mark();
    this.#part("count").textContent = walk.said();
    /** @type {HTMLButtonElement} */ (this.#part("send")).disabled = !walk.answered;
  }

  /** Badges and outlines follow the view. */
  #place() {
    const { view } = this.viewer;
    if (!view) return;
    this.drawing.setAttribute("viewBox", `${view.x} ${view.y} ${view.width / view.scale} ${view.height / view.scale}`);
    const tags = /** @type {HTMLElement[]} */ ([...this.viewer.querySelectorAll(".stage > .tag")]).map(placeOf);
    for (const { badge, box } of this.questions) {
      const { x, y } = view.toScreen(box.x + box.width / 2, box.y);
      const inside = x > -REACH && y > -REACH && x < view.width + REACH && y < view.height + 2 * REACH;
      badge.hidden = !inside;
      const left = Math.min(view.width - REACH - 2, Math.max(REACH + 2, x));
      const top = Math.min(view.height - REACH - 2, Math.max(REACH + 2, y - REACH - 4));
      badge.style.left = `${left}px`;
      badge.style.top = `${below(tags, left, top, REACH)}px`;
    }
  }

  /** @param {{x: number, y: number}} at pixel of the picture */
  #tapped(at) {
    if (this.viewer.hasAttribute("marking")) return;
    const number = this.#at(at);
    const index = this.questions.findIndex((each) => each.number === number);
    if (index >= 0) this.#go(index, true);
  }

  /** The question at a pixel of the picture, 0 for none. @param {{x: number, y: number}} at */
  #at({ x, y }) {
    const { view } = this.viewer;
    if (!this.#plane || !view) return 0;
    const reach = Math.min(60, REACH / view.scale / this.#step);
    const number = questionAt(this.#plane, Math.floor(x / this.#step), Math.floor(y / this.#step), reach);
    return this.questions.some((each) => each.number === number) ? number : 0;
  }
}

/** A dark line under a bright one: seen on any picture. @param {SVGElement} group @param {string} path */
function draw(group, path) {
  group.replaceChildren(...["case", "line"].map((name) => {
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("class", name);
    line.setAttribute("d", path);
    return line;
  }));
}

/** Closer where the box would be small; else only so that it is in view. @param {import("../viewer/viewport.js").Viewport} view @param {Box} box @param {number} divider CSS pixels: it must not lie on the mark */
function lookAt(view, { x, y, width, height }, divider) {
  const wide = Math.max((width * view.fitScale) / view.width, (height * view.fitScale) / view.height);
  if (wide >= SMALL) return view.fit();
  const most = Math.min(CLOSEST, view.bounds.most(view.fitScale));
  view.show({ x0: x, y0: y, x1: x + width, y1: y + height }, Math.max(most, view.fitScale));
  const across = view.toScreen(x + width / 2, y).x - divider;
  view.pan(Math.abs(across) < BESIDE ? BESIDE - across : 0, 0); // and within the picture
}

/** In the list alone: the page does not move. @param {HTMLElement} item */
function reveal(item) {
  const list = item.parentElement;
  if (!list) return;
  const above = item.getBoundingClientRect().top - list.getBoundingClientRect().top;
  if (above < 0) list.scrollTop += above;
  else if (above + item.offsetHeight > list.clientHeight) list.scrollTop += above + item.offsetHeight - list.clientHeight;
}
