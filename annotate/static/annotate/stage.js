// A photo with its mask laid over it: show, opacity, outline, zoom, marks and the review's keys.
import { attachGestures } from "../viewer/gestures.js";
import { attachMinimap } from "../viewer/minimap.js";
import { steer } from "../viewer/steering.js";
import { LOOKING, Viewport } from "../viewer/viewport.js";

const WORDS = ["missed", "too fat", "too thin", "not a defect", "wrong class"];

const stage = /** @type {HTMLElement | null} */ (document.querySelector(".mask-stage"));
if (stage) attach(stage);

/** @param {HTMLElement} stage */
function attach(stage) {
  const mask = /** @type {HTMLImageElement | null} */ (stage.querySelector(".stage-mask"));
  const show = control("show");
  const opacity = control("opacity");
  const outline = control("outline");
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("#verdict"));
  const view = new Viewport(Number(stage.dataset.width), Number(stage.dataset.height), LOOKING);
  const which = /** @type {HTMLSelectElement | null} */ (document.querySelector('[data-role="which"]'));

  const draw = () => {
    if (!mask) return;
    mask.hidden = show !== null && !show.checked;
    mask.style.opacity = outline?.checked ? "1" : String(Number(opacity?.value ?? 65) / 100);
    const wanted = [view.isZoomed ? "full" : "", outline?.checked ? "outline" : ""].filter(Boolean).join("&");
    const source = (which?.value ?? address) + (wanted && `?${wanted}`);
    if (mask.getAttribute("src") !== source) mask.src = source;
  };
  const address = mask?.getAttribute("src") ?? "";
  for (const input of [show, opacity, outline, which]) input?.addEventListener("input", draw);
  const mark = form ? attachMarks(stage, form) : undefined;
  const moved = attachView(stage, view, draw, mark);
  draw();

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isText(event.target)) return;
    const key = event.key.toLowerCase();
    if (key === "m" && show) toggle(show, draw);
    else if (key === "o" && outline) toggle(outline, draw);
    else if (steer(view, key === "z" ? { key: "+", shiftKey: false } : event)) moved();
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
 * The view moves by drags, fingers, Ctrl and wheel, keys, the list of magnifications and the small map.
 * @param {HTMLElement} stage @param {Viewport} view @param {() => void} draw the mask
 * @param {(x: number, y: number) => void} [mark] a place, in the photo's own pixels
 * @returns {() => void} to call when the view has moved
 */
function attachView(stage, view, draw, mark) {
  const port = /** @type {HTMLElement} */ (stage.querySelector(".stage-window"));
  const show = presenter(stage, port, view);
  const list = attachList(view, () => moved());
  const map = attachMap(port, view, () => moved());
  const moved = () => {
    show();
    list();
    map();
    draw();
  };
  attachGestures(port, {
    pan: (dx, dy) => {
      view.pan(dx, dy);
      moved();
    },
    zoom: (x, y, factor) => {
      view.zoomAt(x, y, factor);
      moved();
    },
    tap: ({ x, y }) => {
      const at = view.toImage(x, y);
      mark?.(Math.floor(at.x), Math.floor(at.y));
    },
    twice: ({ x, y }) => {
      if (mark) return; // two clicks are two marks
      view.toggle(x, y);
      moved();
    },
  }, { scrolls: true, menu: true });
  port.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !event.key.startsWith("Arrow")) return;
    if (!view.isZoomed || !steer(view, { key: event.key, shiftKey: true })) return;
    event.preventDefault();
    event.stopPropagation();
    moved();
  });
  new ResizeObserver(() => {
    view.resize(port.clientWidth, port.clientHeight);
    moved();
  }).observe(port);
  return moved;
}

/**
 * Lays the photo out at the view's place and size; its full pixels come with the first look closer.
 * @param {HTMLElement} stage @param {HTMLElement} port @param {Viewport} view @returns {() => void}
 */
function presenter(stage, port, view) {
  const picture = /** @type {HTMLElement} */ (stage.querySelector(".stage-picture"));
  const photo = /** @type {HTMLImageElement} */ (picture.querySelector("img"));
  const { imageWidth, imageHeight } = view;
  port.style.aspectRatio = `${imageWidth} / ${imageHeight}`;
  port.style.maxWidth = `calc(82vh * ${imageWidth} / ${imageHeight})`;
  port.tabIndex = 0;
  port.setAttribute("role", "group");
  port.setAttribute("aria-label", "Photo and mask. Plus and minus zoom, arrow keys move.");
  stage.classList.add("ready");
  return () => {
    const { x, y } = view.toScreen(0, 0);
    picture.style.width = `${imageWidth * view.scale}px`;
    picture.style.height = `${imageHeight * view.scale}px`;
    picture.style.transform = `translate(${x}px, ${y}px)`;
    stage.classList.toggle("zoomed", view.isZoomed);
    stage.classList.toggle("near", view.scale * devicePixelRatio > 1);
    const full = stage.dataset.photo;
    if (view.isZoomed && full && photo.getAttribute("src") !== full) photo.src = full;
  };
}

/** The list of magnifications, where the page has one. @param {Viewport} view @param {() => void} moved @returns {() => void} */
function attachList(view, moved) {
  const list = /** @type {HTMLSelectElement | null} */ (document.querySelector('[data-role="zoom"]'));
  if (!list) return () => {};
  const other = new Option("", "", false, false);
  other.hidden = true;
  list.append(other);
  list.addEventListener("input", () => {
    if (Number(list.value)) view.zoomTo(Number(list.value));
    else view.fit();
    moved();
  });
  return () => {
    other.text = view.label();
    const round = [...list.options].find((option) => option !== other && Number(option.value) === view.scale);
    (view.isWhole ? list.options[0] : round ?? other).selected = true;
  };
}

/** A small map in the corner while the photo is larger than its window. @param {HTMLElement} port @param {Viewport} view @param {() => void} moved @returns {() => void} */
function attachMap(port, view, moved) {
  const photo = /** @type {HTMLImageElement} */ (port.querySelector("img"));
  const map = document.createElement("canvas");
  map.className = "stage-map";
  map.setAttribute("aria-hidden", "true");
  port.append(map);
  const paint = attachMinimap(map, view, (context) => {
    if (photo.complete && photo.naturalWidth) context.drawImage(photo, 0, 0, map.width, map.height);
  }, moved);
  photo.addEventListener("load", paint);
  return () => {
    map.hidden = !view.isZoomed;
    if (view.isZoomed) paint();
  };
}

/**
 * Clicks on the photo become marks: a point in the photo's own pixels and a word.
 * @param {HTMLElement} stage @param {HTMLFormElement} form @returns {(x: number, y: number) => void} adds one
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

  return (x, y) => {
    if (x < 0 || y < 0 || x >= size.x || y >= size.y) return; // beside a photo smaller than its window
    marks.push({ x, y, word: WORDS[0] });
    draw();
  };
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
