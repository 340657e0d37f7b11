// Levels and local contrast change what is shown, by known amounts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { applyTone, curve, isPlain, spanOf } from "../../annotate/static/annotate/painter/view/tone.js";
import { seeded } from "./random.js";

const PLAIN = { black: 0, white: 255, gamma: 1, invert: false, local: false };

test("the plain tone is the identity and known as such", () => {
  assert.ok(isPlain(PLAIN));
  assert.deepEqual([...curve(PLAIN)], [...Array(256).keys()]);
});

test("levels stretch between black and white, and inverting turns them round", () => {
  const shown = curve({ ...PLAIN, black: 50, white: 150 });
  assert.deepEqual([shown[50], shown[100], shown[150], shown[200]], [0, 128, 255, 255]);
  assert.deepEqual([...curve({ ...PLAIN, invert: true })].slice(0, 2), [255, 254]);
  assert.ok(curve({ ...PLAIN, gamma: 2 })[64] > 120);
});

/** A faint speck in a dark corner and in a light one; grey RGBA of 256 x 256. */
function picture() {
  const next = seeded(9);
  const rgba = new Uint8ClampedArray(256 * 256 * 4);
  for (let i = 0; i < 256 * 256; i++) {
    const [x, y] = [i % 256, Math.floor(i / 256)];
    const speck = Math.hypot(x - 40, y - 128) < 4 || Math.hypot(x - 215, y - 128) < 4;
    const level = (x < 128 ? 40 : 200) + (speck ? 12 : 0) + 4 * (next() - 0.5);
    rgba.set([level, level, level, 255], 4 * i);
  }
  return rgba;
}

test("local contrast lifts faint things in the dark and in the light alike", () => {
  const rgba = picture();
  applyTone(rgba, 256, 256, { ...PLAIN, local: true });
  const at = (x, y) => rgba[4 * (y * 256 + x)];
  for (const x of [40, 215]) assert.ok(at(x, 128) - at(x, 100) > 30, `${at(x, 128)} over ${at(x, 100)}`);
  assert.ok(Math.abs(at(40, 100) - at(215, 100)) < 90);
});

test("what is outside the photo stays clear", () => {
  const rgba = new Uint8ClampedArray(64 * 64 * 4);
  applyTone(rgba, 64, 64, { ...PLAIN, local: true });
  assert.ok(rgba.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 0));
});

test("stretching fills all levels with what is in view, a few outliers left out", () => {
  const rgba = picture();
  rgba.set([255, 255, 255, 255], 0); // one glaring pixel of 65,536
  const { low, high } = spanOf(rgba);
  assert.ok(Math.abs(low - 38) <= 1 && Math.abs(high - 202) <= 1, `${low} to ${high}`);
  const before = rgba.slice();
  const span = applyTone(rgba, 256, 256, { ...PLAIN, stretch: true });
  assert.deepEqual(span, { low, high });
  const lift = (image) => image[4 * (128 * 256 + 40)] - image[4 * (100 * 256 + 40)];
  assert.ok(lift(rgba) > 1.3 * lift(before));
  assert.equal(isPlain({ ...PLAIN, stretch: true }), false);
});

test("the magnifier stretches what the view stretched", () => {
  const rgba = new Uint8ClampedArray([100, 100, 100, 255, 120, 120, 120, 255]);
  applyTone(rgba, 2, 1, { ...PLAIN, stretch: true }, { low: 100, high: 200 });
  assert.deepEqual([rgba[0], rgba[4]], [0, 51]);
});
