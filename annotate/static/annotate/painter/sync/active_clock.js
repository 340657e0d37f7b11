// Active seconds: pauses over 20 s and hidden tabs do not count (pure; time is an argument).

const PAUSE = 20;

/** @typedef {Record<string, {actions: number, seconds: number}>} Tools */

/** @param {Tools} now @param {Tools} before @returns {Tools} what came to it since, in whole seconds */
export function toolsAfter(now, before) {
  return Object.fromEntries(Object.entries(now).map(([tool, { actions, seconds }]) => {
    const earlier = before[tool] ?? { actions: 0, seconds: 0 };
    return [tool, { actions: actions - earlier.actions, seconds: Math.max(0, Math.round(seconds - earlier.seconds)) }];
  }));
}

export class ActiveClock {
  /** @param {number} [seconds] to start from @param {Record<string, {actions: number, seconds: number}>} [tools] */
  constructor(seconds = 0, tools = {}) {
    this.seconds = seconds;
    this.tools = tools;
    /** @type {number | null} */
    this.last = null;
  }

  /** Something was done. @param {number} now seconds @param {string} tool in hand */
  note(now, tool) {
    const gap = this.last === null ? 0 : now - this.last;
    this.last = now;
    if (gap <= 0 || gap > PAUSE) return;
    this.seconds += gap;
    this.#of(tool).seconds += gap;
  }

  /** @param {string} tool whose action was completed */
  count(tool) {
    this.#of(tool).actions++;
  }

  /** @returns {Record<string, {actions: number, seconds: number}>} for the record, in whole seconds */
  rounded() {
    const rows = Object.entries(this.tools);
    return Object.fromEntries(rows.map(([tool, { actions, seconds }]) => [tool, { actions, seconds: Math.round(seconds) }]));
  }

  /** The tab went out of sight. */
  pause() {
    this.last = null;
  }

  /** @param {string} tool */
  #of(tool) {
    return (this.tools[tool] ??= { actions: 0, seconds: 0 });
  }
}
