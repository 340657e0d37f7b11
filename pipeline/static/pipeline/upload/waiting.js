// The list of what this browser sent: how many are ready in the page's title, and a notice of the
// browser's when the last is, if somebody asked for it.

const plain = document.title;
let asked = false;
let toShow = false; // once all is sent and the list has it
let waited = false; // whoever looks at another tab meanwhile is told at the end, too

follow();
document.body.addEventListener("htmx:afterSettle", follow);
document.body.addEventListener("all-sent", () => (toShow = true));

function follow() {
  const list = document.getElementById("sent");
  if (!list) return;
  const { title = "", waiting = "0", ready = "0" } = list.dataset;
  if (toShow) list.scrollIntoView({ block: "start" });
  toShow = false;
  waited ||= Boolean(title);
  const told = title || (waited ? `${ready} of ${ready} ready` : "");
  document.title = told ? `${told} · ${plain}` : plain;
  if (asked && waiting === "0") tell(Number(ready));
  const button = /** @type {HTMLButtonElement | null} */ (list.querySelector("[data-notify]"));
  if (button && "Notification" in window && Notification.permission !== "denied" && !asked) {
    button.hidden = false;
    button.addEventListener("click", () => void ask(button));
  }
}

/** @param {HTMLButtonElement} button */
async function ask(button) {
  asked = (await Notification.requestPermission()) === "granted";
  button.hidden = true;
}

/** @param {number} ready */
function tell(ready) {
  asked = false;
  const words = ready === 1 ? "Your photograph is ready." : `${ready} photographs are ready.`;
  const notice = new Notification("Heirloom", { body: words });
  notice.addEventListener("click", () => window.focus());
}
