// What is fetched or started once, and again only where that failed.

/**
 * What failed is forgotten, so that the next call tries again.
 * @template Made @param {() => Promise<Made>} make @returns {() => Promise<Made>}
 */
export function once(make) {
  /** @type {Promise<Made> | null} */
  let made = null;
  return () => {
    made ??= make().catch((problem) => {
      made = null;
      throw problem;
    });
    return made;
  };
}
