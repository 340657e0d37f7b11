// The whole photo by a simulated assessor, suggestion included: node whole.mjs FOLDER, see hand.mjs. Also
// reads map.raw (probability x 255), specks.raw (each pixel's speck) and, of job.json, what the map missed
// (missedCracks, missedSpecks) and made up (invented: points). Every click, drag, wheel turn and key is one
// action; whoever acts knows the truth. Writes whole.json: actions by kind, and painted.raw.
import { readFileSync, writeFileSync } from "node:fs";
import { capsule } from "../../annotate/static/annotate/painter/brush.js";
import { label, runsOf } from "../../annotate/static/annotate/painter/components.js";
import { Edit, FRACTURE, Mask, SCUFF, paintRule } from "../../annotate/static/annotate/painter/mask.js";
import { componentNear } from "../../annotate/static/annotate/painter/regions.js";
import { speckAt } from "../../annotate/static/annotate/painter/specks.js";
import { Suggestion } from "../../annotate/static/annotate/painter/suggestion.js";
import { within } from "../../annotate/static/annotate/painter/tracing.js";
import { background, click, folder, job, trace } from "./hand.mjs";

const { width, height } = job;
const read = (name) => readFileSync(`${folder}/${name}.raw`);
const map = new Uint8Array(read("map"));
const cracks = new Uint16Array(read("cracks").buffer);
const specks = new Uint16Array(read("specks").buffer);
const mask = new Mask(width, height);
const spent = { keys: 0, review: 0, cracks: 0, specks: 0, erasing: 0 };

/** Shares of a component's pixels that belong to a crack, and to a speck. */
function natureOf(runs) {
  let [all, crack, speck] = [0, 0, 0];
  for (let i = 0; i < runs.length; i += 3) {
    for (let p = runs[i] * width + runs[i + 1]; p < runs[i] * width + runs[i + 2]; p++, all++) {
      if (cracks[p]) crack++;
      if (specks[p]) speck++;
    }
  }
  return { crack: crack / all, speck: speck / all };
}

function dice(runs, owner, number, total) {
  let [both, mine] = [0, 0];
  for (let i = 0; i < runs.length; i += 3) {
    for (let p = runs[i] * width + runs[i + 1]; p < runs[i] * width + runs[i + 2]; p++, mine++) both += owner[p] === number;
  }
  return (2 * both) / (mine + total);
}

/** V; the size filter down to 4 px; Tab, then A or R for the largest, as long as they are cracks. */
async function reviewCracks(suggestion) {
  spent.keys += 3;
  suggestion.setLeast(4);
  suggestion.step(1);
  for (;;) {
    const [c] = suggestion.pending;
    const runs = runsOf(suggestion.found, c);
    if (natureOf(runs).crack < 0.5) return;
    spent.review++;
    new Edit(mask, paintRule(FRACTURE)).runs(runs);
    suggestion.decide([[suggestion.found.peaks[c], "accepted"]], true);
  }
}

/** Class key, a drag round everything, Shift A; what was made up then goes by Ctrl clicks with the eraser. */
function reviewSpecks(suggestion) {
  spent.keys += 2;
  spent.review++;
  for (const c of suggestion.inside({ x0: 0, y0: 0, x1: width, y1: height })) {
    new Edit(mask, paintRule(SCUFF)).runs(runsOf(suggestion.found, c));
  }
  spent.keys++; // E
  for (const point of job.invented) {
    for (let tries = 0; tries < 4; tries++) {
      spent.erasing++;
      const { x, y } = within(click(point), job);
      const runs = componentNear(mask, x, y, SCUFF);
      if (!runs || natureOf(runs).speck > 0.5) continue;
      new Edit(mask, { clear: SCUFF }).runs(runs);
      break;
    }
  }
}

function traceMissed() {
  if (job.missedCracks.length) spent.keys += 2; // L and 1
  for (const number of job.missedCracks) {
    const { clicks, runs } = trace(job.cracks[number], number);
    spent.cracks += clicks + 1; // Enter
    new Edit(mask, paintRule(FRACTURE)).runs(runs);
  }
}

function clickMissed() {
  if (job.missedSpecks.length) spent.keys += 2; // K and 2
  const areas = new Uint32Array(job.specks.length + 1);
  for (const number of specks) areas[number]++;
  for (const number of job.missedSpecks) {
    const { x, y } = within(click(job.specks[number]), job);
    spent.specks++;
    let runs = speckAt(background, x, y)?.runs ?? [];
    if (dice(runs, specks, number + 1, areas[number + 1]) < 0.5) {
      spent.specks += runs.length ? 4 : 3; // undo, B, a dab of about its size, K
      runs = [];
      capsule(x + 0.5, y + 0.5, x + 0.5, y + 0.5, Math.sqrt(areas[number + 1] / Math.PI), (v, x0, x1) => runs.push(v, x0, x1));
    }
    new Edit(mask, paintRule(SCUFF)).runs(runs);
  }
}

const suggestion = new Suggestion(mask, map, 128, 20, async (threshold) => label(map, width, height, threshold));
await suggestion.setThreshold(128);
await reviewCracks(suggestion);
reviewSpecks(suggestion);
traceMissed();
clickMissed();
writeFileSync(`${folder}/painted.raw`, mask.data);
writeFileSync(`${folder}/whole.json`, JSON.stringify(spent));
