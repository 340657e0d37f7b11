// The help dialog: the table of keys, and the place to change them.
import { part } from "./page.js";
import { GESTURES, keyPressed, printed } from "./shortcuts.js";

/** @param {import("./keymap.js").Keymap} keymap @returns {() => void} opens it */
export function attachHelp(keymap) {
  const table = part("help-table", HTMLElement);
  const dialog = part("help", HTMLDialogElement);
  /** @type {(() => void) | null} */
  let stop = null;

  function fill() {
    const rows = [...keymap.table.map((row) => ({ ...row, own: row.id in keymap.own })), ...GESTURES.map((g) => ({ ...g, id: "", own: false }))];
    table.replaceChildren(...[...new Set(rows.map((row) => row.group))].map((group) => {
      const section = document.createElement("section");
      section.appendChild(document.createElement("h3")).textContent = group;
      const list = section.appendChild(document.createElement("dl"));
      for (const row of rows.filter((r) => r.group === group)) list.append(line(row));
      return section;
    }));
    part("help-reset", HTMLButtonElement).disabled = !Object.keys(keymap.own).length;
    for (const hint of document.querySelectorAll("kbd[data-key]")) {
      hint.textContent = printed(keymap.keyOf(/** @type {HTMLElement} */ (hint).dataset.key ?? ""));
    }
    for (const named of document.querySelectorAll("[title][data-do], [title][data-tool]")) {
      const { dataset } = /** @type {HTMLElement} */ (named);
      dataset.hint ??= named.getAttribute("title") ?? "";
      const key = printed(keymap.keyOf(dataset.tool ?? dataset.do ?? ""));
      named.setAttribute("title", key ? `${dataset.hint} (${key})` : dataset.hint);
    }
  }

  /** @param {{id: string, keys: string[] | string, text: string, own: boolean}} row */
  function line({ id, keys, text, own }) {
    const shown = typeof keys === "string" ? keys : keys.filter((key) => !key.includes("code:")).map(printed).join(" or ");
    const entry = document.createElement("div");
    const place = entry.appendChild(document.createElement("dt"));
    entry.appendChild(document.createElement("dd")).textContent = text;
    if (!id) {
      place.appendChild(document.createElement("kbd")).textContent = shown;
      return entry;
    }
    const button = place.appendChild(document.createElement("button"));
    button.type = "button";
    button.className = own ? "painter-key own" : "painter-key";
    button.dataset.action = id;
    button.textContent = shown || "none";
    button.setAttribute("aria-label", `${text}: ${shown || "no key"}. Press to change.`);
    button.addEventListener("click", () => listen(button, id));
    return entry;
  }

  /** @param {HTMLButtonElement} button @param {string} id */
  function listen(button, id) {
    stop?.();
    const before = button.textContent;
    button.textContent = "Press a key";
    const heard = (/** @type {KeyboardEvent} */ event) => {
      if (["Control", "Shift", "Alt", "Meta"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      stop?.();
      if (event.key === "Escape") return;
      const lost = keymap.set(id, keyPressed(event));
      const words = lost ? ` “${keymap.table.find((row) => row.id === lost)?.text}” gave it up.` : "";
      part("help-said", HTMLElement).textContent = `Changed to ${printed(keymap.keyOf(id))}.${words}`;
      /** @type {HTMLElement | null} */ (table.querySelector(`[data-action="${id}"]`))?.focus();
    };
    stop = () => {
      window.removeEventListener("keydown", heard, true);
      button.textContent = before;
      stop = null;
    };
    window.addEventListener("keydown", heard, true);
  }

  dialog.addEventListener("close", () => stop?.());
  part("help-reset", HTMLButtonElement).addEventListener("click", () => keymap.reset());
  keymap.watchers.push(fill);
  fill();
  return () => {
    part("help-said", HTMLElement).textContent = "";
    dialog.showModal();
  };
}
