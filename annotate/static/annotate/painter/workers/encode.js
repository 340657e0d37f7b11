// Encoding and hashing away from the painting thread.
import { answerCalls } from "./worker_rpc.js";
import { sha256 } from "../document/sha256.js";
import { encodeTiles } from "../document/tiles.js";

answerCalls({
  encode: ({ tiles, columns }) => encodeTiles(tiles, columns),
  digest: async ({ bytes }) => {
    if (!globalThis.crypto?.subtle) return sha256(bytes);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  },
});
