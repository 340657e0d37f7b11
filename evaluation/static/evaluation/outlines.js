// Outlines of what was filled, out of the pixels that the page has: nothing more is fetched.

const STEPS = 8; // levels that count as a change, as on the server
const COLOUR = [255, 0, 200, 255];

/** @param {HTMLImageElement} image */
function pixels(image) {
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** Which pixels lie in what was filled, one byte each. @param {ImageData} filled @param {ImageData} original */
export function changed(filled, original) {
  const found = new Uint8Array(filled.width * filled.height);
  for (let at = 0; at < found.length; at += 1) {
    for (let channel = 4 * at; channel < 4 * at + 3; channel += 1) {
      if (Math.abs(filled.data[channel] - original.data[channel]) > STEPS) found[at] = 1;
    }
  }
  return found;
}

/** The first unchanged pixels around them. @param {Uint8Array} inside @param {number} width */
export function rim(inside, width) {
  const found = new Uint8Array(inside.length);
  for (let at = 0; at < inside.length; at += 1) {
    if (inside[at]) continue;
    const column = at % width;
    const beside = (column > 0 && inside[at - 1]) || (column < width - 1 && inside[at + 1]);
    if (beside || inside[at - width] || inside[at + width]) found[at] = 1;
  }
  return found;
}

/** An address of a picture of the outlines. @param {HTMLImageElement} image @param {HTMLImageElement} original */
export function outlines(image, original) {
  const filled = pixels(image);
  const { width, height } = filled;
  const edge = rim(changed(filled, pixels(original)), width);
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const drawn = context.createImageData(width, height);
  edge.forEach((on, at) => on && drawn.data.set(COLOUR, 4 * at));
  context.putImageData(drawn, 0, 0);
  return canvas.toDataURL("image/png");
}
