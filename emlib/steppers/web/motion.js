// @ts-check
// Between two half-steps what is drawn travels: ellipses, marks, ribbons, bars.

const MOVING = ["d", "transform", "x", "y", "width", "height"];
const NUMBER = /-?\d+(?:\.\d+)?(?:e-?\d+)?/g;
// Milliseconds.
const DURATION = 250;

/**
 * What an attribute says at each share of the way between two texts; null where there is no way. Numbers
 * travel one by one; of two lines of corners the shorter one waits at its end for the rest.
 * @param {string | null} from
 * @param {string | null} to
 * @returns {((share: number) => string) | null}
 */
export function between(from, to) {
  if (!from || !to || from === to) return null;
  const [starts, ends] = [from, to].map((text) => (text.match(NUMBER) ?? []).map(Number));
  const words = (starts.length > ends.length ? from : to).split(NUMBER);
  // The many pieces of a contour do not answer to each other.
  if (from.split("M").length > 3) return null;
  const isLine = [from, to].every((text) => /^M[^A-KM-Za-z]*$/.test(text));
  if (!isLine && from.replace(NUMBER, "") !== to.replace(NUMBER, "")) return null;
  const at = (/** @type {number[]} */ values, /** @type {number} */ m) =>
    values[m < values.length ? m : values.length - 2 + (m % 2)];
  return (share) =>
    words.reduce((text, word, m) => {
      const [a, b] = [at(starts, m - 1), at(ends, m - 1)];
      return `${text}${Number((a + share * (b - a)).toFixed(2))}${word}`;
    });
}

/**
 * What lets a picture travel from one state to the next; a new journey begins where the last one is.
 * @param {ParentNode} root
 * @returns {(change: () => void, travels: boolean) => void}
 */
export function traveller(root) {
  let frame = 0;
  /** @type {[Element, string, string, (share: number) => string][]} */
  let ways = [];
  const arrive = () => {
    cancelAnimationFrame(frame);
    for (const [node, name, end] of ways) node.setAttribute(name, end);
    ways = [];
  };
  return (change, travels) => {
    if (!travels) {
      arrive();
      change();
      return;
    }
    const nodes = [...root.querySelectorAll("svg *")];
    const before = nodes.map((node) => MOVING.map((name) => node.getAttribute(name)));
    arrive();
    change();
    nodes.forEach((node, i) => {
      MOVING.forEach((name, m) => {
        const end = node.getAttribute(name);
        const way = between(before[i][m], end);
        if (way && end) ways.push([node, name, end, way]);
      });
    });
    const began = performance.now();
    const step = () => {
      const past = Math.min((performance.now() - began) / DURATION, 1);
      if (past === 1) return arrive();
      const share = past * past * (3 - 2 * past);
      for (const [node, name, , way] of ways) node.setAttribute(name, way(share));
      frame = requestAnimationFrame(step);
    };
    step();
  };
}
