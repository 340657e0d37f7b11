// An edit of the mask in progress: one at a time, committed as one undo step or taken back (pure).
import { Edit } from "./mask.js";
import { touched } from "./history.js";

/** @typedef {import("./mask.js").Rect} Rect */
/** @typedef {import("./history.js").Operation} Operation */

/**
 * @typedef {object} Onlookers
 * @property {(rect: Rect) => void} changed pixels of the mask
 * @property {(operation: Operation) => void} committed something to keep
 */

export class EditSession {
  /** @param {import("./mask.js").Mask} mask @param {import("./history.js").History} history @param {Onlookers} onlookers */
  constructor(mask, history, onlookers) {
    this.mask = mask;
    this.history = history;
    this.onlookers = onlookers;
    /** @type {Edit | null} */
    this.edit = null;
    this.locked = false;
    /** @type {(() => void)[]} */
    this.waiting = [];
  }

  /** @param {import("./mask.js").Rule} rule @returns {Edit} what came before is committed */
  begin(rule) {
    if (this.edit) this.commit("brush");
    this.edit = new Edit(this.mask, rule);
    return this.edit;
  }

  /** Show what the edit in progress has changed so far. */
  show() {
    const dirty = this.edit?.takeDirty();
    if (dirty) this.onlookers.changed(dirty);
  }

  /**
   * @param {string} label @param {Record<string, any>} [details]
   * @param {boolean} [always] a step even when no pixel changed
   * @returns {boolean} whether there is something to undo
   */
  commit(label, details = {}, always = false) {
    const { edit } = this;
    if (!edit) return false;
    this.show();
    this.edit = null;
    if (this.locked) {
      this.#restore(edit);
      return false;
    }
    const operation = this.history.commit(edit, label, details, always);
    if (operation) this.onlookers.committed(operation);
    this.#settle();
    return operation !== null;
  }

  /** Take the edit in progress back: it leaves no step. */
  cancel() {
    const { edit } = this;
    this.edit = null;
    if (edit) this.#restore(edit);
    this.#settle();
  }

  /** @param {Edit} edit */
  #restore(edit) {
    const rect = edit.revert();
    if (rect) this.onlookers.changed(rect);
  }

  /** @returns {Operation | null} */
  undo() {
    return this.#step(this.history.undo.bind(this.history));
  }

  /** @returns {Operation | null} */
  redo() {
    return this.#step(this.history.redo.bind(this.history));
  }

  /** @param {(mask: import("./mask.js").Mask) => Operation | null} move */
  #step(move) {
    if (this.edit || this.locked) return null;
    const operation = move(this.mask);
    if (!operation) return null;
    this.#look(operation);
    this.onlookers.committed(operation);
    return operation;
  }

  /** Changes came from elsewhere and lie in the mask already: one more undoable step. @param {Operation} operation */
  adopt(operation) {
    this.history.push({
      label: operation.label, details: operation.details, tiles: new Map(operation.before),
    });
    this.#look(operation);
  }

  /** @param {Operation} operation */
  #look(operation) {
    const rect = touched(this.mask, operation);
    if (rect) this.onlookers.changed(rect);
  }

  /** @returns {Promise<void>} settles when no edit is in progress */
  quiet() {
    if (!this.edit) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  #settle() {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
