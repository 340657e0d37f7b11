// The map in the panel: the photo, with what was not looked at yet in the dark.
import { attachMinimap } from "../../../viewer/minimap.js";
import { block, canvas } from "../ui/page.js";

/**
 * @param {import("./coverage.js").Coverage} coverage @param {import("./surface.js").Surface} surface
 * @returns {() => void} draw it again
 */
export function attachCoverageMap(coverage, surface) {
  const parts = coverage.columns * coverage.rows;
  const draw = attachMinimap(canvas("minimap"), surface.view, (context, scale) => {
    const bitmap = surface.photo.levels[0];
    if (bitmap) context.drawImage(bitmap, 0, 0, context.canvas.width, context.canvas.height);
    context.fillStyle = "rgb(0 0 0 / 55%)";
    for (let part = 0; part < parts; part++) {
      if (coverage.seen.has(part)) continue;
      const { x0, y0, x1, y1 } = coverage.rect(part);
      context.fillRect(x0 * scale, y0 * scale, (x1 - x0) * scale, (y1 - y0) * scale);
    }
  }, () => surface.redraw());
  return () => {
    draw();
    block("seen-count").textContent = `${coverage.seen.size} of ${parts} parts`;
  };
}
