// Components of the suggestion at any threshold, away from the painting thread.
import { answerCalls } from "../calls.js";
import { label } from "../components.js";
import { fetchMap } from "../grey.js";

/** @type {{data: Uint8Array, width: number, height: number} | null} */
let map = null;

answerCalls({
  load: async ({ url }) => {
    map = await fetchMap(url);
    return map;
  },
  label: ({ threshold }) => {
    if (!map) throw new Error("the suggestion is not loaded");
    return label(map.data, map.width, map.height, threshold);
  },
});
