// The end of an assignment: submit, skip, hand back; and the heartbeat until then.
import { ask, block, part } from "../ui/page.js";

const BEAT = 60_000;
const AGAIN = 5000; // ms between two tries to submit without a connection
const QUEUED = "You are offline. The mask is submitted as soon as the server answers. Keep this page open until then.";

/**
 * @typedef {object} Desk
 * @property {import("../ui/page.js").Page} page
 * @property {import("../document/edit_session.js").EditSession} editSession
 * @property {import("./sync.js").Sync} sync
 * @property {import("./server.js").Server} server
 * @property {import("./local_store.js").Store} store
 * @property {import("../ui/status.js").Status} status
 * @property {import("../view/coverage.js").Coverage} coverage
 * @property {import("./active_clock.js").ActiveClock} clock
 * @property {() => Promise<string>} digest of the mask's raw bytes
 * @property {() => void} nextUnseen
 */

export class Submission {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.busy = false;
    /** Whether the last try failed for want of a connection. */
    this.offline = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} the next try, while offline */
    this.queued = undefined;
  }

  /** @returns {() => void} stop the heartbeat */
  beat() {
    const timer = setInterval(async () => {
      const { server, status, sync } = this.desk;
      const answer = await server.tell("heartbeat");
      if (answer.outcome === "lost") sync.lose(answer.reason ?? "");
      else if (answer.outcome === "refused") {
        status.banner(`${answer.reason} Your work stays on this computer.`, [["Try again", () => location.reload()]], "lease");
      } else if (answer.outcome === "ok" && status.shown === "lease") status.clear();
    }, BEAT);
    return () => clearInterval(timer);
  }

  async submit() {
    const { coverage, editSession, nextUnseen } = this.desk;
    if (this.busy || editSession.locked) return;
    const { left } = coverage;
    if (!left) return this.#send();
    block("submit-text").textContent = `${left} of ${coverage.columns * coverage.rows} parts were not looked at closely yet.`;
    const choice = await ask("submit-dialog");
    if (choice === "unseen") nextUnseen();
    if (choice === "submit") await this.#send();
  }

  async #send() {
    const { editSession, status } = this.desk;
    clearTimeout(this.queued);
    this.queued = undefined;
    this.offline = false;
    this.busy = true;
    editSession.commit("brush");
    editSession.locked = true;
    part("submit", HTMLButtonElement).disabled = true;
    const trouble = await this.#try(2).catch((error) => `${error.message}. Nothing was submitted.`);
    if (!trouble) return; // the page is on its way out and stays locked
    this.busy = false;
    editSession.locked = false;
    part("submit", HTMLButtonElement).disabled = false;
    if (this.offline) return this.#queue();
    status.banner(trouble, [["Try again", () => void this.#send()]], "submit");
  }

  /** Painting may go on meanwhile: what is submitted is the mask of the moment that succeeds. */
  #queue() {
    const { status } = this.desk;
    this.queued = setTimeout(() => void this.#again(), AGAIN);
    const keep = () => {
      clearTimeout(this.queued);
      this.queued = undefined;
      status.clear();
    };
    status.banner(QUEUED, [["Do not submit", keep]], "submit");
  }

  async #again() {
    const { sync } = this.desk;
    await sync.retry();
    if (this.queued === undefined || this.busy) return;
    if (sync.state === "offline") return this.#queue();
    await sync.around.quiet(); // no stroke is cut off
    if (this.queued !== undefined && !this.busy) await this.#send();
  }

  /** @param {number} attempts @returns {Promise<string>} what went wrong, or nothing */
  async #try(attempts) {
    const { page, sync, server, store, coverage, clock, digest } = this.desk;
    await sync.retry();
    this.offline = sync.state === "offline";
    if (sync.state === "lost") return `${sync.lost} It was not submitted.`;
    if (sync.state !== "saved") return "The last strokes could not be sent, so the mask was not submitted.";
    const own = await digest();
    const answer = await server.tell("submit", {
      revision: sync.session.revision, digest: own, active_seconds: Math.round(clock.seconds),
      seen_tiles: [...coverage.seen], tools: clock.rounded(),
    });
    if (answer.outcome === "ok" && answer.digest === own) {
      await store.clear(page.assignment);
      location.assign(answer.next || page.doneUrl);
      return "";
    }
    this.offline = answer.outcome === "offline";
    if (attempts > 0 && answer.outcome === "mismatch") await sync.resend();
    else if (attempts > 0 && answer.outcome === "stale") {
      const theirs = await server.mask();
      if (theirs.outcome === "ok") await sync.adopt(theirs);
    } else return answer.reason ?? "The server did not confirm the mask. Nothing was submitted.";
    return this.#try(attempts - 1);
  }

  async skip() {
    if (this.busy || this.desk.editSession.locked) return;
    const choice = await ask("skip-dialog");
    if (choice !== "skip" && choice !== "release") return;
    const { page, server, status, sync, store } = this.desk;
    const reason = part("skip-reason", HTMLSelectElement).value;
    if (choice === "skip" && !reason) return status.banner("Skipping needs a reason. Choose one in the dialog.", [["Skip…", () => void this.skip()]], "submit");
    await sync.flush();
    const answer = await server.tell(choice, choice === "skip" ? { reason } : {});
    if (answer.outcome !== "ok") return status.banner(answer.reason ?? "The server did not answer. Nothing was changed.", [], "submit");
    if (sync.state === "saved") await store.clear(page.assignment);
    location.assign(answer.next || page.doneUrl);
  }
}
