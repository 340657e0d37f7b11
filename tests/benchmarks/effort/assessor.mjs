// A simulated assessor at the painter's own tools: node assessor.mjs FOLDER, see hand.mjs. Every crack is
// traced and every speck clicked; writes done.json: clicks and painted pixels.
import { writeFileSync } from "node:fs";
import { speckAt } from "../../annotate/static/annotate/painter/specks.js";
import { within } from "../../annotate/static/annotate/painter/tracing.js";
import { background, click, folder, job, trace } from "./hand.mjs";

const cracks = job.cracks.map(trace);
const specks = job.specks.map(([x, y]) => {
  const p = within(click([x, y]), job);
  return speckAt(background, p.x, p.y)?.runs ?? [];
});
writeFileSync(`${folder}/done.json`, JSON.stringify({ cracks, specks }));
