// Every tool by its name, and the worker that the photo-reading ones ask.
import { Caller } from "../workers/worker_rpc.js";
import { block } from "../ui/page.js";
import { brushTool } from "./brush.js";
import { lassoTool } from "./lasso.js";
import { reviewTool } from "./review.js";
import { speckTool } from "./speck.js";
import { tracerTool } from "./tracer.js";

/** @param {import("./bench.js").Bench} bench @returns {Record<string, import("./bench.js").Tool>} */
export function takeTools(bench) {
  return {
    brush: brushTool(bench, false), eraser: brushTool(bench, true), tracer: tracerTool(bench),
    speck: speckTool(bench), lasso: lassoTool(bench), review: reviewTool(bench),
  };
}

/**
 * Full pixels: to the screen, and to the worker that the photo-reading tools ask.
 * @param {import("../ui/page.js").Page} page @param {import("../view/photo.js").Photo} photo @returns {Promise<Caller>}
 */
export async function openPhoto(page, photo) {
  const worker = new Caller(page.workers.ridge);
  if (page.tileUrl) {
    await worker.call("openTiles", { tileUrl: page.tileUrl, width: page.width, height: page.height });
    return worker;
  }
  const { levels } = await worker.call("open", { photoUrl: page.photoUrl });
  photo.take(levels);
  return worker;
}

/**
 * @param {Caller} worker @param {import("../ui/page.js").Page} page @param {import("./bench.js").Bench} bench
 * @param {import("../view/appearance.js").Appearance} appearance
 */
export async function openRidges(worker, page, bench, appearance) {
  await worker.call("measure", { costUrl: page.costUrl });
  bench.ridges = worker;
  block("painter").dataset.traceable = "true";
  const warm = () => {
    if (bench.settings.values.tool === "tracer") void worker.call("warm", {}).catch((error) => bench.say(error.message));
  };
  bench.settings.watchers.push((changed) => changed.includes("tool") && warm());
  warm();
  let shown = false;
  const show = async () => {
    if (shown || !bench.settings.values.ridges) return;
    shown = true;
    const cost = await worker.call("cost", {});
    appearance.addRidges(cost.data, cost.width, cost.height);
  };
  const shows = () => show().catch((error) => bench.say(error.message));
  bench.settings.watchers.push(() => void shows());
  await shows();
}
