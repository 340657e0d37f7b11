// Every key in one table: it drives the keyboard and is the help dialog (pure).

/** @typedef {{id: string, keys: string[], text: string, group: string}} Shortcut */

/** Actions that last as long as their key is held. */
export const HELD = ["hide", "narrow"];

/** @type {Shortcut[]} Keys go by the printed character; `code:` also answers to the position. */
export const SHORTCUTS = [
  row("brush", ["b"], "Brush", "Tools"),
  row("eraser", ["e"], "Eraser (right button and the pen's other end erase with any tool)", "Tools"),
  row("tracer", ["l"], "Crack tracer: click along the crack", "Tools"),
  row("speck", ["k"], "Speck: click on it; drag to take more or less", "Tools"),
  row("lasso", ["p"], "Lasso: draw round a flake or a stain, or set corners", "Tools"),
  row("review", ["v"], "Review the suggestion", "Tools"),
  row("class-1", ["1"], "Paint fracture", "Paint"),
  row("class-2", ["2"], "Paint scuff", "Paint"),
  row("class-4", ["3"], "Paint hole", "Paint"),
  row("class-128", ["0"], "Paint ignore: counts neither way", "Paint"),
  row("smaller", ["[", "code:BracketLeft"], "Smaller brush (also Alt drag, Ctrl wheel)", "Paint"),
  row("larger", ["]", "code:BracketRight"], "Larger brush", "Paint"),
  row("grow", ["g"], "Grow the component under the pointer by a pixel", "Paint"),
  row("shrink", ["Shift+G"], "Shrink it by a pixel", "Paint"),
  row("fill", ["f"], "Fill its holes", "Paint"),
  row("undo", ["Ctrl+z"], "Undo", "History"),
  row("redo", ["Ctrl+Shift+Z", "Ctrl+y"], "Redo", "History"),
  row("submit", ["Ctrl+Enter"], "Submit", "History"),
  row("zoom-in", ["+", "="], "Zoom in (also the wheel)", "View"),
  row("zoom-out", ["-"], "Zoom out", "View"),
  row("zoom-fit", ["Ctrl+0"], "Whole photo", "View"),
  row("zoom-actual", ["Ctrl+1"], "100 %", "View"),
  row("hide", ["h"], "Hide the mask while held", "View"),
  row("outline", ["o"], "Outline only", "View"),
  row("invert", ["i"], "Invert the photo", "View"),
  row("stretch", ["t"], "Stretch the tones in view: faint damage shows", "View"),
  row("local", ["c"], "Local contrast", "View"),
  row("ridges", ["d"], "Show ridges", "View"),
  row("magnifier", ["m"], "Magnifier", "View"),
  row("unseen", ["n"], "Next part not seen yet", "View"),
  row("next", ["Tab"], "Next component to decide, or next mark of the reviewer", "Review"),
  row("previous", ["Shift+Tab"], "Previous one", "Review"),
  row("accept", ["a"], "Accept it as the class in hand; paint the specks proposed", "Review"),
  row("reject", ["r"], "Reject it; drop the specks proposed", "Review"),
  row("accept-all", ["Shift+A"], "Accept all in the box", "Review"),
  row("reject-all", ["Shift+R"], "Reject all in the box", "Review"),
  row("drop-anchor", ["Backspace"], "Drop the last anchor or corner", "Tracer"),
  row("commit", ["Enter"], "Finish the line or the outline (also double click)", "Tracer"),
  row("cancel", ["Escape"], "Cancel the open segment or stroke; otherwise leave the photo for the tools", "View"),
  row("fixed-width", ["w"], "Fixed or automatic width", "Tracer"),
  row("narrow", ["s"], "While held: the line stays within 8 px of the straight line between two clicks", "Tracer"),
  row("help", ["?"], "This table", "View"),
];

/** What works without a row above: shown in the help, handled by the pointer. */
export const GESTURES = [
  { keys: "Shift click", text: "Straight line from the last point", group: "Paint" },
  { keys: "Arrows, Shift arrows", text: "Move the cursor by 1 or 10 pixels; hold Space to paint, press it to click", group: "Paint" },
  { keys: "Space drag, middle button", text: "Pan, also in mid-stroke; two fingers on touch", group: "View" },
  { keys: "Shift drag with the speck tool", text: "Propose every speck in a box: A takes them, a click leaves one out", group: "Paint" },
  { keys: "Ctrl click with the eraser", text: "Remove the whole component", group: "Paint" },
];

/** @param {string} id @param {string[]} keys @param {string} text @param {string} group @returns {Shortcut} */
function row(id, keys, text, group) {
  return { id, keys, text, group };
}

/** @typedef {{key: string, code: string, ctrlKey: boolean, metaKey: boolean, shiftKey: boolean, altKey: boolean}} Press */

/** @param {Press} event @returns {string} as the table writes it */
export function keyPressed(event) {
  const ctrl = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
  const single = event.key.length === 1;
  const letter = single && event.key.toLowerCase() !== event.key.toUpperCase();
  const key = letter ? (event.shiftKey ? event.key.toUpperCase() : event.key.toLowerCase()) : event.key;
  // Shift is part of a sign such as "?", but a modifier of a letter or a named key.
  const shift = event.shiftKey && (letter || !single) ? "Shift+" : "";
  return ctrl + shift + key;
}

/** @param {Press} event @param {Shortcut[]} [table] @returns {string | null} the action's id */
export function actionOf(event, table = SHORTCUTS) {
  if (event.altKey) return null;
  const pressed = keyPressed(event);
  const place = `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}code:${event.code}`;
  return table.find(({ keys }) => keys.includes(pressed) || keys.includes(place))?.id ?? null;
}

/** @param {string} key of the table @returns {string} as printed in the help */
export function printed(key) {
  return key.split("+").map((part) => (part.length === 1 ? part.toUpperCase() : part)).join(" ").trim() || "+";
}
