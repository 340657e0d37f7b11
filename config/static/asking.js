// A verb that cannot be undone asks before it acts: the site's own question, in a dialog. Without
// this script the same question is a page.

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches("[data-asks]") || event.defaultPrevented) return;
  event.preventDefault();
  const by = /** @type {SubmitEvent} */ (event).submitter;
  void ask(form, by).catch(() => plainly(form, by));
});

/** @param {HTMLFormElement} form @param {HTMLElement | null} by the button that was pressed */
async function ask(form, by) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form, by) });
  if (!answer.headers.has("X-Asked")) {
    location.assign(answer.url); // it went, or was refused: its page says so
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const asked = page.querySelector("form.asking");
  if (!asked) throw new Error("no question came back");
  show(/** @type {HTMLFormElement} */ (document.importNode(asked, true)), by);
}

/** @param {HTMLFormElement} asked @param {HTMLElement | null} by */
function show(asked, by) {
  const dialog = document.createElement("dialog");
  dialog.className = "asking-dialog";
  dialog.setAttribute("aria-labelledby", "asked");
  asked.classList.remove("card");
  dialog.append(asked);
  const title = asked.querySelector("h1");
  const smaller = document.createElement("h2");
  smaller.id = "asked";
  smaller.textContent = title?.textContent ?? "";
  title?.replaceWith(smaller);
  const keep = document.createElement("button");
  keep.type = "button";
  keep.className = "button";
  keep.textContent = "Keep it";
  keep.addEventListener("click", () => dialog.close());
  asked.querySelector("[data-keep]")?.replaceWith(keep);
  dialog.addEventListener("close", () => {
    dialog.remove();
    by?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  keep.focus();
}

/** The line is down or something is odd: as without script. @param {HTMLFormElement} form @param {HTMLElement | null} by */
function plainly(form, by) {
  form.removeAttribute("data-asks");
  form.requestSubmit(by);
}
