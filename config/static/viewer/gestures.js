// Pointer Events to strokes, pans and zooms; attachPointer returns the function that detaches.
import { pressureFactor } from "../annotate/painter/document/brush.js";

/**
 * @typedef {object} Sample
 * @property {number} x @property {number} y CSS pixels from the stage's corner
 * @property {number} factor of the width, by pen pressure
 * @property {boolean} erase right button or the pen's other end
 * @property {boolean} alt @property {boolean} shift @property {boolean} ctrl
 */

/**
 * @typedef {object} PointerHandlers
 * @property {(sample: Sample) => void} begin
 * @property {(samples: Sample[]) => void} move of a stroke
 * @property {(sample: Sample) => void} end
 * @property {() => void} cancel
 * @property {(sample: Sample | null) => void} hover null: the pointer left
 * @property {(dx: number, dy: number) => void} pan
 * @property {(x: number, y: number, factor: number) => void} zoom
 * @property {(steps: number) => void} resize the brush
 * @property {(steps: number) => boolean} wheel true: the tool in hand used it
 * @property {(sample: Sample) => void} twice double click
 * @property {() => boolean} panning space is held
 * @property {() => boolean} sizing Alt drag changes the brush size
 */

const ERASER_BUTTONS = 2 | 32;
const PALM_MS = 700;

/** @param {HTMLElement} stage @param {PointerHandlers} handlers @returns {() => void} detach */
export function attachPointer(stage, handlers) {
  /** @type {"none" | "stroke" | "pan" | "pinch" | "size"} */
  let mode = "none";
  let active = -1;
  let last = { x: 0, y: 0 };
  let penSeen = -Infinity;
  let ctrlHeld = false;
  /** @type {Map<number, {x: number, y: number}>} fingers */
  const touches = new Map();

  /** @param {PointerEvent | MouseEvent} event */
  const place = (event) => {
    const box = stage.getBoundingClientRect();
    return { x: event.clientX - box.left - stage.clientLeft, y: event.clientY - box.top - stage.clientTop };
  };

  /** @param {PointerEvent} event @returns {Sample} */
  const sampleOf = (event) => ({
    ...place(event),
    factor: event.pointerType === "pen" ? pressureFactor(event.pressure) : 1,
    erase: (event.buttons & ERASER_BUTTONS) !== 0,
    alt: event.altKey, shift: event.shiftKey, ctrl: event.ctrlKey || event.metaKey,
  });

  /** @param {PointerEvent} event */
  function down(event) {
    if (event.target instanceof Element && event.target.closest("button, a")) return;
    if (event.pointerType === "pen") penSeen = event.timeStamp;
    if (event.pointerType === "touch") {
      if (event.timeStamp - penSeen < PALM_MS) return;
      touches.set(event.pointerId, place(event));
      if (touches.size === 2) return startPinch();
      if (touches.size > 2) return;
    }
    if (mode !== "none") return;
    event.preventDefault();
    stage.focus({ preventScroll: true });
    stage.setPointerCapture(event.pointerId);
    active = event.pointerId;
    last = place(event);
    if (event.button === 1 || handlers.panning()) mode = "pan";
    else if (event.altKey && event.button === 0 && handlers.sizing()) mode = "size";
    else {
      mode = "stroke";
      handlers.begin(sampleOf(event));
    }
  }

  function startPinch() {
    if (mode === "stroke") handlers.cancel();
    mode = "pinch";
  }

  /** @param {PointerEvent} event */
  function move(event) {
    if (event.pointerType === "pen") penSeen = event.timeStamp;
    if (mode === "pinch") return pinch(event);
    if (mode !== "none" && event.pointerId !== active) return;
    const at = place(event);
    const dx = at.x - last.x;
    const dy = at.y - last.y;
    last = at;
    if (mode === "none") handlers.hover(sampleOf(event));
    else if (mode === "size") handlers.resize(dx / 6);
    else if (mode === "pan" || handlers.panning() || event.buttons & 4) {
      handlers.pan(dx, dy);
      handlers.hover(sampleOf(event));
    } else {
      const coalesced = event.getCoalescedEvents?.() ?? [];
      handlers.move((coalesced.length ? coalesced : [event]).map(sampleOf));
    }
  }

  /** @param {PointerEvent} event */
  function pinch(event) {
    if (touches.size < 2 || !touches.has(event.pointerId)) return; // one finger is lifted already
    const [a, b] = [...touches.values()];
    const before = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, d: Math.hypot(a.x - b.x, a.y - b.y) };
    touches.set(event.pointerId, place(event));
    const [c, d] = [...touches.values()];
    const x = (c.x + d.x) / 2;
    const y = (c.y + d.y) / 2;
    handlers.pan(x - before.x, y - before.y);
    handlers.zoom(x, y, Math.hypot(c.x - d.x, c.y - d.y) / Math.max(1, before.d));
  }

  /** @param {PointerEvent} event */
  function up(event) {
    touches.delete(event.pointerId);
    if (mode === "pinch") {
      if (!touches.size) mode = "none";
      return;
    }
    if (event.pointerId !== active) return;
    if (mode === "stroke") {
      if (event.type === "pointercancel") handlers.cancel();
      else handlers.end(sampleOf(event));
    }
    mode = "none";
    active = -1;
  }

  /** @param {WheelEvent} event */
  function wheel(event) {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1);
    const steps = -pixels / 100;
    const { x, y } = place(event);
    // A trackpad's pinch arrives as a wheel with Ctrl that nobody holds.
    if (event.ctrlKey && ctrlHeld) handlers.resize(steps);
    else if (event.ctrlKey) handlers.zoom(x, y, Math.exp(-pixels * 0.01));
    else if (!handlers.wheel(Math.sign(steps))) handlers.zoom(x, y, Math.exp(-pixels * 0.0018));
  }

  /** @param {KeyboardEvent} event */
  const watchCtrl = (event) => {
    if (event.key === "Control") ctrlHeld = event.type === "keydown";
  };

  const listening = new AbortController();
  const options = { signal: listening.signal };
  stage.addEventListener("pointerdown", down, options);
  stage.addEventListener("pointermove", move, options);
  stage.addEventListener("pointerup", up, options);
  stage.addEventListener("pointercancel", up, options);
  stage.addEventListener("pointerleave", () => mode === "none" && handlers.hover(null), options);
  stage.addEventListener("wheel", wheel, { ...options, passive: false });
  stage.addEventListener("contextmenu", (event) => event.preventDefault(), options);
  stage.addEventListener("dblclick", (event) => handlers.twice(sampleOf(/** @type {PointerEvent} */ (event))), options);
  window.addEventListener("keydown", watchCtrl, options);
  window.addEventListener("keyup", watchCtrl, options);
  return () => listening.abort();
}
