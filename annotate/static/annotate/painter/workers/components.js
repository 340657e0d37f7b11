// Components of the suggestion at any threshold, away from the painting thread.
import { answerCalls } from "./worker_rpc.js";
import { label } from "../document/components.js";
import { fetchMap } from "../assist/grey.js";

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
