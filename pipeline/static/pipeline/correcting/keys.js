// The painter's keys that mean something to an owner's mask, and two of this page (pure).

import { HELD } from "../../annotate/painter/ui/shortcuts.js";

/** @typedef {import("../../annotate/painter/ui/shortcuts.js").Shortcut} Shortcut */

/** Keys of the tools themselves. */
const OF_TOOLS = ["accept", "reject", "accept-all", "reject-all", "drop-anchor", "commit"];
/** @type {Shortcut[]} */
const OWN = [
  { id: "move", keys: ["v"], text: "Move the photo", group: "Tools" },
  { id: "look", keys: ["q"], text: "Fill each stroke as you go, or show the marks alone", group: "View" },
];

/** @param {Shortcut[]} table of the painter, with a person's own keys @param {string[]} actions of this page @returns {Shortcut[]} */
export function keysFor(table, actions) {
  const known = new Set([...actions, ...OF_TOOLS, ...HELD]);
  const taken = new Set(OWN.map(({ id }) => id));
  return [...OWN, ...table.filter(({ id }) => known.has(id) && !taken.has(id))];
}
