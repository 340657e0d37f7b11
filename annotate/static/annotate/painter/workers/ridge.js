// The photo's pixels in a worker: decoded once, then paths along ridges, crack widths, specks.
import { Moved, answerCalls } from "./worker_rpc.js";
import { CostMap } from "../assist/cost_map.js";
import { fetchFile, fetchMap, lumaOf } from "../assist/grey.js";
import { GreyTiles } from "../assist/grey_tiles.js";
import { halvings } from "../view/photo.js";
import { speckAt, specksIn } from "../assist/blob_grow.js";
import { addresses } from "../view/tiled_photo.js";
import { REACH, Tracer, reachable, within } from "../assist/livewire.js";
import { Background } from "../assist/line_width.js";

const SPECK = 96 + 34; // the largest window of a speck and what its background looks at

/** @type {Background} */
let background;
let costUrl = "";
/** @type {Promise<Tracer> | null} made when somebody first traces: its cost map is larger than the photo */
let tracing = null;
/** @type {GreyTiles | null} of a photo too large to be decoded whole */
let greyTiles = null;

/** The photo is decoded once: its pixels stay here, its bitmaps go to the screen. @param {{photoUrl: string}} urls */
async function open({ photoUrl }) {
  const bitmap = await createImageBitmap(await fetchFile(photoUrl), { premultiplyAlpha: "none" });
  background = new Background(lumaOf(bitmap));
  const levels = await halvings(bitmap);
  return new Moved({ levels }, levels);
}

/** @param {{tileUrl: string, width: number, height: number}} photo */
async function openTiles({ tileUrl, width, height }) {
  greyTiles = new GreyTiles(width, height, addresses(tileUrl));
  background = new Background(greyTiles);
  await Promise.all(CostMap.samples(width, height).map((rect) => greyTiles?.fetch(rect)));
}

/** @returns {Promise<Tracer>} */
function tracer() {
  const make = async () => new Tracer(costUrl ? await fetchMap(costUrl) : new CostMap(background.grey), background);
  tracing ??= make().catch((error) => {
    tracing = null; // the next click asks again
    throw error;
  });
  return tracing;
}

/** Ridge windows reach `REACH` px beyond the two ends. @param {import("../assist/ridges.js").Point[]} points @param {number} air */
async function pixelsAround(points, air) {
  if (!greyTiles) return;
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  await greyTiles.fetch({
    x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs) + 1, y1: Math.max(...ys) + 1,
  }, air);
}

answerCalls({
  open, openTiles,
  measure: (/** @type {{costUrl: string}} */ urls) => {
    costUrl = urls.costUrl;
  },
  warm: async () => void (await tracer()),
  path: async (wish) => {
    await pixelsAround([wish.from, reachable(wish.from, wish.to)], REACH);
    const { end, runs } = (await tracer()).path(wish);
    return { end, runs };
  },
  cost: async () => {
    if (greyTiles) throw new Error("This photo is too large to show all its ridges.");
    const { cost } = await tracer();
    cost.ensure?.({ x0: 0, y0: 0, x1: cost.width, y1: cost.height });
    return { data: cost.data, width: cost.width, height: cost.height };
  },
  snap: async ({ at, free }) => {
    await pixelsAround([at], REACH);
    return (await tracer()).snap(at, free);
  },
  speck: async ({ at, share }) => {
    await pixelsAround([at], SPECK);
    const { x, y } = within(at, background.grey);
    return speckAt(background, x, y, share);
  },
  specks: async ({ box }) => {
    await greyTiles?.fetch(box, SPECK);
    return specksIn(background, box);
  },
});
