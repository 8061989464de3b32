// Small arithmetic that many files share.

export const sum = (values) => values.reduce((total, value) => total + value, 0);

export const clamp = (x, lo, hi) => Math.min(Math.max(x, lo), hi);

// Rows, each counted as often as it weighs.
export const rowCount = (data) => (data.weights ? sum(data.weights) : data.n);

export const extent = (values) =>
  values.reduce(([lo, hi], v) => [Math.min(lo, v), Math.max(hi, v)], [Infinity, -Infinity]);

export const median = (values) =>
  values.slice().sort((a, b) => a - b)[Math.floor(values.length / 2)];

export const countTimesLog = (count, log) => (count === 0 ? 0 : count * log);

// log(exp(a) + exp(b)), without underflow.
export function logAdd(a, b) {
  const top = Math.max(a, b);
  return top === -Infinity ? top : top + Math.log(Math.exp(a - top) + Math.exp(b - top));
}
