// Every tool by its name, and the worker that the photo-reading ones ask.
import { brushTool } from "./brush.js";
import { reviewTool } from "./review.js";

/** @param {import("./bench.js").Bench} bench @returns {Record<string, import("./bench.js").Tool>} */
export function takeTools(bench) {
  return {
    brush: brushTool(bench, false), eraser: brushTool(bench, true), review: reviewTool(bench),
  };
}

/** @param {import("../page.js").Page} page @param {import("./bench.js").Bench} bench @param {import("../looks.js").Looks} looks */
export function openRidges(page, bench, looks) {
  void page; void bench; void looks;
}
