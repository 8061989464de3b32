// Pictures of an EM run that one steps through in the browser, without a kernel and without a network.
//
// emlib/stepper.py wraps this file in a function of its own, so nothing here is global, and calls
// `mount` with the run. Data flows one way: run -> half-step -> numbers -> drawing.
//   1 numbers   EM itself: pure functions on arrays, the same formulas as emlib's Python
//   2 words     numbers as text
//   3 drawing   small helpers for SVG and HTML
//   4 views     one function per kind of picture
//   5 shell     buttons, slider, keys, the sentence for screen readers
// Matrices are flat Float64Arrays, row by row: r[i * k + j] is the responsibility of j for row i.

// ---------------------------------------------------------------------------------- 1 numbers

// Arrays travel as base64 of little-endian float64: every bit arrives, in a third of the space.
function decode(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
const clamp = (x, lo, hi) => Math.min(Math.max(x, lo), hi);

// Rows of log p(x_i, z_i = j) -> responsibilities and log-likelihood, in the log domain.
function eStep(logJoint, k) {
  const n = logJoint.length / k;
  const r = new Float64Array(n * k);
  let logLikelihood = 0;
  for (let i = 0; i < n; i++) {
    let top = -Infinity;
    for (let j = 0; j < k; j++) top = Math.max(top, logJoint[i * k + j]);
    if (top === -Infinity) throw new Error(`row ${i} has probability 0 under every component`);
    let total = 0;
    for (let j = 0; j < k; j++) total += r[i * k + j] = Math.exp(logJoint[i * k + j] - top);
    for (let j = 0; j < k; j++) r[i * k + j] /= total;
    logLikelihood += top + Math.log(total);
  }
  return { r, logLikelihood };
}

// sum_j r_ij log p(x_i, z_i = j) - r_ij log r_ij, over all rows: the bound for q = r.
function elbo(r, logJoint) {
  let total = 0;
  for (let m = 0; m < r.length; m++) if (r[m] > 0) total += r[m] * (logJoint[m] - Math.log(r[m]));
  return total;
}

const countTimesLog = (count, log) => (count === 0 ? 0 : count * log);

// k coins: parameters {theta, mixing_weights}, data {n, heads, flips}.
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
    r.forEach((share, m) => {
      const [i, j] = [Math.floor(m / k), m % k];
      heads[j] += share * data.heads[i];
      flips[j] += share * data.flips[i];
    });
    return { heads, flips };
  },

  mStep(data, r, old, { fitWeights = false } = {}) {
    const k = old.theta.length;
    const { heads, flips } = coins.expectedCounts(data, r);
    const empty = flips.findIndex((count) => !(count > 0));
    if (empty >= 0) throw new Error(`component ${empty} is empty: no row belongs to it`);
    const theta = heads.map((h, j) => Math.min(h / flips[j], 1));
    const weights = new Float64Array(k);
    r.forEach((share, m) => { weights[m % k] += share / data.n; });
    return { theta, mixing_weights: fitWeights ? weights : old.mixing_weights };
  },
};

// A position of the slider is a half-step: 0 is the start, then E-step, M-step, E-step, ...
// `t` are the parameters that the responsibilities belong to, `now` those that are shown.
function halfStep(position) {
  if (position === 0) return { phase: "start", t: 0, now: 0 };
  const t = Math.floor((position - 1) / 2);
  return position % 2 ? { phase: "E", t, now: t } : { phase: "M", t, now: t + 1 };
}

// After the last M-step comes one more E-step: the responsibilities at the final parameters.
const lastPosition = (run) => 2 * (run.steps.length - 1) + 1;

// ------------------------------------------------------------------------------------ 2 words

const fixed = (x, digits = 3) => x.toFixed(digits).replace("-", "−");

// A change, to two significant digits however small it is.
function change(x) {
  if (x === 0) return "0";
  const size = Math.abs(x) < 0.0005 ? Math.abs(x).toExponential(1) : Number(Math.abs(x).toPrecision(2));
  return `${x < 0 ? "−" : "+"}${size}`.replace("e-", "e−");
}

const names = (k) => Array.from({ length: k },
  (_, j) => (k <= 26 ? String.fromCharCode(65 + j) : String(j + 1)));

// θ_A and θ_{t+1} in words, for screen readers.
const GREEK = { θ: "theta ", α: "alpha ", μ: "mu ", Σ: "Sigma ", λ: "lambda ", ℓ: "log-likelihood " };
const spoken = (text) => text.replace(/[θαμΣλℓ]/g, (letter) => GREEK[letter]).replace(/_\{?|\}/g, "")
  .replace(/ +/g, " ");

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
  text.split(/(_\{[^}]*\}|_[A-Za-z0-9])/).forEach((part, index, parts) => {
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
  for (const value of yTicks ?? ticks(y.lo, y.hi, 4)) {
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
  const node = html("table", {}, html("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": caption }, parent));
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
function trace(parent, width = 440, height = 190) {
  const root = panel(parent, width, height, "Log-likelihood ℓ(θ_t) at each iteration t");
  const grid = svg("g", {}, root);
  const ahead = svg("path", { class: "line ahead" }, root);
  const done = svg("path", { class: "line" }, root);
  const dot = svg("path", { class: "dot", d: markerPath("o", 5) }, root);
  let drawn = null;
  let points = [];
  return (run, { now }) => {
    if (run !== drawn) {
      drawn = run;
      const values = run.steps.map((step) => step.logLikelihood);
      const [lo, hi] = [Math.min(...values), Math.max(...values)];
      const pad = 0.08 * (hi - lo);
      const x = scale(0, Math.max(values.length - 1, 1), 62, width - 14);
      const y = scale(lo - pad, hi + pad, height - 42, 12);
      axes(grid, x, y, { xTitle: "iteration t", yTitle: "nats", xTicks: ticks(x.lo, x.hi, 8, 1) });
      points = values.map((value, t) => [x(t), y(value)]);
      ahead.setAttribute("d", line(points));
    }
    done.setAttribute("d", line(points.slice(0, now + 1)));
    dot.setAttribute("transform", move(...points[now]));
    root.setAttribute("aria-label", `The log-likelihood against the iteration: ${
      fixed(run.steps[now].logLikelihood)} after iteration ${now} of ${run.steps.length - 1}.`);
  };
}

// ------------------------------------------------------------------------------------ 4 views

// A view builds its panels once and returns draw(run, half) and describe(run, half).

const MANY_ROWS = 30;

// Few rows each stand alone; of many, equal rows are taken together.
function groupRows(data) {
  const groups = new Map();
  for (let i = 0; i < data.n; i++) {
    const key = data.n > MANY_ROWS ? `${data.heads[i]}/${data.flips[i]}` : i;
    if (!groups.has(key)) groups.set(key, { first: i, heads: data.heads[i], flips: data.flips[i], count: 0 });
    groups.get(key).count += 1;
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
  const [width, height, barLeft, barRight, bar] = [440, 330, 92, 318, 16];
  const groups = groupRows(data);
  const total = sum(data.flips);
  const gap = Math.min(10, 60 / groups.length);
  const coinGap = 26;
  const unit = Math.min(height - 24 - gap * (groups.length - 1), height - 24 - coinGap * (k - 1)) / total;
  const top = (gaps, space) => 20 + (height - 24 - total * unit - gaps * space) / 2;

  const root = panel(parent, width, height, "Expected counts flow from the rows to the coins");
  const single = groups.every((group) => group.count === 1);
  svg("text", { x: 0, y: 12, class: "tick", text: "rows: ■ heads □ tails" }, root);
  svg("text", { x: barRight + bar + 8, y: 12, class: "tick", text: "expected counts" }, root);
  const ribbons = svg("g", {}, root);

  let y = top(groups.length - 1, gap);
  const size = clamp(((height - 24) / groups.length), 0, 13);
  for (const group of groups) {
    const [h, f] = [group.heads * group.count * unit, group.flips * group.count * unit];
    Object.assign(group, { yHeads: y, yTails: y + h, bands: [] });
    svg("rect", { class: "heads", x: barLeft, y, width: bar, height: h }, root);
    svg("rect", { class: "tails", x: barLeft, y: y + h, width: bar, height: f - h }, root);
    if (size >= 7) {
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
      const share = r ? flips[j] * unit : total * unit / k;
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
      : `${data.n} rows of tosses; which coin tossed which row is not known.`);
  };
}

// The coins' theta on a line from 0 to 1, a lane for each coin, with the places it has been.
function thetaPanel(parent, look) {
  const [width, lane] = [440, 30];
  const height = look.k * lane + 52;
  const root = panel(parent, width, height, "Probability of heads θ of each coin");
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
  let drawn = null;
  return (run, { phase, t, now }) => {
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

const thetas = (step, look, say = (text) => text) => look.names.map(
  (name, j) => say(`θ_${name} = ${fixed(step.parameters.theta[j])}`)).join(", ");

function coinsView(place, { data, model, look }) {
  const left = html("div", { class: "column" }, place.panels);
  const right = html("div", { class: "column" }, place.panels);
  const drawFlow = flowPanel(left, data, look);
  const drawTheta = thetaPanel(right, look);
  const drawTrace = trace(right);
  const groups = groupRows(data);
  const fillCoins = table(place.tables, "The numbers of this step",
    ["coin", "mixing weight α", "θ_t", "expected heads", "expected tails", "θ_{t+1} = heads / flips"]);
  const fillRows = table(place.tables, data.n > MANY_ROWS ? "The rows, equal ones together" : "The rows",
    ["row", "heads", "tails", ...look.names.map((name) => `r_${name}`),
      ...look.names.flatMap((name) => [`heads to ${name}`, `tails to ${name}`])]);

  return {
    title: `EM for ${look.k === 1 ? "one coin" : `${look.k} coins`}, ${data.n === 1 ? "one row" : `${data.n} rows`}`,
    formula: {
      start: "The start: a guess of every coin's θ. Which coin tossed which row is not known.",
      E: "E-step: r_{ij} = p(z_i = j | row i; θ_t), and each row's heads and tails are shared out by it.",
      M: "M-step: θ_{t+1} of a coin = its expected heads / its expected flips.",
    },
    describe: (run, { now }) => thetas(run.steps[now], look),
    draw(run, half) {
      const { phase, t, now } = half;
      const before = run.steps[t].parameters;
      const r = phase === "start" ? null : eStep(model.logJoint(data, before), look.k).r;
      drawFlow(half, run.steps, r);
      drawTheta(run, half);
      drawTrace(run, half);
      const counts = r && coins.expectedCounts(data, r);
      fillCoins(look.names.map((name, j) => [name, fixed(before.mixing_weights[j]), fixed(before.theta[j], 4),
        r ? fixed(counts.heads[j], 2) : "?", r ? fixed(counts.flips[j] - counts.heads[j], 2) : "?",
        phase === "M" ? fixed(run.steps[now].parameters.theta[j], 4) : "?"]));
      fillRows(groups.map(({ first, heads, flips, count }) => [
        count > 1 || data.n > MANY_ROWS ? `${count} rows` : String(first + 1), String(heads), String(flips - heads),
        ...look.names.map((_, j) => (r ? fixed(r[first * look.k + j], 2) : "?")),
        ...look.names.flatMap((_, j) => (r
          ? [heads, flips - heads].map((number) => fixed(r[first * look.k + j] * number * count, 2)) : ["?", "?"])),
      ]));
    },
  };
}

const VIEWS = { coins: { build: coinsView, model: coins } };

// ------------------------------------------------------------------------------------ 5 shell

// What Python sent, as typed arrays.
function readRun({ steps, reason, message }) {
  const names = Object.keys(steps.parameters);
  const logLikelihoods = decode(steps.log_likelihood);
  const columns = names.map((name) => decode(steps.parameters[name]));
  return {
    reason,
    message,
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
  const value = `log-likelihood ${fixed(run.steps[now].logLikelihood)}`;
  const what = view.describe(run, half);
  if (phase === "start") return `Start, before iteration 1 of ${last}: ${what}; ${value}.`;
  if (phase === "M") {
    const gain = run.steps[now].logLikelihood - run.steps[t].logLikelihood;
    return `EM iteration ${now} of ${last}, M-step: ${what}; ${value} (${change(gain)}).`;
  }
  if (t < last) return `EM iteration ${t + 1} of ${last}, E-step: responsibilities at ${what}; ${value}.`;
  return `After iteration ${last} of ${last}, last E-step: responsibilities at ${what}; ${value}. `
    + `EM stopped (${run.reason}): ${run.message}.`;
}

const SPEEDS = [0.5, 1, 2, 4, 8];

function controls(parent, go, last) {
  const bar = html("div", { class: "bar", role: "group", "aria-label": "Step through the run" }, parent);
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

function stepper(root, spec) {
  const { build, model } = VIEWS[spec.view];
  const given = readRun(spec.run);
  const k = given.steps[0].parameters.mixing_weights.length;
  const cycle = (values) => Array.from({ length: k }, (_, j) => values[j % values.length]);
  const look = { k, names: names(k), colours: cycle(spec.palette.colours), dashes: cycle(spec.palette.dashes),
    markers: cycle(spec.palette.markers) };

  const card = html("div", { class: "card", role: "group", tabindex: -1 }, root);
  const title = html("p", { class: "title" }, card);
  let run = given;
  const bar = controls(card, go, () => lastPosition(run));
  const formula = html("p", { class: "formula" }, card);
  const status = html("p", { class: "status", "aria-hidden": true }, card);
  const live = html("p", { class: "spoken", "aria-live": "polite" }, card);
  const place = {
    panels: html("div", { class: "panels" }, card),
    tables: html("div", { class: "tables" }, card),
  };
  const view = build(place, { data: readData(spec.data), model, look });
  rich(title, view.title);
  card.setAttribute("aria-label", `${view.title}, to step through`);

  // While it plays, screen readers are not flooded: they hear where it stops.
  function go(wanted, playing = false) {
    if (!playing) bar.stop();
    const position = clamp(wanted, 0, lastPosition(run));
    const half = halfStep(position);
    const words = sentence(run, half, view);
    view.draw(run, half);
    rich(status, words);
    rich(formula, view.formula[half.phase]);
    if (!playing || position === lastPosition(run)) live.textContent = spoken(words);
    bar.show(position, spoken(words).split(":")[0]);
  }

  const KEYS = { ArrowRight: (p) => p + 1, ArrowLeft: (p) => p - 1, Home: () => 0, End: () => Infinity };
  card.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.stopPropagation(); // or Jupyter takes plain keys for its own commands
    const takesKeys = event.target.closest("select, .handle, .scroll");
    if (!KEYS[event.key] || takesKeys) return;
    event.preventDefault();
    go(KEYS[event.key](Number(bar.slider.value)));
  });
  go(spec.position);
  live.textContent = ""; // nothing has happened yet: a page of steppers must not all speak at once
}

// Replace the still picture by the live one; if anything fails, the still picture stays.
function mount(script, spec) {
  const host = script.parentElement;
  if (host.shadowRoot) return;
  const root = document.createDocumentFragment();
  html("style", {}, root).textContent = spec.css;
  stepper(root, spec);
  html("slot", {}, root);
  // A shadow root keeps the page's styles out and ours in.
  host.attachShadow({ mode: "open" }).append(root);
}
