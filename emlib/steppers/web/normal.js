// @ts-check
// A mixture of Gaussians: its joint density and its M-step.

import { columnSums, refuseEmpty } from "./em.js";
import { sum } from "./numbers.js";

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
      if (d === 2) {
        planeLogJoint(data, means[2 * j], means[2 * j + 1], L, base, out, j, k);
        continue;
      }
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
   * @param {{covarianceType?: string, fixed?: string[]}} options
   * @returns {Params}
   */
  mStep(data, r, old, { covarianceType = "full", fixed = [] } = {}) {
    const { n, d, points, weights } = data;
    const k = old.mixing_weights.length;
    const N = columnSums(r, k, weights);
    refuseEmpty(N);
    const averages = new Float64Array(k * d);
    for (let i = 0; i < n; i++) {
      const weight = weights ? weights[i] : 1;
      for (let j = 0; j < k; j++) {
        const share = (weight * r[i * k + j]) / N[j];
        for (let a = 0; a < d; a++) averages[j * d + a] += share * points[i * d + a];
      }
    }
    const means = fixed.includes("means") ? old.means : averages;
    const spread = new Float64Array(k * d * d);
    if (fixed.includes("covariances")) return mixture(N, means, old.factors, old, fixed);
    for (let j = 0; j < k; j++) {
      if (d === 2) {
        planeSpread(data, r, j, k, N[j], means, spread);
        continue;
      }
      for (let i = 0; i < n; i++) {
        const weight = ((weights ? weights[i] : 1) * r[i * k + j]) / N[j];
        for (let a = 0; a < d; a++) {
          const share = weight * (points[i * d + a] - means[j * d + a]);
          for (let b = 0; b < d; b++)
            spread[(j * d + a) * d + b] += share * (points[i * d + b] - means[j * d + b]);
        }
      }
    }
    const factors = factorise(constrain(spread, N, d, covarianceType), means, d);
    return mixture(N, means, factors, old, fixed);
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
 * @param {Float64Array} N
 * @param {Float64Array} means
 * @param {Float64Array} factors
 * @param {Params} old
 * @param {string[]} fixed
 */
const mixture = (N, means, factors, old, fixed) => ({
  means,
  mixing_weights: fixed.includes("mixing_weights")
    ? old.mixing_weights
    : N.map((share) => share / sum(N)),
  factors,
});

/**
 * The column of component j in the joint density, of points in the plane: the same sums without inner
 * loops, in less than half the time.
 * @param {{n: number, points: ArrayLike<number>}} data
 * @param {number} mx
 * @param {number} my
 * @param {Float64Array} L
 * @param {number} base
 * @param {Float64Array} out
 * @param {number} j
 * @param {number} k
 */
function planeLogJoint({ n, points }, mx, my, [l11, , l21, l22], base, out, j, k) {
  for (let i = 0; i < n; i++) {
    const u = (points[2 * i] - mx) / l11;
    const v = (points[2 * i + 1] - my - l21 * u) / l22;
    out[i * k + j] = base - (u * u + v * v) / 2;
  }
}

/**
 * The covariance of component j, of points in the plane.
 * @param {Points} data
 * @param {Float64Array} r
 * @param {number} j
 * @param {number} k
 * @param {number} total
 * @param {Float64Array} means
 * @param {Float64Array} spread
 */
function planeSpread({ n, points, weights }, r, j, k, total, means, spread) {
  const [mx, my] = [means[2 * j], means[2 * j + 1]];
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const share = (weights ? weights[i] : 1) * r[i * k + j];
    const [x, y] = [points[2 * i] - mx, points[2 * i + 1] - my];
    xx += share * x * x;
    xy += share * x * y;
    yy += share * y * y;
  }
  spread.set([xx / total, xy / total, xy / total, yy / total], 4 * j);
}

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
    const size = d * d;
    const pooled = (/** @type {number} */ entry) =>
      N.reduce((value, share, j) => value + share * spread[j * size + entry], 0) / sum(N);
    return spread.map((_, m) => pooled(m % size));
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
