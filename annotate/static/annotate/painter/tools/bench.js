// What every tool finds on the bench, and what a tool is. To add one: copy brush.js, add it to
// main.js, to the rail and to shortcuts.js.

/** @typedef {import("../../../viewer/gestures.js").Sample & {ix: number, iy: number}} Touch a sample with its place in the image */

/**
 * @typedef {object} Bench
 * @property {import("../document/edit_session.js").EditSession} editSession
 * @property {import("../document/mask.js").Mask} mask
 * @property {import("../../../viewer/viewport.js").Viewport} view
 * @property {import("../view/surface.js").Surface} surface
 * @property {import("../ui/settings.js").Settings} settings
 * @property {import("../assist/suggestion.js").Suggestion | null} suggestion
 * @property {import("../workers/worker_rpc.js").Caller | null} ridges the worker that knows the photo's pixels
 * @property {() => number} brushSize in image pixels
 * @property {(text: string) => void} say to the live region
 * @property {(action: string) => string} key of an action, as this person has it
 */

/**
 * One file a tool. A tool changes pixels through the edit session and never draws on the mask itself.
 * @typedef {object} Tool
 * @property {(touch: Touch) => void} begin
 * @property {(touches: Touch[]) => void} move
 * @property {(touch: Touch) => void} end
 * @property {() => void} cancel
 * @property {(touch: Touch | null) => void} [hover]
 * @property {(steps: number) => boolean} [wheel] true when it was used
 * @property {(touch: Touch) => void} [twice]
 * @property {(action: string) => boolean} [act] a key of the table; true when it was used
 * @property {() => void} [putAway] another tool is picked
 * @property {(action: string, down: boolean) => void} [hold] a key of the table that works while held
 * @property {boolean} [usesAlt] so Alt drag does not change the brush size
 * @property {boolean} [pans] every drag moves the photo
 * @property {"ring" | "cross"} cursor
 */

export {};
