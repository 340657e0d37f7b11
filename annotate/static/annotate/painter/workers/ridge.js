// The photo's pixels in a worker: decoded once, then paths along ridges, crack widths, specks.
import { Moved, answerCalls } from "../calls.js";
import { Costs } from "../costs.js";
import { fetchFile, fetchMap, lumaOf } from "../grey.js";
import { halvings } from "../photo.js";
import { speckAt, specksIn } from "../specks.js";
import { Tracer } from "../tracing.js";
import { Background } from "../widths.js";

/** @type {Background} */
let background;
/** @type {Tracer} */
let tracer;

/** The photo is decoded once: its pixels stay here, its bitmaps go to the screen. @param {{photoUrl: string}} urls */
async function open({ photoUrl }) {
  const bitmap = await createImageBitmap(await fetchFile(photoUrl), { premultiplyAlpha: "none" });
  background = new Background(lumaOf(bitmap));
  const levels = await halvings(bitmap);
  return new Moved({ levels }, levels);
}

/** @param {{costUrl: string}} urls */
async function measure({ costUrl }) {
  tracer = new Tracer(costUrl ? await fetchMap(costUrl) : new Costs(background.grey), background);
}

answerCalls({
  open, measure,
  path: (wish) => {
    const { end, runs } = tracer.path(wish);
    return { end, runs };
  },
  cost: () => {
    const { cost } = tracer;
    cost.ensure?.({ x0: 0, y0: 0, x1: cost.width, y1: cost.height });
    return { data: cost.data, width: cost.width, height: cost.height };
  },
  snap: ({ at, free }) => tracer.snap(at, free),
  speck: ({ at, share }) => {
    const { x, y } = tracer.inside(at);
    return speckAt(background, x, y, share);
  },
  specks: ({ box }) => specksIn(background, box),
});
