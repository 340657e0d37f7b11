// The result page: questions on the picture, the strength's slider, and feedback that marks places.

import { attachColouring } from "./colour/painting.js";
import "./compare.js";
import { attachQuestions } from "./questions.js";
import { attachStrength } from "./strength.js";
import { attachTones } from "./tones/tones.js";

/** @typedef {import("./compare.js").PhotoCompare} PhotoCompare */
/** @typedef {{x: number, y: number}} Point in the picture's pixels */

const MOST = 50;
const viewer = /** @type {PhotoCompare | null} */ (document.querySelector("photo-compare"));
const strength = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-strength]"));
const tones = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-tones]"));
const questions = /** @type {HTMLElement | null} */ (document.querySelector("[data-questions]"));
const colouring = /** @type {HTMLElement | null} */ (document.querySelector("[data-colouring]"));
const feedback = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-feedback]"));

if (viewer && strength) attachStrength(viewer, strength);
if (viewer && tones) attachTones(viewer, tones);
if (viewer && questions) attachQuestions(viewer, questions);
if (viewer && colouring) attachColouring(viewer, colouring);
if (viewer && feedback) attachMarking(viewer, feedback);

/** @param {PhotoCompare} viewer @param {HTMLFormElement} form */
function attachMarking(viewer, form) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (form.querySelector(`[data-${name}]`));
  const field = /** @type {HTMLInputElement} */ (form.querySelector("[name=marks]"));
  const toggle = part("mark");
  /** @type {Point[]} */
  const marks = [];
  part("marking").hidden = false;

  const tell = () => {
    field.value = JSON.stringify(marks);
    const count = marks.length === 1 ? "1 place marked." : `${marks.length} places marked.`;
    const how = "Click the picture; click a number to remove it.";
    const marking = viewer.hasAttribute("marking");
    part("marked").textContent = `${marks.length ? count : ""} ${marking ? how : ""}`.trim();
    draw(viewer, marks, (index) => {
      marks.splice(index, 1);
      tell();
    });
  };

  toggle.addEventListener("click", () => {
    const marking = viewer.toggleAttribute("marking");
    toggle.setAttribute("aria-pressed", String(marking));
    toggle.textContent = marking ? "Done marking" : "Mark the places on the picture";
    if (marking) viewer.stage?.scrollIntoView({ block: "center" });
    tell();
  });
  viewer.addEventListener("tap", (event) => {
    const at = /** @type {CustomEvent<Point>} */ (event).detail;
    if (!viewer.hasAttribute("marking") || marks.length >= MOST) return;
    marks.push(at);
    tell();
  });
  viewer.addEventListener("look", () => place(viewer, marks));
}

/** @param {PhotoCompare} viewer @param {Point[]} marks @param {(index: number) => void} remove */
function draw(viewer, marks, remove) {
  viewer.querySelectorAll(".mark").forEach((dot) => dot.remove());
  marks.forEach((_, index) => {
    const dot = document.createElement("button");
    dot.type = "button";
    dot.className = "mark";
    dot.textContent = String(index + 1);
    dot.setAttribute("aria-label", `Remove mark ${index + 1}`);
    dot.addEventListener("pointerdown", (event) => event.stopPropagation());
    dot.addEventListener("click", () => remove(index));
    viewer.stage?.append(dot);
  });
  place(viewer, marks);
}

/** @param {PhotoCompare} viewer @param {Point[]} marks */
function place(viewer, marks) {
  const { view } = viewer;
  if (!view) return;
  viewer.querySelectorAll(".mark").forEach((dot, index) => {
    const { x, y } = view.toScreen(marks[index].x, marks[index].y);
    const { style } = /** @type {HTMLElement} */ (dot);
    style.left = `${x}px`;
    style.top = `${y}px`;
  });
}
