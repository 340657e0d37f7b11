import assert from "node:assert/strict";
import { test } from "node:test";
import { Paths, costAt, fullStrength, gaussian, ridgeStrength, snap } from "../../annotate/static/annotate/painter/assist/ridges.js";
import { CostMap } from "../../annotate/static/annotate/painter/assist/cost_map.js";
import { specksIn, speckAt } from "../../annotate/static/annotate/painter/assist/blob_grow.js";
import { Background, alongLine, alongRidge } from "../../annotate/static/annotate/painter/assist/line_width.js";
import { seeded } from "./random.js";

const [W, H] = [320, 240];

/** A crack along a sine on soft ground with grain; its true pixels beside it. */
function cracked({ half = 2.5, contrast = 60, seed = 60 } = {}) {
  const random = seeded(seed);
  const data = new Uint8Array(W * H);
  const truth = new Uint8Array(W * H);
  const middle = (x) => 120 + 40 * Math.sin(x / 40);
  for (let y = 0; y < H; y++) {
    for (let x = 0; x < W; x++) {
      const away = Math.abs(y - middle(x)) / Math.hypot(1, Math.cos(x / 40));
      const inside = 1 / (1 + Math.exp((away - half) * 3));
      if (away <= half && x >= 20 && x < 300) truth[y * W + x] = 1;
      data[y * W + x] = 110 + 20 * Math.sin(x / 90) + 15 * Math.cos(y / 70) + contrast * inside * (x >= 20 && x < 300) + 6 * (random() + random() - 1);
    }
  }
  return { grey: { data, width: W, height: H }, truth, middle };
}

const whole = { x0: 0, y0: 0, x1: W, y1: H };

function dice(runs, truth) {
  let both = 0;
  let mine = 0;
  for (let i = 0; i < runs.length; i += 3) {
    for (let x = runs[i + 1]; x < runs[i + 2]; x++, mine++) both += truth[runs[i] * W + x];
  }
  return (2 * both) / (mine + truth.reduce((a, b) => a + b));
}

function wholeCost(grey) {
  const strength = ridgeStrength(grey.data, W, H);
  const full = fullStrength(strength);
  return { data: Uint8Array.from(strength, (r) => costAt(r, full)), width: W, height: H };
}

function trace({ grey, middle }) {
  const cost = wholeCost(grey);
  const ends = [25, 295].map((x) => snap(cost, x, Math.round(middle(x)) + 3));
  return new Paths(cost, ends[0], whole).trace(ends[1]);
}

test("a Gaussian keeps a flat image and the sum of a spot", () => {
  assert.ok(gaussian(new Float32Array(900).fill(7), 30, 30, 2).every((v) => Math.abs(v - 7) < 1e-4));
  const spot = new Float32Array(900);
  spot[15 * 30 + 15] = 1;
  const out = gaussian(spot, 30, 30, 1.5);
  assert.ok(Math.abs(out.reduce((a, b) => a + b) - 1) < 1e-5);
  assert.ok(Math.abs(out[15 * 30 + 17] / out[15 * 30 + 15] - Math.exp(-4 / 4.5)) < 1e-5);
});

for (const contrast of [60, -60]) {
  test(`two clicks near its ends find a crack of contrast ${contrast}`, () => {
    const photo = cracked({ contrast });
    const path = trace(photo);
    for (let i = 1; i < path.length; i++) {
      assert.ok(Math.abs(path[i].x - path[i - 1].x) <= 1 && Math.abs(path[i].y - path[i - 1].y) <= 1);
    }
    assert.ok(path.every(({ x, y }) => Math.abs(y - photo.middle(x)) < 4));
    assert.ok(dice(alongRidge(new Background(photo.grey), path), photo.truth) > 0.85);
  });
}

test("the width is measured: thin and fat cracks both fit", () => {
  for (const half of [1.5, 4]) {
    const photo = cracked({ half });
    const runs = alongRidge(new Background(photo.grey), trace(photo));
    assert.ok(dice(runs, photo.truth) > 0.8, `half ${half}: ${dice(runs, photo.truth)}`);
  }
});

test("the wheel's pixels widen and narrow, and the path itself always stays", () => {
  const photo = cracked();
  const path = trace(photo);
  const background = new Background(photo.grey);
  const area = (widen) => alongRidge(background, path, widen).reduce((s, v, i) => s + (i % 3 === 2 ? v : i % 3 === 1 ? -v : 0), 0);
  assert.ok(area(1) > area(0) + path.length && area(0) > area(-1) + path.length);
  assert.ok(area(-3) >= path.length);
});

test("a fixed width is a band around the path", () => {
  const runs = alongLine([{ x: 10, y: 10 }, { x: 11, y: 10 }, { x: 12, y: 10 }], 3, W, H);
  assert.deepEqual(runs, [9, 9, 14, 10, 9, 14, 11, 9, 14]);
  assert.deepEqual(alongLine([{ x: 10, y: 10 }], 1, W, H), [10, 10, 11]);
});

test("costs measured where they are needed are those of the whole photo", () => {
  const { grey } = cracked();
  const strength = ridgeStrength(grey.data, W, H);
  const costs = new CostMap(grey);
  assert.ok(costs.data.every((c) => c === 0));
  costs.ensure({ x0: 10, y0: 10, x1: 50, y1: 50 });
  const far = costs.data.filter((c, i) => c !== costAt(strength[i], costs.full)).length;
  assert.equal(far, 0);
  assert.ok(Math.abs(costs.full / fullStrength(strength) - 1) < 0.3);
});

test("the cheapest path is as cheap as any other can be", () => {
  const random = seeded(61);
  const side = 24;
  const data = Uint8Array.from({ length: side * side }, () => 1 + random() * 63);
  const cost = { data, width: side, height: side };
  const paths = new Paths(cost, { x: 3, y: 4 }, { x0: 0, y0: 0, x1: side, y1: side });
  const far = bellman(data, side, 4 * side + 3);
  for (let i = 0; i < 40; i++) {
    const to = { x: Math.floor(random() * side), y: Math.floor(random() * side) };
    const path = paths.trace(to);
    let price = 0;
    for (let k = 1; k < path.length; k++) {
      const diagonal = path[k].x !== path[k - 1].x && path[k].y !== path[k - 1].y;
      price += data[path[k].y * side + path[k].x] * (diagonal ? 14 : 10);
    }
    assert.equal(price, far[to.y * side + to.x]);
  }
});

/** Distances by plain relaxation until nothing changes: the oracle. */
function bellman(data, side, start) {
  const far = new Float64Array(side * side).fill(Infinity);
  far[start] = 0;
  for (let changed = true; changed;) {
    changed = false;
    for (let i = 0; i < far.length; i++) {
      for (const [dx, dy, length] of [[-1, -1, 14], [0, -1, 10], [1, -1, 14], [-1, 0, 10], [1, 0, 10], [-1, 1, 14], [0, 1, 10], [1, 1, 14]]) {
        const x = (i % side) - dx;
        const y = Math.floor(i / side) - dy;
        if (x < 0 || y < 0 || x >= side || y >= side) continue;
        const through = far[y * side + x] + data[i] * length;
        if (through < far[i]) {
          far[i] = through;
          changed = true;
        }
      }
    }
  }
  return far;
}

test("a click near a speck takes the speck", () => {
  for (const radius of [2, 5, 11, 30]) {
    const { grey } = cracked({ contrast: 0, seed: 62 });
    const truth = new Uint8Array(W * H);
    for (let i = 0; i < truth.length; i++) {
      if (Math.hypot((i % W) - 160, Math.floor(i / W) - 120) > radius) continue;
      truth[i] = 1;
      grey.data[i] -= 70;
    }
    const { runs } = speckAt(new Background(grey), 161, 119);
    if (radius < 20) assert.ok(dice(runs, truth) > 0.8, `radius ${radius}: ${dice(runs, truth)}`);
  }
});

test("what has no end is refused, and a speck at the border is not", () => {
  const flat = { data: new Uint8Array(W * H).map((_, i) => (Math.floor(i / W) > 118 && Math.floor(i / W) < 124 ? 200 : 100)), width: W, height: H };
  assert.equal(speckAt(new Background(flat), 160, 121), null);
  const corner = { data: new Uint8Array(W * H).fill(100), width: W, height: H };
  for (const i of [0, 1, 2, W, W + 1, W + 2, 2 * W, 2 * W + 1]) corner.data[i] = 220;
  assert.ok(dice(speckAt(new Background(corner), 1, 1).runs, corner.data.map((v) => (v > 150 ? 1 : 0))) > 0.7);
});

test("a box proposes its specks and leaves the crack out", () => {
  const { grey } = cracked();
  const spots = [[40, 40], [90, 60], [250, 200], [200, 30]];
  for (const [x, y] of spots) {
    for (let i = 0; i < W * H; i++) if ((i % W - x) ** 2 + (Math.floor(i / W) - y) ** 2 <= 16) grey.data[i] = Math.min(255, grey.data[i] + 80);
  }
  const found = specksIn(new Background(grey), { x0: 0.3, y0: 0.7, x1: W - 0.2, y1: H + 5.5 });
  const covers = (runs, x, y) => runs.some((v, i) => i % 3 === 0 && v === y && runs[i + 1] <= x && x < runs[i + 2]);
  for (const [x, y] of spots) assert.ok(found.some((runs) => covers(runs, x, y)), `${x}, ${y}`);
  assert.ok(found.length <= spots.length + 3, `${found.length} proposals`);
});
