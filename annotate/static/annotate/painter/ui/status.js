// What the painter says: save state in the bar, one banner, one live region.
import { block } from "./page.js";

/** @typedef {import("../sync/sync.js").State} State */
/** @typedef {[label: string, run: () => void]} Offer */

export class Status {
  /** @param {{retry: () => void, signIn: () => void, leave: () => void}} offers */
  constructor(offers) {
    this.offers = offers;
    this.shown = "";
    /** @type {State | null} */
    this.spoken = null;
  }

  /** @param {string} text to the live region */
  say(text) {
    const live = block("live");
    // The same words twice must still be heard twice.
    live.textContent = live.textContent === text ? `${text}\u00a0` : text;
  }

  /** @param {State} state @param {string} reason @param {number} unsent operations kept here only */
  report(state, reason, unsent) {
    const kept = unsent === 1 ? "1 step" : `${unsent} steps`;
    const keptHere = `${kept} ${unsent === 1 ? "is" : "are"} kept on this computer`;
    const words = {
      saved: "All saved", unsent: "Kept here", sending: "Saving", offline: `Offline, ${kept} kept here`,
      "signed-out": `Signed out, ${kept} kept here`, refused: `Not sent, ${kept} kept here`,
      lost: "Kept for the reviewers",
    }[state];
    block("save-state").dataset.state = state;
    block("save-text").textContent = words;
    if (state === "saved" && this.shown === "sync") this.clear();
    if (state === "offline" && unsent) {
      this.banner(`The server does not answer. Paint on: ${keptHere} and will be sent as soon as it is back.`, [["Try now", this.offers.retry]], "sync");
    } else if (state === "signed-out") {
      this.banner(`You are signed out. Paint on: ${keptHere}.`, [["Sign in in a small window", this.offers.signIn], ["Send now", this.offers.retry]], "sync");
    } else if (state === "refused") {
      this.banner(`${reason} Nothing is lost: ${keptHere}.`, [["Try again", this.offers.retry]], "sync");
    }
    else if (state === "lost") {
      this.banner(reason, [["Ask for it back", this.offers.retry], ["To the queue", this.offers.leave]], "sync");
    }
    if (state !== this.spoken && state !== "sending" && state !== "unsent") {
      if (this.spoken !== null) this.say(words);
      this.spoken = state;
    }
  }

  /** @param {string} text @param {Offer[]} [offers] @param {string} [name] whose banner it is */
  banner(text, offers = [], name = "own") {
    this.shown = name;
    block("banner").hidden = false;
    if (block("banner-text").textContent !== text) block("banner-text").textContent = text;
    block("banner-actions").replaceChildren(...offers.map(([label, run]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button small";
      button.textContent = label;
      button.addEventListener("click", run);
      return button;
    }));
  }

  clear() {
    this.shown = "";
    block("banner").hidden = true;
    block("banner-text").textContent = "";
  }
}
