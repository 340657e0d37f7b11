import assert from "node:assert/strict";
import { test } from "node:test";
import { Edit, Mask } from "../../annotate/static/annotate/painter/document/mask.js";
import { History } from "../../annotate/static/annotate/painter/document/history.js";
import { Outbox } from "../../annotate/static/annotate/painter/sync/outbox.js";
import { memoryStore } from "../../annotate/static/annotate/painter/sync/local_store.js";
import { seeded } from "./random.js";

function scribble(mask, history, random) {
  const edit = new Edit(mask, random() < 0.7 ? { set: 1 << Math.floor(random() * 3) } : { clear: 7 });
  for (let i = 0; i < 20; i++) {
    const x = Math.floor(random() * mask.width);
    edit.span(Math.floor(random() * mask.height), x, x + 90);
  }
  return history.commit(edit, "brush");
}

test("undo and redo walk through the very states the strokes made", () => {
  const random = seeded(10);
  const mask = new Mask(700, 400);
  const history = new History();
  const states = [mask.data.slice()];
  for (let i = 0; i < 12; i++) if (scribble(mask, history, random)) states.push(mask.data.slice());
  for (let at = states.length - 2; at >= 0; at--) {
    history.undo(mask);
    assert.deepEqual(mask.data, states[at]);
  }
  assert.equal(history.undo(mask), null);
  for (const state of states.slice(1)) {
    history.redo(mask);
    assert.deepEqual(mask.data, state);
  }
  assert.equal(history.redo(mask), null);
});

test("an action that changes no pixel leaves no step", () => {
  const mask = new Mask(300, 300);
  const edit = new Edit(mask, { clear: 7 });
  edit.span(3, 0, 300);
  const history = new History();
  assert.equal(history.commit(edit, "eraser"), null);
  assert.equal(history.done.length, 0);
});

test("a new stroke forgets what could be redone", () => {
  const random = seeded(11);
  const mask = new Mask(300, 300);
  const history = new History();
  scribble(mask, history, random);
  history.undo(mask);
  assert.ok(scribble(mask, history, () => 0.5));
  assert.equal(history.redo(mask), null);
});

test("steps and bytes are bounded, and the count of bytes is right", () => {
  const random = seeded(12);
  const mask = new Mask(520, 300);
  const history = new History({ steps: 20, bytes: 300_000 });
  for (let i = 0; i < 60; i++) {
    scribble(mask, history, random);
    if (random() < 0.3) history.undo(mask);
    if (random() < 0.2) history.redo(mask);
  }
  const all = [...history.done, ...history.undone].flatMap((e) => [...e.tiles.values()]);
  assert.equal(history.bytes, all.reduce((sum, t) => sum + (t.length > 1 ? t.length : 0), 0));
  assert.ok(history.done.length <= 20);
});

for (const lost of [0, 5, 17]) {
  test(`the log rebuilds both stacks when its first ${lost} operations are gone`, () => {
    const random = seeded(13);
    const mask = new Mask(520, 300);
    const history = new History();
    const log = [];
    for (let i = 0; i < 40; i++) {
      const dice = random();
      const op = dice < 0.5 ? scribble(mask, history, random)
        : dice < 0.8 ? history.undo(mask) : history.redo(mask);
      if (op) log.push(op);
    }
    const again = new History();
    again.replay(log.slice(lost));
    const twin = new Mask(520, 300);
    twin.data.set(mask.data);
    for (let steps = again.done.length; steps > 0; steps--) {
      history.undo(mask);
      again.undo(twin);
      assert.deepEqual(twin.data, mask.data);
    }
    while (again.redo(twin)) {
      history.redo(mask);
      assert.deepEqual(twin.data, mask.data);
    }
  });
}

test("steps painted before the earlier ones were read come on top of them", () => {
  const random = seeded(15);
  const mask = new Mask(520, 300);
  const whole = new History();
  const log = Array.from({ length: 6 }, () => scribble(mask, whole, random)).filter(Boolean);
  log.push(whole.undo(mask));
  const again = new History();
  const twin = new Mask(520, 300);
  twin.data.set(mask.data);
  const fresh = new Edit(twin, { set: 1 });
  fresh.span(3, 0, 500);
  again.commit(fresh, "brush");
  again.recall(log);
  assert.deepEqual([again.done.length, again.undone.length], [whole.done.length + 1, 0]);
  again.undo(twin);
  assert.deepEqual(twin.data, mask.data);
  for (let steps = whole.done.length; steps > 0; steps--) {
    whole.undo(mask);
    again.undo(twin);
    assert.deepEqual(twin.data, mask.data);
  }
  const all = [...again.done, ...again.undone].flatMap((e) => [...e.tiles.values()]);
  assert.equal(again.bytes, all.reduce((sum, t) => sum + (t.length > 1 ? t.length : 0), 0));
});

test("500 steps come back after a reload, and no more are kept", async () => {
  const [width, height] = [520, 300];
  const mask = new Mask(width, height);
  const store = memoryStore();
  const outbox = new Outbox("a", mask, store);
  const history = new History();
  for (let i = 0; i < 510; i++) {
    const edit = new Edit(mask, { set: 1 });
    edit.span(i % height, i, i + 9);
    await outbox.record(history.commit(edit, "brush"));
  }
  const again = new History();
  again.recall(await store.past("a", outbox.session.seq));
  assert.equal(again.done.length, 500);
  for (let i = 0; i < 500; i++) assert.ok(again.undo(mask));
  assert.equal(mask.data.filter((bits) => bits).length, 90);
});
