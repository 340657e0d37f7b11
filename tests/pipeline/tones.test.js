// The live look draws what the engine draws: held to the engine's own pixels in tones.json.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { curve, local, surroundings, table, toned } from "../../pipeline/static/pipeline/tones/curves.js";

const golden = JSON.parse(readFileSync(new URL("./tones.json", import.meta.url), "utf8"));

/** The picture of test_golden.py. */
function picture() {
  const [width, height] = [144, 96];
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const slow = 40 * Math.sin(x / 23) * Math.cos(y / 17);
      const fine = (x * 7 + y * 13) % 29;
      [18, 0, -14].forEach((shift, channel) => {
        const value = Math.floor(95 + slow + fine + shift * Math.cos(x / 40));
        data[4 * (y * width + x) + channel] = Math.min(180, Math.max(40, value));
      });
    }
  }
  return { width, height, data };
}

for (const { strength, by_luma: byLuma, grey, pixels } of golden.cases) {
  test(`strength ${strength}, ${byLuma ? "by luma" : grey ? "grey" : "by channel"}, is the engine's`, () => {
    const image = picture();
    const made = toned(image, surroundings(image), { ...golden.curves, grey }, strength, byLuma);
    let sum = 0;
    pixels.forEach((expected, place) => {
      const at = 4 * place * golden.each;
      for (let k = 0; k < 3; k += 1) {
        const off = Math.abs(made[at + k] - expected[k]);
        assert.ok(off <= 2, `pixel ${place}: ${made.slice(at, at + 3)} for ${expected}`);
        sum += off;
      }
    });
    assert.ok(sum / (3 * pixels.length) < 0.3);
  });
}

test("strength 0 is the picture itself", () => {
  const image = picture();
  assert.deepEqual(toned(image, surroundings(image), golden.curves, 0, false), image.data);
});

test("a curve passes its knots and its table rises from 0 to 1", () => {
  for (const [x, y] of golden.curves.luma) assert.ok(Math.abs(curve(golden.curves.luma, x) - y) < 1e-9);
  const levels = table(golden.curves.luma, 1);
  assert.equal(levels[0], 0);
  assert.equal(levels[255], 1);
  assert.ok(levels.every((value, k) => k === 0 || value > levels[k - 1]));
});

test("nothing is added at black and white, or where all is alike", () => {
  assert.equal(local(0, 0.5, 1), -0);
  assert.equal(local(1, 0.5, 1), 0);
  assert.equal(local(0.4, 0.4, 1), 0);
  assert.ok(local(0.6, 0.4, 1) > 0);
});

test("a picture of one pixel has surroundings", () => {
  const data = Uint8ClampedArray.of(9, 9, 9, 255);
  assert.deepEqual([...surroundings({ width: 1, height: 1, data })], [9]);
});
