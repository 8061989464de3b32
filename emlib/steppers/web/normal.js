// @ts-check
// A mixture of Gaussians: its joint density and its M-step, and where it is drawn.

import { columnSums, refuseEmpty } from "./em.js";
import { anyDirection, extent, median, sum, totals } from "./numbers.js";

/**
 * The smallest and the largest number in a column of the rows.
 * @param {Points} data
 * @param {number} a
 * @returns {[number, number]}
 */
export const reach = ({ n, d, points }, a) =>
  extent(Array.from({ length: n }, (_, i) => points[i * d + a]));

/**
 * Mean and Cholesky factor of component j in the first two coordinates, or the only one. The leading
 * block of L belongs to the leading block of the covariance.
 * @param {Params} parameters
 * @param {number} j
 * @param {number} d
 * @returns {Shape}
 */
export function shape({ means, factors }, j, d) {
  const shown = d === 1 ? [0] : [0, 1];
  return {
    mean: shown.map((a) => means[j * d + a]),
    L: shown.flatMap((a) => shown.map((b) => factors[(j * d + a) * d + b])),
  };
}

/**
 * Points x = mean + s L u on an ellipse, u on the unit circle.
 * @param {Shape} shown
 * @param {number} s
 * @returns {number[][]}
 */
export function ellipsePoints({ mean, L }, s) {
  return Array.from({ length: 65 }, (_, i) => {
    const [u, v] = [Math.cos((i * Math.PI) / 32), Math.sin((i * Math.PI) / 32)];
    return [mean[0] + s * L[0] * u, mean[1] + s * (L[2] * u + L[3] * v)];
  });
}

/**
 * Standard deviation along the narrowest direction shown: the smaller singular value of L, from the
 * product and the sum of squares of both, so that nothing cancels.
 * @param {{L: number[]}} shown
 * @returns {number}
 */
export function narrowest({ L }) {
  if (L.length === 1) return L[0];
  const [a, , b, c] = L;
  const squares = a * a + b * b + c * c;
  return (
    (Math.SQRT2 * a * c) /
    Math.sqrt(squares + Math.sqrt(Math.max(0, squares * squares - 4 * (a * c) ** 2)))
  );
}

/**
 * alpha_j N(x; mu_j, sigma_j^2) of every component, for one coordinate.
 * @param {number[]} grid
 * @param {Params} parameters
 * @returns {number[][]}
 */
export function mixtureDensities(grid, parameters) {
  const k = parameters.mixing_weights.length;
  const logJoint = gaussians.logJoint({ n: grid.length, d: 1, points: grid }, parameters);
  return Array.from({ length: k }, (_, j) => grid.map((_, i) => Math.exp(logJoint[i * k + j])));
}

/**
 * The height to draw densities to: that of a typical step, so that a spike leaves the picture.
 * @param {Run} run
 * @param {number[]} grid
 * @returns {number}
 */
export function densityTop(run, grid) {
  run.top ??= median(
    run.steps.map(({ parameters }) => Math.max(...totals(mixtureDensities(grid, parameters)))),
  );
  return run.top;
}

/**
 * The Cholesky factor L of a d x d matrix in row j of an array; null if it is not positive definite.
 * @param {Float64Array} matrices
 * @param {number} j
 * @param {number} d
 * @returns {Float64Array | null}
 */
export function cholesky(matrices, j, d) {
  const L = new Float64Array(d * d);
  for (let a = 0; a < d; a++) {
    for (let b = 0; b <= a; b++) {
      let value = matrices[(j * d + a) * d + b];
      for (let c = 0; c < b; c++) value -= L[a * d + c] * L[b * d + c];
      if (a === b && !(value > 0)) return null;
      L[a * d + b] = a === b ? Math.sqrt(value) : value / L[b * d + b];
    }
  }
  return L;
}

/**
 * Entry (a, b) of the covariance L L^T of component j.
 * @param {Params} parameters
 * @param {number} j
 * @param {number} d
 * @param {number} a
 * @param {number} b
 * @returns {number}
 */
export function covariance({ factors }, j, d, a, b) {
  let value = 0;
  for (let c = 0; c <= Math.min(a, b); c++)
    value += factors[(j * d + a) * d + c] * factors[(j * d + b) * d + c];
  return value;
}

/**
 * The average over the rows of what `number` is of each, weighted by what belongs to component j.
 * @param {Points} data
 * @param {Float64Array} r
 * @param {number} j
 * @param {Float64Array} N
 * @param {(i: number) => number} number
 * @returns {number}
 */
function average({ n, weights }, r, j, N, number) {
  let total = 0;
  for (let i = 0; i < n; i++) total += (weights ? weights[i] : 1) * r[i * N.length + j] * number(i);
  return total / N[j];
}

/**
 * Gaussians: parameters mixing_weights, means and factors. A factor is the Cholesky factor L of a
 * covariance: a component that is nearly a point keeps its digits in it.
 * @satisfies {Model}
 */
export const gaussians = {
  /**
   * @param {{n: number, d: number, points: ArrayLike<number>}} data
   * @param {Params} parameters
   * @param {Float64Array} [out]
   */
  logJoint(data, parameters, out = new Float64Array(data.n * parameters.mixing_weights.length)) {
    const { n, d, points } = data;
    const { mixing_weights, means, factors } = parameters;
    const k = mixing_weights.length;
    const y = new Float64Array(d);
    for (let j = 0; j < k; j++) {
      const L = factors.subarray(j * d * d, (j + 1) * d * d);
      let base = Math.log(mixing_weights[j]) - (d / 2) * Math.log(2 * Math.PI);
      for (let a = 0; a < d; a++) base -= Math.log(L[a * d + a]);
      for (let i = 0; i < n; i++) {
        let square = 0;
        for (let a = 0; a < d; a++) {
          let value = points[i * d + a] - means[j * d + a];
          for (let b = 0; b < a; b++) value -= L[a * d + b] * y[b];
          y[a] = value / L[a * d + a];
          square += y[a] * y[a];
        }
        out[i * k + j] = base - square / 2;
      }
    }
    return out;
  },

  /**
   * @param {Points} data
   * @param {Float64Array} r
   * @param {Params} old
   * @param {{covarianceType?: string, fitWeights?: boolean}} options
   * @returns {Params}
   */
  mStep(data, r, old, { covarianceType = "full", fitWeights = true } = {}) {
    const { d, points, weights } = data;
    const k = old.mixing_weights.length;
    const N = columnSums(r, k, weights);
    refuseEmpty(N);
    const mixing_weights = fitWeights ? N.map((share) => share / sum(N)) : old.mixing_weights;
    const means = old.means.map((_, m) => {
      const a = m % d;
      return average(data, r, Math.floor(m / d), N, (i) => points[i * d + a]);
    });
    const spread = old.factors.map((_, m) => {
      const [j, a, b] = [Math.floor(m / (d * d)), Math.floor(m / d) % d, m % d];
      const [at, bt] = [means[j * d + a], means[j * d + b]];
      return average(data, r, j, N, (i) => (points[i * d + a] - at) * (points[i * d + b] - bt));
    });
    const factors = factorise(constrain(spread, N, d, covarianceType), means, d);
    return { mixing_weights, means, factors };
  },

  /**
   * A place nearby, in no special direction.
   * @param {Params} parameters
   * @param {number} push in standard deviations
   * @returns {Params}
   */
  beside({ mixing_weights, means, factors }, push) {
    const d = factors.length / means.length;
    const deviation = (/** @type {number} */ m) => factors[m * d + (m % d)];
    return {
      mixing_weights,
      means: means.map((mean, m) => mean + deviation(m) * anyDirection(m) * push),
      factors: factors.map(
        (factor, m) => factor * (1 + anyDirection(Math.floor(m / d) + 0.5) * push),
      ),
    };
  },

  /**
   * All parameters as one vector, in units of the data's spread.
   * @param {Points} data
   * @param {Params} parameters
   */
  position({ d, origin, unit }, { mixing_weights, means, factors }) {
    return Float64Array.of(
      ...mixing_weights,
      ...means.map((mean, m) => (mean - origin[m % d]) / unit[m % d]),
      ...factors.map((factor, m) => factor / unit[Math.floor(m / d) % d]),
    );
  },
};

/**
 * Covariances of every type from those of the full one: tied are their average over the rows, diagonal
 * ones keep their diagonal, spherical ones its mean.
 * @param {Float64Array} spread
 * @param {Float64Array} N
 * @param {number} d
 * @param {string} type
 * @returns {Float64Array}
 */
function constrain(spread, N, d, type) {
  if (type === "full") return spread;
  if (type === "tied") {
    const pooled = (/** @type {number} */ entry) =>
      sum(N.map((share, j) => share * spread[j * d * d + entry])) / sum(N);
    return spread.map((_, m) => pooled(m % (d * d)));
  }
  return spread.map((value, m) => {
    const [j, a, b] = [Math.floor(m / (d * d)), Math.floor(m / d) % d, m % d];
    if (a !== b) return 0;
    if (type === "diag") return value;
    return sum(Array.from({ length: d }, (_, c) => spread[(j * d + c) * d + c])) / d;
  });
}

/**
 * Cholesky factors of all covariances. A component has collapsed when a pivot is rounding beside the
 * standard deviation of its coordinate, or that is rounding beside the mean.
 * @param {Float64Array} covariances
 * @param {Float64Array} means
 * @param {number} d
 * @returns {Float64Array}
 */
export function factorise(covariances, means, d) {
  const factors = new Float64Array(covariances.length);
  means.forEach((mean, m) => {
    const [j, a] = [Math.floor(m / d), m % d];
    if (a === 0) factors.set(cholesky(covariances, j, d) ?? [], j * d * d);
    const sd = Math.sqrt(covariances[(j * d + a) * d + a]);
    const pivot = factors[(j * d + a) * d + a];
    if (!(pivot > 1e-7 * sd && sd > 64 * Number.EPSILON * Math.abs(mean))) {
      throw new Error(`component ${j} collapsed: its covariance is singular`);
    }
  });
  return factors;
}
