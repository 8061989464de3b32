// @ts-check
// What a reader has chosen or learnt, for the next picture; nothing where a page may keep nothing.

/**
 * @param {string} name
 * @returns {string | null}
 */
export function recall(name) {
  try {
    return localStorage.getItem(`emlib.${name}`);
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {string} value
 */
export function remember(name, value) {
  try {
    localStorage.setItem(`emlib.${name}`, value);
  } catch {
    // A sandboxed frame forgets.
  }
}
