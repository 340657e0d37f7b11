// A small map of the picture: where the view is; a click or a drag goes there.

const WIDE = 240;

/**
 * @param {HTMLCanvasElement} map @param {import("./viewport.js").Viewport} view
 * @param {(context: CanvasRenderingContext2D, scale: number) => void} paint what lies under the frame, in map pixels
 * @param {() => void} moved the view
 * @returns {() => void} draw it again
 */
export function attachMinimap(map, view, paint, moved) {
  const scale = WIDE / Math.max(view.imageWidth, view.imageHeight);
  map.width = Math.max(1, Math.round(view.imageWidth * scale));
  map.height = Math.max(1, Math.round(view.imageHeight * scale));
  const context = /** @type {CanvasRenderingContext2D} */ (map.getContext("2d"));

  /** @param {PointerEvent} event */
  function go(event) {
    const box = map.getBoundingClientRect();
    view.centre(
      ((event.clientX - box.left) / box.width) * view.imageWidth,
      ((event.clientY - box.top) / box.height) * view.imageHeight);
    moved();
  }
  map.addEventListener("pointerdown", (event) => {
    event.stopPropagation(); // it may lie on the stage
    map.setPointerCapture(event.pointerId);
    go(event);
  });
  map.addEventListener("pointermove", (event) => map.hasPointerCapture(event.pointerId) && go(event));

  return () => {
    context.clearRect(0, 0, map.width, map.height);
    paint(context, scale);
    const { x0, y0, x1, y1 } = view.visible();
    context.lineWidth = 2;
    context.strokeStyle = "#fff";
    context.strokeRect(
      x0 * scale + 1, y0 * scale + 1,
      Math.max(3, (x1 - x0) * scale - 2), Math.max(3, (y1 - y0) * scale - 2));
  };
}
