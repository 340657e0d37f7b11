// A worker that is asked one thing after another and answers each in turn. Where it dies, whoever
// waits for it is told.

const PATIENCE = 60_000; // ms: a worker that the browser ended for want of memory says nothing

/** @template Answer */
export class Beside {
  /** @type {{resolve: (answer: Answer) => void, reject: (problem: Error) => void}[]} */
  #asked = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #lost = false;

  /** @param {string | URL} address of a module */
  constructor(address) {
    this.worker = new Worker(address, { type: "module" });
    this.worker.addEventListener("message", ({ data }) => this.#answered(data));
    for (const name of ["error", "messageerror"]) this.worker.addEventListener(name, () => this.#lose());
  }

  /** Rejects where the worker is lost. @param {unknown} question @returns {Promise<Answer>} */
  ask(question) {
    return new Promise((resolve, reject) => {
      this.#asked.push({ resolve, reject });
      if (this.#lost) return this.#lose();
      this.worker.postMessage(question);
      this.#wait();
    });
  }

  /** What wants no answer. @param {unknown} message @param {Transferable[]} given away with it */
  tell(message, given) {
    this.worker.postMessage(message, given);
  }

  /** @param {Answer} answer */
  #answered(answer) {
    this.#asked.shift()?.resolve(answer);
    this.#wait();
  }

  #wait() {
    clearTimeout(this.#timer);
    if (this.#asked.length) this.#timer = setTimeout(() => this.#lose(), PATIENCE);
  }

  #lose() {
    this.#lost = true;
    this.worker.terminate();
    clearTimeout(this.#timer);
    for (const { reject } of this.#asked.splice(0)) reject(new Error("The worker is lost."));
  }
}
