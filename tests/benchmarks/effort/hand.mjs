// The hand of a simulated assessor: node SCRIPT FOLDER. Reads grey.raw, cost.raw, cracks.raw (each pixel's
// crack) and job.json (cracks, specks); clicks miss by a few pixels.
import { readFileSync } from "node:fs";
import { Tracer } from "../../annotate/static/annotate/painter/tracing.js";
import { Background } from "../../annotate/static/annotate/painter/widths.js";

export const folder = process.argv[2];
export const job = JSON.parse(readFileSync(`${folder}/job.json`, "utf8"));
const { width, height, slip } = job;
const plane = (name) => ({ data: new Uint8Array(readFileSync(`${folder}/${name}.raw`)), width, height });
export const background = new Background(plane("grey"));
const tracer = new Tracer(plane("cost"), background);

let seed = job.seed;
function uniform() {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const normal = () => Math.sqrt(-2 * Math.log(uniform() + 1e-12)) * Math.cos(2 * Math.PI * uniform());
export const click = ([x, y]) => ({ x: x + slip * normal(), y: y + slip * normal() });

/** How far each point of the truth is from the traced line. */
function strays(truth, line) {
  return truth.map(([x, y]) => line.reduce((least, p) => Math.min(least, (p.x - x) ** 2 + (p.y - y) ** 2), Infinity) ** 0.5);
}

const owners = new Uint16Array(readFileSync(`${folder}/cracks.raw`).buffer);
const DISC = [];
for (let v = -2; v <= 2; v++) for (let u = -2; u <= 2; u++) if (u * u + v * v <= 4) DISC.push([u, v]);

/** F1 with 2 px tolerance of painted runs against the crack of this number. */
function tolerantF1(runs, number, truth) {
  const xs = truth.map(([x]) => x);
  const ys = truth.map(([, y]) => y);
  const box = [Math.min(...xs) - 60, Math.min(...ys) - 60, Math.max(...xs) + 60, Math.max(...ys) + 60].map(Math.round);
  const [x0, y0] = [Math.max(0, box[0]), Math.max(0, box[1])];
  const [w, h] = [Math.min(width, box[2]) - x0, Math.min(height, box[3]) - y0];
  const wanted = new Uint8Array(w * h);
  const painted = new Uint8Array(w * h);
  for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) wanted[y * w + x] = owners[(y + y0) * width + x + x0] === number;
  for (let i = 0; i < runs.length; i += 3) {
    for (let x = Math.max(x0, runs[i + 1]); x < Math.min(x0 + w, runs[i + 2]); x++) {
      if (runs[i] >= y0 && runs[i] < y0 + h) painted[(runs[i] - y0) * w + x - x0] = 1;
    }
  }
  const met = (of, by) => {
    let [all, hit] = [0, 0];
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        if (!of[y * w + x]) continue;
        all++;
        if (DISC.some(([u, v]) => x + u >= 0 && x + u < w && by[(y + v) * w + x + u])) hit++;
      }
    }
    return all ? hit / all : 0;
  };
  const [precision, recall] = [met(painted, wanted), met(wanted, painted)];
  return precision + recall ? (2 * precision * recall) / (precision + recall) : 0;
}

/** Both ends first; while the F1 is under 0.95, wherever the line strays most, but for under 3 px. */
export function trace(truth, number) {
  const clicks = [{ at: 0, point: click(truth[0]) }, { at: truth.length - 1, point: click(truth.at(-1)) }];
  for (;;) {
    clicks.sort((a, b) => a.at - b.at);
    const runs = [];
    const line = [];
    let from = tracer.snap(clicks[0].point);
    for (const { point } of clicks.slice(1)) {
      const step = tracer.path({ from, to: point });
      runs.push(...step.runs);
      line.push(...step.line);
      from = step.end;
    }
    if (tolerantF1(runs, number + 1, truth) >= 0.95) return { clicks: clicks.length, runs };
    const far = strays(truth, line);
    const order = far.map((d, i) => [d, i]).sort((a, b) => b[0] - a[0]);
    const next = order.find(([, i]) => clicks.every(({ at }) => Math.hypot(truth[at][0] - truth[i][0], truth[at][1] - truth[i][1]) > 40));
    if (!next || next[0] < 3 || clicks.length >= 12) return { clicks: clicks.length, runs };
    clicks.push({ at: next[1], point: click(truth[next[1]]) });
  }
}
