// One tab paints an assignment at a time; a second one watches until it is told to take over.

/**
 * @param {string} assignment @param {() => void} lost another tab took over
 * @returns {Promise<{held: boolean, take: () => Promise<void>}>}
 */
export async function takeTabLock(assignment, lost) {
  const name = `heirloom-paint-${assignment}`;
  return navigator.locks ? byLock(name, lost) : byChannel(name, lost);
}

/** @param {string} name @param {() => void} lost */
async function byLock(name, lost) {
  /** @param {LockOptions} options @returns {Promise<boolean>} whether the lock is ours; it is kept until the page goes */
  const request = (options) => new Promise((resolve) => {
    let ours = false;
    navigator.locks.request(name, options, (lock) => {
      ours = lock !== null;
      resolve(ours);
      return ours ? new Promise(() => {}) : null;
    }).catch(() => ours && lost());
  });
  const held = await request({ ifAvailable: true });
  return { held, take: async () => void (await request({ steal: true })) };
}

/** Plain-http hosts have no locks: tabs ask each other. @param {string} name @param {() => void} lost */
async function byChannel(name, lost) {
  const channel = new BroadcastChannel(name);
  let ours = false;
  /** @type {() => void} */
  let heard = () => {};
  channel.onmessage = ({ data }) => {
    if (data === "who" && ours) channel.postMessage("mine");
    else if (data === "mine") heard();
    else if (data === "take" && ours) {
      ours = false;
      lost();
    }
  };
  const taken = await new Promise((resolve) => {
    heard = () => resolve(true);
    channel.postMessage("who");
    setTimeout(() => resolve(false), 250);
  });
  ours = !taken;
  return {
    held: ours,
    take: async () => {
      channel.postMessage("take");
      ours = true;
      // The other tab writes what it still holds before it stops.
      await new Promise((resolve) => setTimeout(resolve, 300));
    },
  };
}
