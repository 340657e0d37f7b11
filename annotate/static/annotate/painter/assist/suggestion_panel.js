// Opens the suggestion and ties it to its part of the panel.
import { Caller } from "../workers/worker_rpc.js";
import { block, input } from "../ui/page.js";
import { Suggestion } from "./suggestion.js";

/**
 * @param {import("../ui/page.js").Page} page @param {import("../tools/bench.js").Bench} bench
 * @param {import("../view/appearance.js").Appearance} appearance @param {import("../sync/sync.js").Sync} sync
 */
export async function openSuggestion(page, bench, appearance, sync) {
  if (!page.suggestionUrl) return;
  const worker = new Caller(page.workers.components);
  const map = await worker.call("load", { url: page.suggestionUrl });
  if (map.width !== page.width || map.height !== page.height) {
    throw new Error("The suggestion has another size than its photo.");
  }
  const { settings, surface, mask } = bench;
  const suggestion = new Suggestion(mask, map.data, page.threshold, settings.values.least,
    (threshold) => worker.call("label", { threshold }));
  suggestion.decisions = new Map(/** @type {[number, import("./suggestion.js").Verdict][]} */ (sync.session.decisions));
  suggestion.changed = () => {
    surface.redraw();
    showCounts(suggestion);
  };
  bench.suggestion = suggestion;
  surface.layers = [suggestion.layer, appearance.mask];
  settings.proven = page.proven;
  attachControls(suggestion, settings);
  block("suggest-why").hidden = page.proven;
  block("suggest-record").textContent = page.record ? ` (${page.record})` : "";
  await suggestion.setThreshold(page.threshold);
  block("painter").dataset.suggested = "true";
}

/** @param {Suggestion} suggestion @param {import("../ui/settings.js").Settings} settings */
function attachControls(suggestion, settings) {
  const show = () => {
    suggestion.layer.hidden = !settings.suggests;
    input("suggest").checked = settings.suggests;
    // Hidden means hidden: no counts, no buttons that do nothing, no way back to it but the box.
    for (const each of [block("suggest-more"), block("restore-row"), reviewButton()]) each.hidden = !settings.suggests;
    suggestion.changed();
  };
  show();
  block("suggestion").hidden = false;
  const slider = input("threshold");
  slider.valueAsNumber = suggestion.threshold;
  slider.addEventListener("input", () => void suggestion.setThreshold(slider.valueAsNumber));
  settings.watchers.push((changed) => {
    if (changed.includes("least")) suggestion.setLeast(settings.values.least);
    if (changed.includes("suggestion")) show();
    // Who takes the review in hand wants to see it.
    if (changed.includes("tool") && settings.values.tool === "review") settings.set({ suggestion: "shown" });
  });
}

/** @param {Suggestion} suggestion */
function showCounts(suggestion) {
  const { visible, pixels, pending, threshold } = suggestion;
  block("threshold-out").textContent = `${Math.round((threshold / 255) * 100)} %`;
  block("count-found").textContent = visible.toLocaleString();
  block("count-pixels").textContent = pixels.toLocaleString();
  block("count-decided").textContent = (visible - pending.length).toLocaleString();
  block("count-left").textContent = pending.length.toLocaleString();
}

/** @returns {HTMLElement} the tool that walks the suggestion */
function reviewButton() {
  return /** @type {HTMLElement} */ (block("rail").querySelector("[data-tool=review]"));
}
