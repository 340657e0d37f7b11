// The stages of a restoration side by side, under one zoom: original, damage, filled, coloured.

import { make, tag } from "./pieces.js";

/** @typedef {{name: string, images: HTMLImageElement[]}} Pane images lie on each other */

export class Stages {
  /** @param {Pane[]} panes @param {{width: number, height: number}} picture in its own pixels */
  constructor(panes, picture) {
    this.element = make("div", "stages", { role: "group", "aria-label": "All stages, moved together" });
    this.panes = panes.map(({ name, images }) => {
      const pane = make("div", "stage pane");
      pane.style.aspectRatio = `${picture.width} / ${picture.height}`;
      const layer = make("div", "layer");
      layer.append(...images);
      pane.append(layer, tag(name, "left"));
      return pane;
    });
    this.images = panes.flatMap(({ images }) => images);
    this.element.append(...this.panes);
  }

  /** @param {string} transform @param {boolean} zoomedIn */
  draw(transform, zoomedIn) {
    for (const image of this.images) image.style.transform = transform;
    for (const pane of this.panes) pane.classList.toggle("zoomed", zoomedIn);
  }
}

/**
 * Copies of the figures' pictures for each pane.
 * @param {HTMLImageElement} before @param {HTMLImageElement | null} found @param {HTMLElement[]} results
 * @returns {Pane[]}
 */
export function panesOf(before, found, results) {
  const copy = (/** @type {HTMLImageElement} */ image) => /** @type {HTMLImageElement} */ (image.cloneNode());
  const image = (/** @type {HTMLElement} */ figure) => /** @type {HTMLImageElement} */ (figure.querySelector("img"));
  const panes = [{ name: "Original", images: [copy(before)] }];
  if (found) panes.push({ name: "Damage found", images: [copy(before), copy(found)] });
  for (const figure of results) {
    if (figure.dataset.kind === "colorized" && results.length > 2) continue;
    panes.push({ name: figure.dataset.name ?? "", images: [copy(image(figure))] });
  }
  return panes;
}
