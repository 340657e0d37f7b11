// The keyboard: actions by the table, arrows and space for painting without a pointer.
import { HELD, actionOf } from "./shortcuts.js";

/**
 * @typedef {object} KeyHandlers
 * @property {(action: string, event: KeyboardEvent) => boolean} act true: it was used
 * @property {(dx: number, dy: number) => void} nudge the cursor by image pixels
 * @property {() => boolean} byKeys the arrow keys hold the cursor
 * @property {(down: boolean) => void} press the brush down or lift it
 * @property {(action: string, down: boolean) => void} hold an action that lasts while its key is down
 * @property {() => import("./shortcuts.js").Shortcut[]} [table] of the keys in use
 */

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {HTMLElement} stage @param {KeyHandlers} handlers
 * @returns {{panning: () => boolean, detach: () => void}}
 */
export function attachKeyboard(stage, handlers) {
  let space = false;
  let pressed = false;
  /** @type {Map<string, string>} action by the place of its key */
  const held = new Map();
  const listening = new AbortController();

  /** @param {KeyboardEvent} event */
  function down(event) {
    const { target } = event;
    if (!(target instanceof HTMLElement) || document.querySelector("dialog[open]")) return;
    if (typing(target)) return;
    const onStage = target === stage || target === document.body || target.id === "main";
    if (event.key === " " && onStage) return spaceDown(event);
    if (event.key in ARROWS && onStage && !event.ctrlKey && !event.altKey) {
      const far = event.shiftKey ? 10 : 1;
      const [dx, dy] = ARROWS[event.key];
      event.preventDefault();
      return handlers.nudge(dx * far, dy * far);
    }
    // Elsewhere on the page Tab, Enter, Backspace and Escape keep their meaning.
    if (!onStage && ["Tab", "Enter", "Backspace", "Escape"].includes(event.key) && !event.ctrlKey) return;
    const action = actionOf(event, handlers.table?.());
    if (!action || (event.repeat && HELD.includes(action))) return;
    if (HELD.includes(action)) {
      held.set(event.code, action);
      handlers.hold(action, true);
    } else if (!handlers.act(action, event)) return;
    event.preventDefault();
  }

  /** @param {KeyboardEvent} event */
  function spaceDown(event) {
    event.preventDefault();
    if (event.repeat) return;
    if (handlers.byKeys()) handlers.press(pressed = true);
    else space = true;
  }

  /** @param {KeyboardEvent} event */
  function up(event) {
    if (event.key === " ") release();
    else letGo(event.code);
  }

  /** By its place: with Shift down meanwhile the key has another name. @param {string} code */
  function letGo(code) {
    const action = held.get(code);
    held.delete(code);
    if (action) handlers.hold(action, false);
  }

  function release() {
    space = false;
    if (pressed) handlers.press(pressed = false);
  }

  const options = { signal: listening.signal };
  window.addEventListener("keydown", down, options);
  window.addEventListener("keyup", up, options);
  window.addEventListener("blur", () => {
    release();
    for (const code of [...held.keys()]) letGo(code);
  }, options);
  return { panning: () => space, detach: () => listening.abort() };
}

/** @param {HTMLElement} target @returns {boolean} whether keys belong to what has the focus */
function typing(target) {
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "range", "button"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
