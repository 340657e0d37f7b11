// Small parts of which the page's tools are made.

/** @param {string} name @param {string} [classes] @param {Record<string, string>} [attributes] */
export function make(name, classes = "", attributes = {}) {
  const element = document.createElement(name);
  if (classes) element.className = classes;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** @param {HTMLElement} input @param {string} text */
export function label(input, text) {
  const element = make("label", "plain");
  element.append(input, text);
  return element;
}

/** @param {string} text @param {string} side */
export function tag(text, side) {
  const element = make("span", `tag ${side}`, { "aria-hidden": "true" });
  element.textContent = text;
  return element;
}

/** @param {string} text @param {string} name @param {() => void} action */
export function button(text, name, action) {
  const element = make("button", "button small", { type: "button", "aria-label": name, title: name });
  element.textContent = text;
  element.addEventListener("click", action);
  return element;
}

/**
 * A button that does something for as long as it is held, by pointer or by key.
 * @param {string} text @param {string} name @param {(held: boolean) => void} hold
 */
export function holdButton(text, name, hold) {
  const element = button(text, name, () => {});
  element.setAttribute("aria-pressed", "false");
  const set = (/** @type {boolean} */ held) => {
    element.setAttribute("aria-pressed", String(held));
    hold(held);
  };
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    set(true);
  });
  for (const name of ["pointerup", "pointercancel", "blur"]) element.addEventListener(name, () => set(false));
  element.addEventListener("keydown", (event) => {
    if (event.key === " " || event.key === "Enter") set(true);
  });
  element.addEventListener("keyup", () => set(false));
  element.addEventListener("contextmenu", (event) => event.preventDefault());
  return element;
}
