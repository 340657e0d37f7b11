// Ticks every mask or photo of the page; Shift and a click tick all from the last one ticked.

export {};

const form = document.querySelector("[data-role=many]");
const boxes = /** @type {HTMLInputElement[]} */ ([...(form?.querySelectorAll("input[name=mask], input[name=photo]") ?? [])]);
let last = -1;

form?.querySelector("[data-role=all]")?.addEventListener("change", (event) => {
  const { checked } = /** @type {HTMLInputElement} */ (event.target);
  for (const box of boxes) box.checked = checked;
});

boxes.forEach((box, at) => box.addEventListener("click", (event) => {
  if (event.shiftKey && last >= 0) {
    const [from, to] = last < at ? [last, at] : [at, last];
    for (const each of boxes.slice(from, to + 1)) each.checked = box.checked;
  }
  last = at;
}));
