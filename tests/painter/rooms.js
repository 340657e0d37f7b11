// A browser sees the static files of all rooms in one folder; here each room has its own. Import
// this first, then the modules under test by `await import`.
import { existsSync } from "node:fs";
import { register } from "node:module";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";

const ROOMS = ["annotate", "config", "pipeline", "evaluation"];

/** Node's hook: what is not in the importer's own room is looked for in the others. */
export async function resolve(specifier, context, next) {
  if (specifier.startsWith(".") && context.parentURL?.includes("/static/")) {
    const wanted = new URL(specifier, context.parentURL).href;
    const places = ROOMS.map((room) => wanted.replace(/\/[a-z]+\/static\//, `/${room}/static/`));
    const found = [wanted, ...places].find((url) => existsSync(fileURLToPath(url)));
    if (found) return next(found, context);
  }
  return next(specifier, context);
}

if (isMainThread) register(import.meta.url);
