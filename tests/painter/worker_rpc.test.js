import assert from "node:assert/strict";
import { test } from "node:test";
import { Caller } from "../../annotate/static/annotate/painter/workers/worker_rpc.js";

test("a worker starts with its first call, and anew after it failed", async () => {
  const started = [];
  globalThis.Worker = class {
    constructor(url) {
      this.url = url;
      started.push(this);
    }
    postMessage({ id, payload }) {
      queueMicrotask(() => (started.length === 1 ? this.onerror({ message: "" }) : this.onmessage({ data: { id, result: payload + 1 } })));
    }
    terminate() {
      this.ended = true;
    }
  };
  const caller = new Caller("/encode.js");
  assert.equal(started.length, 0);
  await assert.rejects(caller.call("add", 1), /did not start/);
  assert.ok(started[0].ended);
  assert.equal(await caller.call("add", 1), 2);
  assert.equal(caller.wake(), started[1]);
  assert.equal(started.length, 2);
});
