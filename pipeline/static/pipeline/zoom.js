// The viewer's arithmetic: scale and offset of a picture inside its stage. Pure.

/** @typedef {{scale: number, x: number, y: number}} View  offsets in stage pixels */
/** @typedef {{width: number, height: number}} Size */

/** The whole picture. @type {Readonly<View>} */
export const WHOLE = Object.freeze({ scale: 1, x: 0, y: 0 });

/**
 * Keeps the picture over its stage: no gap at any side.
 * @param {View} view @param {Size} stage @param {number} most largest scale
 * @returns {View}
 */
export function clamped(view, stage, most) {
  const scale = Math.min(Math.max(view.scale, 1), Math.max(most, 1));
  const inside = (/** @type {number} */ at, /** @type {number} */ length) =>
    Math.min(0, Math.max(length * (1 - scale), at));
  return { scale, x: inside(view.x, stage.width), y: inside(view.y, stage.height) };
}

/**
 * Zooms by a factor; the point (stage pixels) stays where it is.
 * @param {View} view @param {number} factor @param {{x: number, y: number}} point
 * @param {Size} stage @param {number} most
 * @returns {View}
 */
export function zoomed(view, factor, point, stage, most) {
  const scale = Math.min(Math.max(view.scale * factor, 1), Math.max(most, 1));
  const ratio = scale / view.scale;
  const next = {
    scale,
    x: point.x - (point.x - view.x) * ratio,
    y: point.y - (point.y - view.y) * ratio,
  };
  return clamped(next, stage, most);
}

/**
 * Moves the picture with the finger.
 * @param {View} view @param {number} dx @param {number} dy @param {Size} stage @param {number} most
 * @returns {View}
 */
export function moved(view, dx, dy, stage, most) {
  return clamped({ ...view, x: view.x + dx, y: view.y + dy }, stage, most);
}

/**
 * The largest useful scale: two screen pixels for each pixel of the picture, at least four times.
 * @param {Size} picture @param {Size} stage
 */
export function most(picture, stage) {
  return Math.max(4, (2 * picture.width) / Math.max(1, stage.width));
}

/**
 * Where the divider crosses, as a share 0..1 of the stage.
 * @param {number} x stage pixels @param {Size} stage
 */
export function share(x, stage) {
  return Math.min(1, Math.max(0, x / Math.max(1, stage.width)));
}

/**
 * The same view on a stage of another size.
 * @param {View} view @param {Size} from @param {Size} to
 * @returns {View}
 */
export function rescaled(view, from, to) {
  const ratio = to.width / Math.max(1, from.width);
  return { scale: view.scale, x: view.x * ratio, y: view.y * ratio };
}
