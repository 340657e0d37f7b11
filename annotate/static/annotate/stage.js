// A photo with its mask laid over it: show, opacity, outline, zoom, marks and the review's keys.

const WORDS = ["missed", "too fat", "too thin", "not a defect", "wrong class"];

const stage = /** @type {HTMLElement | null} */ (document.querySelector(".mask-stage"));
if (stage) attach(stage);

/** @param {HTMLElement} stage */
function attach(stage) {
  const mask = /** @type {HTMLImageElement | null} */ (stage.querySelector(".stage-mask"));
  const show = control("show");
  const opacity = control("opacity");
  const outline = control("outline");
  const zoom = /** @type {HTMLSelectElement | null} */ (document.querySelector('[data-role="zoom"]'));
  const which = /** @type {HTMLSelectElement | null} */ (document.querySelector('[data-role="which"]'));

  const draw = () => {
    if (!mask) return;
    mask.hidden = show !== null && !show.checked;
    mask.style.opacity = outline?.checked ? "1" : String(Number(opacity?.value ?? 65) / 100);
    const wanted = [zoom && zoom.value !== "0" ? "full" : "", outline?.checked ? "outline" : ""].filter(Boolean).join("&");
    const source = (which?.value ?? address) + (wanted && `?${wanted}`);
    if (mask.getAttribute("src") !== source) mask.src = source;
  };
  const address = mask?.getAttribute("src") ?? "";
  for (const input of [show, opacity, outline, which]) input?.addEventListener("input", draw);
  if (zoom) attachZoom(stage, zoom, draw);
  draw();

  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("#verdict"));
  if (form) attachMarks(stage, form);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isText(event.target)) return;
    const key = event.key.toLowerCase();
    if (key === "m" && show) toggle(show, draw);
    else if (key === "o" && outline) toggle(outline, draw);
    else if (zoom && ["+", "=", "-", "z"].includes(key)) turn(zoom, key === "-" ? -1 : 1);
    else if (key === "c" && form) form.querySelector("textarea")?.focus();
    else {
      const named = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
      if (!(named instanceof HTMLElement)) return;
      named.click();
    }
    event.preventDefault();
  });
}

/**
 * From the whole photo to 16 screen pixels for each of its own; the middle of the view stays where it is.
 * @param {HTMLElement} stage @param {HTMLSelectElement} zoom @param {() => void} draw
 */
function attachZoom(stage, zoom, draw) {
  const view = /** @type {HTMLElement} */ (stage.querySelector(".stage-window"));
  const picture = /** @type {HTMLElement} */ (stage.querySelector(".stage-picture"));
  const photo = /** @type {HTMLImageElement} */ (picture.querySelector("img"));
  let at = { u: 0.5, v: 0.5 }; // the share of the picture in the middle of the view, or under the pointer

  /** @param {number} x @param {number} y in the view */
  const aim = (x, y) => {
    at = { u: (view.scrollLeft + x) / picture.offsetWidth, v: (view.scrollTop + y) / picture.offsetHeight };
    return { x, y };
  };
  /** @param {{x: number, y: number}} point of the view that keeps its place */
  const apply = ({ x, y }) => {
    const factor = Number(zoom.value);
    stage.classList.toggle("full", factor > 0);
    stage.classList.toggle("near", factor > 1);
    picture.style.width = factor ? `${Number(stage.dataset.width) * factor}px` : "";
    if (factor && stage.dataset.photo && photo.getAttribute("src") !== stage.dataset.photo) photo.src = stage.dataset.photo;
    draw();
    view.scrollTo(at.u * picture.offsetWidth - x, at.v * picture.offsetHeight - y);
  };
  zoom.addEventListener("input", () => {
    const middle = aim(Math.min(view.clientWidth, picture.offsetWidth) / 2, Math.min(view.clientHeight, picture.offsetHeight) / 2);
    apply({ ...middle, x: view.clientWidth / 2, y: view.clientHeight / 2 });
  });
  view.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = view.getBoundingClientRect();
    const point = aim(event.clientX - box.left, event.clientY - box.top);
    if (step(zoom, event.deltaY < 0 ? 1 : -1)) apply(point);
  }, { passive: false });
}

/** @param {HTMLSelectElement} zoom @param {number} by @returns {boolean} whether there was a further step */
function step(zoom, by) {
  const next = zoom.selectedIndex + by;
  if (next < 0 || next >= zoom.options.length) return false;
  zoom.selectedIndex = next;
  return true;
}

/** @param {HTMLSelectElement} zoom @param {number} by */
function turn(zoom, by) {
  if (step(zoom, by)) zoom.dispatchEvent(new Event("input"));
}

/**
 * Clicks on the photo become marks: a point in the photo's own pixels and a word.
 * @param {HTMLElement} stage @param {HTMLFormElement} form
 */
function attachMarks(stage, form) {
  const picture = /** @type {HTMLElement} */ (stage.querySelector(".stage-picture"));
  const list = /** @type {HTMLElement} */ (form.querySelector('[data-role="marks"]'));
  const field = /** @type {HTMLInputElement} */ (form.querySelector('[name="marks"]'));
  /** @type {{x: number, y: number, word: string}[]} */
  const marks = [];
  const size = { x: Number(stage.dataset.width), y: Number(stage.dataset.height) };

  const draw = () => {
    field.value = JSON.stringify(marks);
    list.replaceChildren(...marks.map((mark, place) => row(mark, place)));
    picture.querySelectorAll(".mark").forEach((dot) => dot.remove());
    marks.forEach((mark, place) => picture.append(dot(mark, place)));
  };

  /** @param {{x: number, y: number, word: string}} mark @param {number} place */
  const row = (mark, place) => {
    const line = document.createElement("li");
    const word = document.createElement("select");
    word.setAttribute("aria-label", `Mark ${place + 1} at ${mark.x}, ${mark.y}`);
    for (const text of WORDS) word.append(new Option(text, text, false, text === mark.word));
    word.addEventListener("change", () => {
      mark.word = word.value;
      field.value = JSON.stringify(marks);
    });
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "button small quiet";
    drop.textContent = "Remove";
    drop.addEventListener("click", () => {
      marks.splice(place, 1);
      draw();
    });
    line.append(word, drop);
    return line;
  };

  /** @param {{x: number, y: number}} mark @param {number} place */
  const dot = (mark, place) => {
    const point = document.createElement("span");
    point.className = "mark";
    point.textContent = String(place + 1);
    point.style.left = `${(100 * mark.x) / size.x}%`;
    point.style.top = `${(100 * mark.y) / size.y}%`;
    return point;
  };

  picture.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) / box.width) * size.x);
    const y = Math.floor(((event.clientY - box.top) / box.height) * size.y);
    marks.push({ x, y, word: WORDS[0] });
    draw();
  });
}

/** @param {string} role @returns {HTMLInputElement | null} */
function control(role) {
  return document.querySelector(`input[data-role="${role}"]`);
}

/** @param {HTMLInputElement} box @param {() => void} draw */
function toggle(box, draw) {
  box.checked = !box.checked;
  draw();
}

/** @param {EventTarget | null} target @returns {boolean} typing there is not a command */
function isText(target) {
  return target instanceof HTMLElement && target.matches("textarea, select, input:not([type=checkbox]):not([type=range])");
}
