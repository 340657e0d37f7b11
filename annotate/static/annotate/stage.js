// A photo with its mask laid over it: show, opacity, full size, marks and the review's keys.

const WORDS = ["missed", "too fat", "too thin", "not a defect", "wrong class"];

const stage = /** @type {HTMLElement | null} */ (document.querySelector(".mask-stage"));
if (stage) attach(stage);

/** @param {HTMLElement} stage */
function attach(stage) {
  const mask = /** @type {HTMLImageElement | null} */ (stage.querySelector(".stage-mask"));
  const show = control("show");
  const opacity = control("opacity");
  const zoom = control("zoom");
  const which = /** @type {HTMLSelectElement | null} */ (document.querySelector('[data-role="which"]'));

  const draw = () => {
    if (!mask) return;
    mask.hidden = show !== null && !show.checked;
    mask.style.opacity = String(Number(opacity?.value ?? 65) / 100);
    stage.classList.toggle("full", zoom?.checked ?? false);
  };
  for (const input of [show, opacity, zoom]) input?.addEventListener("input", draw);
  which?.addEventListener("change", () => {
    if (mask) mask.src = which.value;
  });
  draw();

  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("#verdict"));
  if (form) attachMarks(stage, form);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isText(event.target)) return;
    const key = event.key.toLowerCase();
    if (key === "m" && show) toggle(show, draw);
    else if (key === "z" && zoom) toggle(zoom, draw);
    else if (key === "c" && form) form.querySelector("textarea")?.focus();
    else if (form) /** @type {HTMLElement | null} */ (form.querySelector(`[data-key="${CSS.escape(key)}"]`))?.click();
    else return;
    event.preventDefault();
  });
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
