// Connected components as runs: found in a probability map or under a point of the mask (pure).

/** @typedef {import("./mask.js").Rect} Rect */

/**
 * Components, largest first. Runs are triples y, x0, x1 (half-open); component c owns
 * runs[3 * offsets[c]] to runs[3 * offsets[c + 1]].
 * @typedef {object} Components
 * @property {number} count
 * @property {Int32Array} runs @property {Int32Array} offsets
 * @property {Int32Array} areas in pixels
 * @property {Int32Array} boxes x0, y0, x1, y1 of each
 * @property {Int32Array} peaks index of each one's highest pixel, the first on a tie
 */

/**
 * 8-connected components of map >= threshold, by union-find over runs.
 * @param {Uint8Array} map row-major @param {number} width @param {number} height
 * @param {number} threshold 1 to 255 @returns {Components}
 */
export function label(map, width, height, threshold) {
  const { runs, parents } = link(map, width, height, threshold);
  const total = parents.length;
  /** @type {Map<number, number>} root to component */
  const names = new Map();
  const owner = new Int32Array(total);
  for (let i = 0; i < total; i++) {
    const top = root(parents, i);
    let name = names.get(top);
    if (name === undefined) names.set(top, name = names.size);
    owner[i] = name;
  }
  return arrange(map, width, runs, owner, names.size);
}

/** @param {Uint8Array} map @param {number} width @param {number} height @param {number} threshold */
function link(map, width, height, threshold) {
  /** @type {number[]} */ const runs = [];
  /** @type {number[]} */ const parents = [];
  let above = 0;
  let aboveEnd = 0;
  for (let y = 0; y < height; y++) {
    const start = parents.length;
    const base = y * width;
    for (let x = 0; x < width; x++) {
      if (map[base + x] < threshold) continue;
      const x0 = x;
      while (x < width && map[base + x] >= threshold) x++;
      runs.push(y, x0, x);
      const me = parents.length;
      parents.push(me);
      while (above < aboveEnd && runs[3 * above + 2] < x0) above++;
      for (let i = above; i < aboveEnd && runs[3 * i + 1] <= x; i++) {
        parents[root(parents, i)] = root(parents, me);
      }
    }
    above = start;
    aboveEnd = parents.length;
  }
  return { runs, parents };
}

/** @param {number[]} parents @param {number} i */
function root(parents, i) {
  while (parents[i] !== i) i = parents[i] = parents[parents[i]];
  return i;
}

/** @param {Uint8Array} map @param {number} width @param {number[]} runs @param {Int32Array} owner @param {number} count @returns {Components} */
function arrange(map, width, runs, owner, count) {
  const area = new Int32Array(count);
  const amount = new Int32Array(count);
  for (let i = 0; i < owner.length; i++) {
    area[owner[i]] += runs[3 * i + 2] - runs[3 * i + 1];
    amount[owner[i]]++;
  }
  const order = Array.from(area.keys()).sort((a, b) => area[b] - area[a] || a - b);
  const rank = new Int32Array(count);
  const offsets = new Int32Array(count + 1);
  order.forEach((name, r) => {
    rank[name] = r;
    offsets[r + 1] = offsets[r] + amount[name];
  });
  const out = {
    count, runs: new Int32Array(runs.length), offsets, areas: Int32Array.from(order, (n) => area[n]),
    boxes: new Int32Array(4 * count), peaks: new Int32Array(count),
  };
  const next = offsets.slice();
  for (let i = 0; i < owner.length; i++) {
    const c = rank[owner[i]];
    const y = runs[3 * i];
    const x0 = runs[3 * i + 1];
    const x1 = runs[3 * i + 2];
    const b = 4 * c;
    if (next[c] === offsets[c]) {
      out.boxes.set([x0, y, x1, y], b);
      out.peaks[c] = y * width + x0;
    }
    out.runs.set([y, x0, x1], 3 * next[c]++);
    out.boxes[b] = Math.min(out.boxes[b], x0);
    out.boxes[b + 2] = Math.max(out.boxes[b + 2], x1);
    out.boxes[b + 3] = y + 1;
    for (let p = y * width + x0; p < y * width + x1; p++) if (map[p] > map[out.peaks[c]]) out.peaks[c] = p;
  }
  return out;
}

/** @param {Components} found @param {number} c @returns {Int32Array} the runs of component c */
export function runsOf(found, c) {
  return found.runs.subarray(3 * found.offsets[c], 3 * found.offsets[c + 1]);
}

/** @param {Components} found @param {number} c @returns {Rect} */
export function boxOf(found, c) {
  const [x0, y0, x1, y1] = found.boxes.subarray(4 * c, 4 * c + 4);
  return { x0, y0, x1, y1 };
}

/** @param {Int32Array} runs @param {number} x @param {number} y @returns {boolean} */
export function covers(runs, x, y) {
  for (let i = 0; i < runs.length; i += 3) {
    if (runs[i] === y && runs[i + 1] <= x && x < runs[i + 2]) return true;
  }
  return false;
}
