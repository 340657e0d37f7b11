// The small map in the panel: what was seen, where the view is; a click goes there.
import { block, canvas } from "./page.js";

const WIDE = 240;

/**
 * @param {import("./walker.js").Walker} walker @param {import("./surface.js").Surface} surface
 * @returns {() => void} draw it again
 */
export function attachMinimap(walker, surface) {
  const map = canvas("minimap");
  const k = WIDE / Math.max(walker.width, walker.height);
  map.width = Math.max(1, Math.round(walker.width * k));
  map.height = Math.max(1, Math.round(walker.height * k));
  const context = /** @type {CanvasRenderingContext2D} */ (map.getContext("2d"));
  const { view } = surface;

  function draw() {
    const bitmap = surface.photo.levels[0];
    context.clearRect(0, 0, map.width, map.height);
    if (bitmap) context.drawImage(bitmap, 0, 0, map.width, map.height);
    context.fillStyle = "rgb(0 0 0 / 55%)";
    for (let part = 0; part < walker.columns * walker.rows; part++) {
      if (walker.seen.has(part)) continue;
      const { x0, y0, x1, y1 } = walker.rect(part);
      context.fillRect(x0 * k, y0 * k, (x1 - x0) * k, (y1 - y0) * k);
    }
    const { x0, y0, x1, y1 } = view.visible();
    context.lineWidth = 2;
    context.strokeStyle = "#fff";
    context.strokeRect(x0 * k + 1, y0 * k + 1, Math.max(3, (x1 - x0) * k - 2), Math.max(3, (y1 - y0) * k - 2));
    const total = walker.columns * walker.rows;
    block("seen-count").textContent = `${walker.seen.size} of ${total} parts`;
  }

  map.addEventListener("pointerdown", (event) => {
    const box = map.getBoundingClientRect();
    view.centre(
      ((event.clientX - box.left) / box.width) * walker.width,
      ((event.clientY - box.top) / box.height) * walker.height);
    surface.redraw();
  });
  return draw;
}
