// The keys as a person changed them: the table of shortcuts.js with her own keys laid over it (pure).
import { SHORTCUTS } from "./shortcuts.js";

const PLACE = "heirloom-keys";

/** @typedef {import("./shortcuts.js").Shortcut} Shortcut */

export class Keymap {
  /** @param {Pick<Storage, "getItem" | "setItem" | "removeItem"> | null} storage */
  constructor(storage) {
    this.storage = storage;
    /** @type {Record<string, string[]>} by action */
    this.own = {};
    /** @type {(() => void)[]} */
    this.watchers = [];
    try {
      const read = JSON.parse(storage?.getItem(PLACE) ?? "{}");
      for (const { id } of SHORTCUTS) if (Array.isArray(read[id])) this.own[id] = read[id].map(String);
    } catch {
      // A broken note leaves the keys as they come.
    }
  }

  /** @returns {Shortcut[]} */
  get table() {
    return SHORTCUTS.map((row) => ({ ...row, keys: this.own[row.id] ?? row.keys }));
  }

  /** @param {string} id @returns {string} its first key */
  keyOf(id) {
    return this.table.find((row) => row.id === id)?.keys[0] ?? "";
  }

  /** Give an action a key; whoever had it goes without. @param {string} id @param {string} key @returns {string | null} the action that lost it */
  set(id, key) {
    const before = this.table.find((row) => row.id !== id && row.keys.includes(key));
    if (before) this.own[before.id] = before.keys.filter((other) => other !== key);
    this.own[id] = [key];
    this.#keep();
    return before?.id ?? null;
  }

  reset() {
    this.own = {};
    this.#keep();
  }

  #keep() {
    try {
      if (Object.keys(this.own).length) this.storage?.setItem(PLACE, JSON.stringify(this.own));
      else this.storage?.removeItem(PLACE);
    } catch {
      // Forbidden storage: the keys last as long as the page.
    }
    for (const watcher of this.watchers) watcher();
  }
}
