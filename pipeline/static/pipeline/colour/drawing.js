// Strokes drawn over the picture: where they are, the one in hand, and where the keys point.

/** @typedef {import("../compare.js").PhotoCompare} PhotoCompare */
/** @typedef {import("./strokes.js").Stroke} Stroke */

const SVG = "http://www.w3.org/2000/svg";

export class Drawing {
  /** @param {PhotoCompare} viewer */
  constructor(viewer) {
    this.viewer = viewer;
    this.svg = element("svg", "colour-drawing");
    this.svg.setAttribute("preserveAspectRatio", "none");
    this.svg.setAttribute("aria-hidden", "true");
    this.kept = element("g", "kept");
    this.hand = element("g", "hand");
    this.svg.append(this.kept, this.hand);
    viewer.stage?.append(this.svg);
    viewer.addEventListener("look", () => this.#place());
    this.#place();
  }

  /** @param {readonly Stroke[]} strokes */
  show(strokes) {
    this.kept.replaceChildren(...strokes.flatMap(({ points, colour }) => lines(points, colour ? "line" : "line keep", 0)));
    this.hand.replaceChildren();
  }

  /** @param {[number, number][] | null} points @param {{x: number, y: number} | null} at of the keys @param {number} width px of the photograph */
  line(points, at, width) {
    const drawn = points ? lines(points, "broad", width) : [];
    if (at) drawn.push(ring(at, width, "case"), ring(at, width, "line"));
    this.hand.replaceChildren(...drawn);
  }

  #place() {
    const { view } = this.viewer;
    if (view) this.svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width / view.scale} ${view.height / view.scale}`);
  }
}

/** @param {string} name @param {string} classes */
function element(name, classes) {
  const made = document.createElementNS(SVG, name);
  made.setAttribute("class", classes);
  return made;
}

/** Two paths, a dark one below a bright one. @param {[number, number][]} points @param {string} classes @param {number} width 0: as wide on every screen */
function lines(points, classes, width) {
  const [first, ...rest] = points;
  const path = `M${first.join(" ")}${rest.length ? rest.map((each) => `L${each.join(" ")}`).join("") : "h0.01"}`;
  return (width ? [classes] : ["case", classes]).map((name) => {
    const made = element("path", name);
    made.setAttribute("d", path);
    if (width) made.setAttribute("stroke-width", String(width));
    return made;
  });
}

/** @param {{x: number, y: number}} at @param {number} width @param {string} classes */
function ring({ x, y }, width, classes) {
  const made = element("circle", classes);
  for (const [name, value] of Object.entries({ cx: x, cy: y, r: width / 2 })) made.setAttribute(name, String(value));
  return made;
}
