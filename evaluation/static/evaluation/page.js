// The elements that the voter's page must have.

/**
 * @template {Element} T
 * @param {ParentNode} root @param {string} selector @param {new () => T} kind
 * @returns {T}
 */
export function required(root, selector, kind) {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the page has no ${selector}`);
  return found;
}

/**
 * @template {Element} T
 * @param {ParentNode} root @param {string} name @param {new () => T} kind
 */
export const requiredPart = (root, name, kind) => required(root, `[data-part="${name}"]`, kind);
