// First steps on the practice photo: one thing to do after the other, then a score against the truth.
import { block, part } from "./page.js";

/** @typedef {{text: string, touch?: string, tool?: string, done?: (label: string) => boolean}} Step */

/** @type {Step[]} each goes on by itself once it is done */
export const STEPS = [
  { text: "The damage of this photo is drawn, so it is known and you can see how well you did. Nothing here counts. First zoom in with the wheel, and hold Space to move the photo.", touch: "The damage of this photo is drawn, so it is known and you can see how well you did. Nothing here counts. First zoom in with two fingers; moving both moves the photo." },
  { text: "Choose the tracer ({tracer}). Click on one end of a crack, then on the other end, and press {commit}. It finds line and width by itself.", touch: "Choose the tracer. Tap one end of a crack, then the other end, and tap Finish. It finds line and width by itself.", tool: "tracer", done: (label) => label === "tracer" },
  { text: "Choose the speck tool ({speck}), press {class-2} for scuff and click on a speck.", touch: "Choose the speck tool and Scuff, then tap a speck.", tool: "speck", done: (label) => label === "speck" },
  { text: "Hold Shift and drag a box with the speck tool. Click on what is no speck, then press {accept} for the rest.", touch: "Put a second speck right the same way: tap it, and widen or narrow it by moving your finger before you lift it.", tool: "speck", done: (label) => label === "speck" },
  { text: "Choose the brush ({brush}) for all else and paint a stroke. The right button erases. {smaller} and {larger} change the size.", touch: "Choose the brush for all else and paint a stroke with one finger. The eraser takes paint away; its size is in the settings.", tool: "brush", done: (label) => label === "brush" || label === "eraser" },
  { text: "{undo} takes the last step back. Try it.", touch: "The bent arrow above takes the last step back. Try it.", done: (label) => label === "undo" },
  { text: "Now paint the rest as well as you can. {unseen} leads to what you have not looked at yet. Then ask for your score.", touch: "Now paint the rest as well as you can. Next unseen, in the settings, leads to what you have not looked at yet. Then ask for your score." },
];

/**
 * @typedef {object} School
 * @property {import("../sync/sync.js").Sync} sync @property {import("../sync/server.js").Server} server
 * @property {import("./marks.js").Marks} marks @property {import("../view/surface.js").Surface} surface
 * @property {import("./settings.js").Settings} settings @property {(text: string) => void} say
 * @property {(action: string) => string} key of an action
 */

export class Guide {
  /** @param {School} school */
  constructor(school) {
    this.school = school;
    this.fingers = matchMedia("(pointer: coarse)").matches;
    this.at = Number(school.sync.session.lesson ?? 0);
    const { view } = school.surface;
    const began = view.scale;
    school.surface.watchers.push(() => this.at === 0 && view.scale > 1.5 * began && this.go(1));
    for (const [id, by] of /** @type {[string, number][]} */ ([["guide-back", -1], ["guide-next", 1]])) {
      block(id).addEventListener("click", () => this.go(this.at + by));
    }
    block("guide-score").addEventListener("click", () => void this.score());
    const fold = block("guide-fold");
    fold.addEventListener("click", () => {
      const folded = block("guide").classList.toggle("folded");
      fold.setAttribute("aria-expanded", String(!folded));
    });
    block("guide").hidden = false;
    this.#show();
  }

  /** Something was done. @param {import("../document/history.js").Operation} operation */
  note({ kind, label }) {
    if (STEPS[this.at].done?.(kind === "do" ? label : kind)) this.go(this.at + 1);
  }

  /** @param {number} at */
  go(at) {
    this.at = Math.max(0, Math.min(STEPS.length - 1, at));
    this.school.sync.session.lesson = this.at;
    void this.school.sync.touch();
    this.#show();
    this.school.say(this.text);
  }

  /** With this person's own keys. @returns {string} */
  get text() {
    const { text, touch } = STEPS[this.at];
    return ((this.fingers && touch) || text).replace(/\{([\w-]+)\}/g, (_, action) => this.school.key(action));
  }

  #show() {
    block("guide-place").textContent = `Step ${this.at + 1} of ${STEPS.length}`;
    block("guide-text").textContent = this.text;
    part("guide-back", HTMLButtonElement).disabled = this.at === 0;
    part("guide-next", HTMLButtonElement).hidden = this.at === STEPS.length - 1;
    for (const button of document.querySelectorAll("#rail [data-tool]")) {
      button.classList.toggle("pointed", /** @type {HTMLElement} */ (button).dataset.tool === STEPS[this.at].tool);
    }
  }

  /** Send what is unsent, then hear how the mask compares with the truth. */
  async score() {
    const { sync, server, marks, say } = this.school;
    await sync.flush();
    const answer = await server.tell("score", { revision: sync.session.revision });
    if (answer.outcome !== "ok") return say(answer.reason ?? "The server did not answer. Try again.");
    const percent = (/** @type {number | null} */ share) => (share === null ? "–" : `${Math.round(100 * share)} %`);
    block("guide-result").hidden = false;
    block("guide-found").textContent = `${answer.found} of ${answer.present}`;
    block("guide-f1").textContent = percent(answer.tolerant_f1);
    block("guide-extra").textContent = String(answer.extra.length);
    marks.show([
      ...answer.missed.map((/** @type {Part} */ missed) => pin(missed, `missed ${missed.defect}`)),
      ...answer.extra.map((/** @type {Part} */ extra) => pin(extra, "no damage here")),
    ].slice(0, 40));
    say(`${answer.found} of ${answer.present} parts found. ${answer.missed.length} missed and ${answer.extra.length} too many are marked; ${this.school.key("next")} walks them.`);
  }
}

/** @typedef {{box: [number, number, number, number], defect: string}} Part */

/** @param {Part} part @param {string} word @returns {import("./marks.js").Mark} */
function pin({ box: [left, top, right, bottom] }, word) {
  return { x: (left + right) / 2, y: (top + bottom) / 2, word };
}
