// Every tool by its name, and the worker that the photo-reading ones ask.
import { Caller } from "../calls.js";
import { block } from "../page.js";
import { brushTool } from "./brush.js";
import { reviewTool } from "./review.js";
import { speckTool } from "./speck.js";
import { tracerTool } from "./tracer.js";

/** @param {import("./bench.js").Bench} bench @returns {Record<string, import("./bench.js").Tool>} */
export function takeTools(bench) {
  return {
    brush: brushTool(bench, false), eraser: brushTool(bench, true), tracer: tracerTool(bench),
    speck: speckTool(bench), review: reviewTool(bench),
  };
}

/**
 * @param {import("../page.js").Page} page @param {import("./bench.js").Bench} bench
 * @param {import("../looks.js").Looks} looks
 */
export async function openRidges(page, bench, looks) {
  const worker = new Caller(page.workers.ridge);
  await worker.call("open", { photoUrl: page.photoUrl, costUrl: page.costUrl });
  bench.ridges = worker;
  block("painter").dataset.traceable = "true";
  let shown = false;
  const show = async () => {
    if (shown || !bench.settings.values.ridges) return;
    shown = true;
    const cost = await worker.call("cost", {});
    looks.addRidges(cost.data, cost.width, cost.height);
  };
  bench.settings.watchers.push(() => void show());
  await show();
}
