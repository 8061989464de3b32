// @ts-check
// A mixture of coins: its joint density and its M-step.

import { columnSums, refuseEmpty } from "./em.js";
import { countTimesLog, sum } from "./numbers.js";

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
   * Expected heads and flips of every coin.
   * @param {Tosses} data
   * @param {Float64Array} r
   */
  expectedCounts(data, r) {
    const k = r.length / data.n;
    const [heads, flips] = [new Float64Array(k), new Float64Array(k)];
    for (let i = 0; i < data.n; i++) {
      const weight = data.weights ? data.weights[i] : 1;
      for (let j = 0; j < k; j++) {
        heads[j] += r[i * k + j] * weight * data.heads[i];
        flips[j] += r[i * k + j] * weight * data.flips[i];
      }
    }
    return { heads, flips };
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
   * All parameters as one vector.
   * @param {Tosses} _
   * @param {Params} parameters
   */
  position: (_, { theta, mixing_weights }) => Float64Array.of(...theta, ...mixing_weights),
};
