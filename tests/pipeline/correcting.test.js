// The pure parts of correcting a mask: what changed, what is sent, whose filling shows, which keys.

import assert from "node:assert/strict";
import { test } from "node:test";

import "../painter/rooms.js";

import { segment } from "../../annotate/static/annotate/painter/document/brush.js";
import { EditSession } from "../../annotate/static/annotate/painter/document/edit_session.js";
import { History } from "../../annotate/static/annotate/painter/document/history.js";
import { Edit, FRACTURE, HOLE, IGNORE, Mask } from "../../annotate/static/annotate/painter/document/mask.js";
import { packTile, unpackTile } from "../../annotate/static/annotate/painter/document/tiles.js";
import { SHORTCUTS, actionOf } from "../../annotate/static/annotate/painter/ui/shortcuts.js";
const { AIR, anyMarked, changedBoxes, tilesAround } = await import("../../pipeline/static/pipeline/correcting/changes.js");
const { Fills } = await import("../../pipeline/static/pipeline/correcting/fills.js");
const { keysFor } = await import("../../pipeline/static/pipeline/correcting/keys.js");
const { replaceMask } = await import("../../pipeline/static/pipeline/correcting/mask_file.js");

/** A mask under edit whose operations are kept. */
function atWork(width = 600, height = 400) {
  const mask = new Mask(width, height);
  const operations = [];
  const editSession = new EditSession(mask, new History(), { changed() {}, committed: (operation) => operations.push(operation) });
  const stroke = (x0, y0, x1, y1, size = 5, rule = { set: FRACTURE }) => {
    const edit = editSession.begin(rule);
    segment(x0, y0, x1, y1, size, (y, from, to) => edit.span(y, from, to));
    editSession.commit("brush");
    return operations.at(-1);
  };
  return { mask, operations, editSession, stroke };
}

const inside = (boxes, x, y) => boxes.some((box) => x >= box.x0 && x < box.x1 && y >= box.y0 && y < box.y1);

test("a step's boxes hold every pixel it changed with air around, tile by tile, within the photo", () => {
  const { mask, stroke } = atWork();
  const boxes = changedBoxes(mask, stroke(10, 10, 590, 390));
  for (let y = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++) {
      if (!mask.at(x, y)) continue;
      assert.ok(inside(boxes, x, y) && inside(boxes, Math.min(599, x + AIR), y) && inside(boxes, x, Math.max(0, y - AIR)));
    }
  }
  assert.ok(!inside(boxes, 560, 20), "a long line is no rectangle");
  for (const { x0, y0, x1, y1 } of boxes) assert.ok(x0 >= 0 && y0 >= 0 && x1 <= 600 && y1 <= 400 && x1 > x0 && y1 > y0);
});

test("undo changes the same boxes as the stroke; a stroke over the same pixels changes none", () => {
  const { mask, operations, editSession, stroke } = atWork();
  const first = changedBoxes(mask, stroke(100, 100, 140, 120));
  editSession.undo();
  assert.deepEqual(changedBoxes(mask, operations.at(-1)), first);
  editSession.redo();
  const count = operations.length;
  stroke(100, 100, 140, 120);
  assert.equal(operations.length, count);
});

test("the tiles around a box hold the marks as they are, and where it is to be filled", () => {
  const { mask, stroke } = atWork();
  mask.data[300 * 600 + 300] = HOLE; // next to it, in another tile
  const boxes = changedBoxes(mask, stroke(200, 200, 220, 210));
  const tiles = tilesAround(mask, boxes);
  assert.deepEqual([...tiles.keys()].sort((a, b) => a - b), [0, 1, 3, 4]);
  for (const [index, packed] of tiles) {
    const tile = unpackTile(packed);
    const { x0, y0, x1, y1 } = mask.tileRect(index);
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) {
        const wanted = mask.at(x, y) | (inside(boxes, x, y) ? IGNORE : 0);
        assert.equal(tile[(y - y0) * 256 + x - x0], wanted);
      }
    }
  }
  assert.equal(mask.data[205 * 600 + 210] & IGNORE, 0, "the mask itself stays as it is");
});

test("nothing is marked where the last mark was taken back", () => {
  const { mask, editSession, stroke } = atWork();
  const boxes = changedBoxes(mask, stroke(50, 50, 80, 60));
  assert.ok(anyMarked(mask, boxes));
  editSession.undo();
  assert.ok(!anyMarked(mask, boxes));
});

/** Fills whose answers come when the test says so. */
function watched(mask) {
  const asked = [];
  const heard = [];
  const ask = (tiles) => new Promise((resolve, reject) => asked.push({ tiles, resolve, reject }));
  const fills = new Fills(mask, ask, {
    drawn() {}, begun: () => heard.push("begun"), done: ({ name }) => heard.push(name), failed: (reason) => heard.push(reason),
  });
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  return { fills, asked, heard, settle };
}

/** What is drawn, in order: cleared boxes and pictures. */
function drawn(fills) {
  const calls = [];
  const context = {
    save() {}, restore() {}, transform() {}, beginPath() {}, clip() {},
    rect: (...box) => calls.push(`within ${box}`),
    clearRect: (x, y) => calls.push(`clear ${x},${y}`),
    drawImage: (picture) => picture !== "rim" && calls.push(picture),
  };
  return fills.draw(context, { scale: 1, x: 0, y: 0 }) ? calls : null;
}

const filling = (name) => ({ name, box: [0, 0, 9, 9], picture: name, rims: ["rim"], reduced: 1, seconds: 1 });

test("one look at a time; strokes that come meanwhile are asked for together", async () => {
  const { mask, stroke } = atWork();
  const { fills, asked, heard, settle } = watched(mask);
  fills.change(changedBoxes(mask, stroke(50, 50, 80, 60)));
  fills.change(changedBoxes(mask, stroke(150, 50, 180, 60)));
  fills.change(changedBoxes(mask, stroke(350, 300, 380, 300)));
  assert.equal(asked.length, 1);
  assert.equal(drawn(fills), null);
  asked[0].resolve(filling("first"));
  await settle();
  assert.equal(asked.length, 2);
  const bits = (index) => unpackTile(asked[1].tiles.get(index)).filter((byte) => byte & IGNORE).length;
  assert.ok(bits(0) > 0 && bits(4) > 0, "both later strokes");
  asked[1].resolve(filling("both"));
  await settle();
  assert.deepEqual(heard, ["begun", "first", "begun", "both"]);
  const [first, both] = ["first", "both"].map((name) => fills.places.find(({ filling: found }) => found?.name === name));
  assert.deepEqual(first.within, first.boxes);
  assert.ok(inside(both.within, 160, 55) && inside(both.within, 360, 300), "drawn within all that was asked for");
  assert.deepEqual(drawn(fills).filter((call) => !/^(clear|within)/.test(call)), ["first", "both"]);
});

test("undo takes a filling away at once, and where nothing is left nothing is asked", async () => {
  const { mask, operations, editSession, stroke } = atWork();
  const { fills, asked, settle } = watched(mask);
  fills.change(changedBoxes(mask, stroke(50, 50, 80, 60)));
  asked[0].resolve(filling("first"));
  await settle();
  editSession.undo();
  fills.change(changedBoxes(mask, operations.at(-1)));
  const calls = drawn(fills);
  assert.ok(calls.at(-1).startsWith("clear"), "cleared after the filling was drawn");
  assert.equal(asked.length, 1);
  editSession.redo();
  fills.change(changedBoxes(mask, operations.at(-1)));
  assert.equal(asked.length, 2);
});

test("a failure is told and the next stroke is asked for", async () => {
  const { mask, stroke } = atWork();
  const { fills, asked, heard, settle } = watched(mask);
  fills.change(changedBoxes(mask, stroke(50, 50, 80, 60)));
  asked[0].reject(new Error("too dark"));
  await settle();
  fills.change(changedBoxes(mask, stroke(150, 50, 180, 60)));
  assert.deepEqual(heard, ["begun", "too dark", "begun"]);
});

test("switched off nothing is asked or drawn; switched on the last stroke is", async () => {
  const { mask, stroke } = atWork();
  const { fills, asked, settle } = watched(mask);
  fills.show(false);
  fills.change(changedBoxes(mask, stroke(50, 50, 80, 60)));
  fills.change(changedBoxes(mask, stroke(450, 370, 480, 370)));
  assert.equal(asked.length, 0);
  fills.show(true);
  assert.equal(asked.length, 1);
  assert.ok(!asked[0].tiles.has(0), "the last one only");
  asked[0].resolve(filling("last"));
  await settle();
  fills.show(false);
  assert.equal(drawn(fills), null);
});

test("a mask file replaces all marks in one step that undo takes back", () => {
  const { mask, editSession, stroke } = atWork();
  stroke(50, 50, 80, 60);
  const before = mask.data.slice();
  const other = new Mask(600, 400);
  new Edit(other, { set: HOLE }).span(300, 290, 310);
  assert.ok(replaceMask(editSession, new Map([...other.tiles()].map((index) => [index, packTile(other.readTile(index))]))));
  assert.deepEqual(mask.data, other.data);
  editSession.undo();
  assert.deepEqual(mask.data, before);
  editSession.redo();
  assert.deepEqual(mask.data, other.data);
  assert.ok(!replaceMask(editSession, new Map([...other.tiles()].map((index) => [index, packTile(other.readTile(index))]))), "the same file changes nothing");
});

test("the page has the painter's keys for its own actions, no others, and no key means two things", () => {
  const actions = ["brush", "tracer", "undo", "submit", "move", "look"];
  const table = keysFor(SHORTCUTS, actions);
  const ids = table.map(({ id }) => id);
  assert.deepEqual(ids.filter((id) => actions.includes(id)).sort(), [...actions].sort());
  for (const id of ["commit", "drop-anchor", "accept", "hide", "narrow"]) assert.ok(ids.includes(id), id);
  for (const id of ["class-128", "review", "unseen", "help"]) assert.ok(!ids.includes(id), id);
  const keys = table.flatMap((row) => row.keys);
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(actionOf({ key: "v", code: "KeyV", ctrlKey: false, metaKey: false, shiftKey: false, altKey: false }, table), "move");
});
