// Places to look at, the reviewer's or the practice's: pins on the photo, a list in the panel.
import { block } from "./page.js";

/** @typedef {{x: number, y: number, word: string, box?: number[] | null, crop?: string, answer?: string, answer_url?: string}} Mark in image pixels */

export class Marks {
  /** @param {import("../view/surface.js").Surface} surface @param {(text: string) => void} say @param {() => string} [token] of the CSRF check */
  constructor(surface, say, token = () => "") {
    this.token = token;
    this.surface = surface;
    this.say = say;
    /** @type {Mark[]} */
    this.marks = [];
    this.at = -1;
    surface.guides.push((context, view) => this.#draw(context, view));
  }

  /** @param {string} url @returns {Promise<void>} */
  async load(url) {
    const response = await fetch(url, { credentials: "same-origin" });
    if (!response.ok) return;
    this.show((await response.json()).marks ?? []);
  }

  /** @param {Mark[]} marks */
  show(marks) {
    this.marks = marks;
    this.at = -1;
    block("marks").hidden = !marks.length;
    const list = block("mark-list");
    list.replaceChildren(...this.marks.map((mark, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button small";
      button.textContent = `${i + 1}. ${mark.word}`;
      button.addEventListener("click", () => this.go(i));
      const item = document.createElement("li");
      if (mark.crop) button.prepend(pieceOf(mark));
      item.append(button);
      if (mark.answer_url) item.append(this.#answering(mark, i));
      else if (mark.answer) item.append(mark.answer);
      return item;
    }));
    this.surface.redraw();
  }

  /** A line to answer in, kept when it is left. @param {Mark} mark @param {number} i */
  #answering(mark, i) {
    const line = document.createElement("input");
    line.type = "text";
    line.maxLength = 1000;
    line.value = mark.answer ?? "";
    line.placeholder = "Answer the reviewer";
    line.setAttribute("aria-label", `Answer to mark ${i + 1}: ${mark.word}`);
    line.addEventListener("change", () => void this.#keep(mark, line));
    return line;
  }

  /** @param {Mark} mark @param {HTMLInputElement} line */
  async #keep(mark, line) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.token() };
    const body = JSON.stringify({ text: line.value });
    const told = await fetch(String(mark.answer_url), { method: "POST", credentials: "same-origin", headers, body }).catch(() => null);
    line.setAttribute("aria-invalid", String(!told?.ok));
    this.say(told?.ok ? "The reviewer sees your answer." : "Your answer was not kept. Try again.");
  }

  /** @param {1 | -1} direction @returns {boolean} false: there is nothing to walk */
  step(direction) {
    const { length } = this.marks;
    if (!length) return false;
    this.go(this.at < 0 && direction < 0 ? length - 1 : (this.at + direction + length) % length);
    return true;
  }

  /** @param {number} at */
  go(at) {
    const { x, y, word } = this.marks[at];
    const { view } = this.surface;
    this.at = at;
    view.scale = Math.max(view.scale, 1);
    view.centre(x, y);
    this.surface.redraw();
    this.say(`Mark ${at + 1} of ${this.marks.length}: ${word}.`);
  }

  /** @param {CanvasRenderingContext2D} context @param {import("../../../viewer/viewport.js").Viewport} view @returns {boolean} */
  #draw(context, view) {
    context.font = "600 12px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    this.marks.forEach(({ x, y }, i) => {
      const { x: u, y: v } = view.toScreen(x, y);
      const current = i === this.at;
      for (const [colour, radius] of /** @type {[string, number][]} */ ([["#000", 12.5], ["#fff", 11], [current ? "#8b3a10" : "#222", 9.5]])) {
        context.fillStyle = colour;
        context.beginPath();
        context.moveTo(u, v);
        context.arc(u, v - 20, radius, 0.3 * Math.PI, 0.7 * Math.PI, true);
        context.closePath();
        context.fill();
      }
      context.fillStyle = "#fff";
      context.fillText(String(i + 1), u, v - 20);
    });
    return this.marks.length > 0;
  }
}

/** @param {Mark} mark @returns {HTMLImageElement} the piece of the photo that it is about */
function pieceOf(mark) {
  const piece = new Image(56, 56);
  piece.loading = "lazy";
  piece.alt = "";
  piece.src = String(mark.crop);
  return piece;
}
