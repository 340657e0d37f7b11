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
