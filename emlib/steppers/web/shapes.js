// @ts-check
// Where Gaussians are drawn, from their parameters.

import { gaussians } from "./normal.js";
import { extent, median, sum } from "./numbers.js";

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
    run.steps.map(({ parameters }) => {
      const densities = mixtureDensities(grid, parameters);
      return Math.max(...grid.map((_, i) => sum(densities.map((row) => row[i]))));
    }),
  );
  return run.top;
}
