// The keys that look around a picture: + and - zoom, 0 shows the whole, Shift with an arrow moves.

const PAN = 60;
/** @type {Map<string, [number, number]>} */
const ARROWS = new Map([["ArrowLeft", [1, 0]], ["ArrowRight", [-1, 0]], ["ArrowUp", [0, 1]], ["ArrowDown", [0, -1]]]);
/** @type {Map<string, 1 | -1>} */
const ZOOMS = new Map([["+", 1], ["=", 1], ["-", -1]]);

/**
 * @param {import("./viewport.js").Viewport} view @param {{key: string, shiftKey: boolean}} pressed
 * @returns {boolean} whether the key meant something here
 */
export function steer(view, { key, shiftKey }) {
  const arrow = shiftKey && ARROWS.get(key);
  const zoom = ZOOMS.get(key);
  if (arrow) view.pan(PAN * arrow[0], PAN * arrow[1]);
  else if (zoom) view.step(zoom);
  else if (key === "0") view.fit();
  else return false;
  return true;
}
