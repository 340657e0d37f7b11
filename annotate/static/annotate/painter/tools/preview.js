// Pixels that are proposed but not painted yet, on the guide canvas.

/** @param {number[]} runs triples y, x0, x1 @returns {Path2D} in image coordinates */
export function outlineOf(runs) {
  const path = new Path2D();
  for (let i = 0; i < runs.length; i += 3) path.rect(runs[i + 1], runs[i], runs[i + 2] - runs[i + 1], 1);
  return path;
}

/**
 * @param {CanvasRenderingContext2D} context @param {import("../../../viewer/viewport.js").Viewport} view
 * @param {Path2D} path @param {string} fill
 */
export function fillPreview(context, view, path, fill) {
  context.save();
  context.transform(view.scale, 0, 0, view.scale, -view.x * view.scale, -view.y * view.scale);
  context.fillStyle = fill;
  context.fill(path);
  context.restore();
}

/** A dot in black and white. @param {CanvasRenderingContext2D} context @param {{x: number, y: number}} at screen */
export function dot(context, at) {
  for (const [colour, radius] of /** @type {[string, number][]} */ ([["#000", 5], ["#fff", 3.5]])) {
    context.fillStyle = colour;
    context.beginPath();
    context.arc(at.x, at.y, radius, 0, 7);
    context.fill();
  }
}

/**
 * Ask a worker for the latest wish only: while it works, newer wishes replace older ones.
 * @template W, R @param {(wish: W) => Promise<R>} ask @param {(result: R, wish: W) => void} show
 * @returns {{want: (wish: W) => void, settled: () => Promise<void>, forget: () => void}}
 */
export function latest(ask, show) {
  /** @type {{wish: W} | null} */
  let next = null;
  /** @type {Promise<void> | null} */
  let running = null;
  async function run() {
    while (next) {
      const { wish } = next;
      next = null;
      const result = await ask(wish);
      if (!next) show(result, wish);
    }
    running = null;
  }
  return {
    want: (wish) => {
      next = { wish };
      running ??= run().catch(() => void (running = null));
    },
    settled: async () => void (await running),
    forget: () => void (next = null),
  };
}
