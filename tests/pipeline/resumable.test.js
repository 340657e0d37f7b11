// Uploads in pieces against a server in memory that keeps to the protocol, and fails on demand.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { PauseSwitch, UploadRefused, metadata, uploadResumable } from "../../pipeline/static/pipeline/upload/resumable.js";

const MIB = 1024 * 1024;

class Server {
  constructor() {
    this.uploads = new Map();
    this.log = [];
    this.before = () => null; // answers instead of the server, or throws
  }

  send = async (question) => {
    const { method, url, headers, body, signal } = question;
    this.log.push(method);
    if (signal?.aborted && method !== "DELETE") throw new Error("abort");
    assert.equal(headers["Tus-Resumable"], "1.0.0");
    const early = this.before(question);
    if (early) return answer(...early);
    if (method === "POST") {
      const made = `/u/${this.uploads.size + 1}/`;
      this.uploads.set(made, { length: Number(headers["Upload-Length"]), bytes: Buffer.alloc(0), metadata: headers["Upload-Metadata"] });
      return answer(201, { Location: made });
    }
    const upload = this.uploads.get(url);
    if (!upload) return answer(404);
    if (method === "DELETE") { this.uploads.delete(url); return answer(204); }
    if (method === "PATCH") {
      if (Number(headers["Upload-Offset"]) !== upload.bytes.length) return answer(409);
      upload.bytes = Buffer.concat([upload.bytes, Buffer.from(await body.arrayBuffer())]);
      const late = this.after?.(question);
      if (late) throw late;
    }
    const done = upload.bytes.length === upload.length;
    return answer(method === "HEAD" ? 200 : 204, {
      "Upload-Offset": String(upload.bytes.length),
      ...(done && this.graph ? { "Upload-Graph": this.graph } : done ? { "Upload-Restoration": "/api/r/1/", "Upload-Page": "/restore/1/" } : {}),
    });
  };
}

function answer(status, headers = {}, body = "") {
  return { status, header: (name) => headers[name] ?? null, body };
}

function memory() {
  const kept = new Map();
  return { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => kept.set(k, v), removeItem: (k) => kept.delete(k), kept };
}

function scan(size = 2.5 * MIB) {
  const bytes = new Uint8Array(size).map((_, index) => index % 251);
  return new File([bytes], "Tante Idä.tif", { lastModified: 7 });
}

function options(server, more = {}) {
  const waits = [];
  return { send: server.send, wait: async (ms) => { waits.push(ms); }, memory: memory(), waits, ...more };
}

async function arrived(server, file) {
  const [upload] = server.uploads.values();
  assert.ok(upload.bytes.equals(Buffer.from(await file.arrayBuffer())));
}

test("a file arrives whole, in pieces, and its restoration is named", async () => {
  const server = new Server(), file = scan(), sent = [];
  const found = await uploadResumable(file, options(server, { onProgress: (n) => sent.push(n) }));
  assert.deepEqual(found, { restoration: "/api/r/1/", graph: "", page: "/restore/1/" });
  await arrived(server, file);
  assert.deepEqual(server.log, ["POST", "PATCH", "PATCH"]);
  assert.equal(sent.at(-1), file.size);
});

test("a network goes with a digest of each piece, and its id comes back", async () => {
  const server = new Server(), file = scan(), digests = [];
  server.graph = "9f";
  server.before = ({ method, headers }) => { if (method === "PATCH") digests.push(headers["Upload-Checksum"]); return null; };
  const found = await uploadResumable(file, options(server, { checked: true, choices: { purpose: "graph" } }));
  assert.deepEqual(found, { restoration: "", graph: "9f", page: "" });
  await arrived(server, file);
  const bytes = Buffer.from(await file.arrayBuffer());
  const first = createHash("sha256").update(bytes.subarray(0, MIB)).digest("base64");
  assert.equal(digests[0], `sha256 ${first}`);
  assert.equal(digests.length, 2);
});

test("what may not begin now ends with the server's sentence", async () => {
  const server = new Server();
  server.before = () => [409, {}, JSON.stringify({ detail: "6 files of yours wait." })];
  await assert.rejects(uploadResumable(scan(), options(server)), /6 files of yours wait/);
});

test("name and choices are told in UTF-8", async () => {
  const server = new Server();
  await uploadResumable(scan(10), options(server, { choices: { strength: 0.3, careful: true } }));
  const [{ metadata: told }] = server.uploads.values();
  const pairs = Object.fromEntries(told.split(",").map((pair) => pair.split(" ")));
  assert.equal(Buffer.from(pairs.filename, "base64").toString(), "Tante Idä.tif");
  assert.equal(Buffer.from(pairs.strength, "base64").toString(), "0.3");
  assert.equal(metadata({ a: "b" }), "a Yg==");
});

test("a lost line is waited for, then the offset is asked", async () => {
  const server = new Server(), file = scan(), states = [];
  let lost = 3;
  server.before = ({ method }) => { if (method !== "POST" && lost-- > 0) throw new Error("line"); return null; };
  const given = options(server, { onState: (state) => states.push(state) });
  await uploadResumable(file, given);
  await arrived(server, file);
  assert.deepEqual(server.log.slice(0, 5), ["POST", "PATCH", "HEAD", "HEAD", "HEAD"]);
  assert.ok(states.includes("waiting"));
  assert.ok(given.waits[2] > given.waits[0]);
});

test("an answer that got lost does not send a piece twice", async () => {
  const server = new Server(), file = scan();
  let once = true;
  server.after = () => { const lost = once; once = false; return lost ? new Error("line") : null; };
  await uploadResumable(file, options(server));
  await arrived(server, file);
});

test("the lost answer to the last piece is found by asking", async () => {
  const server = new Server(), file = scan(100);
  let once = true;
  server.after = () => { const lost = once; once = false; return lost ? new Error("line") : null; };
  const found = await uploadResumable(file, options(server));
  assert.equal(found.page, "/restore/1/");
  assert.deepEqual(server.log, ["POST", "PATCH", "HEAD"]);
});

test("a busy server is asked again when it said so", async () => {
  const server = new Server();
  let busy = true;
  server.before = () => { const now = busy; busy = false; return now ? [429, { "Retry-After": "40" }] : null; };
  const given = options(server);
  await uploadResumable(scan(10), given);
  assert.deepEqual(given.waits, [40_000]);
});

test("a refusal ends it with the server's sentence", async () => {
  const server = new Server();
  server.before = ({ method }) => method === "PATCH"
    ? [415, {}, JSON.stringify({ code: "no_photograph", detail: "This is no image." })] : null;
  await assert.rejects(uploadResumable(scan(10), options(server)), (error) => {
    assert.ok(error instanceof UploadRefused);
    assert.deepEqual([error.status, error.message], [415, "This is no image."]);
    return true;
  });
});

test("a wrong field is told as well", async () => {
  const server = new Server();
  server.before = () => [400, {}, JSON.stringify({ "Upload-Length": ["This file is empty."] })];
  await assert.rejects(uploadResumable(scan(0), options(server)), /This file is empty/);
});

test("the next visit goes on where the last one ended", async () => {
  const server = new Server(), file = scan(), given = options(server);
  let pieces = 0;
  server.before = ({ method }) => { if (method === "PATCH" && pieces++ === 1) throw new Error("crash"); return null; };
  given.wait = () => new Promise(() => {}); // the tab is closed while it waits
  uploadResumable(file, given);
  while (pieces < 2) await new Promise((resolve) => setImmediate(resolve));
  server.log.length = 0;
  await uploadResumable(file, { ...given, wait: async () => {} });
  assert.equal(server.log[0], "HEAD");
  await arrived(server, file);
  assert.equal(given.memory.kept.size, 0);
});

test("what the server has forgotten begins again", async () => {
  const server = new Server(), file = scan(), given = options(server);
  let once = true;
  server.after = () => { if (once) { once = false; server.uploads.clear(); return new Error("line"); } return null; };
  await uploadResumable(file, given);
  await arrived(server, file);
});

test("a server that always forgets is given up", async () => {
  const server = new Server();
  server.before = ({ method }) => (method === "POST" ? null : [404]);
  await assert.rejects(uploadResumable(scan(10), options(server)), UploadRefused);
  assert.equal(server.log.filter((method) => method === "POST").length, 4);
});

test("pausing holds the next piece until it is resumed", async () => {
  const server = new Server(), file = scan(), pause = new PauseSwitch(), states = [];
  const given = options(server, { pause, onState: (state) => states.push(state) });
  server.before = ({ method }) => { if (method === "PATCH" && states.at(-1) !== "paused") pause.pause(); return null; };
  const sending = uploadResumable(file, given);
  while (states.at(-1) !== "paused") await new Promise((resolve) => setImmediate(resolve));
  const held = server.log.length;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(server.log.length, held);
  server.before = () => null;
  pause.resume();
  await sending;
  await arrived(server, file);
});

test("aborting deletes what has arrived", async () => {
  const server = new Server(), stop = new AbortController();
  server.before = ({ method }) => { if (method === "PATCH") stop.abort(); return null; };
  const given = options(server, { signal: stop.signal });
  await assert.rejects(uploadResumable(scan(), given), { name: "AbortError" });
  assert.equal(server.log.at(-1), "DELETE");
  assert.equal(server.uploads.size, 0);
  assert.equal(given.memory.kept.size, 0);
});
