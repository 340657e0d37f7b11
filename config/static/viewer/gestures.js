// Mouse, pen, fingers and wheel on a picture: pans, zooms and strokes. What they mean is the caller's.

/**
 * @typedef {object} Sample
 * @property {number} x @property {number} y CSS pixels from the stage's corner
 * @property {number} factor of a stroke's width, by pen pressure
 * @property {boolean} erase right button or the pen's other end
 * @property {boolean} alt @property {boolean} shift @property {boolean} ctrl
 */

/**
 * Without `begin` every drag pans.
 * @typedef {object} Handlers
 * @property {(dx: number, dy: number) => void} pan
 * @property {(x: number, y: number, factor: number) => void} zoom
 * @property {(sample: Sample) => void} [begin] a stroke
 * @property {(samples: Sample[]) => void} [move] of a stroke
 * @property {(sample: Sample) => void} [end]
 * @property {() => void} [cancel]
 * @property {(sample: Sample | null) => void} [hover] null: the pointer left
 * @property {(sample: Sample) => void} [tap] a press that did not move
 * @property {(sample: Sample) => void} [twice] double click
 * @property {(steps: number) => void} [resize] the brush
 * @property {(steps: number) => boolean} [wheel] true: the tool in hand used it
 * @property {(sample: Sample) => boolean} [grabs] the drag that begins here moves the picture
 * @property {() => boolean} [panning] so does any, for now: space is held
 * @property {() => boolean} [sizing] Alt drag changes the brush size
 */

/**
 * @typedef {object} Manners
 * @property {boolean} [scrolls] the plain wheel belongs to the page; with Ctrl it zooms
 * @property {boolean} [menu] the right button opens the browser's menu
 */

const ERASER_BUTTONS = 2 | 32;
const MIDDLE_BUTTON = 4;
const PALM_MS = 700;
const STILL_PX = 4;
const WHEEL_ZOOM = 0.0018; // of the logarithm, a pixel of scrolling
const PINCH_ZOOM = 0.01; // the same for a trackpad's pinch

/**
 * Stages that show the same view share one call: two fingers may lie on different ones.
 * @param {HTMLElement | HTMLElement[]} stages @param {Handlers} handlers @param {Manners} [manners]
 * @returns {() => void} detach
 */
export function attachGestures(stages, handlers, manners = {}) {
  const gestures = new Gestures(handlers, manners);
  const listening = new AbortController();
  const options = { signal: listening.signal };
  for (const stage of [stages].flat()) gestures.listen(stage, options);
  /** @param {KeyboardEvent} event */
  const watchCtrl = (event) => {
    if (event.key === "Control") gestures.ctrlHeld = event.type === "keydown";
  };
  window.addEventListener("keydown", watchCtrl, options);
  window.addEventListener("keyup", watchCtrl, options);
  return () => listening.abort();
}

/** A pen's width factor; 0 and 0.5 are what devices without pressure report. @param {number} pressure 0 to 1 */
export function pressureFactor(pressure) {
  return pressure === 0 || pressure === 0.5 ? 1 : 0.4 + 1.2 * pressure;
}

class Gestures {
  /** @type {"none" | "stroke" | "pan" | "pinch" | "size"} */
  #mode = "none";
  #active = -1;
  #last = { x: 0, y: 0 };
  /** @type {Sample | null} the press, while it may still be a tap */
  #pressed = null;
  #penSeen = -Infinity;
  /** @type {Map<number, {x: number, y: number}>} fingers, in the window */
  #touches = new Map();
  ctrlHeld = false;

  /** @param {Handlers} handlers @param {Manners} manners */
  constructor(handlers, manners) {
    this.handlers = handlers;
    this.manners = manners;
  }

  /** @param {HTMLElement} stage @param {AddEventListenerOptions} options */
  listen(stage, options) {
    const { handlers } = this;
    stage.addEventListener("pointerdown", (event) => this.#down(stage, event), options);
    stage.addEventListener("pointermove", (event) => this.#move(stage, event), options);
    stage.addEventListener("pointerup", (event) => this.#up(stage, event), options);
    stage.addEventListener("pointercancel", (event) => this.#up(stage, event), options);
    stage.addEventListener("pointerleave", () => this.#mode === "none" && handlers.hover?.(null), options);
    stage.addEventListener("wheel", (event) => this.#wheel(stage, event), { ...options, passive: false });
    if (!this.manners.menu) stage.addEventListener("contextmenu", (event) => event.preventDefault(), options);
    stage.addEventListener("dblclick", (event) => {
      handlers.twice?.(sampleOf(stage, /** @type {PointerEvent} */ (event)));
    }, options);
  }

  /** @param {HTMLElement} stage @param {PointerEvent} event */
  #down(stage, event) {
    if (event.target instanceof Element && event.target.closest("button, a")) return;
    if (event.pointerType === "pen") this.#penSeen = event.timeStamp;
    if (event.pointerType === "touch" && !this.#touched(event)) return;
    if (this.#mode !== "none" || (this.manners.menu && event.button === 2)) return;
    event.preventDefault();
    stage.focus({ preventScroll: true });
    stage.setPointerCapture(event.pointerId);
    this.#active = event.pointerId;
    this.#last = place(stage, event);
    const sample = sampleOf(stage, event);
    this.#pressed = event.button === 0 ? sample : null;
    this.#mode = this.#meaning(event, sample);
    if (this.#mode === "stroke") this.handlers.begin?.(sample);
  }

  /** @param {PointerEvent} event @returns {boolean} whether this finger does more than pinch or rest */
  #touched(event) {
    if (event.timeStamp - this.#penSeen < PALM_MS) return false;
    this.#touches.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.#touches.size === 2) {
      if (this.#mode === "stroke") this.handlers.cancel?.();
      this.#mode = "pinch";
      this.#pressed = null;
    }
    return this.#touches.size < 2;
  }

  /** @param {PointerEvent} event @param {Sample} sample @returns {"stroke" | "pan" | "size"} */
  #meaning(event, sample) {
    const { begin, grabs, panning, sizing } = this.handlers;
    if (!begin || event.button === 1 || panning?.() || grabs?.(sample)) return "pan";
    return event.altKey && event.button === 0 && sizing?.() ? "size" : "stroke";
  }

  /** @param {HTMLElement} stage @param {PointerEvent} event */
  #move(stage, event) {
    if (event.pointerType === "pen") this.#penSeen = event.timeStamp;
    if (this.#mode === "pinch") return this.#pinch(stage, event);
    if (this.#mode !== "none" && event.pointerId !== this.#active) return;
    const at = place(stage, event);
    const dx = at.x - this.#last.x;
    const dy = at.y - this.#last.y;
    this.#last = at;
    if (this.#pressed && Math.hypot(at.x - this.#pressed.x, at.y - this.#pressed.y) > STILL_PX) this.#pressed = null;
    if (this.#mode === "none") this.handlers.hover?.(sampleOf(stage, event));
    else if (this.#mode === "size") this.handlers.resize?.(dx / 6);
    else if (this.#pans(event)) {
      this.handlers.pan(dx, dy);
      this.handlers.hover?.(sampleOf(stage, event));
    } else {
      const coalesced = event.getCoalescedEvents?.() ?? [];
      this.handlers.move?.((coalesced.length ? coalesced : [event]).map((each) => sampleOf(stage, each)));
    }
  }

  /** Also in mid-stroke. @param {PointerEvent} event */
  #pans(event) {
    return this.#mode === "pan" || (event.buttons & MIDDLE_BUTTON) !== 0 || Boolean(this.handlers.panning?.());
  }

  /** @param {HTMLElement} stage @param {PointerEvent} event */
  #pinch(stage, event) {
    if (this.#touches.size < 2 || !this.#touches.has(event.pointerId)) return; // one finger is lifted already
    const before = pairOf(this.#touches);
    this.#touches.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const now = pairOf(this.#touches);
    const { x, y } = place(stage, { clientX: now.x, clientY: now.y });
    this.handlers.pan(now.x - before.x, now.y - before.y);
    this.handlers.zoom(x, y, now.apart / Math.max(1, before.apart));
  }

  /** @param {HTMLElement} stage @param {PointerEvent} event */
  #up(stage, event) {
    this.#touches.delete(event.pointerId);
    if (this.#mode === "pinch") {
      if (!this.#touches.size) this.#mode = "none";
      return;
    }
    if (event.pointerId !== this.#active) return;
    const cancelled = event.type === "pointercancel";
    if (this.#mode === "stroke") {
      if (cancelled) this.handlers.cancel?.();
      else this.handlers.end?.(sampleOf(stage, event));
    }
    if (this.#pressed && !cancelled) this.handlers.tap?.(this.#pressed);
    this.#mode = "none";
    this.#active = -1;
    this.#pressed = null;
  }

  /** @param {HTMLElement} stage @param {WheelEvent} event */
  #wheel(stage, event) {
    const ctrl = event.ctrlKey || event.metaKey;
    if (this.manners.scrolls && !ctrl) return;
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1);
    const { resize, wheel, zoom } = this.handlers;
    const { x, y } = place(stage, event);
    // A trackpad's pinch arrives as a wheel with Ctrl that nobody holds.
    if (event.ctrlKey && !this.ctrlHeld) zoom(x, y, Math.exp(-pixels * PINCH_ZOOM));
    else if (event.ctrlKey && resize) resize(-pixels / 100);
    else if (ctrl || !wheel?.(Math.sign(-pixels))) zoom(x, y, Math.exp(-pixels * WHEEL_ZOOM));
  }
}

/** @param {HTMLElement} stage @param {{clientX: number, clientY: number}} event */
function place(stage, event) {
  const box = stage.getBoundingClientRect();
  return { x: event.clientX - box.left - stage.clientLeft, y: event.clientY - box.top - stage.clientTop };
}

/** @param {HTMLElement} stage @param {PointerEvent} event @returns {Sample} */
function sampleOf(stage, event) {
  return {
    ...place(stage, event),
    factor: event.pointerType === "pen" ? pressureFactor(event.pressure) : 1,
    erase: (event.buttons & ERASER_BUTTONS) !== 0,
    alt: event.altKey, shift: event.shiftKey, ctrl: event.ctrlKey || event.metaKey,
  };
}

/** Middle and distance of the first two fingers. @param {Map<number, {x: number, y: number}>} touches */
function pairOf(touches) {
  const [a, b] = [...touches.values()];
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, apart: Math.hypot(a.x - b.x, a.y - b.y) };
}
