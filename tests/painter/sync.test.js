import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { memoryStore } from "../../annotate/static/annotate/painter/sync/local_store.js";
import { FakeServer, HEIGHT, WIDTH, kill, openTab, paint, served } from "./fake.js";
import { seeded } from "./random.js";

const tabs = [];
afterEach(() => tabs.splice(0).forEach(kill));

async function open(server, store = memoryStore(), options = {}) {
  const tab = await openTab(server, store, options);
  tabs.push(tab);
  return tab;
}

async function arrival(server) {
  while (!server.revision) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("a stroke is kept at once and sent as the tiles it touched", async () => {
  const server = new FakeServer();
  const store = memoryStore();
  const tab = await open(server, store);
  paint(tab, { set: 1 }, 10, 5, 50);
  const kept = { ...(await store.load("a")), ops: await store.past("a", Infinity) };
  assert.equal(kept.tiles.get(0).sent, false);
  assert.equal(tab.states.at(-1), "unsent");
  await tab.sync.flush();
  assert.equal(tab.states.at(-1), "saved");
  assert.deepEqual([...server.tiles.keys()], [0]);
  assert.deepEqual(await served(server), tab.mask.data);
  assert.ok(server.requests[0].bytes < 100);
});

test("strokes painted while a request is out go with the next one", async () => {
  const server = new FakeServer();
  const tab = await open(server);
  let release;
  server.held = new Promise((resolve) => (release = resolve));
  paint(tab, { set: 1 }, 10, 5, 50);
  const sending = tab.sync.flush();
  await new Promise((resolve) => setTimeout(resolve, 20));
  paint(tab, { set: 2 }, 11, 5, 50);
  release();
  await sending;
  assert.deepEqual(server.requests.map((r) => [r.first, r.last, r.base]), [[1, 1, 0], [2, 2, 1]]);
  assert.deepEqual(await served(server), tab.mask.data);
});

test("a killed tab loses nothing, and its undo comes back", async () => {
  const server = new FakeServer();
  const store = memoryStore();
  const first = await open(server, store);
  paint(first, { set: 1 }, 10, 5, 50);
  await first.sync.flush();
  const before = first.mask.data.slice();
  paint(first, { set: 4 }, 20, 0, 600);
  kill(first);
  const second = await open(server, store);
  assert.deepEqual(second.mask.data, first.mask.data);
  await second.sync.flush();
  assert.deepEqual(await served(server), first.mask.data);
  second.editSession.undo();
  assert.deepEqual(second.mask.data, before);
});

test("a lost answer is repeated as it was and painted on", async () => {
  const server = new FakeServer();
  const tab = await open(server);
  server.troubles = ["lost"];
  paint(tab, { set: 1 }, 10, 5, 50);
  await tab.sync.flush();
  assert.equal(tab.states.at(-1), "offline");
  paint(tab, { set: 2 }, 90, 5, 50);
  await tab.sync.flush();
  assert.equal(server.revision, 2);
  assert.deepEqual(server.requests.map((r) => r.last), [1, 1, 2]);
  assert.deepEqual(await served(server), tab.mask.data);
});

test("a step that was undone after its answer was lost stays undone", async () => {
  const server = new FakeServer();
  const store = memoryStore();
  const first = await open(server, store);
  server.troubles = ["lost"];
  paint(first, { set: 1 }, 10, 5, 50);
  await first.sync.flush();
  first.editSession.undo();
  kill(first);
  const second = await open(server, store);
  await second.sync.retry();
  assert.equal(second.mask.at(6, 10), 0);
  assert.deepEqual(await served(server), second.mask.data);
});

for (const [trouble, state] of [["down", "offline"], ["out", "signed-out"], ["refused", "refused: Your lease ended."]]) {
  test(`nothing is lost when the answer is "${trouble}"`, async () => {
    const server = new FakeServer();
    const tab = await open(server);
    server.troubles = [trouble];
    paint(tab, { set: 1 }, 10, 5, 50);
    await tab.sync.flush();
    assert.equal(tab.states.at(-1), state);
    assert.equal(tab.sync.unsent, 1);
    paint(tab, { set: 1 }, 12, 5, 50);
    await tab.sync.retry();
    assert.equal(tab.states.at(-1), "saved");
    assert.deepEqual(await served(server), tab.mask.data);
  });
}

test("after an unreadable delta the whole mask is sent under a new number", async () => {
  const server = new FakeServer();
  const tab = await open(server);
  paint(tab, { set: 1 }, 10, 5, 50);
  await tab.sync.flush();
  server.troubles = ["bad"];
  paint(tab, { set: 2 }, 280, 5, 50);
  await tab.sync.flush();
  await tab.sync.flush();
  assert.deepEqual(await served(server), tab.mask.data);
  assert.equal(new Set(server.requests.map((r) => r.last)).size, server.requests.length);
});

test("two computers are joined, and the join is one undoable step", async () => {
  const server = new FakeServer();
  const [a, b] = [await open(server), await open(server)];
  paint(a, { set: 1 }, 10, 0, 50);
  await a.sync.flush();
  paint(b, { set: 2 }, 10, 40, 90);
  paint(b, { set: 2 }, 280, 500, 590);
  const mine = b.mask.data.slice();
  await b.sync.flush();
  await b.sync.flush();
  assert.equal(b.asked, 10);
  assert.equal(b.mask.at(5, 10), 1);
  assert.equal(b.mask.at(45, 10), 2);
  assert.deepEqual(await served(server), b.mask.data);
  b.editSession.undo();
  assert.deepEqual(b.mask.data, mine);
});

test("a conflict can be answered with theirs or with both", async () => {
  for (const [choice, bits] of [["theirs", 1], ["both", 3]]) {
    const server = new FakeServer();
    const [a, b] = [await open(server), await open(server, memoryStore(), { decide: async () => choice })];
    paint(a, { set: 1 }, 10, 0, 50);
    await a.sync.flush();
    paint(b, { set: 2 }, 10, 0, 50);
    await b.sync.flush();
    await b.sync.flush();
    assert.equal((await served(server))[10 * WIDTH + 5], bits);
  }
});

test("each part of a conflict is decided for itself", async () => {
  const server = new FakeServer();
  const choices = ["theirs", "both"]; // the larger part first
  const [a, b] = [await open(server), await open(server, memoryStore(), { decide: async (c) => choices[c] })];
  for (const [row, end] of [[10, 50], [200, 40]]) paint(a, { set: 1 }, row, 0, end);
  await a.sync.flush();
  for (const [row, end] of [[10, 50], [200, 40]]) paint(b, { set: 2 }, row, 0, end);
  await b.sync.flush();
  await b.sync.flush();
  const mask = await served(server);
  assert.deepEqual([mask[10 * WIDTH + 5], mask[200 * WIDTH + 5]], [1, 3]);
});

test("a stroke in progress waits for the join, not the join for nothing", async () => {
  const server = new FakeServer();
  const [a, b] = [await open(server), await open(server)];
  paint(a, { set: 1 }, 10, 0, 50);
  await a.sync.flush();
  paint(b, { set: 1 }, 200, 0, 50);
  b.editSession.begin({ set: 4 }).span(30, 0, 9);
  const flushing = b.sync.flush();
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(b.mask.at(5, 10), 0);
  b.editSession.cancel();
  await flushing;
  await b.sync.flush();
  assert.equal(b.mask.at(5, 10), 1);
  assert.equal(b.mask.at(5, 30), 0);
  assert.deepEqual(await served(server), b.mask.data);
});

test("what a closing page sent is known as its own when it is undone next", async () => {
  const server = new FakeServer();
  const store = memoryStore();
  const first = await open(server, store);
  paint(first, { set: 1 }, 10, 5, 50);
  first.sync.farewell();
  kill(first);
  const second = await open(server, store);
  second.editSession.undo();
  await second.sync.retry();
  assert.equal(second.mask.at(6, 10), 0);
  assert.deepEqual(await served(server), second.mask.data);
});

test("a farewell that outran the store does not swallow the next step", async () => {
  const server = new FakeServer();
  const store = memoryStore();
  const first = await open(server, store);
  const { write } = store;
  store.write = async () => {}; // the page dies before its last write
  paint(first, { set: 1 }, 10, 5, 50);
  first.sync.farewell();
  kill(first);
  await arrival(server);
  store.write = write;
  const second = await open(server, store);
  assert.equal(second.mask.at(6, 10), 1);
  paint(second, { set: 2 }, 12, 5, 50);
  await second.sync.retry();
  assert.deepEqual(await served(server), second.mask.data);
});

test("a tab that only watches sends and writes nothing", async () => {
  const server = new FakeServer();
  const store = memoryStore();
  const first = await open(server, store);
  paint(first, { set: 1 }, 10, 5, 50);
  const watcher = await openTab(server, store, { watching: true });
  assert.equal(watcher.mask.at(6, 10), 1);
  assert.equal(server.requests.length, 0);
  assert.equal((await store.load("a")).session.client, first.sync.session.client);
});

test("a closing page sends its tail in one turn", async () => {
  const server = new FakeServer();
  const tab = await open(server);
  paint(tab, { set: 1 }, 10, 5, 50);
  tab.sync.farewell();
  assert.equal(server.requests.length, 1);
  await arrival(server);
  assert.deepEqual(await served(server), tab.mask.data);
});

for (let seed = 1; seed <= 12; seed++) {
  test(`whatever goes wrong, the painter's mask ends on the server (${seed})`, async () => {
    const random = seeded(seed);
    const server = new FakeServer();
    const store = memoryStore();
    let tab = await open(server, store);
    for (let i = 0; i < 60; i++) {
      const dice = random();
      if (dice < 0.55) {
        const x = Math.floor(random() * WIDTH);
        paint(tab, random() < 0.7 ? { set: 1 << Math.floor(random() * 3) } : { clear: 7 }, Math.floor(random() * HEIGHT), x, x + 80);
      } else if (dice < 0.65) tab.editSession.undo();
      else if (dice < 0.7) tab.editSession.redo();
      else if (dice < 0.9) {
        if (random() < 0.4) server.troubles.push(["down", "lost", "out", "bad", "refused"][Math.floor(random() * 5)]);
        await tab.sync.retry();
      } else {
        server.troubles = [];
        kill(tab);
        const expected = tab.mask.data.slice();
        tab = await open(server, store);
        assert.deepEqual(tab.mask.data, expected);
      }
    }
    server.troubles = [];
    const expected = tab.mask.data.slice();
    for (let i = 0; i < 4 && tab.sync.state !== "saved"; i++) await tab.sync.retry();
    assert.deepEqual(tab.mask.data, expected);
    assert.deepEqual(await served(server), expected);
    while (tab.editSession.undo());
  });
}

test("work on a photo that somebody else has now is kept, and never called saved", async () => {
  const server = new FakeServer();
  const tab = await open(server);
  server.troubles = ["elsewhere"];
  paint(tab, { set: 1 }, 10, 5, 50);
  await tab.sync.flush();
  await tab.sync.retry();
  await tab.sync.retry();
  assert.equal(tab.sync.state, "lost");
  assert.ok(!tab.states.slice(tab.states.indexOf("sending")).includes("saved"));
  assert.equal(tab.states.at(-1), "lost: Somebody else has it.");
  assert.deepEqual(await served(server), tab.mask.data);
});

test("a photo that comes free again is painted on as before", async () => {
  const server = new FakeServer();
  const tab = await open(server);
  server.troubles = ["elsewhere"];
  paint(tab, { set: 1 }, 10, 5, 50);
  await tab.sync.flush();
  server.lease = { outcome: "ok" };
  await tab.sync.retry();
  assert.equal(tab.states.at(-1), "saved");
});

test("whoever asks while a request is out waits for its end", async () => {
  const server = new FakeServer();
  const tab = await open(server);
  let release;
  server.held = new Promise((resolve) => (release = resolve));
  paint(tab, { set: 1 }, 10, 5, 50);
  void tab.sync.flush();
  await new Promise((resolve) => setTimeout(resolve, 20));
  paint(tab, { set: 2 }, 11, 5, 50);
  const second = tab.sync.flush().then(() => tab.sync.state);
  setTimeout(release, 20);
  assert.equal(await second, "saved");
  assert.deepEqual(await served(server), tab.mask.data);
  await tab.sync.flush(); // nothing is left, and nothing hangs
  assert.equal(tab.sync.running, false);
});

test("a worker that does not start is a server that does not answer", async () => {
  const server = new FakeServer();
  const tab = await open(server);
  const { encode } = tab.sync.around;
  tab.sync.around.encode = async () => {
    throw new Error("a worker did not start");
  };
  paint(tab, { set: 1 }, 10, 5, 50);
  await tab.sync.flush();
  assert.equal(tab.states.at(-1), "offline");
  assert.equal(server.requests.length, 0);
  tab.sync.around.encode = encode;
  await tab.sync.retry();
  assert.equal(tab.states.at(-1), "saved");
  assert.deepEqual(await served(server), tab.mask.data);
});

test("a mask asked for before the last page's answer came is asked for again", async () => {
  const server = new FakeServer();
  const store = memoryStore();
  const first = await open(server, store);
  const early = await server.mask();
  paint(first, { set: 1 }, 10, 5, 50);
  await first.sync.flush();
  kill(first);
  const mask = server.mask.bind(server);
  const answers = [early];
  server.mask = async () => answers.shift() ?? mask();
  const second = await open(server, store);
  assert.equal(second.sync.session.revision, 1);
  assert.deepEqual(second.mask.data, first.mask.data);
  assert.equal(second.history.done.length, 1); // nothing was joined
});
