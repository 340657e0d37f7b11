// Calls to a worker that answer with promises.

/** @typedef {{id: number, name: string, payload: any}} Call */
/** @typedef {{id: number, result?: any, error?: string}} Reply */

export class Caller {
  /** @param {string} url of a module worker, which starts with the first call */
  constructor(url) {
    this.url = url;
    /** @type {Worker | null} */
    this.worker = null;
    this.next = 1;
    /** @type {Map<number, {resolve: (value: any) => void, reject: (reason: Error) => void}>} */
    this.open = new Map();
  }

  /** Start before the first call: later the network may be gone. @returns {Worker} */
  wake() {
    if (this.worker) return this.worker;
    this.worker = new Worker(this.url, { type: "module" });
    this.worker.onmessage = ({ data }) => this.#settle(data);
    this.worker.onerror = (event) => this.#fail(new Error(event.message || "a worker did not start"));
    return this.worker;
  }

  /** @param {string} name @param {any} payload @param {Transferable[]} [transfer] @returns {Promise<any>} */
  call(name, payload, transfer = []) {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.open.set(id, { resolve, reject });
      this.wake().postMessage({ id, name, payload }, transfer);
    });
  }

  /** @param {Reply} reply */
  #settle({ id, result, error }) {
    const call = this.open.get(id);
    this.open.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error));
  }

  /** The next call starts it anew. @param {Error} reason */
  #fail(reason) {
    this.worker?.terminate();
    this.worker = null;
    for (const call of this.open.values()) call.reject(reason);
    this.open.clear();
  }
}

/** A result whose parts are handed over, not copied. */
export class Moved {
  /** @param {any} result @param {Transferable[]} parts */
  constructor(result, parts) {
    this.result = result;
    this.parts = parts;
  }
}

/**
 * The worker's side: answer each call by the function of its name.
 * @param {Record<string, (payload: any) => any>} functions may be asynchronous
 */
export function answerCalls(functions) {
  addEventListener("message", async ({ data }) => {
    const { id, name, payload } = /** @type {Call} */ (data);
    try {
      const answer = await functions[name](payload);
      if (answer instanceof Moved) postMessage({ id, result: answer.result }, { transfer: answer.parts });
      else postMessage({ id, result: answer }, { transfer: [] });
    } catch (error) {
      postMessage({ id, error: error instanceof Error ? error.message : String(error) }, { transfer: [] });
    }
  });
}
