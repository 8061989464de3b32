// @ts-check
// EM itself as pure functions on arrays: the same formulas, and the same end of a run, as in emlib's Python.
// Matrices are flat Float64Arrays, row by row: r[i * k + j] is the responsibility of j for row i.

import { rowCount, sum } from "./numbers.js";

/**
 * Rows of log p(x_i, z_i = j) -> responsibilities, log p(x_i) and log-likelihood, in the log domain.
 * Row i counts weights[i] times, or once where there are no weights. `r` may be logJoint itself.
 * @param {ArrayLike<number>} logJoint
 * @param {number} k
 * @param {ArrayLike<number> | null} [weights]
 * @param {Float64Array} [r]
 * @param {Float64Array} [logDensity]
 * @returns {{r: Float64Array, logDensity: Float64Array, logLikelihood: number}}
 */
export function eStep(
  logJoint,
  k,
  weights = null,
  r = new Float64Array(logJoint.length),
  logDensity = new Float64Array(logJoint.length / k),
) {
  const n = logDensity.length;
  let logLikelihood = 0;
  for (let i = 0; i < n; i++) {
    let top = -Infinity;
    for (let j = 0; j < k; j++) top = Math.max(top, logJoint[i * k + j]);
    if (!(top > -Infinity)) throw new Error(`row ${i} has probability 0 under every component`);
    let total = 0;
    for (let j = 0; j < k; j++) total += r[i * k + j] = Math.exp(logJoint[i * k + j] - top);
    for (let j = 0; j < k; j++) r[i * k + j] /= total;
    logDensity[i] = top + Math.log(total);
    logLikelihood += logDensity[i] * (weights ? weights[i] : 1);
  }
  return { r, logDensity, logLikelihood };
}

/**
 * Q = E_q[log p(x, z)], the entropy H(q), and KL(q || posterior), in nats; 0 log 0 counts as 0. The bound
 * ELBO is Q + H(q). The KL takes log p(z | x) = log p(x, z) - log p(x): a responsibility may underflow, its
 * logarithm does not.
 * @param {Float64Array} q
 * @param {Float64Array} logJoint
 * @param {Float64Array} logDensity
 * @param {ArrayLike<number> | null} [weights]
 */
export function decompose(q, logJoint, logDensity, weights = null) {
  let [Q, H, KL] = [0, 0, 0];
  q.forEach((share, m) => {
    if (share === 0) return;
    const i = Math.floor((m * logDensity.length) / q.length);
    const [weight, log] = [(weights ? weights[i] : 1) * share, Math.log(share)];
    Q += weight * logJoint[m];
    H -= weight * log;
    KL += weight * (log - logJoint[m] + logDensity[i]);
  });
  return { Q, H, KL };
}

/**
 * The rows that belong to each component, the sums of w_i r_ij; or of what is given of each row, value_i,
 * the part that belongs to it.
 * @param {ArrayLike<number>} r
 * @param {number} k
 * @param {ArrayLike<number> | null} [weights]
 * @param {ArrayLike<number> | null} [values]
 * @returns {Float64Array}
 */
export function columnSums(r, k, weights = null, values = null) {
  const sums = new Float64Array(k);
  for (let i = 0, m = 0; m < r.length; i++) {
    const share = (weights ? weights[i] : 1) * (values ? values[i] : 1);
    for (let j = 0; j < k; j++, m++) sums[j] += share * r[m];
  }
  return sums;
}

/**
 * @param {ArrayLike<number>} sums
 * @param {(j: number) => boolean} [isNeeded]
 */
export function refuseEmpty(sums, isNeeded = () => true) {
  const empty = Array.from(sums).findIndex((value, j) => isNeeded(j) && !(value > 0));
  if (empty >= 0) throw new Error(`component ${empty} is empty: no row belongs to it`);
}

/**
 * The first two components with the same parameters: EM can never part them.
 * @param {Params} parameters
 * @returns {[number, number] | null}
 */
export function twins({ mixing_weights, ...own }) {
  const k = mixing_weights.length;
  const blocks = Array.from(mixing_weights, (_, j) =>
    Object.values(own).map((values) => {
      const size = values.length / k;
      return values.slice(j * size, (j + 1) * size).join();
    }),
  ).map(String);
  const a = blocks.findIndex((block, j) => blocks.includes(block, j + 1));
  return a < 0 ? null : [a, blocks.indexOf(blocks[a], a + 1)];
}

/**
 * Whether only one component moves, as another program than EM would have it.
 * @param {{alone?: number | null}} [options]
 */
export const isOneAlone = ({ alone = null } = {}) => alone !== null;

/**
 * The sum of the geometric series of gains to come, each `ratio` times the one before it.
 * @param {number} gain
 * @param {number} ratio
 * @returns {number}
 */
const stillToGain = (gain, ratio) => (gain * ratio) / (1 - ratio);

/**
 * The length of the way from one vector to the next, beside the largest number in the last of all.
 * @param {Float64Array[]} positions
 * @returns {number[]}
 */
function stepLengths(positions) {
  const last = positions[positions.length - 1];
  const largest = last.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return positions
    .slice(1)
    .map((position, t) =>
      Math.sqrt(sum(position.map((value, m) => ((value - positions[t][m]) / largest) ** 2))),
    );
}

/**
 * The rule for stopping: that of Python's emlib.driver.accelerate.Patience, which says why, for EM
 * steps alone. Python sends its constants, too. What is returned takes in the gain of each step and tells
 * whether to stop; `positions` are the last three, two at the first step.
 * @param {Pick<Stopping, "tol" | "settling" | "standstill">} stopping
 * @param {number} rows
 * @returns {(gain: number, positions: Float64Array[]) => boolean}
 */
export function patience({ tol, settling, standstill }, rows) {
  const enough = tol * rows;
  let [lastGain, emSteps] = [0, 0];
  return (gain, positions) => {
    const left = gain >= lastGain ? Infinity : stillToGain(gain, gain / lastGain);
    lastGain = gain;
    emSteps += 1;
    if (gain > 0 && left > enough) return false;
    const [before, step] = [Infinity, ...stepLengths(positions)].slice(-2);
    if (step <= standstill) return true;
    const shrinks = step < before && stillToGain(gain, (step / before) ** 2) <= enough;
    return emSteps >= settling && shrinks;
  };
}

// How far to push: farther where the ground is almost level, but a long push from a top ends on another hill.
const PUSHES = [0.03, 0.3];
// EM steps after a push; the first few undo what it does wrong.
const [LOOK_ROUND, LEVELLING] = [60, 3];
// A place is higher by so many times what is left to gain: that may be gained on a top, too.
const HIGHER = 100;
// Nats; ground that lies lower belongs to another hill.
const LEVEL = 1;

/**
 * The highest place that EM reaches from beside one where it has come to rest, if that is higher by more
 * than what may be gained on a top; else null. EM comes to rest on saddles, too, but pushed off one in no
 * special direction it does not come back: EM steps multiply what is in the direction upward most of all.
 * (Python looks in the best direction, see emlib.driver.surroundings, and so misses less: a few runs of
 * nearly equal Gaussians with one covariance, which part almost at a standstill.)
 * @param {Model} model
 * @param {any} data
 * @param {Step} here
 * @param {any} options
 * @param {number} enough what is left to gain
 * @param {Float64Array} r to work in
 * @param {Run} soFar what to yield between two steps
 * @returns {Generator<Run, Step | null>}
 */
function* higherNearby(model, data, here, options, enough, r, soFar) {
  const k = here.parameters.mixing_weights.length;
  /** @type {Step | null} */
  let highest = null;
  let limit = here.logLikelihood + HIGHER * enough;
  for (const push of PUSHES) {
    let parameters = model.beside(here.parameters, push, options);
    let before = -Infinity;
    try {
      for (let t = 0; t < LOOK_ROUND; t++) {
        model.logJoint(data, parameters, r);
        const { logLikelihood } = eStep(r, k, data.weights, r);
        if (t >= LEVELLING && logLikelihood < here.logLikelihood - LEVEL) break;
        if (t >= LEVELLING && logLikelihood > limit) {
          highest = { parameters, logLikelihood };
          limit = logLikelihood;
        }
        if (t > LEVELLING && logLikelihood - before < enough) break;
        before = logLikelihood;
        parameters = model.mStep(data, r, parameters, options);
        yield soFar;
      }
    } catch {
      // What collapses beside a place tells nothing more of it.
    }
  }
  return highest;
}

const held = (/** @type {[number, number]} */ [a, b]) =>
  `components ${a} and ${b} are equal, which EM cannot change, though the log-likelihood is higher where ` +
  "they differ";

/**
 * EM in the browser, for a start chosen by hand: the steps and the end are those of Python's run_em, but for
 * the way off a saddle.
 * Yields the run as far as it has come, with no reason for an end yet, after each step, and returns the
 * whole. Only parameters are kept; one matrix serves the responsibilities of all steps.
 * @param {Model} model
 * @param {any} data
 * @param {Params} start
 * @param {any} options
 * @param {Stopping} stopping
 * @returns {Generator<Run, Run>}
 */
export function* iterate(model, data, start, options, stopping) {
  const k = start.mixing_weights.length;
  const rows = rowCount(data);
  let isEnd = patience(stopping, rows);
  const [r, logDensity] = [new Float64Array(data.n * k), new Float64Array(data.n)];
  /** @type {Run} */
  const soFar = { steps: [], reason: "", message: "", leaps: false };
  const { steps } = soFar;
  /** @type {(reason: string, message: string) => Run} */
  const end = (reason, message) => ({ steps, reason, message, leaps: soFar.leaps });
  /** @type {Step | null} */
  let found = null;
  for (let t = 0; t <= stopping.maxIter; t++) {
    const before = steps[t - 1];
    try {
      const parameters =
        found?.parameters ?? (t ? model.mStep(data, r, before.parameters, options) : start);
      model.logJoint(data, parameters, r);
      const { logLikelihood } = eStep(r, k, data.weights, r, logDensity);
      steps.push({ parameters, logLikelihood });
      soFar.leaps ||= found !== null;
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      if (t) return end("degenerate", `after iteration ${t - 1}: ${message}`);
      const impossible = { parameters: start, logLikelihood: -Infinity, r: null };
      return { steps: [impossible], reason: "degenerate", message };
    }
    const here = steps[t];
    const gain = t && here.logLikelihood - before.logLikelihood;
    const noise = stopping.rounding * Math.max(rows, Math.abs(here.logLikelihood));
    if (gain < -noise)
      return end("decreased", `the log-likelihood fell by ${-gain} nats in iteration ${t}`);
    const positions = steps.slice(-3).map((step) => model.position(data, step.parameters));
    const isAtRest = t > 0 && !found && isEnd(gain, positions);
    found = null;
    if (isAtRest) {
      const enough = Math.max(stopping.tol * rows, noise);
      found = yield* higherNearby(model, data, here, options, enough, r, soFar);
      if (!found) {
        const little = `at most ${stopping.tol} nats per row are left to gain`;
        return end("converged", `${little} after iteration ${t}`);
      }
      // Equal ones stay so, but for rounding. Of coins that are held nothing is asked.
      const equal = soFar.leaps || isOneAlone(options) ? null : twins(start);
      if (equal) return end("saddle", `after iteration ${t}: ${held(equal)}`);
      isEnd = patience(stopping, rows);
    }
    yield soFar;
  }
  return end("iteration limit", `not converged within ${stopping.maxIter} iterations`);
}
