// One chosen photograph in the list: its preview, how far it is, cancel, and what went wrong.

import { canShow, endingOf, megabytes } from "./limits.js";
import { button, make } from "../pieces.js";

/** @typedef {"waiting" | "sending" | "sent" | "refused"} State */

export class Chosen {
  /** @param {File} file @param {string} problem empty when it can be sent @param {(chosen: Chosen) => void} removed */
  constructor(file, problem, removed) {
    this.file = file;
    /** @type {State} */
    this.state = problem ? "refused" : "waiting";
    this.page = "";
    /** @type {(() => void) | null} */
    this.cancel = null;
    this.element = make("li", "chosen");
    this.line = make("p", "small soft", { role: "status" });
    this.bar = /** @type {HTMLProgressElement} */ (make("progress", "", { max: "1", value: "0", "aria-label": `Sending ${file.name}` }));
    this.again = button("Try again", `Try ${file.name} again`, () => {});
    this.removed = removed;
    this.drop = button("Remove", `Remove ${file.name}`, () => {
      this.cancel?.();
      this.gone();
    });
    const words = make("div", "words");
    const name = make("strong", "name");
    name.textContent = file.name;
    words.append(name, this.line, this.bar);
    this.actions = make("span", "row-actions");
    this.actions.append(this.again, this.drop);
    this.element.append(this.picture(), words, this.actions);
    this.show(problem || megabytes(file.size));
  }

  gone() {
    if (this.source) URL.revokeObjectURL(this.source);
    this.element.remove();
    this.removed(this);
  }

  picture() {
    const frame = make("span", "thumb");
    if (!canShow(this.file)) {
      frame.append(word(endingOf(this.file.name).toUpperCase() || "?"));
      return frame;
    }
    this.source = URL.createObjectURL(this.file);
    const image = new Image();
    image.alt = "";
    image.src = this.source;
    image.addEventListener("error", () => frame.replaceChildren(word("?")));
    frame.append(image);
    return frame;
  }

  /** @param {string} said */
  show(said) {
    const { state } = this;
    this.element.dataset.state = state;
    this.line.textContent = said;
    this.bar.hidden = state !== "sending";
    this.again.hidden = state !== "refused" || !this.mayTryAgain;
    this.drop.hidden = state === "sent";
    this.drop.textContent = state === "sending" ? "Cancel" : "Remove";
  }

  mayTryAgain = false;

  /** @param {number} share 0 to 1 */
  progress(share) {
    this.bar.value = share;
    this.tell(share < 1 ? `${Math.round(100 * share)} % of ${megabytes(this.file.size)}` : "Sent; the site stores it.");
  }

  /** @param {string} said */
  tell(said) {
    this.line.textContent = said;
  }

  /** @param {string} page */
  sent(page) {
    this.state = "sent";
    this.page = page;
    this.show("On its way.");
    const link = make("a", "button small", { href: page });
    link.textContent = "Open";
    link.setAttribute("aria-label", `Open ${this.file.name}`);
    this.actions.append(link);
  }

  /** @param {string} reason */
  refuse(reason) {
    this.state = "refused";
    this.mayTryAgain = true;
    this.show(reason);
  }
}

/** @param {string} text */
function word(text) {
  const element = make("span", "thumb-word");
  element.textContent = text;
  return element;
}
