// Submitting asks only what a person can still do something about.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Submission } from "../../annotate/static/annotate/painter/sync/submission.js";
import { Coverage } from "../../annotate/static/annotate/painter/view/coverage.js";

class Element extends EventTarget {}
Object.assign(globalThis, { HTMLElement: Element, HTMLButtonElement: Element, HTMLDialogElement: Element });
let asked;
let answer;
let left;
let told;

beforeEach(() => {
  asked = [];
  told = [];
  left = "";
  const dialog = Object.assign(new Element(), {
    showModal() {
      asked.push(parts["submit-text"].textContent);
      dialog.returnValue = answer;
      setTimeout(() => dialog.dispatchEvent(new Event("close")));
    },
  });
  const parts = { "submit-text": new Element(), "submit-dialog": dialog, submit: new Element() };
  globalThis.document = { getElementById: (id) => parts[id] };
  globalThis.location = { assign: (url) => (left = url) };
});

function desk(coverage) {
  const digest = async () => "abc";
  return {
    page: { assignment: "a", doneUrl: "/queue/" }, coverage, digest, unseen: 0,
    editSession: { locked: false, commit() {} }, status: { banner() {} }, store: { clear: async () => {} },
    sync: { state: "saved", retry: async () => {}, session: { revision: 3 } },
    clock: { seconds: 5, rounded: () => ({}) },
    server: { tell: async (name, facts) => (told.push([name, facts]), { outcome: "ok", digest: "abc" }) },
    nextUnseen() {
      this.unseen++;
    },
  };
}

test("a photo that was looked at all over is submitted without a question", async () => {
  await new Submission(desk(new Coverage(600, 500, [0, 1]))).submit();
  assert.deepEqual([asked.length, told.length, told[0][1].seen_tiles, left], [0, 1, [0, 1], "/queue/"]);
});

test("unseen parts are told, and shown when asked for", async () => {
  const place = desk(new Coverage(600, 500, [0]));
  answer = "unseen";
  let shown = 0;
  place.nextUnseen = () => shown++;
  await new Submission(place).submit();
  assert.deepEqual([asked, shown, told], [["1 of 2 parts were not looked at closely yet."], 1, []]);
  answer = "submit";
  await new Submission(place).submit();
  assert.equal(told.length, 1);
});

test("without a connection a submission waits, says so, and goes out by itself", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const place = desk(new Coverage(600, 500, [0, 1]));
  const banners = [];
  let connected = false;
  Object.assign(place.status, { banner: (text, offers) => banners.push([text, offers.map(([label]) => label)]), clear() {} });
  Object.assign(place.sync, {
    around: { quiet: async () => {} },
    retry: async () => void (place.sync.state = connected ? "saved" : "offline"),
  });
  const submission = new Submission(place);
  await submission.submit();
  assert.deepEqual([told.length, place.editSession.locked], [0, false]);
  assert.match(banners.at(-1)[0], /You are offline.*submitted as soon as/);
  assert.deepEqual(banners.at(-1)[1], ["Do not submit"]);
  for (const open of [false, true]) {
    connected = open;
    t.mock.timers.tick(5000);
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  }
  assert.deepEqual([told.length, left], [1, "/queue/"]);
});

test("a queued submission can be called off", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const place = desk(new Coverage(600, 500, [0, 1]));
  let offered = [];
  Object.assign(place.status, { banner: (_, offers) => (offered = offers), clear() {} });
  Object.assign(place.sync, { around: { quiet: async () => {} }, retry: async () => void (place.sync.state = "offline") });
  await new Submission(place).submit();
  offered[0][1]();
  place.sync.retry = async () => void (place.sync.state = "saved");
  t.mock.timers.tick(60_000);
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  assert.equal(told.length, 0);
});
