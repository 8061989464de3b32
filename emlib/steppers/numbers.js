// The numbers of the pictures: EM itself as pure functions on arrays, the same formulas as emlib's Python.
//
// Of the files in this folder emlib/steppers/runs.py sends those that a picture needs, wrapped in one
// function, so nothing here is global, and calls `mount` with the run. Data flows one way:
// run -> half-step -> numbers -> drawing.
//   numbers.js      EM itself
//   drawing.js      numbers as text, small helpers for SVG and HTML
//   shell.js        buttons, slider, keys, the sentence for screen readers
//   coins.js, climb.js, gaussians.js, manipulable.js    one file per kind of picture
// Comments stand on lines of their own and every statement ends in a semicolon, because Python sends
// the rest as one line. Matrices are flat Float64Arrays, row by row: r[i * k + j] is the responsibility of j for row i.

// Arrays travel as base64 of little-endian float64: every bit arrives, in a third of the space.
function decode(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
const clamp = (x, lo, hi) => Math.min(Math.max(x, lo), hi);

// Rows of log p(x_i, z_i = j) -> responsibilities, log p(x_i) and log-likelihood, in the log domain.
// Row i counts weights[i] times, or once where there are no weights.
function eStep(logJoint, k, weights = null) {
  const n = logJoint.length / k;
  const r = new Float64Array(n * k);
  const logDensity = new Float64Array(n);
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

// w_i r_ij: how many times row i counts for component j.
const weighed = (r, k, weights) => (weights ? r.map((share, m) => share * weights[Math.floor(m / k)]) : r);

// The sum of w_i term(i * k + j) over all q_ij > 0: 0 log 0 counts as 0.
function total(q, k, weights, term) {
  let value = 0;
  for (let m = 0; m < q.length; m++) if (q[m] > 0) value += term(m) * (weights ? weights[Math.floor(m / k)] : 1);
  return value;
}

// Q = E_q[log p(x, z)], the entropy H(q), and KL(q || posterior), in nats. The bound ELBO is Q + H(q). The KL
// takes log p(z | x) = log p(x, z) - log p(x): a responsibility may underflow, its logarithm does not.
const expectedLogJoint = (q, logJoint, k, weights) => total(q, k, weights, (m) => q[m] * logJoint[m]);
const entropy = (q, k, weights) => total(q, k, weights, (m) => -q[m] * Math.log(q[m]));
const kullbackLeibler = (q, logJoint, logDensity, k, weights) => total(q, k, weights,
  (m) => q[m] * (Math.log(q[m]) - logJoint[m] + logDensity[Math.floor(m / k)]));

const countTimesLog = (count, log) => (count === 0 ? 0 : count * log);

function columnSums(r, k) {
  const sums = new Float64Array(k);
  for (let m = 0; m < r.length; m++) sums[m % k] += r[m];
  return sums;
}

function refuseEmpty(sums, isNeeded = () => true) {
  const empty = sums.findIndex((value, j) => isNeeded(j) && !(value > 0));
  if (empty >= 0) throw new Error(`component ${empty} is empty: no row belongs to it`);
}

// k coins: parameters {theta, mixing_weights}, data {n, heads, flips, weights}.
const coins = {
  logJoint(data, { theta, mixing_weights }) {
    const k = theta.length;
    const out = new Float64Array(data.n * k);
    for (let j = 0; j < k; j++) {
      const [logWeight, logHead] = [Math.log(mixing_weights[j]), Math.log(theta[j])];
      const logTail = Math.log1p(-theta[j]);
      for (let i = 0; i < data.n; i++) {
        out[i * k + j] = logWeight + countTimesLog(data.heads[i], logHead)
          + countTimesLog(data.flips[i] - data.heads[i], logTail);
      }
    }
    return out;
  },

  // Expected heads and flips of every coin.
  expectedCounts(data, r) {
    const k = r.length / data.n;
    const [heads, flips] = [new Float64Array(k), new Float64Array(k)];
    weighed(r, k, data.weights).forEach((count, m) => {
      heads[m % k] += count * data.heads[Math.floor(m / k)];
      flips[m % k] += count * data.flips[Math.floor(m / k)];
    });
    return { heads, flips };
  },

  // `alone` lets only that coin's theta move; else all do.
  mStep(data, r, old, { fitWeights = false, alone = null } = {}) {
    const k = old.theta.length;
    const { heads, flips } = coins.expectedCounts(data, r);
    const moves = (j) => alone === null || alone === j;
    refuseEmpty(flips, moves);
    const theta = old.theta.map((value, j) => (moves(j) ? Math.min(heads[j] / flips[j], 1) : value));
    if (!fitWeights || alone !== null) return { theta, mixing_weights: old.mixing_weights };
    const N = columnSums(weighed(r, k, data.weights), k);
    return { theta, mixing_weights: N.map((share) => share / sum(N)) };
  },

  // All parameters as one vector.
  position: (data, { theta, mixing_weights }) => Float64Array.of(...theta, ...mixing_weights),
};

// The Cholesky factor L of a d x d matrix in row j of an array; null if it is not positive definite.
function cholesky(matrices, j, d) {
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

// Entry (a, b) of the covariance L L^T of component j.
function covariance({ factors }, j, d, a, b) {
  let value = 0;
  for (let c = 0; c <= Math.min(a, b); c++) value += factors[(j * d + a) * d + c] * factors[(j * d + b) * d + c];
  return value;
}

// Gaussians: parameters {mixing_weights, means, factors}, data {n, d, points, weights, origin, unit}, the
// last two those of Python's Points. A factor is the Cholesky factor L of a covariance: a component that
// is nearly a point keeps its digits in it.
const gaussians = {
  logJoint({ n, d, points }, { mixing_weights, means, factors }) {
    const k = mixing_weights.length;
    const out = new Float64Array(n * k);
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

  mStep({ n, d, points, weights }, r, old, { covarianceType = "full", fixed = [] } = {}) {
    const k = old.mixing_weights.length;
    const counts = weighed(r, k, weights);
    const N = columnSums(counts, k);
    refuseEmpty(N);
    let means = new Float64Array(k * d);
    for (let m = 0; m < n * k; m++) {
      const [i, j] = [Math.floor(m / k), m % k];
      for (let a = 0; a < d; a++) means[j * d + a] += (counts[m] * points[i * d + a]) / N[j];
    }
    if (fixed.includes("means")) means = old.means;
    const spread = new Float64Array(k * d * d);
    for (let m = 0; m < n * k; m++) {
      const [i, j] = [Math.floor(m / k), m % k];
      for (let a = 0; a < d; a++) {
        const share = (counts[m] * (points[i * d + a] - means[j * d + a])) / N[j];
        for (let b = 0; b < d; b++) spread[(j * d + a) * d + b] += share * (points[i * d + b] - means[j * d + b]);
      }
    }
    return {
      means,
      mixing_weights: fixed.includes("mixing_weights") ? old.mixing_weights : N.map((share) => share / sum(N)),
      factors: fixed.includes("covariances") ? old.factors
        : factorise(constrain(spread, N, d, covarianceType), means, d),
    };
  },

  // All parameters as one vector, in units of the data's spread.
  position({ d, origin, unit }, { mixing_weights, means, factors }) {
    return Float64Array.of(...mixing_weights,
      ...means.map((mean, m) => (mean - origin[m % d]) / unit[m % d]),
      ...factors.map((factor, m) => factor / unit[Math.floor(m / d) % d]));
  },
};

// Covariances of every type from those of the full one: tied are their average over the rows, diagonal
// ones keep their diagonal, spherical ones its mean.
function constrain(spread, N, d, type) {
  if (type === "full") return spread;
  if (type === "tied") {
    const size = d * d;
    const pooled = (entry) => N.reduce((value, share, j) => value + share * spread[j * size + entry], 0) / sum(N);
    return spread.map((_, m) => pooled(m % size));
  }
  return spread.map((value, m) => {
    const [j, a, b] = [Math.floor(m / (d * d)), Math.floor(m / d) % d, m % d];
    if (a !== b) return 0;
    if (type === "diag") return value;
    return sum(Array.from({ length: d }, (_, c) => spread[(j * d + c) * d + c])) / d;
  });
}

// Cholesky factors of all covariances. A component has collapsed when a pivot is rounding beside the
// standard deviation of its coordinate, or that is rounding beside the mean.
function factorise(covariances, means, d) {
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

const rowCount = (data) => (data.weights ? sum(data.weights) : data.n);

// The first two components with the same parameters: EM can never part them.
function twins({ mixing_weights, ...own }) {
  const k = mixing_weights.length;
  const block = (values, j) => values.slice((j * values.length) / k, ((j + 1) * values.length) / k).join();
  for (let a = 0; a < k; a++) {
    for (let b = a + 1; b < k; b++) {
      if (Object.values(own).every((values) => block(values, a) === block(values, b))) return [a, b];
    }
  }
  return null;
}

// The sum of the geometric series of gains to come, each `ratio` times the one before it.
const stillToGain = (gain, ratio) => (gain * ratio) / (1 - ratio);

// The length of the way from one vector to the next, beside the largest number in the last of all.
function stepLengths(positions) {
  const largest = positions.at(-1).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return positions.slice(1).map((position, t) => Math.sqrt(
    sum(position.map((value, m) => ((value - positions[t][m]) / largest) ** 2))));
}

// The rule for stopping: that of Python's emlib.driver.accelerate.Patience, which says why, for EM steps
// alone. Python sends its constants, too.
class Patience {
  constructor({ tol, settling, standstill }, rows) {
    Object.assign(this, { enough: tol * rows, settling, standstill, lastGain: 0, emSteps: 0 });
  }

  // Take in the gain of the last step and tell whether to stop. `positions` are the last three, two at
  // the first step.
  ends(gain, positions) {
    const { enough, lastGain } = this;
    this.lastGain = gain;
    this.emSteps += 1;
    if (gain > 0 && (gain >= lastGain || stillToGain(gain, gain / lastGain) > enough)) return false;
    const [before, step] = [Infinity, ...stepLengths(positions)].slice(-2);
    if (step <= this.standstill) return true;
    const shrinks = step < before && stillToGain(gain, (step / before) ** 2) <= enough;
    return this.emSteps >= this.settling && shrinks;
  }
}

// EM in the browser, for a start chosen by hand: the steps and the end are those of Python's run_em.
function runEM(model, data, start, options, stopping) {
  const k = start.mixing_weights.length;
  const rows = rowCount(data);
  const patience = new Patience(stopping, rows);
  const steps = [];
  const end = (reason, message) => ({ steps, reason, message });
  for (let t = 0; t <= stopping.maxIter; t++) {
    const before = steps[t - 1];
    try {
      const parameters = t ? model.mStep(data, before.r, before.parameters, options) : start;
      steps.push({ parameters, ...eStep(model.logJoint(data, parameters), k, data.weights) });
    } catch (error) {
      if (t) return end("degenerate", `after iteration ${t - 1}: ${error.message}`);
      steps.push({ parameters: start, logLikelihood: -Infinity, r: null });
      return end("degenerate", error.message);
    }
    if (t === 0) continue;
    const { logLikelihood } = steps[t];
    const gain = logLikelihood - before.logLikelihood;
    if (gain < -stopping.rounding * Math.max(rows, Math.abs(logLikelihood))) {
      return end("decreased", `the log-likelihood fell by ${-gain} nats in iteration ${t}`);
    }
    if (patience.ends(gain, steps.slice(-3).map((step) => model.position(data, step.parameters)))) {
      return end("converged", `at most ${stopping.tol} nats per row are left to gain after iteration ${t}`);
    }
  }
  return end("iteration limit", `not converged within ${stopping.maxIter} iterations`);
}

// A position of the slider is a half-step: 0 is the start, then E-step, M-step, E-step, ...
// `t` are the parameters that the responsibilities belong to, `now` those that are shown.
function halfStep(position) {
  if (position === 0) return { phase: "start", t: 0, now: 0 };
  const t = Math.floor((position - 1) / 2);
  return position % 2 ? { phase: "E", t, now: t } : { phase: "M", t, now: t + 1 };
}

// After the last M-step comes one more E-step: the responsibilities at the final parameters.
// From an impossible start there is nowhere to go.
const isImpossible = (run) => run.steps[0].logLikelihood === -Infinity;
const lastPosition = (run) => (isImpossible(run) ? 0 : 2 * (run.steps.length - 1) + 1);

const extent = (values) => values.reduce(([lo, hi], v) => [Math.min(lo, v), Math.max(hi, v)], [Infinity, -Infinity]);
