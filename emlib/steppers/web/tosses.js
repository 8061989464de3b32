// @ts-check
// A mixture of coins: its joint density, its M-step; rows grouped, their log-likelihood and its bound on a grid.

import { columnSums, refuseEmpty } from "./em.js";
import { anyDirection, countTimesLog, logAdd, sum } from "./numbers.js";

/**
 * k coins: parameters theta and mixing_weights.
 * @satisfies {Model & Record<string, Function>}
 */
export const coins = {
  /**
   * @param {Tosses} data
   * @param {Params} parameters
   * @param {Float64Array} [out]
   */
  logJoint(data, { theta, mixing_weights }, out = new Float64Array(data.n * theta.length)) {
    const k = theta.length;
    for (let j = 0; j < k; j++) {
      const [logWeight, logHead] = [Math.log(mixing_weights[j]), Math.log(theta[j])];
      const logTail = Math.log1p(-theta[j]);
      for (let i = 0; i < data.n; i++) {
        out[i * k + j] =
          logWeight +
          countTimesLog(data.heads[i], logHead) +
          countTimesLog(data.flips[i] - data.heads[i], logTail);
      }
    }
    return out;
  },

  /**
   * Expected heads, tails and flips of every coin.
   * @param {Tosses} data
   * @param {Float64Array} r
   * @returns {Counts}
   */
  expectedCounts({ n, heads, flips, weights }, r) {
    const [up, all] = [heads, flips].map((side) => columnSums(r, r.length / n, weights, side));
    return { heads: up, tails: all.map((count, j) => count - up[j]), flips: all };
  },

  /**
   * `alone` lets only that coin's theta move; else all do.
   * @param {Tosses} data
   * @param {Float64Array} r
   * @param {Params} old
   * @param {{fitWeights?: boolean, alone?: number | null}} options
   * @returns {Params}
   */
  mStep(data, r, old, { fitWeights = false, alone = null } = {}) {
    const k = old.theta.length;
    const { heads, flips } = coins.expectedCounts(data, r);
    const moves = (/** @type {number} */ j) => alone === null || alone === j;
    refuseEmpty(flips, moves);
    const theta = old.theta.map((value, j) =>
      moves(j) ? Math.min(heads[j] / flips[j], 1) : value,
    );
    if (!fitWeights || alone !== null) return { theta, mixing_weights: old.mixing_weights };
    const N = columnSums(r, k, data.weights);
    return { theta, mixing_weights: N.map((share) => share / sum(N)) };
  },

  /**
   * A place nearby, in no special direction; a coin that is held stays. What is multiplied are the odds:
   * no theta leaves its range.
   * @param {Params} parameters
   * @param {number} push
   * @param {{alone?: number | null}} options
   * @returns {Params}
   */
  beside({ theta, mixing_weights }, push, { alone = null } = {}) {
    const moved = (/** @type {number} */ value, /** @type {number} */ j) =>
      1 / (1 + ((1 - value) / value) * Math.exp(-4 * anyDirection(j) * push));
    const moves = (/** @type {number} */ j) => alone === null || alone === j;
    return { theta: theta.map((value, j) => (moves(j) ? moved(value, j) : value)), mixing_weights };
  },

  /**
   * All parameters as one vector.
   * @param {Tosses} _
   * @param {Params} parameters
   */
  position: (_, { theta, mixing_weights }) => Float64Array.of(...theta, ...mixing_weights),
};

export const MANY_ROWS = 30;

/**
 * Few rows each stand alone; of many, equal rows are taken together, most heads first.
 * @param {Tosses} data
 * @param {boolean} [isTogether]
 * @returns {RowGroup[]}
 */
export function groupRows({ n, heads, flips, weights }, isTogether = n > MANY_ROWS) {
  /** @type {Map<string | number, RowGroup>} */
  const groups = new Map();
  for (let i = 0; i < n; i++) {
    const key = isTogether ? `${heads[i]}/${flips[i]}` : i;
    const group = groups.get(key) ?? { first: i, heads: heads[i], flips: flips[i], count: 0 };
    group.count += weights?.[i] ?? 1;
    groups.set(key, group);
  }
  const list = [...groups.values()];
  return isTogether ? list.sort((a, b) => b.heads / b.flips - a.heads / a.flips) : list;
}

/**
 * Equal rows together: the same log-likelihood from fewer rows.
 * @param {Tosses} data
 * @returns {Tosses}
 */
export function compress(data) {
  const groups = groupRows(data, true);
  return {
    n: groups.length,
    heads: Float64Array.from(groups, (group) => group.heads),
    flips: Float64Array.from(groups, (group) => group.flips),
    weights: Float64Array.from(groups, (group) => group.count),
  };
}

/**
 * The log-likelihood of one coin's tosses, and its slope in theta.
 * @param {number} heads
 * @param {number} tails
 * @param {number} theta
 * @returns {number}
 */
export const coinLogLikelihood = (heads, tails, theta) =>
  countTimesLog(heads, Math.log(theta)) + countTimesLog(tails, Math.log1p(-theta));

/**
 * @param {number} heads
 * @param {number} tails
 * @param {number} theta
 * @returns {number}
 */
export const coinSlope = (heads, tails, theta) =>
  (heads ? heads / theta : 0) - (tails ? tails / (1 - theta) : 0);

/**
 * Where coin `a` (and coin `b`) take the values of a grid and the others stay: the log-likelihood,
 * row by row of b. Everything is a logarithm, so that nothing underflows.
 * @param {Tosses} data
 * @param {Params} parameters
 * @param {number[]} pair
 * @param {number[]} as
 * @param {number[]} [bs]
 * @returns {Float64Array}
 */
export function coinSurface(data, { theta, mixing_weights }, [a, b], as, bs = []) {
  const { n, weights } = data;
  const k = theta.length;
  const joint = coins.logJoint(data, { theta, mixing_weights });
  const along = (/** @type {number} */ coin, /** @type {number[]} */ grid) =>
    coins.logJoint(data, {
      theta: Float64Array.from(grid),
      mixing_weights: new Float64Array(grid.length).fill(mixing_weights[coin]),
    });
  const logsA = along(a, as);
  const logsB = b === undefined ? new Float64Array(n).fill(-Infinity) : along(b, bs);
  const [columns, rows] = [as.length, logsB.length / n];
  const values = new Float64Array(columns * rows);
  for (let i = 0; i < n; i++) {
    let others = -Infinity;
    for (let j = 0; j < k; j++) if (j !== a && j !== b) others = logAdd(others, joint[i * k + j]);
    for (let row = 0; row < rows; row++) {
      const below = logAdd(others, logsB[i * rows + row]);
      for (let column = 0; column < columns; column++)
        values[row * columns + column] +=
          (weights?.[i] ?? 1) * logAdd(below, logsA[i * columns + column]);
    }
  }
  return values;
}

/**
 * The bound ELBO(q_t, theta) as coin j's theta moves away from theta_t: what it adds at each value.
 * With q_t fixed, log p(x, z) holds theta_j only in (expected heads) log theta_j + (expected tails) log(1 - theta_j).
 * @param {number} heads
 * @param {number} flips
 * @param {number} from
 * @param {number[]} grid
 * @returns {number[]}
 */
export function boundChange(heads, flips, from, grid) {
  const now = coinLogLikelihood(heads, flips - heads, from);
  return grid.map((theta) => coinLogLikelihood(heads, flips - heads, theta) - now);
}

/**
 * Where the bound is highest; a coin without expected flips has no such place and stays.
 * @param {number} heads
 * @param {number} flips
 * @param {number} from
 * @returns {number}
 */
export const boundMaximum = (heads, flips, from) => (flips > 0 ? Math.min(heads / flips, 1) : from);
