// Fingers, mouse and wheel on a picture: drags, pinches, zooms. What they mean is the caller's.

/** @typedef {{x: number, y: number}} Point in pixels of the element */
/**
 * @typedef {object} Meanings
 * @property {(at: Point) => void} press a drag begins
 * @property {(at: Point, last: Point) => void} drag
 * @property {(factor: number, at: Point) => void} zoom
 * @property {(at: Point) => void} twice double click
 * @property {(at: Point) => void} [tap] a click that did not move
 */

/** @param {HTMLElement} element @param {Meanings} to */
export function attachGestures(element, to) {
  /** @type {Map<number, Point>} */
  const fingers = new Map();
  /** @type {Point | null} */
  let start = null;

  const point = (/** @type {MouseEvent} */ event) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  element.addEventListener("pointerdown", (event) => {
    const at = point(event);
    fingers.set(event.pointerId, at);
    start = fingers.size === 1 ? at : null;
    to.press(at);
    element.setPointerCapture(event.pointerId);
  });

  element.addEventListener("pointermove", (event) => {
    const last = fingers.get(event.pointerId);
    if (!last) return;
    const at = point(event);
    fingers.set(event.pointerId, at);
    if (start && distance(at, start) > 4) start = null;
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (!other) to.drag(at, last);
    else to.zoom(distance(at, other) / Math.max(1, distance(last, other)), { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 });
  });

  for (const name of ["pointerup", "pointercancel"]) {
    element.addEventListener(name, (event) => {
      fingers.delete(/** @type {PointerEvent} */ (event).pointerId);
      if (name === "pointerup" && start) to.tap?.(start);
      start = null;
    });
  }

  // Plain scrolling stays with the page; pinching and Ctrl zoom.
  element.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    to.zoom(Math.exp(-event.deltaY / 200), point(event));
  }, { passive: false });
  element.addEventListener("dblclick", (event) => to.twice(point(event)));
}

/** @param {Point} a @param {Point} b */
function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
