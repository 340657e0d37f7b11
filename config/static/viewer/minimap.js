// The small map in the panel: what was seen, where the view is; a click goes there.
import { block, canvas } from "../annotate/painter/ui/page.js";

const WIDE = 240;

/**
 * @param {import("../annotate/painter/view/coverage.js").Coverage} coverage @param {import("../annotate/painter/view/surface.js").Surface} surface
 * @returns {() => void} draw it again
 */
export function attachMinimap(coverage, surface) {
  const map = canvas("minimap");
  const k = WIDE / Math.max(coverage.width, coverage.height);
  map.width = Math.max(1, Math.round(coverage.width * k));
  map.height = Math.max(1, Math.round(coverage.height * k));
  const context = /** @type {CanvasRenderingContext2D} */ (map.getContext("2d"));
  const { view } = surface;

  function draw() {
    const bitmap = surface.photo.levels[0];
    context.clearRect(0, 0, map.width, map.height);
    if (bitmap) context.drawImage(bitmap, 0, 0, map.width, map.height);
    context.fillStyle = "rgb(0 0 0 / 55%)";
    for (let part = 0; part < coverage.columns * coverage.rows; part++) {
      if (coverage.seen.has(part)) continue;
      const { x0, y0, x1, y1 } = coverage.rect(part);
      context.fillRect(x0 * k, y0 * k, (x1 - x0) * k, (y1 - y0) * k);
    }
    const { x0, y0, x1, y1 } = view.visible();
    context.lineWidth = 2;
    context.strokeStyle = "#fff";
    context.strokeRect(x0 * k + 1, y0 * k + 1, Math.max(3, (x1 - x0) * k - 2), Math.max(3, (y1 - y0) * k - 2));
    const total = coverage.columns * coverage.rows;
    block("seen-count").textContent = `${coverage.seen.size} of ${total} parts`;
  }

  map.addEventListener("pointerdown", (event) => {
    const box = map.getBoundingClientRect();
    view.centre(
      ((event.clientX - box.left) / box.width) * coverage.width,
      ((event.clientY - box.top) / box.height) * coverage.height);
    surface.redraw();
  });
  return draw;
}
