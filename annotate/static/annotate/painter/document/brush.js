// Strokes to pixels with hard edges: a pixel is in when its centre lies within size / 2 (pure).

/** @typedef {(y: number, x0: number, x1: number) => void} Span half-open run of one row */

/**
 * A capsule: every pixel whose centre lies within `radius` of the segment. It is convex, so each
 * row is one run: the union of two discs and the band between them.
 * @param {number} ax @param {number} ay @param {number} bx @param {number} by
 * @param {number} radius @param {Span} emit
 */
export function capsule(ax, ay, bx, by, radius, emit) {
  const top = Math.ceil(Math.min(ay, by) - radius - 0.5);
  const bottom = Math.floor(Math.max(ay, by) + radius - 0.5);
  const dx = bx - ax;
  const dy = by - ay;
  const length = Math.hypot(dx, dy);
  const rr = radius * radius;
  for (let y = top; y <= bottom; y++) {
    let left = Infinity;
    let right = -Infinity;
    const fromA = y + 0.5 - ay;
    const fromB = y + 0.5 - by;
    if (fromA * fromA <= rr) {
      const half = Math.sqrt(rr - fromA * fromA);
      left = ax - half;
      right = ax + half;
    }
    if (fromB * fromB <= rr) {
      const half = Math.sqrt(rr - fromB * fromB);
      left = Math.min(left, bx - half);
      right = Math.max(right, bx + half);
    }
    if (length > 0) {
      // 0 <= along <= length² and |across| <= radius * length, both linear in x.
      const along = interval(dx, fromA * dy, 0, length * length);
      const across = interval(dy, -fromA * dx, -radius * length, radius * length);
      const low = Math.max(along[0], across[0]);
      const high = Math.min(along[1], across[1]);
      if (low <= high) {
        left = Math.min(left, ax + low);
        right = Math.max(right, ax + high);
      }
    }
    const x0 = Math.ceil(left - 0.5);
    const x1 = Math.floor(right - 0.5) + 1;
    if (x0 < x1) emit(y, x0, x1);
  }
}

/**
 * The x with low <= slope * x + offset <= high.
 * @param {number} slope @param {number} offset @param {number} low @param {number} high
 * @returns {[number, number]}
 */
function interval(slope, offset, low, high) {
  if (slope === 0) return low <= offset && offset <= high ? [-Infinity, Infinity] : [1, 0];
  const a = (low - offset) / slope;
  const b = (high - offset) / slope;
  return a < b ? [a, b] : [b, a];
}

/**
 * The pixels under a one-pixel pen, joined over edges and corners (Bresenham).
 * @param {number} ax @param {number} ay @param {number} bx @param {number} by @param {Span} emit
 */
export function thinLine(ax, ay, bx, by, emit) {
  let x = Math.floor(ax);
  let y = Math.floor(ay);
  const endX = Math.floor(bx);
  const endY = Math.floor(by);
  const dx = Math.abs(endX - x);
  const dy = -Math.abs(endY - y);
  const stepX = x < endX ? 1 : -1;
  const stepY = y < endY ? 1 : -1;
  let error = dx + dy;
  for (;;) {
    emit(y, x, x + 1);
    if (x === endX && y === endY) return;
    const twice = 2 * error;
    if (twice >= dy) {
      error += dy;
      x += stepX;
    }
    if (twice <= dx) {
      error += dx;
      y += stepY;
    }
  }
}

/**
 * One piece of a stroke of the given width.
 * @param {number} ax @param {number} ay @param {number} bx @param {number} by
 * @param {number} size @param {Span} emit
 */
export function segment(ax, ay, bx, by, size, emit) {
  if (size <= 1) thinLine(ax, ay, bx, by, emit);
  else capsule(ax, ay, bx, by, size / 2, emit);
}
