// A walk through questions: which is looked at, what was answered (pure).

/** @typedef {"yes" | "no"} Answer */

export class Walk {
  /** @param {number} count */
  constructor(count) {
    this.at = 0;
    /** @type {(Answer | null)[]} */
    this.answers = Array(count).fill(null);
  }

  get answered() {
    return this.answers.filter(Boolean).length;
  }

  /** Round and round. @param {number} steps */
  step(steps) {
    const count = this.answers.length;
    this.at = (((this.at + steps) % count) + count) % count;
  }

  /** The next that has no answer, if any. */
  on() {
    const count = this.answers.length;
    for (let k = 1; k < count; k += 1) {
      const next = (this.at + k) % count;
      if (this.answers[next]) continue;
      this.at = next;
      return;
    }
  }

  /** In words. */
  said() {
    return `${this.answered} of ${this.answers.length} answered`;
  }
}

/** What a key means on the way. @param {{key: string, shiftKey: boolean}} pressed @returns {number | Answer | null} steps or an answer */
export function meaning({ key, shiftKey }) {
  if (shiftKey) return null;
  switch (key.toLowerCase()) {
    case "n": case "arrowdown": return 1;
    case "p": case "arrowup": return -1;
    case "y": return "yes";
    case "x": return "no";
    default: return null;
  }
}
