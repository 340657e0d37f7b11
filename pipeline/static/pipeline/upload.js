// The upload form: drop files on it, see what was chosen, see how far the sending is.
// Without script it is a plain form.

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-upload]"));
if (form) attach(form);

/** @param {HTMLFormElement} form */
function attach(form) {
  const drop = /** @type {HTMLElement} */ (form.querySelector("[data-drop]"));
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input[type=file]"));
  const list = /** @type {HTMLElement} */ (form.querySelector("[data-chosen]"));
  const over = (/** @type {boolean} */ yes) => drop.classList.toggle("over", yes);
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      over(true);
    });
  }
  drop.addEventListener("dragleave", () => over(false));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (event.dataTransfer?.files.length) {
      input.files = event.dataTransfer.files;
      tell(list, input.files);
    }
  });
  input.addEventListener("change", () => tell(list, input.files));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}

/** @param {HTMLElement} list @param {FileList | null} files */
function tell(list, files) {
  list.replaceChildren(
    ...[...(files ?? [])].map((file) => {
      const line = document.createElement("li");
      line.textContent = `${file.name}, ${(file.size / 1e6).toFixed(1)} MB`;
      return line;
    }),
  );
}

/** @param {HTMLFormElement} form */
function send(form) {
  const bar = /** @type {HTMLProgressElement} */ (form.querySelector("progress"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("[data-send]"));
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.responseType = "document";
  bar.hidden = false;
  button.disabled = true;
  button.textContent = "Sending…";
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = event.loaded / event.total;
  });
  request.addEventListener("load", () => {
    const main = request.response?.querySelector("main");
    if (request.status < 400 || !main) location.assign(request.responseURL || location.href);
    else {
      document.querySelector("main")?.replaceWith(main);
      const again = /** @type {HTMLFormElement | null} */ (main.querySelector("form[data-upload]"));
      if (again) attach(again);
      /** @type {HTMLElement} */ (main).focus();
    }
  });
  request.addEventListener("error", () => {
    bar.hidden = true;
    button.disabled = false;
    button.textContent = "Sending failed. Try again";
  });
  request.send(new FormData(form));
}
