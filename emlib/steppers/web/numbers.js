// @ts-check
// Small arithmetic that many files share.

/**
 * @param {Iterable<number>} values
 * @returns {number}
 */
export function sum(values) {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/**
 * The sum of each column.
 * @param {number[][]} rows
 * @returns {number[]}
 */
export const totals = (rows) => rows[0].map((_, i) => sum(rows.map((row) => row[i])));

/**
 * @param {number} x
 * @param {number} lo
 * @param {number} hi
 * @returns {number}
 */
export const clamp = (x, lo, hi) => Math.min(Math.max(x, lo), hi);

/**
 * Rows, each counted as often as it weighs.
 * @param {{n: number, weights?: Float64Array|null}} data
 * @returns {number}
 */
export const rowCount = (data) => (data.weights ? sum(data.weights) : data.n);

/**
 * @param {Iterable<number>} values
 * @returns {[number, number]}
 */
export const extent = (values) =>
  Array.from(values).reduce(
    ([lo, hi], value) => [Math.min(lo, value), Math.max(hi, value)],
    /** @type {[number, number]} */ ([Infinity, -Infinity]),
  );

/**
 * @param {number[]} values
 * @returns {number}
 */
export const median = (values) =>
  values.slice().sort((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * @param {number} count
 * @param {number} log
 * @returns {number}
 */
export const countTimesLog = (count, log) => (count === 0 ? 0 : count * log);

/**
 * log(exp(a) + exp(b)), without underflow.
 * @param {number} a
 * @param {number} b
 * @returns {number}
 */
export function logAdd(a, b) {
  const top = Math.max(a, b);
  return top === -Infinity ? top : top + Math.log1p(Math.exp(Math.min(a, b) - top));
}

/**
 * The same list with other values at some of its places.
 * @template {Float64Array | number[]} T
 * @param {T} values
 * @param {number[]} places
 * @param {number[]} others
 * @returns {T}
 */
export function replaced(values, places, others) {
  const changed = /** @type {T} */ (values.slice());
  places.forEach((place, m) => {
    changed[place] = others[m];
  });
  return changed;
}

/**
 * A number from -1 to 1 for each m, without a pattern: the coordinates of no special direction.
 * @param {number} m
 */
export const anyDirection = (m) => Math.cos(1 + 7.3 * m);
