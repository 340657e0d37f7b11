// How the photo is shown: levels, local contrast, inverted. The data never changes (pure).

/**
 * @typedef {object} Tone
 * @property {number} black @property {number} white levels 0 to 255 that become black and white
 * @property {number} gamma above 1 lifts the midtones
 * @property {boolean} invert @property {boolean} local contrast evened out over the photo
 * @property {boolean} [stretch] what is in view fills all levels
 */
/** @typedef {{low: number, high: number}} Span levels that become black and white */

const CELL = 16; // pixels of a local measure
const SPREAD = 2; // cells on each side that share it
const WANTED = 46; // standard deviation that local contrast aims at
const MOST = 5;
/** @type {Span} */
const WHOLE = { low: 0, high: 255 };

/** @param {Tone} tone @returns {boolean} whether it changes nothing */
export function isPlain({ black, white, gamma, invert, local, stretch = false }) {
  return black === 0 && white === 255 && gamma === 1 && !invert && !local && !stretch;
}

/**
 * The levels between which all but the rarest of what is seen lie; what is clear does not count.
 * @param {Uint8ClampedArray} rgba @param {number} [rare] share left out at either end @returns {Span}
 */
export function spanOf(rgba, rare = 0.003) {
  const counts = new Uint32Array(256);
  let total = 0;
  for (let i = 0; i < rgba.length; i += 4) {
    if (!rgba[i + 3]) continue;
    counts[(rgba[i] * 77 + rgba[i + 1] * 150 + rgba[i + 2] * 29) >> 8]++;
    total++;
  }
  const edge = rare * total;
  let low = 0;
  let high = 255;
  for (let sum = counts[0]; low < 254 && sum <= edge; sum += counts[low]) low++;
  for (let sum = counts[255]; high > low + 1 && sum <= edge; sum += counts[high]) high--;
  return { low, high };
}

/** @param {Tone} tone @param {Span} [span] that is stretched to all levels @returns {Uint8ClampedArray} the shown level of each level */
export function curve({ black, white, gamma, invert }, { low, high } = WHOLE) {
  const span = Math.max(1, white - black);
  const wide = (/** @type {number} */ level) => ((level - low) * 255) / Math.max(1, high - low);
  return Uint8ClampedArray.from({ length: 256 }, (_, level) => {
    const shown = 255 * Math.min(1, Math.max(0, (wide(level) - black) / span)) ** (1 / gamma);
    return invert ? 255 - shown : shown;
  });
}

/**
 * @param {Uint8ClampedArray} rgba in place @param {number} width @param {number} height @param {Tone} tone
 * @param {Span | null} [known] span to stretch; measured when absent @returns {Span | null} the one that was stretched
 */
export function applyTone(rgba, width, height, tone, known = null) {
  if (tone.local) evenOut(rgba, width, height);
  const span = tone.stretch ? (known ?? spanOf(rgba)) : null;
  const shown = curve(tone, span ?? WHOLE);
  for (let i = 0; i < rgba.length; i += 4) {
    rgba[i] = shown[rgba[i]];
    rgba[i + 1] = shown[rgba[i + 1]];
    rgba[i + 2] = shown[rgba[i + 2]];
  }
  return span;
}

/** Each pixel against the mean and spread of its surroundings. @param {Uint8ClampedArray} rgba @param {number} width @param {number} height */
function evenOut(rgba, width, height) {
  const { mean, gain, columns } = measure(rgba, width, height);
  const rows = mean.length / columns;
  for (let y = 0; y < height; y++) {
    const v = Math.min(rows - 1.001, Math.max(0, (y + 0.5) / CELL - 0.5));
    const top = Math.floor(v);
    const below = v - top;
    for (let x = 0, i = y * width * 4; x < width; x++, i += 4) {
      if (!rgba[i + 3]) continue;
      const u = Math.min(columns - 1.001, Math.max(0, (x + 0.5) / CELL - 0.5));
      const left = Math.floor(u);
      const beside = u - left;
      const at = top * columns + left;
      const right = columns > 1 ? 1 : 0;
      const down = rows > 1 ? columns : 0;
      const mix = (/** @type {Float32Array} */ of) =>
        (1 - below) * ((1 - beside) * of[at] + beside * of[at + right]) +
        below * ((1 - beside) * of[at + down] + beside * of[at + down + right]);
      const middle = mix(mean);
      const strength = mix(gain);
      const base = 128 + 0.35 * (middle - 128);
      for (let c = 0; c < 3; c++) rgba[i + c] = base + (rgba[i + c] - middle) * strength;
    }
  }
}

/** @param {Uint8ClampedArray} rgba @param {number} width @param {number} height */
function measure(rgba, width, height) {
  const columns = Math.ceil(width / CELL);
  const rows = Math.ceil(height / CELL);
  const sums = new Float64Array(columns * rows * 3); // count, sum, sum of squares
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      const i = (y * width + x) * 4;
      if (!rgba[i + 3]) continue;
      const luma = 0.3 * rgba[i] + 0.59 * rgba[i + 1] + 0.11 * rgba[i + 2];
      const k = 3 * (Math.floor(y / CELL) * columns + Math.floor(x / CELL));
      sums[k]++;
      sums[k + 1] += luma;
      sums[k + 2] += luma * luma;
    }
  }
  const mean = new Float32Array(columns * rows).fill(128);
  const gain = new Float32Array(columns * rows).fill(1);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      let [count, sum, squares] = [0, 0, 0];
      for (let v = Math.max(0, r - SPREAD); v <= Math.min(rows - 1, r + SPREAD); v++) {
        for (let u = Math.max(0, c - SPREAD); u <= Math.min(columns - 1, c + SPREAD); u++) {
          const k = 3 * (v * columns + u);
          count += sums[k];
          sum += sums[k + 1];
          squares += sums[k + 2];
        }
      }
      if (!count) continue;
      const middle = sum / count;
      const deviation = Math.sqrt(Math.max(0, squares / count - middle * middle));
      mean[r * columns + c] = middle;
      gain[r * columns + c] = Math.min(MOST, Math.max(1, WANTED / (deviation + 4)));
    }
  }
  return { mean, gain, columns };
}
