// Bytes of a ballot's pictures: fetched as one bundle, kept as object URLs, fetched early.

/**
 * What the server tells about a ballot.
 * @typedef {object} Ballot
 * @property {string} token
 * @property {string[]} images addresses, by slot
 * @property {string} original its address
 * @property {number} width @property {number} height
 * @property {number} cast the voter's own votes
 * @property {number} progress of the study, in percent
 * @property {number} lesson which practice ballot; 0 where it counts
 */
/** @typedef {{images: string[], original: string}} Bundle object URLs */

/** @type {Map<string, Promise<Bundle>>} by token */
const bundles = new Map();

/** Starts fetching, or gives what is on its way already. @param {Ballot} ballot @returns {Promise<Bundle>} */
export function bundle(ballot) {
  const known = bundles.get(ballot.token);
  if (known) return known;
  const coming = fetchAll(ballot);
  bundles.set(ballot.token, coming);
  coming.catch(() => bundles.delete(ballot.token));
  return coming;
}

/** Lets the bytes of all other ballots go. @param {string[]} tokens */
export function keepOnly(tokens) {
  for (const [token, coming] of bundles) {
    if (tokens.includes(token)) continue;
    bundles.delete(token);
    coming.then(({ images, original }) => {
      for (const url of [...images, original]) URL.revokeObjectURL(url);
    }, () => {});
  }
}

/** @param {Ballot} ballot @returns {Promise<Bundle>} */
async function fetchAll(ballot) {
  const urls = await Promise.all([...ballot.images, ballot.original].map(fetchOne));
  return { images: urls.slice(0, -1), original: urls[urls.length - 1] };
}

/** @param {string} address */
async function fetchOne(address) {
  const answer = await fetch(address, { cache: "no-store", credentials: "same-origin" });
  if (!answer.ok) throw new Error("A picture could not be loaded. Please reload the page.");
  return URL.createObjectURL(await answer.blob());
}
