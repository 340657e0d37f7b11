// Keys that a person changed: one action a key, remembered, and back as they came.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Keymap } from "../../annotate/static/annotate/painter/ui/keymap.js";
import { actionOf, keyPressed } from "../../annotate/static/annotate/painter/ui/shortcuts.js";

const press = (key, more = {}) => ({ key, code: "", ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });

function storage() {
  const kept = new Map();
  return { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => kept.set(k, v), removeItem: (k) => kept.delete(k), kept };
}

test("a changed key does the action, and the old one does nothing", () => {
  const map = new Keymap(storage());
  assert.equal(map.set("tracer", keyPressed(press("x"))), null);
  assert.equal(actionOf(press("x"), map.table), "tracer");
  assert.equal(actionOf(press("l"), map.table), null);
});

test("a key taken from another action leaves that one without", () => {
  const map = new Keymap(storage());
  assert.equal(map.set("tracer", "b"), "brush");
  assert.equal(actionOf(press("b"), map.table), "tracer");
  assert.equal(map.keyOf("brush"), "");
});

test("changes are found again, and reset forgets them", () => {
  const place = storage();
  new Keymap(place).set("speck", keyPressed(press("S", { shiftKey: true })));
  const again = new Keymap(place);
  assert.equal(actionOf(press("S", { shiftKey: true }), again.table), "speck");
  again.reset();
  assert.equal(actionOf(press("k"), new Keymap(place).table), "speck");
  assert.equal(place.kept.size, 0);
});

test("a broken note leaves the keys as they come", () => {
  const place = storage();
  place.setItem("heirloom-keys", "{\"brush\": 7, \"unknown\": [\"q\"]}");
  assert.equal(new Keymap(place).keyOf("brush"), "b");
});
