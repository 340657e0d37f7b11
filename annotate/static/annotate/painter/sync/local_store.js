// What this computer keeps of an assignment: IndexedDB, or memory where there is none.

const VERSION = 1;
const CHUNK = 100;
const STORES = ["session", "ops", "tiles", "bases"];

/** @typedef {import("../document/tiles.js").Packed} Packed */

/**
 * @typedef {object} Session
 * @property {string} client random; names this computer's share of the work
 * @property {number} revision last the server acknowledged
 * @property {number} seq last operation written
 * @property {number} acked last operation the server has
 * @property {number} seconds active
 * @property {number} since of these, before `client` got its name
 * @property {import("./active_clock.js").Tools} toolsSince counts before `client` got its name
 * @property {Record<string, {actions: number, seconds: number}>} tools
 * @property {number[]} seen tiles of the coverage
 * @property {number} [lesson] step of the practice's guide
 * @property {[number, string][]} decisions on the suggestion, by peak pixel
 */

/** @typedef {{packed: Packed, seq: number, sent: boolean}} KeptTile */
/** @typedef {{kind: string, label: string, details: Record<string, any>, before: Map<number, Packed>}} KeptOp */

/**
 * @typedef {object} Kept
 * @property {Session | null} session
 * @property {Map<number, KeptTile>} tiles
 * @property {Map<number, Packed>} bases what the server had, for tiles not yet sent
 * @property {Cargo | null} flight what was sent and not answered when the page went away
 */

/** @typedef {import("./server.js").Batch & {tiles: Map<number, Packed>}} Cargo */

/**
 * One atomic write. `forget` names tiles whose base is no longer needed; operations up to
 * `prune` are dropped.
 * @typedef {object} Change
 * @property {Session} session
 * @property {[number, KeptOp][]} [ops] by seq
 * @property {Map<number, KeptTile>} [tiles]
 * @property {Map<number, Packed>} [bases]
 * @property {number[]} [forget]
 * @property {number} [prune]
 * @property {Cargo | null} [flight] left alone when absent
 */

/**
 * @typedef {object} Store
 * @property {boolean} durable
 * @property {(assignment: string) => Promise<Kept>} load
 * @property {(assignment: string, last: number) => Promise<KeptOp[]>} past operations up to a number, oldest first
 * @property {(assignment: string, change: Change) => Promise<void>} write
 * @property {(assignment: string) => Promise<void>} clear
 */

/** @returns {Session} */
export function newSession() {
  return {
    client: randomName(), revision: 0, seq: 0, acked: 0, seconds: 0, since: 0, tools: {}, toolsSince: {}, seen: [], decisions: [],
  };
}

/** @returns {string} 32 random hex digits */
export function randomName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

/** @param {string} [name] @returns {Promise<Store>} */
export async function openStore(name = "heirloom-painter") {
  try {
    return databaseStore(await openDatabase(name));
  } catch {
    return memoryStore();
  }
}

/** @returns {Store} */
export function memoryStore() {
  /** @type {Map<string, Kept & {log: Map<number, KeptOp>}>} */
  const kept = new Map();
  /** @param {string} id */
  const of = (id) => {
    const found = kept.get(id) ??
      { session: null, tiles: new Map(), bases: new Map(), log: new Map(), flight: null };
    kept.set(id, found);
    return found;
  };
  return {
    durable: false,
    async load(id) {
      const { session, tiles, bases, flight } = of(id);
      return { session, tiles: new Map(tiles), bases: new Map(bases), flight };
    },
    async past(id, last) {
      return [...of(id).log].filter(([seq]) => seq <= last).sort((a, b) => a[0] - b[0]).map(([, op]) => op);
    },
    async write(id, change) {
      const own = of(id);
      own.session = structuredClone(change.session);
      if (change.flight !== undefined) own.flight = change.flight;
      for (const [seq, op] of change.ops ?? []) own.log.set(seq, op);
      for (const [tile, content] of change.tiles ?? []) own.tiles.set(tile, content);
      for (const [tile, packed] of change.bases ?? []) own.bases.set(tile, packed);
      for (const tile of change.forget ?? []) own.bases.delete(tile);
      for (const seq of own.log.keys()) if (seq <= (change.prune ?? 0)) own.log.delete(seq);
    },
    async clear(id) {
      kept.delete(id);
    },
  };
}

/** @param {string} name @returns {Promise<IDBDatabase>} */
function openDatabase(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, VERSION);
    request.onupgradeneeded = () => {
      for (const store of STORES) request.result.createObjectStore(store);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("another tab holds an older version"));
  });
}

/** @param {IDBDatabase} database @returns {Store} */
function databaseStore(database) {
  // Keys are [assignment, number]; an empty array sorts after every number.
  /** @param {string} id @param {number} [last] */
  const range = (id, last) => IDBKeyRange.bound([id], [id, last ?? []]);
  return {
    durable: true,
    async load(id) {
      const t = database.transaction(["session", "tiles", "bases"]);
      const [session, flight, tiles, bases] = await Promise.all([
        ask(t.objectStore("session").get(id)), ask(t.objectStore("session").get([id, "flight"])), entries(t.objectStore("tiles"), range(id)),
        entries(t.objectStore("bases"), range(id)),
      ]);
      return { session: session ?? null, flight: flight ?? null, tiles: new Map(tiles), bases: new Map(bases) };
    },
    async past(id, last) {
      // A few at a time: a long log read in one go would hold up the brush.
      const ops = [];
      for (let from = 0; from <= last;) {
        const part = IDBKeyRange.bound([id, from], [id, last]);
        const found = await entries(database.transaction("ops").objectStore("ops"), part, CHUNK);
        ops.push(...found.map(([, op]) => op));
        if (found.length < CHUNK) break;
        from = found[found.length - 1][0] + 1;
      }
      return ops;
    },
    write(id, change) {
      const t = database.transaction(STORES, "readwrite");
      t.objectStore("session").put(change.session, id);
      if (change.flight !== undefined) t.objectStore("session").put(change.flight, [id, "flight"]);
      for (const [seq, op] of change.ops ?? []) t.objectStore("ops").put(op, [id, seq]);
      for (const [tile, kept] of change.tiles ?? []) t.objectStore("tiles").put(kept, [id, tile]);
      for (const [tile, packed] of change.bases ?? []) t.objectStore("bases").put(packed, [id, tile]);
      for (const tile of change.forget ?? []) t.objectStore("bases").delete([id, tile]);
      if (change.prune) t.objectStore("ops").delete(range(id, change.prune));
      return finished(t);
    },
    clear(id) {
      const t = database.transaction(STORES, "readwrite");
      t.objectStore("session").delete(id);
      t.objectStore("session").delete([id, "flight"]);
      for (const name of ["ops", "tiles", "bases"]) t.objectStore(name).delete(range(id));
      return finished(t);
    },
  };
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function ask(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {IDBObjectStore} store @param {IDBKeyRange} keys @param {number} [most] @returns {Promise<[number, any][]>} */
async function entries(store, keys, most) {
  const [names, values] = await Promise.all([ask(store.getAllKeys(keys, most)), ask(store.getAll(keys, most))]);
  return names.map((key, i) => [/** @type {[string, number]} */ (key)[1], values[i]]);
}

/** @param {IDBTransaction} transaction @returns {Promise<void>} */
function finished(transaction) {
  transaction.commit?.(); // everything is asked for: a page that goes now still leaves it behind
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}
