// The pointer's rules, on a stage of plain objects: pens, palms, pans and pinches.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { attachGestures } from "../../config/static/viewer/gestures.js";

globalThis.window = new EventTarget();
globalThis.Element = class {};

let stage;
let heard;
let space;
let usesWheel;
let now;
let detach;

beforeEach(() => {
  stage = Object.assign(new EventTarget(), {
    getBoundingClientRect: () => ({ left: 10, top: 20 }), clientLeft: 0, clientTop: 0, setPointerCapture() {}, focus() {},
  });
  heard = [];
  space = false;
  usesWheel = false;
  now = 1000;
  const hear = (name) => (...args) => void heard.push([name, ...args]);
  detach?.();
  detach = attachGestures(stage, {
    begin: hear("begin"), move: hear("move"), end: hear("end"), cancel: hear("cancel"), hover: hear("hover"),
    pan: hear("pan"), zoom: hear("zoom"), resize: hear("resize"), twice: hear("twice"),
    wheel: (steps) => (heard.push(["wheel", steps]), usesWheel), panning: () => space, sizing: () => true,
  });
});

/** A stage where one only looks. */
function looking(handlers = {}, manners = {}) {
  detach();
  heard = [];
  const hear = (name) => (...args) => void heard.push([name, ...args]);
  detach = attachGestures(stage, { pan: hear("pan"), zoom: hear("zoom"), tap: hear("tap"), ...handlers }, manners);
}

function send(type, facts = {}, target = stage) {
  const event = Object.assign(new Event(type, { cancelable: true }), {
    pointerId: 1, pointerType: "mouse", button: 0, buttons: 1, pressure: 0.5, clientX: 60, clientY: 70,
    altKey: false, shiftKey: false, ctrlKey: false, metaKey: false, deltaMode: 0, ...facts,
  });
  Object.defineProperty(event, "timeStamp", { value: now });
  target.dispatchEvent(event);
  return event;
}

const names = () => heard.map(([name]) => name);

test("a stroke begins, moves and ends in the stage's own coordinates", () => {
  send("pointerdown");
  send("pointermove", { clientX: 65 });
  send("pointerup", { buttons: 0 });
  assert.deepEqual(names(), ["begin", "move", "end"]);
  assert.deepEqual([heard[0][1].x, heard[0][1].y, heard[0][1].factor], [50, 50, 1]);
  send("pointermove", { buttons: 0 });
  assert.equal(heard.at(-1)[0], "hover");
});

test("no sample between two frames is lost", () => {
  send("pointerdown");
  const parts = [61, 62, 63].map((clientX) => ({ pointerType: "mouse", buttons: 1, clientX, clientY: 70 }));
  send("pointermove", { getCoalescedEvents: () => parts });
  assert.deepEqual(heard.at(-1)[1].map((s) => s.x), [51, 52, 53]);
});

test("a pen's pressure scales the width, its other end and the right button erase", () => {
  send("pointerdown", { pointerType: "pen", pressure: 1 });
  assert.equal(heard[0][1].factor, 1.6);
  send("pointerup", { pointerType: "pen", buttons: 0 });
  send("pointerdown", { pointerType: "pen", button: 5, buttons: 32 });
  assert.equal(heard.at(-1)[1].erase, true);
  send("pointerup", { pointerType: "pen", buttons: 0 });
  send("pointerdown", { button: 2, buttons: 2 });
  assert.equal(heard.at(-1)[1].erase, true);
});

test("a palm beside the pen paints nothing, a finger later does", () => {
  send("pointermove", { pointerType: "pen", buttons: 0 });
  now += 300;
  send("pointerdown", { pointerType: "touch", pointerId: 7 });
  assert.deepEqual(names(), ["hover"]);
  now += 1000;
  send("pointerdown", { pointerType: "touch", pointerId: 8 });
  assert.equal(heard.at(-1)[0], "begin");
});

test("space and the middle button pan in mid-stroke, and the stroke goes on", () => {
  send("pointerdown");
  space = true;
  send("pointermove", { clientX: 70 });
  space = false;
  send("pointermove", { clientX: 80, buttons: 5 });
  send("pointermove", { clientX: 85 });
  send("pointerup", { buttons: 0 });
  assert.deepEqual(names().filter((n) => n !== "hover"), ["begin", "pan", "pan", "move", "end"]);
  assert.deepEqual(heard.find(([n]) => n === "pan").slice(1), [10, 0]);
});

test("with space held before, a drag only pans", () => {
  space = true;
  send("pointerdown");
  send("pointermove", { clientX: 70 });
  send("pointerup", { buttons: 0 });
  assert.ok(!names().includes("begin") && names().includes("pan"));
});

test("a second finger takes the stroke back and pinches", () => {
  const finger = { pointerType: "touch" };
  send("pointerdown", { ...finger, pointerId: 1, clientX: 110 });
  send("pointerdown", { ...finger, pointerId: 2, clientX: 210 });
  send("pointermove", { ...finger, pointerId: 2, clientX: 310 });
  assert.deepEqual(names(), ["begin", "cancel", "pan", "zoom"]);
  assert.equal(heard.at(-1)[3], 2);
  send("pointerup", { ...finger, pointerId: 1 });
  send("pointermove", { ...finger, pointerId: 2, clientX: 320 });
  send("pointerup", { ...finger, pointerId: 2 });
  assert.ok(!names().includes("end"));
  send("pointerdown", { ...finger, pointerId: 3 });
  assert.equal(heard.at(-1)[0], "begin");
});

test("a cancelled pointer takes its stroke back", () => {
  send("pointerdown");
  send("pointercancel");
  assert.deepEqual(names(), ["begin", "cancel"]);
});

test("Alt and a drag change the size", () => {
  send("pointerdown", { altKey: true });
  send("pointermove", { altKey: true, clientX: 72 });
  assert.deepEqual(heard, [["resize", 2]]);
});

test("the wheel zooms at the pointer unless the tool wants it", () => {
  send("wheel", { deltaY: -100 });
  assert.deepEqual(names(), ["wheel", "zoom"]);
  assert.ok(heard[1][3] > 1);
  assert.deepEqual(heard[1].slice(1, 3), [50, 50]);
  usesWheel = true;
  send("wheel", { deltaY: 100 });
  assert.deepEqual(names().slice(2), ["wheel"]);
});

test("Ctrl and the wheel change the size, a trackpad's pinch zooms", () => {
  send("wheel", { deltaY: -10, ctrlKey: true });
  assert.deepEqual(names(), ["zoom"]);
  send("keydown", { key: "Control" }, window);
  send("wheel", { deltaY: -100, ctrlKey: true });
  assert.deepEqual(heard.at(-1), ["resize", 1]);
  send("keyup", { key: "Control" }, window);
});

test("without strokes every drag pans, and a press that does not move is a tap", () => {
  looking();
  send("pointerdown");
  send("pointermove", { clientX: 70 });
  send("pointerup", { buttons: 0 });
  assert.deepEqual(heard, [["pan", 10, 0]]);
  send("pointerdown");
  send("pointermove", { clientX: 62 });
  send("pointerup", { buttons: 0 });
  assert.deepEqual(names(), ["pan", "pan", "tap"]);
  assert.deepEqual([heard[2][1].x, heard[2][1].y], [50, 50]);
});

test("a cancelled press, the middle button and a pinch are no tap", () => {
  looking();
  send("pointerdown");
  send("pointercancel");
  send("pointerdown", { button: 1, buttons: 4 });
  send("pointerup", { button: 1, buttons: 0 });
  const finger = { pointerType: "touch" };
  send("pointerdown", { ...finger, pointerId: 1 });
  send("pointerdown", { ...finger, pointerId: 2 });
  send("pointerup", { ...finger, pointerId: 2 });
  send("pointerup", { ...finger, pointerId: 1 });
  assert.deepEqual(names(), []);
});

test("a drag that grabs the picture pans from the press to the release", () => {
  let grabs = true;
  const begun = [];
  looking({ begin: () => begun.push("begin"), grabs: () => grabs });
  send("pointerdown");
  grabs = false;
  send("pointermove", { clientX: 90 });
  send("pointerup", { buttons: 0 });
  assert.deepEqual([begun, names()], [[], ["pan"]]);
  send("pointerdown");
  grabs = true;
  send("pointermove", { clientX: 20 });
  assert.deepEqual([begun, names()], [["begin"], ["pan"]]);
});

test("where the page scrolls, only Ctrl and the wheel zoom", () => {
  looking({}, { scrolls: true });
  assert.equal(send("wheel", { deltaY: -100 }).defaultPrevented, false);
  assert.deepEqual(names(), []);
  send("keydown", { key: "Control" }, window);
  const zoomed = send("wheel", { deltaY: -100, ctrlKey: true });
  send("keyup", { key: "Control" }, window);
  assert.equal(zoomed.defaultPrevented, true);
  assert.equal(heard[0][3], Math.exp(0.18));
});

test("the right button keeps the browser's menu where nothing is painted", () => {
  assert.equal(send("contextmenu").defaultPrevented, true);
  looking({}, { menu: true });
  assert.equal(send("contextmenu").defaultPrevented, false);
  send("pointerdown", { button: 2, buttons: 2 });
  send("pointermove", { clientX: 90, buttons: 2 });
  assert.deepEqual(names(), []);
});

test("two fingers on two stages pinch the view that both show", () => {
  detach();
  heard = [];
  const other = Object.assign(new EventTarget(), {
    getBoundingClientRect: () => ({ left: 510, top: 20 }), clientLeft: 0, clientTop: 0, setPointerCapture() {}, focus() {},
  });
  const hear = (name) => (...args) => void heard.push([name, ...args]);
  detach = attachGestures([stage, other], { pan: hear("pan"), zoom: hear("zoom") });
  const finger = { pointerType: "touch" };
  send("pointerdown", { ...finger, pointerId: 1, clientX: 410 });
  send("pointerdown", { ...finger, pointerId: 2, clientX: 610 }, other);
  send("pointermove", { ...finger, pointerId: 2, clientX: 810 }, other);
  assert.deepEqual(names(), ["pan", "zoom"]);
  assert.equal(heard[1][3], 2);
});
