// Zoom and pan as arithmetic: one view is shared by all panels, so that they move together. Pure.

/** @typedef {{width: number, height: number}} Picture in real pixels */
/** @typedef {{width: number, height: number}} Port in CSS pixels */
/** @typedef {{x: number, y: number}} Point */
/** @typedef {{scale: number, x: number, y: number}} View */

export const MOST = 16;

/** The scale at which the whole picture fits. @param {Picture} picture @param {Port} port */
export function fitScale(picture, port) {
  return Math.min(port.width / picture.width, port.height / picture.height);
}

/** The view that shows the whole picture in the middle. @param {Picture} picture @param {Port} port */
export function fit(picture, port) {
  return settle({ scale: fitScale(picture, port), x: 0, y: 0 }, picture, port);
}

/**
 * Keeps scale and place within bounds: centred where smaller than the port, else no gaps.
 * @param {View} view @param {Picture} picture @param {Port} port @returns {View}
 */
export function settle(view, picture, port) {
  const least = Math.min(fitScale(picture, port), 1);
  const scale = Math.min(MOST, Math.max(least, view.scale));
  return {
    scale,
    x: bound(view.x, picture.width * scale, port.width),
    y: bound(view.y, picture.height * scale, port.height),
  };
}

/** @param {number} place @param {number} size @param {number} room */
function bound(place, size, room) {
  if (size <= room) return (room - size) / 2;
  return Math.min(0, Math.max(room - size, place));
}

/**
 * Zooms by a factor around a point of the port, which keeps its pixel.
 * @param {View} view @param {number} factor @param {Point} point @param {Picture} picture @param {Port} port
 */
export function zoomAt(view, factor, point, picture, port) {
  const least = Math.min(fitScale(picture, port), 1);
  const scale = Math.min(MOST, Math.max(least, view.scale * factor));
  const ratio = scale / view.scale;
  const moved = {
    scale,
    x: point.x - (point.x - view.x) * ratio,
    y: point.y - (point.y - view.y) * ratio,
  };
  return settle(moved, picture, port);
}

/**
 * Moves by pixels of the port.
 * @param {View} view @param {number} dx @param {number} dy @param {Picture} picture @param {Port} port
 */
export function pan(view, dx, dy, picture, port) {
  return settle({ ...view, x: view.x + dx, y: view.y + dy }, picture, port);
}

/**
 * "fit" or a percentage of real pixels, for a screen with `ratio` pixels a CSS pixel.
 * @param {View} view @param {Picture} picture @param {Port} port @param {number} [ratio]
 */
export function spell(view, picture, port, ratio = 1) {
  if (Math.abs(view.scale - fitScale(picture, port)) < 1e-9) return "fit";
  return `${Math.round(view.scale * ratio * 100)} %`;
}
