// One component of the mask: found under a point, grown, shrunk, its holes filled (pure).

/** @typedef {import("./mask.js").Rect} Rect */
/** @typedef {number[]} Runs triples y, x0, x1 (half-open) */

/**
 * The 8-connected component of pixels that carry any of `bits`, by scan lines.
 * @param {import("./mask.js").Mask} mask @param {number} x @param {number} y @param {number} bits
 * @returns {Runs | null} null when the pixel carries none
 */
export function componentAt(mask, x, y, bits) {
  const { data, width, height } = mask;
  if (!(mask.at(x, y) & bits)) return null;
  const seen = new Set();
  /** @type {Runs} */ const runs = [];
  const stack = [y * width + x];
  while (stack.length) {
    const at = /** @type {number} */ (stack.pop());
    const row = Math.floor(at / width);
    const start = row * width;
    let x0 = at - start;
    while (x0 > 0 && data[start + x0 - 1] & bits) x0--;
    if (seen.has(start + x0)) continue;
    seen.add(start + x0);
    let x1 = at - start + 1;
    while (x1 < width && data[start + x1] & bits) x1++;
    runs.push(row, x0, x1);
    for (const near of [row - 1, row + 1]) {
      if (near < 0 || near >= height) continue;
      const end = near * width + Math.min(width, x1 + 1);
      for (let p = near * width + Math.max(0, x0 - 1); p < end; p++) {
        if (!(data[p] & bits)) continue;
        stack.push(p);
        while (p < end && data[p] & bits) p++;
      }
    }
  }
  return runs;
}

/**
 * The component under a point, or else the nearest one within a few pixels: small ones are hard to hit.
 * @param {import("./mask.js").Mask} mask @param {number} x @param {number} y @param {number} bits
 * @param {number} [slack] pixels @returns {Runs | null}
 */
export function componentNear(mask, x, y, bits, slack = 4) {
  let nearest = null;
  let least = Infinity;
  for (let v = y - slack; v <= y + slack; v++) {
    for (let u = x - slack; u <= x + slack; u++) {
      const far = (u - x) ** 2 + (v - y) ** 2;
      if (far >= least || far > slack * slack || !(mask.at(u, v) & bits)) continue;
      least = far;
      nearest = { u, v };
    }
  }
  return nearest && componentAt(mask, nearest.u, nearest.v, bits);
}

/** @param {Runs} runs @returns {Runs} the component and every pixel that touches it */
export function grown(runs) {
  /** @type {Runs} */ const out = [];
  for (let i = 0; i < runs.length; i += 3) {
    for (let dy = -1; dy <= 1; dy++) out.push(runs[i] + dy, runs[i + 1] - 1, runs[i + 2] + 1);
  }
  return out;
}

/** @param {Runs} runs @returns {Runs} the component's pixels that touch something else */
export function rim(runs) {
  const { cells, box, width } = stamp(runs);
  return collect(cells, box, width, (i) => {
    if (!cells[i]) return false;
    for (const d of [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1]) {
      if (!cells[i + d]) return true;
    }
    return false;
  });
}

/** @param {Runs} runs @returns {Runs} what the component encloses */
export function holes(runs) {
  const { cells, box, width } = stamp(runs);
  const stack = [0];
  cells[0] = 2;
  while (stack.length) {
    const i = /** @type {number} */ (stack.pop());
    const x = i % width;
    for (const next of [x > 0 ? i - 1 : -1, x < width - 1 ? i + 1 : -1, i - width, i + width]) {
      if (next < 0 || next >= cells.length || cells[next]) continue;
      cells[next] = 2;
      stack.push(next);
    }
  }
  return collect(cells, box, width, (i) => cells[i] === 0);
}

/** The component in a box of its own with one empty pixel around. @param {Runs} runs */
function stamp(runs) {
  const box = { x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
  for (let i = 0; i < runs.length; i += 3) {
    box.x0 = Math.min(box.x0, runs[i + 1] - 1);
    box.x1 = Math.max(box.x1, runs[i + 2] + 1);
    box.y0 = Math.min(box.y0, runs[i] - 1);
    box.y1 = Math.max(box.y1, runs[i] + 2);
  }
  const width = box.x1 - box.x0;
  const cells = new Uint8Array(width * (box.y1 - box.y0));
  for (let i = 0; i < runs.length; i += 3) {
    const row = (runs[i] - box.y0) * width - box.x0;
    cells.fill(1, row + runs[i + 1], row + runs[i + 2]);
  }
  return { cells, box, width };
}

/** @param {Uint8Array} cells @param {Rect} box @param {number} width @param {(i: number) => boolean} wanted @returns {Runs} */
function collect(cells, box, width, wanted) {
  /** @type {Runs} */ const out = [];
  for (let i = 0; i < cells.length; i++) {
    if (!wanted(i)) continue;
    const start = i;
    while ((i + 1) % width && wanted(i + 1)) i++;
    out.push(box.y0 + Math.floor(start / width), box.x0 + (start % width), box.x0 + (i % width) + 1);
  }
  return out;
}
