// The pure parts of the questions and of the strength's preview.

import assert from "node:assert/strict";
import { test } from "node:test";

import { counted, cut, leastLevel, planeOf, questionAt } from "../../pipeline/static/pipeline/foreseen.js";
import { below, framed, outline } from "../../pipeline/static/pipeline/outlines.js";
import { Walk, meaning } from "../../pipeline/static/pipeline/walk.js";

const blank = (width, height) => ({ width, height, levels: new Uint8Array(width * height), numbers: new Uint8Array(width * height) });

test("the plane is red and green of the picture", () => {
  const plane = planeOf(Uint8ClampedArray.of(130, 2, 0, 255, 4, 0, 0, 255), 2, 1);
  assert.deepEqual([...plane.levels], [130, 4]);
  assert.deepEqual([...plane.numbers], [2, 0]);
});

test("a badge goes below the word that it would cover, and stays elsewhere", () => {
  const words = [{ x: 10, y: 10, width: 60, height: 20 }, { x: 300, y: 10, width: 0, height: 20 }];
  assert.equal(below(words, 40, 14, 12), 44);
  assert.equal(below(words, 81, 14, 12), 44);
  assert.equal(below(words, 83, 14, 12), 14);
  assert.equal(below(words, 40, 43, 12), 43);
  assert.equal(below(words, 310, 14, 12), 14);
});

test("a tenth of the slider is three levels, and what guards left is never filled", () => {
  assert.equal(leastLevel(0.5, 0.5), 32);
  assert.equal(leastLevel(0.5, 0.6), 29);
  assert.equal(leastLevel(0.5, 0.4), 35);
  assert.equal(leastLevel(0, 1), 2);
  assert.ok(leastLevel(0, 1.5) >= 1);
});

test("a cut draws the colours of the classes and counts", () => {
  const plane = blank(4, 1);
  plane.levels.set([0, (32 << 2) | 0, (30 << 2) | 1, (63 << 2) | 2]);
  const rgba = new Uint8ClampedArray(16);
  assert.equal(cut(plane, 32, rgba), 2);
  assert.deepEqual([...rgba.slice(4, 8)], [229, 72, 77, 200]);
  assert.deepEqual([...rgba.slice(12)], [59, 130, 246, 200]);
  assert.equal(rgba[11], 0);
  assert.equal(counted(plane, 30), 3);
  cut(plane, 60, rgba);
  assert.equal(rgba[7], 0); // the last drawing is gone
});

test("a press takes the nearest question within reach", () => {
  const plane = blank(20, 10);
  plane.numbers[5 * 20 + 4] = 1;
  plane.numbers[5 * 20 + 12] = 2;
  assert.equal(questionAt(plane, 4, 5, 0), 1);
  assert.equal(questionAt(plane, 9, 5, 4), 2);
  assert.equal(questionAt(plane, 4, 0, 3), 0);
  assert.equal(questionAt(plane, -5, -5, 3), 0);
});

test("an outline closes round its own pixels alone", () => {
  const plane = blank(6, 5);
  plane.numbers[2 * 6 + 2] = plane.numbers[2 * 6 + 3] = 1;
  plane.numbers[2 * 6 + 4] = 2;
  assert.equal(outline(plane, 1, { x: 2, y: 2, width: 2, height: 1 }, 0), "M2 2h2M2 3h2M2 2v1M4 2v1");
  assert.equal(outline(plane, 1, { x: 2, y: 2, width: 2, height: 1 }, 1), "M1 1h4M1 4h4M1 1v3M5 1v3");
  assert.equal(framed({ x: 1, y: 2, width: 3, height: 4 }), "M1 2h3v4h-3z");
});

test("an outline at the corner stays closed", () => {
  const plane = blank(3, 3);
  plane.numbers[0] = 1;
  assert.equal(outline(plane, 1, { x: 0, y: 0, width: 1, height: 1 }, 0), "M0 0h1M0 1h1M0 0v1M1 0v1");
});

test("the walk goes round, and on to what has no answer", () => {
  const walk = new Walk(3);
  walk.step(-1);
  assert.equal(walk.at, 2);
  walk.answers[0] = "yes";
  walk.on();
  assert.equal(walk.at, 1);
  walk.answers = ["yes", "no", "yes"];
  walk.on();
  assert.equal(walk.at, 1);
  assert.equal(walk.said(), "3 of 3 answered");
});

test("keys", () => {
  const key = (name, shiftKey = false) => meaning({ key: name, shiftKey });
  assert.deepEqual(["n", "P", "ArrowDown", "ArrowUp", "y", "x"].map((each) => key(each)), [1, -1, 1, -1, "yes", "no"]);
  assert.equal(key("ArrowLeft"), null);
  assert.equal(key("ArrowUp", true), null); // it moves the picture
});
