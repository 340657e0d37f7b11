// The frame on the scan: dragged by mouse, pen or finger, moved by keys, or typed beside it.
import { allowed, boxOf, lookingAt, partsOf, place, pulled } from "./geometry.js";

const SVG = "http://www.w3.org/2000/svg";
const STEP = 1; // px of the preview an arrow key moves
const FAR = 10; // times that with Shift
const DEGREES = 0.1;
const HANDLES = /** @type {const} */ ([
  ["Left edge", -1, 0], ["Top edge", 0, -1], ["Right edge", 1, 0], ["Bottom edge", 0, 1],
  ["Top left corner", -1, -1], ["Top right corner", 1, -1],
  ["Bottom right corner", 1, 1], ["Bottom left corner", -1, 1],
]); // prettier-ignore
const WHOLE = { angle: 0, x: 0, y: 0, width: 1, height: 1 };
const NAMES = /** @type {const} */ (["angle", "x", "y", "width", "height"]);
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @typedef {import("./geometry.js").Box} Box */

/** @param {HTMLElement} stage @param {HTMLFormElement} form @param {HTMLImageElement} image */
function begin(stage, form, image) {
  const size = { width: image.naturalWidth, height: image.naturalHeight };
  const inputs = NAMES.map((name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name)));
  const svg = stage.appendChild(document.createElementNS(SVG, "svg"));
  svg.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  svg.setAttribute("aria-hidden", "true");
  const shade = svg.appendChild(document.createElementNS(SVG, "path"));
  shade.setAttribute("class", "framing-shade");
  const edge = svg.appendChild(document.createElementNS(SVG, "path"));
  edge.setAttribute("class", "framing-edge");
  let box = typed();
  const middle = handle("The frame", "framing-middle", (dx, dy, from) =>
    allowed({ ...from, cx: from.cx + dx, cy: from.cy + dy }, size));
  const pulls = HANDLES.map(([name, u, v]) =>
    handle(name, u && v ? "" : "framing-side", (dx, dy, from) => pulled(from, u, v, dx, dy, size)));
  const turner = handle("Turn", "framing-turn", null);

  /** The numbers beside the picture, as they stand. */
  function typed() {
    const [angle, ...parts] = inputs.map((input) => Number(input.value) || 0);
    const [x, y, width, height] = parts.map((part) => part / 100);
    return allowed(boxOf({ angle, x, y, width, height }, size), size);
  }

  /** @param {Box} next @param {boolean} fromNumbers */
  function show(next, fromNumbers = false) {
    box = next;
    const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([u, v]) => place(box, u, v)); // prettier-ignore
    const round = `M${corners.map((corner) => corner.map((at) => at.toFixed(2)).join(" ")).join("L")}Z`;
    edge.setAttribute("d", round);
    shade.setAttribute("d", `M0 0H${size.width}V${size.height}H0Z${round}`);
    put(middle, 0, 0);
    HANDLES.forEach(([, u, v], k) => put(pulls[k], u, v));
    const reach = 1 + (2 * 44) / Math.max(1, box.h * scale());
    put(turner, 0, place(box, 0, -reach)[1] > 0 ? -reach : -0.6);
    if (fromNumbers) return;
    const parts = partsOf(box, size);
    NAMES.forEach((name, k) => (inputs[k].value = String(Number((parts[name] * (name === "angle" ? 1 : 100)).toFixed(2)))));
  }

  const scale = () => image.clientWidth / size.width;

  /** @param {HTMLElement} button @param {number} u @param {number} v */
  function put(button, u, v) {
    const [x, y] = place(box, u, v);
    button.style.left = `${(100 * x) / size.width}%`;
    button.style.top = `${(100 * y) / size.height}%`;
  }

  function tell() {
    const said = NAMES.map((_, k) => `${form.querySelector(`label[for="${inputs[k].id}"]`)?.textContent} ${inputs[k].value}`);
    const output = form.querySelector("[data-said]");
    if (output) output.textContent = said.join("; ");
  }

  /**
   * @param {string} name @param {string} kind
   * @param {((dx: number, dy: number, from: Box) => Box) | null} move null: it turns
   */
  function handle(name, kind, move) {
    const button = stage.appendChild(document.createElement("button"));
    button.type = "button";
    button.className = `framing-handle ${kind}`;
    button.setAttribute("aria-label", name);
    button.title = name;
    button.addEventListener("keydown", (event) => {
      const way = ARROWS[/** @type {keyof typeof ARROWS} */ (event.key)];
      if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const times = event.shiftKey ? FAR : 1;
      const [dx, dy] = way.map((part) => part * times);
      show(move ? move(dx * STEP, dy * STEP, box) : allowed({ ...box, angle: box.angle + (dx || -dy) * DEGREES }, size));
      tell();
    });
    button.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      button.setPointerCapture(event.pointerId);
      const from = { ...box };
      const start = [event.clientX, event.clientY];
      /** @param {PointerEvent} moved */
      const follow = (moved) => {
        if (moved.pointerId !== event.pointerId) return;
        const [dx, dy] = [(moved.clientX - start[0]) / scale(), (moved.clientY - start[1]) / scale()];
        const frame = image.getBoundingClientRect();
        const at = [(moved.clientX - frame.left) / scale(), (moved.clientY - frame.top) / scale()];
        show(move ? move(dx, dy, from) : lookingAt(box, at[0], at[1]));
      };
      const end = () => {
        button.removeEventListener("pointermove", follow);
        tell();
      };
      button.addEventListener("pointermove", follow);
      button.addEventListener("lostpointercapture", end, { once: true });
    });
    return button;
  }

  for (const input of inputs) input.addEventListener("input", () => show(typed(), true));
  new ResizeObserver(() => show(box, true)).observe(image);
  /** @type {NodeListOf<HTMLButtonElement>} */ (form.querySelectorAll("[data-frame]")).forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const [angle, x, y, width, height] = (form.dataset.proposed || "").split(",").map(Number);
      const parts = button.dataset.frame === "whole" ? WHOLE : { angle, x, y, width, height };
      show(boxOf(parts, size));
      tell();
    });
  });
  show(box, true);
  stage.classList.add("ready");
}

const stage = /** @type {HTMLElement | null} */ (document.querySelector("[data-framing]"));
const form = /** @type {HTMLFormElement | null} */ (document.querySelector(".framing-form"));
const image = stage?.querySelector("img");
if (stage && form && image) image.decode().then(() => begin(stage, form, image));
