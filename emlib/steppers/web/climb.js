// @ts-check
// The climb of coins: the log-likelihood, the bound under it, and the way up.

import { axes, scale, ticks } from "./axes.js";
import { coins } from "./binomial.js";
import { html, line, markerPath, move, rich, set, svg } from "./elements.js";
import { entropy, eStep, expectedLogJoint, kullbackLeibler } from "./em.js";
import { handle } from "./handle.js";
import { COARSE, contourPath, FINE, shadedMap, squareScales } from "./map.js";
import { clamp, countTimesLog, logAdd } from "./numbers.js";
import { captionOf, clip, columns, overlay, panel, table } from "./panel.js";
import { isImpossible, responsibilities, responsibilitiesOf } from "./run.js";
import { stepper } from "./stepper.js";
import { trace } from "./trace.js";
import { coinsInWords, fixed, small, spoken, thetas } from "./words.js";

/**
 * Equal rows together: the same log-likelihood from fewer rows.
 * @param {Tosses} data
 * @returns {Tosses}
 */
export function compress(data) {
  const groups = new Map();
  for (let i = 0; i < data.n; i++) {
    const key = `${data.heads[i]}/${data.flips[i]}`;
    groups.set(key, [
      data.heads[i],
      data.flips[i],
      (groups.get(key)?.[2] ?? 0) + (data.weights ? data.weights[i] : 1),
    ]);
  }
  const [heads, flips, weights] = [0, 1, 2].map((c) =>
    Float64Array.from(groups.values(), (group) => group[c]),
  );
  return { n: heads.length, heads, flips, weights };
}

/**
 * Where coin `a` (and coin `b`) take the values of a grid and the others stay: the log-likelihood,
 * row by row of b. Every row of data is scaled by its best fit; what underflows even so goes by logarithms.
 * @param {Tosses} data
 * @param {Params} parameters
 * @param {number[]} coins
 * @param {number[]} as
 * @param {number[]} [bs]
 * @returns {Float64Array}
 */
export function coinSurface(data, { theta, mixing_weights }, [a, b], as, bs = []) {
  const k = theta.length;
  const { n, heads, flips, weights } = data;
  const rest = coins.logJoint(data, { theta, mixing_weights });
  const values = new Float64Array(as.length * Math.max(bs.length, 1));
  for (let i = 0; i < n; i++) {
    const tails = flips[i] - heads[i];
    const series = (/** @type {number} */ t) =>
      countTimesLog(heads[i], Math.log(t)) + countTimesLog(tails, Math.log1p(-t));
    const best = series(heads[i] / flips[i]);
    const logs = (/** @type {number} */ coin, /** @type {number[]} */ grid) =>
      grid.map((t) => Math.log(mixing_weights[coin]) + series(t) - best);
    let others = -Infinity;
    for (let j = 0; j < k; j++)
      if (j !== a && j !== b) others = logAdd(others, rest[i * k + j] - best);
    const [logsA, logsB] = [logs(a, as), b === undefined ? [-Infinity] : logs(b, bs)];
    const sharesA = logsA.map(Math.exp);
    let cell = 0;
    for (const logB of logsB) {
      const below = logAdd(others, logB);
      const shareBelow = Math.exp(below);
      for (let column = 0; column < as.length; column++) {
        const share = shareBelow + sharesA[column];
        values[cell++] +=
          (weights?.[i] ?? 1) *
          (best + (share > 1e-290 ? Math.log(share) : logAdd(below, logsA[column])));
      }
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
  const at = (/** @type {number} */ t) =>
    countTimesLog(heads, Math.log(t)) + countTimesLog(flips - heads, Math.log1p(-t));
  return grid.map((t) => at(t) - at(from));
}

/**
 * Where the bound is highest; a coin without expected flips has no such place and stays.
 * @param {number} heads
 * @param {number} flips
 * @param {number} from
 * @returns {number}
 */
export const boundMaximum = (heads, flips, from) => (flips > 0 ? Math.min(heads / flips, 1) : from);

/**
 * The bound that touches the log-likelihood at a step, over one coin's theta: its values on the FINE
 * grid; and at `next`, or else at its own maximum, the heights of both and the gap.
 * @param {GroupedTosses} data
 * @param {Step} step
 * @param {number} coin
 * @param {number | null} next
 */
function boundOver(data, step, coin, next) {
  const { parameters, logLikelihood } = step;
  const counts = coins.expectedCounts(data.rows, responsibilitiesOf(step));
  const [heads, flips] = [counts.heads[coin], counts.flips[coin]];
  const from = parameters.theta[coin];
  const at = (/** @type {number[]} */ grid) =>
    boundChange(heads, flips, from, grid).map((change) => logLikelihood + change);
  const to = next ?? boundMaximum(heads, flips, from);
  const [boundAt] = at([to]);
  const [curveAt] = coinSurface(data, parameters, [coin], [to]);
  // What is left of a gap by rounding alone is none.
  const distance = curveAt - boundAt > 1e-12 * Math.abs(curveAt) ? curveAt - boundAt : 0;
  return { values: at(FINE), to, boundAt, curveAt, distance };
}

/**
 * The log-likelihood over one theta with the bound below it.
 * @param {HTMLElement} parent
 * @param {GroupedTosses} data
 * @param {Look} look
 * @param {(parameters: Params) => void} startAt
 * @param {number} width
 * @param {number} height
 */
function slicePanel(parent, data, look, startAt, width, height) {
  const root = panel(parent, width, height, "");
  const caption = captionOf(root);
  const x = scale(0, 1, 84, width - 14);
  const grid = svg("g", {}, root);
  let y = scale(0, 1, height - 38, 10);
  const inside = clip(root, x, y);
  const curve = svg("path", { class: "line" }, inside);
  const bound = svg("path", { class: "line bound" }, inside);
  const gap = svg("path", { class: "gap" }, inside);
  const touch = svg("path", { class: "dot", d: markerPath("o", 5.5) }, inside);
  const best = svg("path", { class: "mark best", d: markerPath("D", 5.5) }, inside);
  const reached = svg("path", { class: "dot", d: markerPath("o", 4) }, inside);
  const gapText = svg("text", { class: "halo-text gap-text" }, root);
  const ring = handle(overlay(root, "Choose the start"), "Start of theta", {
    x,
    moved: (value) =>
      startAt({ ...start, theta: start.theta.map((old, j) => (j === along ? value : old)) }),
  });
  /** @type {Run | null} */
  let drawn = null;
  let along = 0;
  /** @type {Params} */
  let start;

  /**
   * @param {Run} run
   * @param {HalfStep} half
   * @param {number} coin
   * @param {boolean} isWhole
   */
  const draw = (run, half, coin, isWhole) => {
    const { phase, t, now } = half;
    const [before, after] = [run.steps[t], run.steps[now]];
    const name = look.names[coin];
    const others = look.names.flatMap((other, j) =>
      j === coin ? [] : [`θ_${other} = ${fixed(before.parameters.theta[j])}`],
    );
    if (run !== drawn || coin !== along) {
      [drawn, along, start] = [run, coin, run.steps[0].parameters];
      const first = coinSurface(data, start, [coin], FINE);
      const top = Math.max(...first, ...run.steps.map((step) => step.logLikelihood));
      const depth = isImpossible(run) ? 20 : clamp(top - run.steps[0].logLikelihood, 0.5, 400);
      y = scale(top - 2.2 * depth, top + 0.12 * depth, height - 38, 8);
      axes(grid, x, y, {
        xTitle: `θ_${name}`,
        yTitle: "nats",
        yTicks: ticks(y.lo, y.hi, height < 200 ? 4 : 6),
      });
      ring.node.setAttribute("aria-label", `Start of theta ${name}`);
    }
    const startY = isImpossible(run) ? y.from : y(run.steps[0].logLikelihood);
    ring.place([start.theta[coin]], fixed(start.theta[coin], 2), startY);
    const held = others.length ? `; ${others.join(", ")}` : "";
    rich(caption, `ℓ and bound (dashed) over θ_${name}${held}`);
    /** @type {(node: Element, values: ArrayLike<number>) => void} */
    const follow = (node, values) => {
      const isThere = FINE.map((_, i) => Number.isFinite(values[i]));
      const points = FINE.map((value, i) => [x(value), clamp(y(values[i]), -2000, 2000)]);
      node.setAttribute("d", line(points.filter((_, i) => isThere[i])));
    };
    follow(curve, coinSurface(data, before.parameters, [coin], FINE));
    const shown = phase !== "start";
    for (const node of [bound, gap, best, reached, gapText]) {
      node.classList.toggle("hidden", !shown);
    }
    touch.classList.toggle("hidden", isImpossible(run));
    if (isImpossible(run)) {
      root.setAttribute("aria-label", "The log-likelihood; the start is impossible.");
      return;
    }
    const at = before.parameters.theta[coin];
    touch.setAttribute("transform", move(x(at), y(before.logLikelihood)));
    if (!shown) {
      root.setAttribute(
        "aria-label",
        `The log-likelihood over theta ${name}; the start is ${fixed(at)}.`,
      );
      return;
    }
    const next = phase === "M" ? after.parameters.theta[coin] : null;
    const { values, to, boundAt, curveAt, distance } = boundOver(data, before, coin, next);
    follow(bound, values);
    best.setAttribute("transform", move(x(to), y(boundAt)));
    best.classList.toggle("hollow", phase === "E");
    gap.setAttribute("d", phase === "M" ? `M${x(to)},${y(boundAt)}V${y(curveAt)}` : "");
    reached.classList.toggle("hidden", phase !== "M");
    reached.setAttribute("transform", move(x(to), y(curveAt)));
    const atEnd = x(to) > x.to - 125;
    rich(gapText, phase === "E" ? "" : `${isWhole ? "gap = KL" : "gap here"} = ${small(distance)}`);
    set(gapText, {
      x: x(to) + (atEnd ? -10 : 10),
      y: clamp(y((boundAt + curveAt) / 2) + 5, y.to + 12, y.from - 6),
      class: `halo-text gap-text ${atEnd ? "end" : ""}`,
    });
    root.setAttribute(
      "aria-label",
      `The log-likelihood over theta ${name} and the bound, which touches it at ${fixed(at)}; ${
        phase === "M"
          ? `at the bound's maximum, ${fixed(to)}, the gap is ${small(distance)} nats`
          : `the bound's maximum is at ${fixed(to)}`
      }.`,
    );
  };
  return draw;
}

/**
 * How far the bound that touches the log-likelihood at a step lies above that, over two coins' thetas
 * on the COARSE grid, and where it is highest.
 * @param {GroupedTosses} data
 * @param {Step} step
 * @param {number[]} pair
 */
function boundInPlane(data, step, pair) {
  const { theta } = step.parameters;
  const { heads, flips } = coins.expectedCounts(data.rows, responsibilitiesOf(step));
  const [alongA, alongB] = pair.map((j) => boundChange(heads[j], flips[j], theta[j], COARSE));
  return {
    above: alongB.flatMap((b) => alongA.map((a) => a + b)),
    to: pair.map((j) => boundMaximum(heads[j], flips[j], theta[j])),
  };
}

/**
 * The log-likelihood over two thetas as a shaded map, with the way EM took.
 * @param {HTMLElement} parent
 * @param {GroupedTosses} data
 * @param {Look} look
 * @param {(parameters: Params) => void} startAt
 * @param {number} width
 * @param {number} height
 */
function mapPanel(parent, data, look, startAt, width, height) {
  const root = panel(parent, width, height, "");
  const caption = captionOf(root);
  const [x, y] = squareScales(width, height);
  const drawSurface = shadedMap(root, x, y, look.rgb[0]);
  const grid = svg("g", {}, root);
  svg(
    "path",
    {
      class: "line ahead",
      d: line([
        [x(0), y(0)],
        [x(1), y(1)],
      ]),
    },
    root,
  );
  const inside = clip(root, x, y);
  const bound = svg("path", { class: "line bound solid" }, inside);
  const path = svg("path", { class: "line" }, root);
  const stops = svg("path", { class: "stops" }, root);
  const best = svg("path", { class: "mark best hollow", d: markerPath("D", 5.5) }, root);
  const dot = svg("path", { class: "dot", d: markerPath("o", 5.5) }, root);
  const transform = `${move(x(0) + 10, y(0) - 18)} rotate(-45)`;
  svg("text", { class: "tick halo-text", transform, text: "equal coins" }, root);
  const layer = overlay(root, "Choose the start");
  let [pair, key] = [[0, 1], ""];
  /** @type {Params} */
  let start;
  const ring = handle(layer, "Start", {
    x,
    y,
    moved: (va, vb) =>
      startAt({
        ...start,
        theta: start.theta.map((old, j) => (j === pair[0] ? va : j === pair[1] ? vb : old)),
      }),
  });

  /**
   * @param {Run} run
   * @param {HalfStep} half
   * @param {number} along
   */
  const draw = (run, half, along) => {
    const { phase, t, now } = half;
    const before = run.steps[t].parameters;
    pair = look.k === 2 ? [0, 1] : [along, (along + 1) % look.k];
    start = run.steps[0].parameters;
    const [a, b] = pair.map((j) => look.names[j]);
    const held = look.names.flatMap((name, j) =>
      pair.includes(j) ? [] : [`θ_${name} = ${fixed(before.theta[j])}`],
    );
    const wanted = JSON.stringify([pair, held, [...before.mixing_weights]]);
    if (wanted !== key) {
      key = wanted;
      axes(grid, x, y, { xTitle: `θ_${a}`, yTitle: `θ_${b}` });
      rich(
        caption,
        `ℓ over θ_${a} and θ_${b}${held.length ? `, with ${held.join(", ")}` : ""}; orange: bound above ℓ(θ_t)`,
      );
      ring.node.setAttribute("aria-label", `Start of theta ${a} and theta ${b}`);
      drawSurface(coinSurface(data, before, pair, COARSE, COARSE));
    }
    ring.place(
      pair.map((j) => start.theta[j]),
      pair.map((j) => `theta ${look.names[j]} ${fixed(start.theta[j], 2)}`).join(", "),
    );
    /** @type {(step: Step) => Place} */
    const spot = ({ parameters: { theta } }) => [x(theta[pair[0]]), y(theta[pair[1]])];
    const way = run.steps.slice(0, now + 1).map(spot);
    path.setAttribute("d", line(way));
    stops.setAttribute(
      "d",
      way.map(([px, py]) => `M${px - 3},${py}a3,3 0 1 0 6,0a3,3 0 1 0 -6,0`).join(""),
    );
    dot.setAttribute("transform", move(...way[now]));
    const shown = phase !== "start";
    bound.classList.toggle("hidden", !shown);
    best.classList.toggle("hidden", phase !== "E");
    if (shown) {
      const { above, to } = boundInPlane(data, run.steps[t], pair);
      bound.setAttribute("d", contourPath(above, COARSE.map(x), COARSE.map(y), 0));
      best.setAttribute("transform", move(x(to[0]), y(to[1])));
    }
    root.setAttribute(
      "aria-label",
      `Map of the log-likelihood with the way of EM so far: ${thetas(
        run.steps[now],
        look,
        spoken,
      )}, from ${thetas(run.steps[0], look, spoken)}.`,
    );
  };
  return draw;
}

/**
 * @param {Frame} place
 * @param {Given} given
 * @returns {View}
 */
function climbView(place, { data, model, look, room, startAt, setOptions, options }) {
  const grouped = { ...compress(data), rows: data };
  let { alone } = options;
  let along = options.along ?? alone ?? 0;
  place.controls.querySelector(".choice")?.remove();
  if (look.k > 1) {
    const select = html("select", { class: "choice", "aria-label": "EM moves" }, place.controls);
    const offer = (/** @type {string} */ value, /** @type {string} */ text) => {
      html("option", { value, text }, select);
    };
    look.names.forEach((name, j) => offer(`all ${j}`, `all coins move, seen along ${name}`));
    look.names.forEach((name, j) => offer(`alone ${j}`, `coin ${name} alone moves`));
    select.value = `${alone === null ? "all" : "alone"} ${along}`;
    select.addEventListener("change", () => {
      const [what, coin] = select.value.split(" ");
      along = Number(coin);
      alone = what === "alone" ? along : null;
      setOptions({ alone, along });
    });
  }
  const [left, right] = columns(place, room);
  const { isWide, main, side } = room;
  const hasMap = look.k > 1;
  const drawMap = hasMap
    ? mapPanel(left, grouped, look, startAt, main, isWide ? 384 : 206)
    : () => {};
  const drawSlice = hasMap
    ? slicePanel(right, grouped, look, startAt, side, isWide ? 222 : 148)
    : slicePanel(left, grouped, look, startAt, main, isWide ? 384 : 250);
  // On a narrow page the height of the ring on its curve tells the same.
  const drawTrace = isWide || !hasMap ? trace(right, side, isWide ? 142 : 88) : () => {};
  const fill = table(place.tables, "The numbers of this step (nats)", [
    "at",
    ...look.names.map((name) => `θ_${name}`),
    "Q(θ | θ_t)",
    "H(q_t)",
    "bound ELBO = Q + H",
    "KL(q_t ‖ posterior)",
    "ℓ = ELBO + KL",
  ]);

  return {
    formula: {
      start: "The start: drag a dashed ring to choose it, or focus it and use the arrow keys.",
      E:
        "q_t = the posterior at θ_t. The bound ELBO(q_t, θ) touches the log-likelihood there. " +
        "◇ marks its maximum.",
      M:
        "θ_{t+1} (◆) is where the bound is highest. The log-likelihood lies above the bound " +
        "by a KL divergence.",
    },
    describe: (run, { now }) => thetas(run.steps[now], look),
    draw(run, half) {
      const { phase, t, now } = half;
      if (phase !== "start") responsibilities(run.steps[t], model, data, look.k);
      drawMap(run, half, along);
      drawSlice(run, half, along, look.k === 1 || alone !== null);
      drawTrace(run, half);
      /** @type {(name: string, step: Step) => string[]} */
      const row = (name, step) => {
        const thetaCells = look.names.map((_, j) => fixed(step.parameters.theta[j], 4));
        if (phase === "start")
          return [name, ...thetaCells, "?", "?", "?", "?", fixed(step.logLikelihood)];
        const q = responsibilitiesOf(run.steps[t]);
        const logJoint = model.logJoint(data, step.parameters);
        const { logDensity } = eStep(logJoint, look.k);
        const [Q, H] = [
          expectedLogJoint(q, logJoint, look.k, data.weights),
          entropy(q, look.k, data.weights),
        ];
        const KL = Math.max(0, kullbackLeibler(q, logJoint, logDensity, look.k, data.weights));
        return [
          name,
          ...thetaCells,
          ...[Q, H, Q + H].map((value) => fixed(value)),
          fixed(KL, 4),
          fixed(step.logLikelihood),
        ];
      };
      const rows = [row(phase === "start" ? "θ_0" : "θ_t", run.steps[t])];
      rows.push(
        phase === "M"
          ? row("θ_{t+1}", run.steps[now])
          : ["θ_{t+1}", ...look.names.map(() => "?"), "?", "?", "?", "?", "?"],
      );
      fill(rows);
    },
  };
}

/**
 * @param {DocumentFragment} root
 * @param {Spec} spec
 */
export function showClimb(root, spec) {
  stepper(root, spec, {
    build: climbView,
    model: coins,
    title: (k, data) => `The climb: ${coinsInWords(k, data)}`,
  });
}
