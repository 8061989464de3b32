// Pictures of an EM run that one steps through in the browser, without a kernel and without a network.
//
// emlib/steppers/runs.py wraps this file in a function of its own, so nothing here is global, and calls
// `mount` with the run. Data flows one way: run -> half-step -> numbers -> drawing.
//   1 numbers   EM itself: pure functions on arrays, the same formulas as emlib's Python
//   2 words     numbers as text
//   3 drawing   small helpers for SVG and HTML
//   4 views     one function per kind of picture
//   5 shell     buttons, slider, keys, the sentence for screen readers
// Comments stand on lines of their own and every statement ends in a semicolon, because Python sends
// the rest as one line. Matrices are flat Float64Arrays, row by row: r[i * k + j] is the responsibility of j for row i.

// ---------------------------------------------------------------------------------- 1 numbers

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

// Gaussians: parameters {mixing_weights, means, factors}, data {n, d, points, weights}. A factor is
// the Cholesky factor L of a covariance: a component that is nearly a point keeps its digits in it.
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

// EM in the browser, for a start chosen by hand; it stops as emlib's run_em does.
function runEM(model, data, start, options = {}, maxIter = 200, tol = 1e-10) {
  const k = start.mixing_weights.length;
  const steps = [];
  const end = (reason, message) => ({ steps, reason, message });
  let parameters = start;
  let lastGain = 0;
  for (let t = 0; ; t++) {
    let e;
    try {
      if (t) parameters = model.mStep(data, steps[t - 1].r, parameters, options);
      e = eStep(model.logJoint(data, parameters), k, data.weights);
    } catch (error) {
      if (t) return end("degenerate", `after iteration ${t - 1}: ${error.message}`);
      steps.push({ parameters, logLikelihood: -Infinity, r: null });
      return end("degenerate", error.message);
    }
    steps.push({ parameters, ...e });
    if (t === 0) continue;
    const gain = e.logLikelihood - steps[t - 1].logLikelihood;
    const ratio = gain / lastGain;
    const toGain = gain >= lastGain ? Infinity : (gain * ratio) / (1 - ratio);
    if (gain <= 0 || toGain <= tol * rowCount(data)) {
      return end("converged", `at most ${tol} nats per row are left to gain after iteration ${t}`);
    }
    if (t === maxIter) return end("iteration limit", `not converged within ${maxIter} iterations`);
    lastGain = gain;
  }
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

// ------------------------------------------------------------------------------------ 2 words

function fixed(x, digits = 3) {
  if (Math.abs(x) === Infinity) return x > 0 ? "∞" : "−∞";
  return x.toFixed(digits).replace("-", "−");
}

// A change, to two significant digits however small it is.
function change(x) {
  if (x === 0) return "0";
  const size = Math.abs(x) < 0.0005 ? Math.abs(x).toExponential(1) : Number(Math.abs(x).toPrecision(2));
  return `${x < 0 ? "−" : "+"}${size}`.replace("e-", "e−");
}

function rowsInWords(data) {
  const count = rowCount(data);
  return count === 1 ? "one row" : `${Number.isInteger(count) ? count : fixed(count, 1)} rows`;
}

// A number of 0.001 or more with three digits after the point; a smaller one as a power of ten.
const small = (x) => (x !== 0 && Math.abs(x) < 0.001 ? x.toExponential(1).replace(/-/g, "−") : fixed(x));

const names = (k) => Array.from({ length: k },
  (_, j) => (k <= 26 ? String.fromCharCode(65 + j) : String(j + 1)));

// Errors count from 0, as Python does; people read A, B and row 1.
const readable = (message, k) => message.replace(/component (\d+)/g, (_, j) => `component ${names(k)[j]}`)
  .replace(/row (\d+) has/g, (_, i) => `row ${Number(i) + 1} has`);

// _A or _{t+1} after a single letter; covariance_type holds no subscript.
const SUBSCRIPT = /(?<=(?:^|[^\p{L}])\p{L})(_\{[^}]*\}|_[A-Za-z0-9](?![A-Za-z0-9]))/gu;

// θ_A and θ_{t+1} in words, for screen readers.
const GREEK = { θ: "theta ", α: "alpha ", μ: "mu ", Σ: "Sigma ", λ: "lambda ", ℓ: "log-likelihood " };
const spoken = (text) => text.replace(SUBSCRIPT, (low) => low.replace(/[_{}]/g, ""))
  .replace(/[θαμΣλℓ]/g, (letter) => GREEK[letter]).replace(/ +/g, " ");

// ---------------------------------------------------------------------------------- 3 drawing

const SVG = "http://www.w3.org/2000/svg";

// A new element with attributes, added to its parent.
function svg(tag, attributes = {}, parent = null) {
  return assign(document.createElementNS(SVG, tag), attributes, parent);
}

function html(tag, attributes = {}, parent = null) {
  return assign(document.createElement(tag), attributes, parent);
}

function assign(node, { text, ...attributes }, parent) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) rich(node, text);
  if (parent) parent.append(node);
  return node;
}

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

// Fill a node with text in which _A and _{t+1} are subscripts.
function rich(node, text) {
  if (node.written === text) return;
  node.written = text;
  if (!text.includes("_")) {
    node.textContent = text;
    return;
  }
  node.textContent = "";
  const isSvg = node.namespaceURI === SVG;
  text.split(SUBSCRIPT).forEach((part, index, parts) => {
    const isLow = index % 2 === 1;
    const words = isLow ? part.replace(/[_{}]/g, "") : part;
    if (!isSvg) node.append(isLow ? html("sub", { text: words }) : words);
    else if (isLow) svg("tspan", { class: "low", dy: 3, text: words }, node);
    else svg("tspan", { dy: index && parts[index - 1] ? -3 : 0, text: words }, node);
  });
}

// An SVG of its own size, in a box that scales it to the page.
function panel(parent, width, height, title) {
  const figure = html("figure", {}, parent);
  html("figcaption", { text: title }, figure);
  const box = html("div", { class: "box", style: `aspect-ratio: ${width} / ${height}` }, figure);
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" }, box);
}

// Samples of lines with their names, between a panel's title and its picture; returns where the names stand.
function legend(root, entries) {
  const list = html("p", { class: "legend" });
  root.parentElement.before(list);
  return entries.map(([classes, name, d = "M0,6h22"]) => {
    const entry = html("span", {}, list);
    const sample = svg("svg", { viewBox: "0 0 22 12", "aria-hidden": true }, entry);
    svg("path", { class: classes, d }, sample);
    return html("span", { text: name }, entry);
  });
}

// A second layer for what can be dragged: the picture below stays one image to screen readers.
function overlay(root, name) {
  const viewBox = root.getAttribute("viewBox");
  const layer = svg("svg", { viewBox, class: "overlay", role: "group", "aria-label": name });
  root.parentElement.append(layer);
  return layer;
}

// Keeps what it holds inside the axes.
function clip(parent, x, y) {
  const [left, top, width, height] = [x.from, y.to, x.to - x.from, y.from - y.to];
  const viewBox = `${left} ${top} ${width} ${height}`;
  return svg("svg", { class: "clip", x: left, y: top, width, height, viewBox }, parent);
}

// A point to be moved by mouse, finger or keys, along x or in the plane (then `y` is given).
// `moved` gets the new value, [vx] or [vx, vy]; `place` shows where it is, and says so.
function handle(layer, name, { x, y = null, atY = 0, step = 0.01, moved }) {
  const node = svg("g", { class: "handle", role: "slider", tabindex: 0, "aria-label": name,
    "aria-valuemin": x.lo, "aria-valuemax": x.hi }, layer);
  if (y) node.setAttribute("aria-roledescription", "point to move with the four arrow keys");
  svg("circle", { class: "reach", r: 17 }, node);
  svg("circle", { class: "ring", r: 10 }, node);
  let at = [0, 0];
  const inside = ([vx, vy]) => [clamp(vx, x.lo, x.hi), y ? clamp(vy, y.lo, y.hi) : 0];
  const report = (value) => moved(...inside(value));
  const drag = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(layer.getScreenCTM().inverse());
    report([x.invert(point.x), y ? y.invert(point.y) : 0]);
  };
  node.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    node.focus({ focusVisible: false });
    node.setPointerCapture(event.pointerId);
    node.addEventListener("pointermove", drag);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    node.addEventListener(end, () => node.removeEventListener("pointermove", drag));
  }
  node.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const size = step * (event.shiftKey ? 10 : 1);
    const towards = { ArrowLeft: [-size, 0], ArrowRight: [size, 0], ArrowDown: y ? [0, -size] : [-size, 0],
      ArrowUp: y ? [0, size] : [size, 0], PageDown: [-10 * step, 0], PageUp: [10 * step, 0],
      Home: [x.lo - at[0], 0], End: [x.hi - at[0], 0] }[event.key];
    if (!towards) return;
    event.preventDefault();
    // Steps of 0.01 must meet 0.5 exactly.
    report(at.map((value, c) => Number((value + towards[c]).toPrecision(12))));
  });
  return {
    node,
    place(value, words, py = atY) {
      at = value;
      node.setAttribute("transform", move(x(value[0]), y ? y(value[1]) : py));
      set(node, { "aria-valuenow": value[0], "aria-valuetext": words });
    },
  };
}

// The lines where a grid of values (rows of y, columns of x) crosses a level: marching squares.
function contourPath(values, xs, ys, level) {
  const width = xs.length;
  let d = "";
  for (let row = 0; row + 1 < ys.length; row++) {
    for (let column = 0; column + 1 < width; column++) {
      const cell = row * width + column;
      const higher = (values[cell] >= level) + (values[cell + 1] >= level)
        + (values[cell + width] >= level) + (values[cell + width + 1] >= level);
      if (higher === 0 || higher === 4) continue;
      const corners = [[column, row], [column + 1, row], [column + 1, row + 1], [column, row + 1]]
        .map(([c, w]) => [xs[c], ys[w], values[w * width + c]]);
      const crossings = [];
      corners.forEach(([x0, y0, v0], c) => {
        const [x1, y1, v1] = corners[(c + 1) % 4];
        if ((v0 < level) === (v1 < level)) return;
        const share = Number.isFinite(v0) && Number.isFinite(v1) ? (level - v0) / (v1 - v0) : 0.5;
        crossings.push(`${(x0 + share * (x1 - x0)).toFixed(1)},${(y0 + share * (y1 - y0)).toFixed(1)}`);
      });
      for (let c = 0; c + 1 < crossings.length; c += 2) d += `M${crossings[c]}L${crossings[c + 1]}`;
    }
  }
  return d;
}

// The shapes that go with the colours, around (0, 0); `size` is about a radius.
function markerPath(shape, size) {
  const s = size;
  switch (shape) {
    case "s": return `M${-s},${-s}H${s}V${s}H${-s}Z`;
    case "^": return `M0,${-1.2 * s}L${1.1 * s},${0.9 * s}H${-1.1 * s}Z`;
    case "v": return `M0,${1.2 * s}L${1.1 * s},${-0.9 * s}H${-1.1 * s}Z`;
    case "D": return `M0,${-1.3 * s}L${1.3 * s},0L0,${1.3 * s}L${-1.3 * s},0Z`;
    case "P": {
      const a = 0.45 * s;
      return `M${-a},${-s}H${a}V${-a}H${s}V${a}H${a}V${s}H${-a}V${a}H${-s}V${-a}H${-a}Z`;
    }
    default: return `M${-s},0A${s},${s} 0 1 0 ${s},0A${s},${s} 0 1 0 ${-s},0Z`;
  }
}

const move = (x, y) => `translate(${x.toFixed(2)},${y.toFixed(2)})`;
const line = (points) => points.length
  ? "M" + points.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join("L") : "";

// A linear scale from [lo, hi] to pixels; an interval without length is widened.
function scale(lo, hi, from, to) {
  if (!(hi > lo)) [lo, hi] = [lo - 1, hi + 1];
  const map = (x) => from + ((x - lo) / (hi - lo)) * (to - from);
  return Object.assign(map, { lo, hi, from, to, invert: (p) => lo + ((p - from) / (to - from)) * (hi - lo) });
}

// About `count` round numbers from lo to hi.
function ticks(lo, hi, count, smallest = 0) {
  const raw = (hi - lo) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max([1, 2, 5, 10].find((m) => m * power >= raw * 0.999) * power, smallest);
  const first = Math.ceil(lo / step - 1e-9);
  return Array.from({ length: Math.max(0, Math.floor(hi / step + 1e-9) - first + 1) },
    (_, i) => Number(((first + i) * step).toPrecision(12)));
}

// Axes with ticks and titles; drawn again only when the scales change.
function axes(group, x, y, { xTitle, yTitle, xTicks, yTicks } = {}) {
  group.textContent = "";
  const [left, right, bottom, top] = [x.from, x.to, y.from, y.to];
  svg("path", { class: "axis", d: `M${left},${top}V${bottom}H${right}` }, group);
  for (const value of xTicks ?? ticks(x.lo, x.hi, 5)) {
    svg("path", { class: "axis", d: `M${x(value)},${bottom}v4` }, group);
    svg("text", { x: x(value), y: bottom + 16, class: "tick middle", text: String(value).replace("-", "−") }, group);
  }
  for (const value of yTicks ?? ticks(y.lo, y.hi, 6)) {
    svg("path", { class: "axis", d: `M${left},${y(value)}h-4` }, group);
    svg("text", { x: left - 7, y: y(value) + 4, class: "tick end", text: String(value).replace("-", "−") }, group);
  }
  if (xTitle) svg("text", { x: (left + right) / 2, y: bottom + 33, class: "middle", text: xTitle }, group);
  if (yTitle) {
    svg("text", { transform: `translate(13,${(top + bottom) / 2}) rotate(-90)`, class: "middle", text: yTitle }, group);
  }
}

// A table whose cells are written anew at each step; rows are made as needed.
function table(parent, caption, head) {
  const box = html("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": caption }, parent);
  const node = html("table", {}, box);
  html("caption", { text: caption }, node);
  const headRow = html("tr", {}, html("thead", {}, node));
  for (const text of head) html("th", { scope: "col", text }, headRow);
  const body = html("tbody", {}, node);
  return (rows) => {
    while (body.rows.length > rows.length) body.deleteRow(-1);
    rows.forEach((cells, i) => {
      const row = body.rows[i] ?? body.insertRow();
      cells.forEach((text, c) => {
        const cell = row.cells[c] ?? html(c ? "td" : "th", c ? {} : { scope: "row" }, row);
        rich(cell, text);
      });
    });
  };
}

// The log-likelihood at every iteration: solid as far as one has stepped, dotted what is to come.
// A start far below all the rest is left out of sight, or the climb would look flat.
function trace(parent, width = 440, height = 190) {
  const root = panel(parent, width, height, "Log-likelihood ℓ(θ_t) after each iteration t");
  const grid = svg("g", {}, root);
  const field = svg("g", {}, root);
  const low = svg("text", { class: "tick" }, root);
  const dot = svg("path", { class: "dot", d: markerPath("o", 5) }, root);
  let [drawn, points, y, ahead, done] = [null, [], null, null, null];
  return (run, { now }) => {
    if (run !== drawn) {
      drawn = run;
      const values = run.steps.map((step) => (isImpossible(run) ? 0 : step.logLikelihood));
      const [top, rest] = [Math.max(...values), Math.min(...values.slice(1))];
      const cut = values.length > 3 && rest - values[0] > 8 * (top - rest);
      const floor = Math.min(...(cut ? values.slice(1) : values));
      const room = top - floor;
      const x = scale(0, Math.max(values.length - 1, 1), 76, width - 14);
      y = scale(floor - (cut ? 0.25 : 0.08) * room, top + 0.08 * room, height - 42, 12);
      axes(grid, x, y, { xTitle: "iteration t", yTitle: "nats", xTicks: ticks(x.lo, x.hi, 8, 1) });
      points = values.map((value, t) => [x(t), y(value)]);
      field.textContent = "";
      const inside = clip(field, x, y);
      ahead = svg("path", { class: "line ahead", d: line(points) }, inside);
      done = svg("path", { class: "line" }, inside);
      set(low, { x: x(0) + 10, y: height - 48 });
      rich(low, cut ? `↓ t = 0 lies below, at ${fixed(values[0], 1)}` : "");
    }
    done.setAttribute("d", line(points.slice(0, now + 1)));
    dot.setAttribute("transform", move(points[now][0], Math.min(points[now][1], y.from)));
    dot.style.display = isImpossible(run) ? "none" : "";
    root.setAttribute("aria-label", `The log-likelihood against the iteration: ${
      fixed(run.steps[now].logLikelihood)} after iteration ${now} of ${run.steps.length - 1}.`);
  };
}

// ------------------------------------------------------------------------------------ 4 views

// A view builds its panels once and returns draw(run, half), describe(run, half) and the formulas.

const MANY_ROWS = 30;

// Few rows each stand alone; of many, equal rows are taken together.
function groupRows(data) {
  const groups = new Map();
  for (let i = 0; i < data.n; i++) {
    const key = data.n > MANY_ROWS ? `${data.heads[i]}/${data.flips[i]}` : i;
    if (!groups.has(key)) groups.set(key, { first: i, heads: data.heads[i], flips: data.flips[i], count: 0 });
    groups.get(key).count += data.weights ? data.weights[i] : 1;
  }
  const list = [...groups.values()];
  return data.n > MANY_ROWS ? list.sort((a, b) => b.heads / b.flips - a.heads / a.flips) : list;
}

// A band between two upright edges of the same thickness.
function ribbon(x0, y0, x1, y1, thickness) {
  const mid = (x0 + x1) / 2;
  const f = (v) => v.toFixed(2);
  return `M${x0},${f(y0)}C${mid},${f(y0)} ${mid},${f(y1)} ${x1},${f(y1)}v${f(thickness)}`
    + `C${mid},${f(y1 + thickness)} ${mid},${f(y0 + thickness)} ${x0},${f(y0 + thickness)}Z`;
}

// Rows on the left, coins on the right, expected counts flowing from one to the other.
function flowPanel(parent, data, look) {
  const { k } = look;
  const [width, height, barLeft, barRight, bar] = [440, 330, 92, 306, 16];
  const groups = groupRows(data);
  const flipsInAll = sum(groups.map((group) => group.flips * group.count));
  const gap = Math.min(10, 60 / groups.length);
  const coinGap = 26;
  const unit = Math.min(height - 24 - gap * (groups.length - 1), height - 24 - coinGap * (k - 1)) / flipsInAll;
  const top = (gaps, space) => 20 + (height - 24 - flipsInAll * unit - gaps * space) / 2;

  const root = panel(parent, width, height, "Expected counts flow from the rows to the coins");
  const single = groups.every((group) => group.count === 1);
  svg("text", { x: 0, y: 12, class: "tick", text: "rows: ■ heads □ tails" }, root);
  svg("text", { x: barRight + bar + 8, y: 12, class: "tick", text: "expected counts" }, root);
  const ribbons = svg("g", {}, root);

  let y = top(groups.length - 1, gap);
  const size = clamp((height - 24) / groups.length, 9, 13);
  let labelled = 0;
  for (const group of groups) {
    const [h, f] = [group.heads * group.count * unit, group.flips * group.count * unit];
    Object.assign(group, { yHeads: y, yTails: y + h, bands: [] });
    svg("rect", { class: "heads", x: barLeft, y, width: bar, height: h }, root);
    svg("rect", { class: "tails", x: barLeft, y: y + h, width: bar, height: f - h }, root);
    if (y + f / 2 - labelled >= size) {
      labelled = y + f / 2;
      const name = single ? `${group.first + 1}: ` : `${group.count} × `;
      svg("text", { x: barLeft - 6, y: y + f / 2 + size / 3, class: "end", style: `font-size:${size}px`,
        text: `${name}${group.heads} H ${group.flips - group.heads} T` }, root);
    }
    for (let j = 0; j < k; j++) {
      for (const side of ["heads", "tails"]) {
        group.bands.push(svg("path", { class: `flow ${side}`, fill: look.colours[j] }, ribbons));
      }
    }
    y += f + gap;
  }
  const coinNodes = look.names.map((name, j) => ({
    heads: svg("rect", { x: barRight, width: bar, fill: look.colours[j] }, root),
    tails: svg("rect", { x: barRight, width: bar, class: "tails", stroke: look.colours[j] }, root),
    mark: svg("path", { class: "mark", d: markerPath(look.markers[j], 5), fill: look.colours[j] }, root),
    lines: [0, 1, 2].map((i) => svg("text", { class: i ? "" : "strong" }, root)),
  }));

  return ({ phase, t, now }, steps, r) => {
    const { heads, flips } = r ? coins.expectedCounts(data, r) : { heads: [], flips: [] };
    let y = top(k - 1, coinGap);
    coinNodes.forEach((node, j) => {
      const share = (r ? flips[j] : flipsInAll / k) * unit;
      const h = r ? heads[j] * unit : 0;
      set(node.heads, { y, height: h });
      set(node.tails, { y: y + h, height: share - h });
      const middle = clamp(y + share / 2, 24, height - 24);
      const x = barRight + bar + 8;
      node.mark.setAttribute("transform", move(x + 5, middle - 16));
      const theta = fixed(steps[now].parameters.theta[j]);
      const words = [`coin ${look.names[j]}`, r ? `${fixed(heads[j], 1)} H  ${fixed(flips[j] - heads[j], 1)} T` : "?",
        phase === "M" ? `new θ_${look.names[j]} = ${theta}` : `θ_${look.names[j]} = ${theta}`];
      node.lines.forEach((text, i) => {
        set(text, { x: i ? x : x + 15, y: middle - 11 + 16 * i });
        rich(text, words[i]);
      });
      let [toHeads, toTails] = [y, y + h];
      for (const group of groups) {
        const [headsBand, tailsBand] = [group.bands[2 * j], group.bands[2 * j + 1]];
        if (!r) {
          headsBand.setAttribute("d", "");
          tailsBand.setAttribute("d", "");
          continue;
        }
        if (j === 0) [group.fromHeads, group.fromTails] = [group.yHeads, group.yTails];
        const ownShare = r[group.first * k + j] * group.count * unit;
        const [a, b] = [ownShare * group.heads, ownShare * (group.flips - group.heads)];
        headsBand.setAttribute("d", a < 0.02 ? "" : ribbon(barLeft + bar, group.fromHeads, barRight, toHeads, a));
        tailsBand.setAttribute("d", b < 0.02 ? "" : ribbon(barLeft + bar, group.fromTails, barRight, toTails, b));
        group.fromHeads += a;
        group.fromTails += b;
        toHeads += a;
        toTails += b;
      }
      y += share + coinGap;
    });
    root.setAttribute("aria-label", r
      ? "Expected counts: " + look.names.map((name, j) => `coin ${name} gets ${fixed(heads[j], 1)} heads and ${
        fixed(flips[j] - heads[j], 1)} tails`).join(", ") + "."
      : `${rowsInWords(data)} of tosses; which coin tossed which row is not known.`);
  };
}

// The coins' theta on a line from 0 to 1, a lane for each coin, with the places it has been.
function thetaPanel(parent, look, startAt) {
  const [width, lane] = [440, 30];
  const height = look.k * lane + 52;
  const root = panel(parent, width, height, "Probability of heads θ (drag a ring to restart)");
  const x = scale(0, 1, 62, width - 14);
  const y = scale(0, 1, height - 42, 8);
  const laneY = (j) => 8 + lane * (j + 0.5);
  axes(svg("g", {}, root), x, y, { xTitle: "θ", yTicks: [] });
  const lanes = look.names.map((name, j) => {
    svg("text", { x: 52, y: laneY(j) + 4, class: "end", text: `θ_${name}` }, root);
    svg("path", { class: "grid", d: `M${x(0)},${laneY(j)}H${x(1)}` }, root);
    return {
      past: svg("g", { class: "past" }, root),
      moved: svg("path", { class: "line", stroke: look.colours[j], "stroke-dasharray": look.dashes[j] }, root),
      mark: svg("path", { class: "mark", d: markerPath(look.markers[j], 7), fill: look.colours[j] }, root),
    };
  });
  const handles = startHandles(overlay(root, "Choose the start"), look, startAt, (j) => ({ x, atY: laneY(j) }));
  let drawn = null;
  return (run, { phase, t, now }) => {
    handles(run);
    lanes.forEach((parts, j) => {
      const at = (step) => x(run.steps[step].parameters.theta[j]);
      if (run !== drawn) {
        parts.past.textContent = "";
        run.steps.forEach((_, step) => svg("path", { d: markerPath(look.markers[j], 3.5), stroke: look.colours[j],
          transform: move(at(step), laneY(j)) }, parts.past));
      }
      [...parts.past.children].forEach((node, step) => { node.style.display = step < now ? "" : "none"; });
      parts.moved.setAttribute("d", phase === "M" ? `M${at(t)},${laneY(j)}H${at(now)}` : "");
      parts.mark.setAttribute("transform", move(at(now), laneY(j)));
    });
    drawn = run;
    root.setAttribute("aria-label", thetas(run.steps[now], look, spoken));
  };
}

// A ring at every coin's theta_0; `where(j)` says on which scales.
function startHandles(layer, look, startAt, where) {
  let start = null;
  const handles = look.names.map((name, j) => handle(layer, `Start of θ_${name}`.replace("θ_", "theta "), {
    ...where(j),
    moved: (value) => startAt({ ...start, theta: start.theta.map((old, other) => (other === j ? value : old)) }),
  }));
  return (run) => {
    start = run.steps[0].parameters;
    handles.forEach((one, j) => one.place([start.theta[j]], fixed(start.theta[j], 2)));
  };
}

const thetas = (step, look, say = (text) => text) => look.names.map(
  (name, j) => say(`θ_${name} = ${fixed(step.parameters.theta[j])}`)).join(", ");

function coinsView(place, { data, model, look, startAt }) {
  const left = html("div", { class: "column" }, place.panels);
  const right = html("div", { class: "column" }, place.panels);
  const drawFlow = flowPanel(left, data, look);
  const drawTheta = thetaPanel(right, look, startAt);
  const drawTrace = trace(right);
  const groups = groupRows(data);
  const fillCoins = table(place.tables, "The numbers of this step",
    ["coin", "mixing weight α", "θ_t", "expected heads", "expected tails", "θ_{t+1} = heads / flips"]);
  const fillRows = table(place.tables, data.n > MANY_ROWS ? "The rows, equal ones together" : "The rows",
    ["row", "heads", "tails", ...look.names.map((name) => `r_${name}`),
      ...look.names.flatMap((name) => [`heads to ${name}`, `tails to ${name}`])]);

  return {
    formula: {
      start: "The start: a guess of every coin's θ. Which coin tossed which row is not known.",
      E: "E-step: r_{ij} = p(z_i = j | row i; θ_t), and each row's heads and tails are shared out by it.",
      M: "M-step: θ_{t+1} of a coin = its expected heads / its expected flips.",
    },
    describe: (run, { now }) => thetas(run.steps[now], look),
    draw(run, half) {
      const { phase, t, now } = half;
      const before = run.steps[t].parameters;
      const r = phase === "start" ? null : responsibilities(run.steps[t], model, data, look.k);
      drawFlow(half, run.steps, r);
      drawTheta(run, half);
      drawTrace(run, half);
      const counts = r && coins.expectedCounts(data, r);
      fillCoins(look.names.map((name, j) => [name, fixed(before.mixing_weights[j]), fixed(before.theta[j], 4),
        r ? fixed(counts.heads[j], 2) : "?", r ? fixed(counts.flips[j] - counts.heads[j], 2) : "?",
        phase === "M" ? fixed(run.steps[now].parameters.theta[j], 4) : "?"]));
      fillRows(groups.map(({ first, heads, flips, count }) => [
        count !== 1 || data.n > MANY_ROWS ? `${count} rows` : String(first + 1), String(heads), String(flips - heads),
        ...look.names.map((_, j) => (r ? fixed(r[first * look.k + j], 2) : "?")),
        ...look.names.flatMap((_, j) => (r
          ? [heads, flips - heads].map((number) => fixed(r[first * look.k + j] * number * count, 2)) : ["?", "?"])),
      ]));
    },
  };
}

// Computed once per step, from the parameters alone.
function responsibilities(step, model, data, k) {
  step.r ??= eStep(model.logJoint(data, step.parameters), k).r;
  return step.r;
}

// --- the climb: the log-likelihood, the bound under it, and the way up

// Equal rows together: the same log-likelihood from fewer rows.
function compress(data) {
  const groups = new Map();
  for (let i = 0; i < data.n; i++) {
    const key = `${data.heads[i]}/${data.flips[i]}`;
    groups.set(key, [data.heads[i], data.flips[i], (groups.get(key)?.[2] ?? 0) + (data.weights ? data.weights[i] : 1)]);
  }
  const [heads, flips, weights] = [0, 1, 2].map((c) => Float64Array.from(groups.values(), (group) => group[c]));
  return { n: heads.length, heads, flips, weights };
}

// Where coin `a` (and coin `b`) take the values of a grid and the others stay: the log-likelihood,
// row by row of b. Every row of data is scaled by its best fit; what underflows even so goes by logarithms.
function coinSurface(data, { theta, mixing_weights }, [a, b], as, bs = [null]) {
  const k = theta.length;
  const { n, heads, flips, weights } = data;
  const rest = coins.logJoint(data, { theta, mixing_weights });
  const values = new Float64Array(as.length * bs.length);
  for (let i = 0; i < n; i++) {
    const tails = flips[i] - heads[i];
    const series = (t) => countTimesLog(heads[i], Math.log(t)) + countTimesLog(tails, Math.log1p(-t));
    const best = series(heads[i] / flips[i]);
    const logs = (coin, grid) => grid.map((t) => Math.log(mixing_weights[coin]) + series(t) - best);
    let others = -Infinity;
    for (let j = 0; j < k; j++) if (j !== a && j !== b) others = logAdd(others, rest[i * k + j] - best);
    const [logsA, logsB] = [logs(a, as), b === undefined ? [-Infinity] : logs(b, bs)];
    const sharesA = logsA.map(Math.exp);
    let cell = 0;
    for (const logB of logsB) {
      const below = logAdd(others, logB);
      const shareBelow = Math.exp(below);
      for (let column = 0; column < as.length; column++) {
        const share = shareBelow + sharesA[column];
        values[cell++] += weights[i] * (best + (share > 1e-290 ? Math.log(share) : logAdd(below, logsA[column])));
      }
    }
  }
  return values;
}

// log(exp(a) + exp(b)), without underflow.
function logAdd(a, b) {
  const top = Math.max(a, b);
  return top === -Infinity ? top : top + Math.log(Math.exp(a - top) + Math.exp(b - top));
}

// The bound ELBO(q_t, theta) as coin j's theta moves away from theta_t: what it adds at each value.
// With q_t fixed, log p(x, z) holds theta_j only in (expected heads) log theta_j + (expected tails) log(1 - theta_j).
function boundChange(heads, flips, from, grid) {
  const at = (t) => countTimesLog(heads, Math.log(t)) + countTimesLog(flips - heads, Math.log1p(-t));
  return grid.map((t) => at(t) - at(from));
}

// Where the bound is highest; a coin without expected flips has no such place and stays.
const boundMaximum = (heads, flips, from) => (flips > 0 ? Math.min(heads / flips, 1) : from);

// Closer to the ends, where the logarithm falls; and the middles of 50 squares.
const FINE = [0.0005, 0.002, ...Array.from({ length: 199 }, (_, i) => (i + 1) / 200), 0.998, 0.9995];
const COARSE = Array.from({ length: 50 }, (_, i) => (i + 0.5) / 50);

// The log-likelihood over one theta with the bound below it.
function slicePanel(parent, data, look, startAt) {
  const [width, height] = [440, 290];
  const root = panel(parent, width, height, "");
  const caption = root.closest("figure").querySelector("figcaption");
  const x = scale(0, 1, 76, width - 14);
  const grid = svg("g", {}, root);
  let y = scale(0, 1, height - 42, 10);
  const inside = clip(root, x, y);
  const curve = svg("path", { class: "line" }, inside);
  const bound = svg("path", { class: "line bound" }, inside);
  const gap = svg("path", { class: "gap" }, inside);
  const touch = svg("path", { class: "dot", d: markerPath("o", 5.5) }, inside);
  const best = svg("path", { class: "mark best", d: markerPath("D", 5.5) }, inside);
  const reached = svg("path", { class: "dot small", d: markerPath("o", 4) }, inside);
  const [, , gapText] = legend(root,
    [["line", "log-likelihood ℓ"], ["line bound", "bound ELBO(q_t, θ)"], ["gap", "gap", "M11,0v12"]]);
  const ring = handle(overlay(root, "Choose the start"), "Start of theta", { x,
    moved: (value) => startAt({ ...start, theta: start.theta.map((old, j) => (j === along ? value : old)) }) });
  let [drawn, along, start] = [null, 0, null];

  return (run, half, coin, isWhole) => {
    const { phase, t, now } = half;
    const [before, after] = [run.steps[t], run.steps[now]];
    const name = look.names[coin];
    const others = look.names.flatMap(
      (other, j) => (j === coin ? [] : [`θ_${other} = ${fixed(before.parameters.theta[j])}`]));
    if (run !== drawn || coin !== along) {
      [drawn, along, start] = [run, coin, run.steps[0].parameters];
      const first = coinSurface(data, start, [coin], FINE);
      const top = Math.max(...first, ...run.steps.map((step) => step.logLikelihood));
      const depth = isImpossible(run) ? 20 : clamp(top - run.steps[0].logLikelihood, 0.5, 400);
      y = scale(top - 2.2 * depth, top + 0.12 * depth, height - 42, 8);
      axes(grid, x, y, { xTitle: `θ_${name}`, yTitle: "nats" });
      ring.node.setAttribute("aria-label", `Start of theta ${name}`);
    }
    const startY = isImpossible(run) ? y.from : y(run.steps[0].logLikelihood);
    ring.place([start.theta[coin]], fixed(start.theta[coin], 2), startY);
    rich(caption, `The climb over θ_${name}${others.length ? ` (here ${others.join(", ")})` : ""}`);
    const draw = (node, values) => node.setAttribute("d", line(FINE.flatMap((value, i) => {
      const height = values[i];
      return Number.isFinite(height) ? [[x(value), clamp(y(height), -2000, 2000)]] : [];
    })));
    draw(curve, coinSurface(data, before.parameters, [coin], FINE));
    const shown = phase !== "start";
    for (const node of [bound, gap, best, reached, gapText.parentElement]) node.style.display = shown ? "" : "none";
    touch.style.display = isImpossible(run) ? "none" : "";
    if (isImpossible(run)) return void root.setAttribute("aria-label", "The log-likelihood; the start is impossible.");
    const at = before.parameters.theta[coin];
    touch.setAttribute("transform", move(x(at), y(before.logLikelihood)));
    if (!shown) {
      root.setAttribute("aria-label", `The log-likelihood over theta ${name}; the start is ${fixed(at)}.`);
      return;
    }
    const q = before.r;
    const { heads, flips } = coins.expectedCounts(data.rows, q);
    const change = boundChange(heads[coin], flips[coin], at, FINE);
    draw(bound, change.map((value) => before.logLikelihood + value));
    const to = phase === "M" ? after.parameters.theta[coin] : boundMaximum(heads[coin], flips[coin], at);
    const boundAt = before.logLikelihood + boundChange(heads[coin], flips[coin], at, [to])[0];
    const [curveAt] = coinSurface(data, before.parameters, [coin], [to]);
    best.setAttribute("transform", move(x(to), y(boundAt)));
    best.classList.toggle("hollow", phase === "E");
    gap.setAttribute("d", phase === "M" ? `M${x(to)},${y(boundAt)}V${y(curveAt)}` : "");
    // What is left of a gap by rounding alone is none.
    const distance = curveAt - boundAt > 1e-12 * Math.abs(curveAt) ? curveAt - boundAt : 0;
    reached.style.display = phase === "M" ? "" : "none";
    reached.setAttribute("transform", move(x(to), y(curveAt)));
    const words = phase === "E" ? "gap at θ_t = 0"
      : `${isWhole ? "gap = KL" : "gap here"} = ${small(distance)}`;
    rich(gapText, words);
    root.setAttribute("aria-label", `The log-likelihood over theta ${name} and the bound, which touches it at ${
      fixed(at)}; ${
      phase === "M" ? `at the bound's maximum, ${fixed(to)}, the gap is ${small(distance)} nats`
        : `the bound's maximum is at ${fixed(to)}`}.`);
  };
}

// A map under a picture: shades and contour lines of values on the COARSE grid, row by row of y.
function shadedMap(root, x, y, rgb) {
  const size = COARSE.length;
  const [width, height] = root.getAttribute("viewBox").split(" ").slice(2).map(Number);
  const percent = (part, whole) => `${(100 * part) / whole}%`;
  const style = `left:${percent(x.from, width)};top:${percent(y.to, height)};width:${
    percent(x.to - x.from, width)};height:${percent(y.from - y.to, height)}`;
  const image = html("canvas", { width: size, height: size, "aria-hidden": true, style });
  root.before(image);
  const lines = svg("path", { class: "contour" }, clip(root, x, y));
  return (values) => {
    const sorted = values.filter(Number.isFinite).sort();
    const [top, low] = [sorted[sorted.length - 1], sorted[Math.floor(sorted.length / 10)]];
    const levels = Array.from({ length: 9 }, (_, i) => top - (top - low) * 0.5 ** i);
    lines.setAttribute("d", levels.map((level) => contourPath(values, COARSE.map(x), COARSE.map(y), level)).join(""));
    const context = image.getContext("2d");
    const pixels = context.createImageData(size, size);
    values.forEach((value, cell) => {
      const depth = clamp((top - value) / (top - low), 0.002, 1);
      const shade = 150 * (Math.log(depth) / Math.log(0.002)) || 0;
      pixels.data.set([...rgb, shade], 4 * ((size - 1 - Math.floor(cell / size)) * size + (cell % size)));
    });
    context.putImageData(pixels, 0, 0);
  };
}

// The log-likelihood over two thetas as a shaded map, with the way EM took.
function mapPanel(parent, data, look, startAt) {
  const [width, height] = [440, 420];
  const root = panel(parent, width, height, "");
  const caption = root.closest("figure").querySelector("figcaption");
  const x = scale(0, 1, 62, width - 8);
  const y = scale(0, 1, height - 42, height - 42 - (width - 70));
  const drawSurface = shadedMap(root, x, y, look.rgb[0]);
  const grid = svg("g", {}, root);
  svg("path", { class: "line ahead", d: line([[x(0), y(0)], [x(1), y(1)]]) }, root);
  const inside = clip(root, x, y);
  const bound = svg("path", { class: "line bound solid" }, inside);
  const path = svg("path", { class: "line" }, root);
  const stops = svg("path", { class: "stops" }, root);
  const best = svg("path", { class: "mark best hollow", d: markerPath("D", 5.5) }, root);
  const dot = svg("path", { class: "dot", d: markerPath("o", 5.5) }, root);
  legend(root, [["line bound solid", "inside: the bound lies above ℓ(θ_t)"], ["line ahead", "equal coins"]]);
  const layer = overlay(root, "Choose the start");
  let [pair, start, key] = [[0, 1], null, ""];
  const ring = handle(layer, "Start", { x, y, moved: (va, vb) => startAt({ ...start,
    theta: start.theta.map((old, j) => (j === pair[0] ? va : j === pair[1] ? vb : old)) }) });

  return (run, half, along) => {
    const { phase, t, now } = half;
    const before = run.steps[t].parameters;
    pair = look.k === 2 ? [0, 1] : [along, (along + 1) % look.k];
    start = run.steps[0].parameters;
    const [a, b] = pair.map((j) => look.names[j]);
    const held = look.names.flatMap((name, j) => (pair.includes(j) ? [] : [`θ_${name} = ${fixed(before.theta[j])}`]));
    const wanted = JSON.stringify([pair, held, [...before.mixing_weights]]);
    if (wanted !== key) {
      key = wanted;
      axes(grid, x, y, { xTitle: `θ_${a}`, yTitle: `θ_${b}` });
      rich(caption, `Log-likelihood over θ_${a} and θ_${b}${held.length ? `, with ${held.join(", ")}` : ""}`);
      ring.node.setAttribute("aria-label", `Start of theta ${a} and theta ${b}`);
      drawSurface(coinSurface(data, before, pair, COARSE, COARSE));
    }
    ring.place(pair.map((j) => start.theta[j]),
      pair.map((j) => `theta ${look.names[j]} ${fixed(start.theta[j], 2)}`).join(", "));
    const way = run.steps.slice(0, now + 1).map(({ parameters: { theta } }) => [x(theta[pair[0]]), y(theta[pair[1]])]);
    path.setAttribute("d", line(way));
    stops.setAttribute("d", way.map(([px, py]) => `M${px - 3},${py}a3,3 0 1 0 6,0a3,3 0 1 0 -6,0`).join(""));
    dot.setAttribute("transform", move(...way[now]));
    const shown = phase !== "start";
    for (const node of [bound, best]) node.style.display = shown ? "" : "none";
    if (shown) {
      const { heads, flips } = coins.expectedCounts(data.rows, run.steps[t].r);
      const [alongA, alongB] = pair.map((j) => boundChange(heads[j], flips[j], before.theta[j], COARSE));
      const above = Float64Array.from({ length: COARSE.length ** 2 },
        (_, cell) => alongA[cell % COARSE.length] + alongB[Math.floor(cell / COARSE.length)]);
      bound.setAttribute("d", contourPath(above, COARSE.map(x), COARSE.map(y), 0));
      const to = pair.map((j) => boundMaximum(heads[j], flips[j], before.theta[j]));
      best.setAttribute("transform", move(x(to[0]), y(to[1])));
      best.style.display = phase === "E" ? "" : "none";
    }
    root.setAttribute("aria-label", `Map of the log-likelihood with the way of EM so far: ${
      thetas(run.steps[now], look, spoken)}, from ${thetas(run.steps[0], look, spoken)}.`);
  };
}

function climbView(place, { data, model, look, startAt, setOptions, options }) {
  const grouped = { ...compress(data), rows: data };
  let { alone } = options;
  let along = alone ?? 0;
  if (look.k > 1) {
    const label = html("label", { class: "choice", text: "EM moves " }, place.choices);
    const select = html("select", {}, label);
    const offer = (value, text) => html("option", { value, text }, select);
    look.names.forEach((name, j) => offer(`all ${j}`, `all coins, seen along coin ${name}`));
    look.names.forEach((name, j) => offer(`alone ${j}`, `coin ${name} alone`));
    select.value = alone === null ? "all 0" : `alone ${alone}`;
    select.addEventListener("change", () => {
      const [what, coin] = select.value.split(" ");
      along = Number(coin);
      alone = what === "alone" ? along : null;
      setOptions({ alone });
    });
  }
  const left = html("div", { class: "column" }, place.panels);
  const right = look.k > 1 ? html("div", { class: "column" }, place.panels) : left;
  const drawMap = look.k > 1 ? mapPanel(left, grouped, look, startAt) : () => {};
  const drawSlice = slicePanel(right, grouped, look, startAt);
  const drawTrace = trace(look.k > 1 ? right : html("div", { class: "column" }, place.panels), 440, 150);
  const fill = table(place.tables, "The numbers of this step (nats)", ["at", ...look.names.map((name) => `θ_${name}`),
    "Q(θ | θ_t)", "H(q_t)", "bound ELBO = Q + H", "KL(q_t ‖ posterior)", "ℓ = ELBO + KL"]);

  return {
    formula: {
      start: "The start: drag a dashed ring to choose it, or focus it and use the arrow keys.",
      E: "E-step: q_t = the posterior at θ_t. The bound ELBO(q_t, θ) touches the log-likelihood there. "
        + "◇ marks its maximum.",
      M: "M-step: θ_{t+1} (◆) is where the bound is highest. The log-likelihood lies above the bound "
        + "by a KL divergence.",
    },
    describe: (run, { now }) => thetas(run.steps[now], look),
    draw(run, half) {
      const { phase, t, now } = half;
      if (phase !== "start") responsibilities(run.steps[t], model, data, look.k);
      drawMap(run, half, along);
      drawSlice(run, half, along, look.k === 1 || alone !== null);
      drawTrace(run, half);
      const { r: q, logLikelihood } = run.steps[t];
      const row = (name, step) => {
        const thetaCells = look.names.map((_, j) => fixed(step.parameters.theta[j], 4));
        if (phase === "start") return [name, ...thetaCells, "?", "?", "?", "?", fixed(step.logLikelihood)];
        const logJoint = model.logJoint(data, step.parameters);
        const { logDensity } = eStep(logJoint, look.k);
        const [Q, H] = [expectedLogJoint(q, logJoint, look.k, data.weights), entropy(q, look.k, data.weights)];
        const KL = Math.max(0, kullbackLeibler(q, logJoint, logDensity, look.k, data.weights));
        return [name, ...thetaCells, ...[Q, H, Q + H].map((value) => fixed(value)), fixed(KL, 4),
          fixed(step.logLikelihood)];
      };
      const rows = [row(phase === "start" ? "θ_0" : "θ_t", run.steps[t])];
      rows.push(phase === "M" ? row("θ_{t+1}", run.steps[now])
        : ["θ_{t+1}", ...look.names.map(() => "?"), "?", "?", "?", "?", "?"]);
      fill(rows);
    },
  };
}

// --- Gaussian mixtures: points, ellipses, weights

// Mean and Cholesky factor of component j in the first two coordinates, or the only one. The leading
// block of L belongs to the leading block of the covariance.
function shape({ means, factors }, j, d) {
  const shown = d === 1 ? [0] : [0, 1];
  return {
    mean: shown.map((a) => means[j * d + a]),
    L: shown.flatMap((a) => shown.map((b) => factors[(j * d + a) * d + b])),
  };
}

// Points x = mean + s L u on an ellipse, u on the unit circle.
function ellipsePoints({ mean, L }, s) {
  return Array.from({ length: 65 }, (_, i) => {
    const [u, v] = [Math.cos((i * Math.PI) / 32), Math.sin((i * Math.PI) / 32)];
    return [mean[0] + s * L[0] * u, mean[1] + s * (L[2] * u + L[3] * v)];
  });
}

// Standard deviation along the narrowest direction shown: the smaller singular value of L, from the
// product and the sum of squares of both, so that nothing cancels.
function narrowest({ L }) {
  if (L.length === 1) return L[0];
  const [a, , b, c] = L;
  const squares = a * a + b * b + c * c;
  return (Math.SQRT2 * a * c) / Math.sqrt(squares + Math.sqrt(Math.max(0, squares * squares - 4 * (a * c) ** 2)));
}

const extent = (values) => values.reduce(([lo, hi], v) => [Math.min(lo, v), Math.max(hi, v)], [Infinity, -Infinity]);

function pointsPanel(parent, data, look, startAt, collapsing, movable) {
  const { n, d, points } = data;
  const [width, height] = [440, 400];
  const root = panel(parent, width, height,
    `${d === 1 ? "Rows and densities" : "Rows and components"}${
      movable ? " (drag a ring to restart)" : ""}`);
  const canvas = html("canvas", { "aria-hidden": true });
  root.before(canvas);
  const pen = canvas.getContext("2d");
  const column = (a) => Array.from({ length: n }, (_, i) => points[i * d + a]);
  const room = (values, from, to, pixels) => {
    let [lo, hi] = extent(values);
    if (hi === lo) [lo, hi] = [lo - 1, hi + 1];
    const pad = (hi - lo) * pixels;
    return scale(lo - pad, hi + pad, from, to);
  };
  const x = room(column(0), 48, width - 10, 0.08);
  const y = d === 1 ? scale(0, 1, height - 42, 8) : room(column(1), height - 42, 8, 0.08);
  axes(svg("g", {}, root), x, y, { xTitle: d === 1 ? "x" : "x_1", yTitle: d === 1 ? "density, weighted" : "x_2",
    yTicks: d === 1 ? [] : undefined });
  const inside = clip(root, x, y);
  const total = svg("path", { class: "line" }, inside);
  const parts = look.names.map((name, j) => ({
    ways: svg("path", { class: "way" }, inside),
    halo: svg("path", { class: "halo" }, inside),
    curve: svg("path", { class: "line", stroke: look.colours[j], "stroke-dasharray": look.dashes[j] }, inside),
    mark: svg("path", { class: "mark", d: markerPath(look.markers[j], 6.5), fill: look.colours[j] }, inside),
    name: svg("text", { class: "strong halo-text", text: name }, root),
  }));
  const size = n <= 60 ? 4.5 : n <= 300 ? 3.4 : 2.5;
  const stamps = look.markers.map((marker) => new Path2D(markerPath(marker, size)));
  // One coordinate: the rows in a band at the foot, spread so that they can be told apart.
  const at = Array.from({ length: n }, (_, i) => [x(points[i * d]),
    d === 1 ? y(0.03 + 0.14 * ((i * 0.618034) % 1)) : y(points[i * d + 1])]);

  const [layer, steps] = [overlay(root, "Choose the start"), d === 1 ? null : y];
  let start = null;
  const place = (j, values) => {
    const means = start.means.slice();
    values.forEach((value, a) => { if (a < d) means[j * d + a] = value; });
    startAt({ ...start, means });
  };
  const unit = 10 ** Math.floor(Math.log10((x.hi - x.lo) / 40));
  const rings = !movable ? [] : look.names.map((name, j) => handle(layer, `Start of the mean of component ${name}`,
    { x, y: steps, atY: y(0.1), step: unit, moved: (...values) => place(j, values) }));

  // As many pixels as the screen shows: more cost time, fewer are a blur. A zoom may change them.
  let sharpness = 0;
  function drawPoints(r) {
    const wanted = Math.max(1, devicePixelRatio);
    if (sharpness !== wanted) {
      sharpness = wanted;
      [canvas.width, canvas.height] = [width * sharpness, height * sharpness];
    }
    pen.setTransform(sharpness, 0, 0, sharpness, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.strokeStyle = look.neutral;
    pen.lineWidth = 0.9;
    for (let i = 0; i < n; i++) {
      pen.setTransform(sharpness, 0, 0, sharpness, sharpness * at[i][0], sharpness * at[i][1]);
      if (!r) {
        pen.stroke(stamps[0]);
        continue;
      }
      const { colour, owner } = blend(r, i, look);
      pen.fillStyle = colour;
      pen.fill(stamps[owner]);
    }
  }

  let lastPoints;
  return (run, half, r) => {
    const { t, now, phase } = half;
    start = run.steps[0].parameters;
    const parameters = run.steps[now].parameters;
    if (lastPoints !== (r ?? run)) drawPoints(r);
    lastPoints = r ?? run;
    const grid = d === 1 ? Array.from({ length: 241 }, (_, i) => x.lo + (i / 240) * (x.hi - x.lo)) : [];
    const densities = d === 1 ? mixtureDensities(grid, parameters) : [];
    const high = d === 1 ? densityTop(run, grid) : 1;
    const toY = (density) => y(0.2 + 0.76 * Math.min(density / high, 1.5));
    parts.forEach((part, j) => {
      const own = shape(parameters, j, d);
      const spot = (values) => [x(values[0]), d === 1 ? y(0.1) : y(values[1])];
      if (d === 1) {
        part.curve.setAttribute("d", line(grid.map((value, i) => [x(value), toY(densities[j][i])])));
      } else {
        const outline = (s) => line(ellipsePoints(own, s).map(spot));
        part.curve.setAttribute("d", outline(1) + outline(2));
        part.halo.setAttribute("d", outline(1) + outline(2));
      }
      const way = run.steps.slice(0, now + 1).map((step) => spot(shape(step.parameters, j, d).mean));
      part.ways.setAttribute("d", line(way));
      part.mark.setAttribute("transform", move(...spot(own.mean)));
      const [px, py] = spot(own.mean);
      rich(part.name, collapsing(parameters, j) ? `${look.names[j]} collapsing` : look.names[j]);
      const atEnd = px > x.to - 90;
      set(part.name, { x: clamp(atEnd ? px - 9 : px + 9, x.from, x.to), y: clamp(py - 8, y.to + 12, y.from),
        class: `strong halo-text ${atEnd ? "end" : ""}` });
      const begin = shape(start, j, d).mean;
      rings[j]?.place(begin, begin.map((value, a) => `${d === 1 ? "x" : `x ${a + 1}`} ${fixed(value, 2)}`).join(", "));
    });
    if (d === 1) {
      const all = grid.map((value, i) => [x(value), toY(sum(densities.map((row) => row[i])))]);
      total.setAttribute("d", look.k > 1 ? line(all) : "");
    }
    root.setAttribute("aria-label", `${n} rows${r ? ", coloured by responsibility" : ""}; means ${look.names.map(
      (name, j) => `${name} (${shape(parameters, j, d).mean.map((v) => fixed(v, 2)).join(", ")})`).join(", ")}.`);
  };
}

// The components' colours mixed by a row's responsibilities, and the component that has most of it.
function blend(r, i, { k, rgb }) {
  const mixed = [0, 0, 0];
  let owner = 0;
  for (let j = 0; j < k; j++) {
    const share = r[i * k + j];
    for (let c = 0; c < 3; c++) mixed[c] += share * rgb[j][c];
    if (share > r[i * k + owner]) owner = j;
  }
  return { colour: `rgb(${mixed.map(Math.round)})`, owner };
}

// alpha_j N(x; mu_j, sigma_j^2) of every component, for one coordinate.
function mixtureDensities(grid, parameters) {
  const k = parameters.mixing_weights.length;
  const logJoint = gaussians.logJoint({ n: grid.length, d: 1, points: grid }, parameters);
  return Array.from({ length: k }, (_, j) => grid.map((_, i) => Math.exp(logJoint[i * k + j])));
}

// The height to draw densities to: that of a typical step, so that a spike leaves the picture.
function densityTop(run, grid) {
  run.top ??= median(run.steps.map(({ parameters }) => {
    const densities = mixtureDensities(grid, parameters);
    return Math.max(...grid.map((_, i) => sum(densities.map((row) => row[i]))));
  }));
  return run.top;
}

const median = (values) => values.slice().sort((a, b) => a - b)[Math.floor(values.length / 2)];

const weightsInWords = (look, weights) => look.names.map((name, j) => `${name} ${fixed(weights[j])}`).join(", ");

// The mixing weights as bars.
function weightsPanel(parent, look) {
  const [width, lane] = [440, 24];
  const root = panel(parent, width, look.k * lane + 46, "Mixing weights α");
  const x = scale(0, 1, 62, width - 14);
  const y = scale(0, 1, look.k * lane + 8, 6);
  axes(svg("g", {}, root), x, y, { yTicks: [] });
  const bars = look.names.map((name, j) => {
    const top = 8 + lane * j;
    svg("path", { class: "mark", d: markerPath(look.markers[j], 5), fill: look.colours[j],
      transform: move(18, top + 11) }, root);
    svg("text", { x: 52, y: top + 15, class: "end", text: `α_${name}` }, root);
    return { bar: svg("rect", { x: x(0), y: top + 3, height: lane - 8, fill: look.colours[j] }, root),
      value: svg("text", { y: top + 15 }, root) };
  });
  return (run, { now }) => {
    const weights = run.steps[now].parameters.mixing_weights;
    bars.forEach(({ bar, value }, j) => {
      bar.setAttribute("width", x(weights[j]) - x(0));
      const inBar = weights[j] > 0.85;
      set(value, { x: inBar ? x(weights[j]) - 6 : x(weights[j]) + 6, class: inBar ? "end on-bar" : "" });
      rich(value, fixed(weights[j]));
    });
    root.setAttribute("aria-label", `Mixing weights: ${weightsInWords(look, weights)}.`);
  };
}

// A component narrower than this share of the data's own spread is called collapsing.
const COLLAPSE = 0.01;

function gaussiansView(place, { data, model, look, startAt, options }) {
  const { n, d } = data;
  const left = html("div", { class: "column" }, place.panels);
  const right = html("div", { class: "column" }, place.panels);
  const shown = Math.min(d, 2);
  const spread = Math.max(...Array.from({ length: shown }, (_, a) => {
    const [lo, hi] = extent(Array.from({ length: n }, (_, i) => data.points[i * d + a]));
    return hi - lo;
  }));
  const widthOf = (parameters, j) => narrowest(shape(parameters, j, d));
  const collapsing = (parameters, j) => n > 1 && widthOf(parameters, j) < COLLAPSE * spread;
  const drawPoints = pointsPanel(left, data, look, startAt, collapsing, options.movable);
  const drawWeights = weightsPanel(right, look);
  const drawTrace = trace(right, 440, 250);
  const subscript = (a, b = "") => (d === 1 ? "" : `_{${a}${b}}`);
  const pairs = shown === 1 ? [[0, 0]] : [[0, 0], [1, 1], [0, 1]];
  const fill = table(place.tables, "The numbers of this step", ["component", "expected rows N_j", "α_j",
    ...Array.from({ length: d }, (_, a) => `μ${subscript(a + 1)}`),
    ...pairs.map(([a, b]) => `Σ${subscript(a + 1, b + 1)}`), "narrowest sd"]);
  return {
    formula: {
      start: `The start.${d === 1 ? "" : " Ellipses: 1 and 2 standard deviations."}${
        options.movable ? " Drag a dashed ring to move a starting mean." : ""}`,
      E: "E-step: r_{ij} = p(z_i = j | x_i; θ_t). Colours blend by it; the shape is that of the likeliest component.",
      M: "M-step: each component's weight, mean and covariance are averages weighted by its responsibilities.",
    },
    describe(run, { now }) {
      const step = run.steps[now];
      const narrow = look.names.filter((_, j) => collapsing(step.parameters, j));
      return `mixing weights ${weightsInWords(look, step.parameters.mixing_weights)}`
        + (narrow.length ? `; collapsing: ${narrow.join(", ")}` : "");
    },
    draw(run, half) {
      const { phase, t, now } = half;
      const r = phase === "start" || isImpossible(run) ? null : responsibilities(run.steps[t], model, data, look.k);
      drawPoints(run, half, r);
      drawWeights(run, half);
      drawTrace(run, half);
      const { parameters } = run.steps[now];
      const N = r && columnSums(weighed(r, look.k, data.weights), look.k);
      fill(look.names.map((name, j) => [name, r ? fixed(N[j], 2) : "?", fixed(parameters.mixing_weights[j]),
        ...Array.from({ length: d }, (_, a) => fixed(parameters.means[j * d + a])),
        ...pairs.map(([a, b]) => small(covariance(parameters, j, d, a, b))), small(widthOf(parameters, j))]));
    },
  };
}

const coinsInWords = (k, data) => `EM for ${k === 1 ? "one coin" : `${k} coins`}, ${rowsInWords(data)}`;
const gaussiansInWords = (k, data) => `EM for ${k === 1 ? "one Gaussian" : `a mixture of ${k} Gaussians`}, ${
  rowsInWords(data)}${data.d > 2 ? ` of ${data.d} numbers, the first two drawn` : ""}`;

const VIEWS = {
  coins: { build: coinsView, model: coins, title: coinsInWords },
  climb: { build: climbView, model: coins, title: (k, data) => `The climb: ${coinsInWords(k, data)}` },
  gaussians: { build: gaussiansView, model: gaussians, title: gaussiansInWords },
};

// ------------------------------------------------------------------------------------ 5 shell

// What Python sent, as typed arrays.
function readRun({ steps, reason, message, leaps }) {
  const names = Object.keys(steps.parameters);
  const logLikelihoods = decode(steps.log_likelihood);
  const columns = names.map((name) => decode(steps.parameters[name]));
  return {
    reason,
    message,
    leaps,
    steps: Array.from(logLikelihoods, (logLikelihood, t) => ({
      logLikelihood,
      parameters: Object.fromEntries(names.map((name, c) => {
        const size = columns[c].length / logLikelihoods.length;
        return [name, columns[c].slice(t * size, (t + 1) * size)];
      })),
    })),
  };
}

function readData(data) {
  return Object.fromEntries(Object.entries(data).map(
    ([name, value]) => [name, typeof value === "string" ? decode(value) : value]));
}

// "EM iteration 6 of 40, M-step: ...", the sentence of a half-step.
function sentence(run, half, view) {
  const { phase, now, t } = half;
  const last = run.steps.length - 1;
  const k = run.steps[0].parameters.mixing_weights.length;
  const message = readable(run.message, k);
  if (isImpossible(run)) return `EM cannot start here: ${message}.`;
  const value = `log-likelihood ${fixed(run.steps[now].logLikelihood)}`;
  const what = view.describe(run, half);
  if (phase === "start") {
    const equal = twins(run.steps[0].parameters)?.map((j) => names(k)[j]);
    return `Start, before iteration 1 of ${last}: ${what}; ${value}.`
      + (equal ? ` ${equal.join(" and ")} start equal, and EM can never part them.` : "");
  }
  if (phase === "M") {
    const gain = run.steps[now].logLikelihood - run.steps[t].logLikelihood;
    return `EM iteration ${now} of ${last}, M-step${run.leaps ? " or leap" : ""}: ${what}; ${value} (${change(gain)}).`;
  }
  if (t < last) return `EM iteration ${t + 1} of ${last}, E-step: responsibilities at ${what}; ${value}.`;
  return `After iteration ${last} of ${last}, last E-step: responsibilities at ${what}; ${value}. `
    + `EM stopped (${run.reason}): ${message}.`;
}

const SPEEDS = [0.5, 1, 2, 4, 8];

function controls(bar, go, last) {
  set(bar, { role: "group", "aria-label": "Step through the run" });
  const button = (text, act) => {
    const node = html("button", { type: "button", text }, bar);
    node.addEventListener("click", act);
    return node;
  };
  const at = () => Number(slider.value);
  const first = button("First", () => go(0));
  const previous = button("Previous", () => go(at() - 1));
  const play = button("Play", () => (timer ? stop() : start()));
  const next = button("Next", () => go(at() + 1));
  const end = button("Last", () => go(last()));
  const slider = html("input", { type: "range", min: 0, step: 1, value: 0, "aria-label": "Half-step" }, bar);
  slider.addEventListener("input", () => go(at()));
  const label = html("label", { text: "Speed " }, bar);
  const speed = html("select", {}, label);
  for (const s of SPEEDS) html("option", { value: s, text: `${s} a second` }, speed);
  // Who asks for less motion gets the slowest pace to begin with.
  speed.value = matchMedia("(prefers-reduced-motion: reduce)").matches ? SPEEDS[0] : 2;

  let timer = 0;
  function start() {
    if (at() >= last()) go(0);
    play.textContent = "Pause";
    timer = setTimeout(tick, 1000 / speed.value);
  }
  function tick() {
    if (!bar.isConnected || at() >= last()) return stop();
    timer = setTimeout(tick, 1000 / speed.value);
    go(at() + 1, true);
    if (at() >= last()) stop();
  }
  function stop() {
    clearTimeout(timer);
    timer = 0;
    play.textContent = "Play";
  }
  return {
    slider,
    stop,
    show(position, words) {
      slider.max = last();
      slider.value = position;
      slider.setAttribute("aria-valuetext", words);
      // aria-disabled instead of disabled: the focus must not be lost at either end.
      for (const node of [first, previous]) node.setAttribute("aria-disabled", position === 0);
      for (const node of [next, end]) node.setAttribute("aria-disabled", position === last());
    },
  };
}

const rgbOf = (colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));

// Colours, dashes and markers of k components.
function lookOf(k, palette) {
  const cycle = (values) => Array.from({ length: k }, (_, j) => values[j % values.length]);
  const colours = cycle(palette.colours);
  return { k, names: names(k), colours, rgb: colours.map(rgbOf), dashes: cycle(palette.dashes),
    markers: cycle(palette.markers), neutral: palette.neutral };
}

// The frame of every picture: title, a place for controls, what is shown in words, panels, tables.
function frame(root, title, purpose) {
  const card = html("div", { class: "card", role: "group", tabindex: -1, "aria-label": `${title}, ${purpose}` }, root);
  html("p", { class: "title", text: title }, card);
  const place = { card };
  for (const name of ["controls", "choices"]) place[name] = html("div", { class: "bar" }, card);
  const formula = html("p", { class: "formula" }, card);
  const status = html("p", { class: "status", "aria-hidden": true }, card);
  const live = html("p", { class: "spoken", "aria-live": "polite" }, card);
  for (const name of ["panels", "tables"]) place[name] = html("div", { class: name }, card);

  // Plain keys stay here, or Jupyter takes them for its own commands.
  card.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter")) return;
    event.stopPropagation();
  });
  // Screen readers hear the sentence once things have come to rest, and nothing before anything happened.
  let timer = 0;
  place.say = (words, hint, isQuiet = false) => {
    rich(status, words);
    rich(formula, hint);
    clearTimeout(timer);
    if (card.isConnected && !isQuiet) timer = setTimeout(() => { live.textContent = spoken(words); }, 150);
  };
  return place;
}

function stepper(root, spec) {
  const { build, model, title } = VIEWS[spec.view];
  const data = readData(spec.data);
  const given = readRun(spec.run);
  const first = given.steps[0].parameters;
  const k = first.mixing_weights.length;
  let [run, options] = [given, spec.options];

  const place = frame(root, title(k, data), "to step through");
  const bar = controls(place.controls, go, () => lastPosition(run));
  const view = build(place, {
    data, model, options, look: lookOf(k, spec.palette),
    startAt: (parameters) => restart(parameters, options),
    setOptions: (changed) => restart(run.steps[0].parameters, { ...options, ...changed }),
  });
  const back = html("button", { type: "button", text: "Back to the first start" }, place.choices);
  back.addEventListener("click", () => restart(first, options));

  // Another start or other options: the browser iterates EM itself, unless it is the run that was given.
  function restart(parameters, wanted) {
    const isFirst = Object.entries(first).every(
      ([name, values]) => values.every((value, i) => value === parameters[name][i]));
    const isGiven = isFirst && Object.entries(spec.options).every(([name, value]) => wanted[name] === value);
    options = wanted;
    run = isGiven && !spec.rerun ? given : runEM(model, data, parameters, options);
    back.hidden = isFirst;
    go(0);
  }

  // While it plays, screen readers are not flooded: they hear where it stops.
  function go(wanted, isPlaying = false) {
    if (!isPlaying) bar.stop();
    const position = clamp(wanted, 0, lastPosition(run));
    const half = halfStep(position);
    const words = sentence(run, half, view);
    view.draw(run, half);
    place.say(words, view.formula[half.phase], isPlaying && position < lastPosition(run));
    bar.show(position, spoken(words).split(":")[0]);
  }

  const KEYS = { ArrowRight: (p) => p + 1, ArrowLeft: (p) => p - 1, Home: () => 0, End: () => Infinity };
  place.card.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (!KEYS[event.key] || event.target.closest("select, .handle, .scroll")) return;
    event.preventDefault();
    go(KEYS[event.key](Number(bar.slider.value)));
  });
  restart(first, options);
  go(spec.position);
}

// Replace the still picture by the live one, `show`; if anything fails, the still picture stays.
function mount(script, spec, show) {
  // Some viewers run a copy of the script beside the picture instead of the one inside it.
  const host = script.closest(".emlib")
    ?? [...script.parentElement.querySelectorAll(".emlib")].find((one) => !one.shadowRoot);
  if (!host || host.shadowRoot) return;
  const root = document.createDocumentFragment();
  html("style", {}, root).textContent = spec.css;
  show(root, spec);
  html("slot", {}, root);
  // A shadow root keeps the page's styles out and ours in.
  host.attachShadow({ mode: "open" }).append(root);
}
