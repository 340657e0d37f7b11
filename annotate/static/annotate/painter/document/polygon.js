// The inside of an outline drawn by hand or from corner to corner (pure).

/** @typedef {{x: number, y: number}} Point */

/**
 * Every pixel whose centre the closed outline goes round at least once, however it crosses itself.
 * @param {Point[]} points in image coordinates @param {number} width @param {number} height of the photo
 * @returns {number[]} runs: triples y, x0, x1 (half-open)
 */
export function enclosed(points, width, height) {
  /** @type {number[]} */ const runs = [];
  if (points.length < 3) return runs;
  const ys = points.map(({ y }) => y);
  const top = Math.max(0, Math.floor(Math.min(...ys)));
  const bottom = Math.min(height - 1, Math.ceil(Math.max(...ys)));
  for (let y = top; y <= bottom; y++) {
    const crossings = crossingsAt(points, y + 0.5);
    let turns = 0;
    let start = 0;
    for (const { x, down } of crossings) {
      if (turns === 0) start = x;
      turns += down;
      if (turns !== 0) continue;
      const x0 = Math.max(0, Math.ceil(start - 0.5));
      const x1 = Math.min(width, Math.floor(x - 0.5) + 1);
      if (x0 < x1) runs.push(y, x0, x1);
    }
  }
  return runs;
}

/** Where the outline crosses a height, left to right. @param {Point[]} points @param {number} y */
function crossingsAt(points, y) {
  const found = [];
  for (let i = 0; i < points.length; i++) {
    const a = points[i];
    const b = points[(i + 1) % points.length];
    if (a.y <= y === b.y <= y) continue;
    found.push({ x: a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x), down: a.y < b.y ? 1 : -1 });
  }
  return found.sort((a, b) => a.x - b.x);
}
