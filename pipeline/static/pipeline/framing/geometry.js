// A frame on a scan: a rectangle in px, turned about its middle. Pure.

/** @typedef {{angle: number, x: number, y: number, width: number, height: number}} Parts of the scan's sides; degrees clockwise */
/** @typedef {{angle: number, cx: number, cy: number, w: number, h: number}} Box px */
/** @typedef {{width: number, height: number}} Size */

export const STEEPEST = 45;
export const LEAST = 0.02;

/** @param {number} value @param {number} least @param {number} most */
const within = (value, least, most) => Math.min(most, Math.max(least, value));

/** @param {Parts} parts @param {Size} size @returns {Box} */
export function boxOf(parts, size) {
  const w = parts.width * size.width;
  const h = parts.height * size.height;
  return { angle: parts.angle, cx: parts.x * size.width + w / 2, cy: parts.y * size.height + h / 2, w, h };
}

/** @param {Box} box @param {Size} size @returns {Parts} */
export function partsOf(box, size) {
  return {
    angle: box.angle,
    x: (box.cx - box.w / 2) / size.width,
    y: (box.cy - box.h / 2) / size.height,
    width: box.w / size.width,
    height: box.h / size.height,
  };
}

/** What the server takes: not steeper, not smaller, its middle on the scan. @param {Box} box @param {Size} size @returns {Box} */
export function allowed(box, size) {
  return {
    angle: within(box.angle, -STEEPEST, STEEPEST),
    cx: within(box.cx, 0, size.width),
    cy: within(box.cy, 0, size.height),
    w: within(box.w, LEAST * size.width, size.width),
    h: within(box.h, LEAST * size.height, size.height),
  };
}

/** A way on the scan, along the frame's own sides. @param {Box} box @param {number} dx @param {number} dy */
export function along(box, dx, dy) {
  const turn = (box.angle * Math.PI) / 180;
  return [dx * Math.cos(turn) + dy * Math.sin(turn), dy * Math.cos(turn) - dx * Math.sin(turn)];
}

/** A place of the frame (-1 to 1 from its middle to its sides) on the scan. @param {Box} box @param {number} u @param {number} v */
export function place(box, u, v) {
  const turn = (box.angle * Math.PI) / 180;
  const [a, b] = [(u * box.w) / 2, (v * box.h) / 2];
  return [box.cx + a * Math.cos(turn) - b * Math.sin(turn), box.cy + a * Math.sin(turn) + b * Math.cos(turn)];
}

/**
 * The frame with a side or corner (u and v: -1, 0 or 1) moved; the opposite one stays.
 * @param {Box} box @param {number} u @param {number} v @param {number} dx @param {number} dy @param {Size} size
 */
export function pulled(box, u, v, dx, dy, size) {
  const [a, b] = along(box, dx, dy);
  const w = u ? within(box.w + u * a, LEAST * size.width, size.width) : box.w;
  const h = v ? within(box.h + v * b, LEAST * size.height, size.height) : box.h;
  const [cx, cy] = place({ ...box, w: 1, h: 1 }, u * (w - box.w), v * (h - box.h));
  return allowed({ ...box, cx, cy, w, h }, size);
}

/** Turned so that its handle, above the middle, looks at a place. @param {Box} box @param {number} x @param {number} y */
export function lookingAt(box, x, y) {
  const angle = (Math.atan2(x - box.cx, box.cy - y) * 180) / Math.PI;
  return { ...box, angle: within(angle, -STEEPEST, STEEPEST) };
}
