// @ts-check
// The climb of coins: the log-likelihood, the bound under it, and the way up.

import { axes } from "./axes.js";
import { describe, html, line, marker, move, paint, path, rich } from "./elements.js";
import { decompose, eStep } from "./em.js";
import { handle } from "./handle.js";
import { COARSE, contourPath, shadedMap, squareScales } from "./map.js";
import { captionOf, columns, layers, overlay, panel, table } from "./panel.js";
import { slicePanel } from "./slice.js";
import { stepper } from "./stepper.js";
import { boundChange, boundMaximum, coinSurface, coins, compress } from "./tosses.js";
import { trace } from "./trace.js";
import { coinsInWords, fixed, gettext, inDigits, spoken, thetas } from "./words.js";

/**
 * How far the bound that touches the log-likelihood at theta lies above that, over two coins' thetas
 * on the COARSE grid, and where it is highest.
 * @param {Counts} counts
 * @param {Float64Array} theta
 * @param {number[]} pair
 */
function boundInPlane({ heads, flips }, theta, pair) {
  const [alongA, alongB] = pair.map((j) => boundChange(heads[j], flips[j], theta[j], COARSE));
  return {
    above: alongB.flatMap((b) => alongA.map((a) => a + b)),
    to: pair.map((j) => boundMaximum(heads[j], flips[j], theta[j])),
  };
}

/**
 * The log-likelihood over two thetas as a shaded map, with the way EM took.
 * @param {HTMLElement} parent
 * @param {Tosses} data
 * @param {Look} look
 * @param {Given["moveStart"]} moveStart
 * @param {number} width
 * @param {number} height
 * @returns {(run: Run, half: HalfStep, along: number, counts: Counts | null) => void}
 */
function mapPanel(parent, data, look, moveStart, width, height) {
  const root = panel(parent, width, height, "");
  const [x, y] = squareScales(width, height);
  const drawSurface = shadedMap(root, x, y, look.rgb[0]);
  const [grid, inside, over] = layers(root, x, y);
  let [pair, key] = [[0, 1], ""];
  const moved = (/** @type {number[]} */ ...values) => moveStart("theta", pair, values);
  const ring = handle(overlay(root, gettext`Choose the start`), gettext`Start`, { x, y, moved });
  const diagonal = line([
    [x(0), y(0)],
    [x(1), y(1)],
  ]);
  const onDiagonal = `${move(x(0) + 10, y(0) - 18)} rotate(-45)`;

  return (run, { phase, t, now }, along, counts) => {
    const before = run.steps[t].parameters;
    pair = look.k === 2 ? [0, 1] : [along, (along + 1) % look.k];
    const start = pair.map((j) => run.steps[0].parameters.theta[j]);
    const [a, b] = pair.map((j) => look.names[j]);
    const held = look.names
      .map((name, j) => `θ_${name} = ${fixed(before.theta[j])}`)
      .filter((_, j) => !pair.includes(j));
    const wanted = JSON.stringify([pair, held, [...before.mixing_weights]]);
    if (wanted !== key) {
      key = wanted;
      axes(grid, x, y, { xTitle: `θ_${a}`, yTitle: `θ_${b}` });
      const plane = held.length
        ? gettext`ℓ over θ_${a} and θ_${b}, with ${held.join(", ")}`
        : gettext`ℓ over θ_${a} and θ_${b}`;
      rich(captionOf(root), gettext`${plane}; orange: bound above ℓ(θ_t)`);
      describe(ring.node, gettext`Start of theta ${a} and theta ${b}`);
      drawSurface(coinSurface(data, before, pair, COARSE, COARSE));
    }
    const [atA, atB] = inDigits(start, 2);
    ring.place(start, gettext`theta ${a} ${atA}, theta ${b} ${atB}`);
    const { above, to } = counts
      ? boundInPlane(counts, before.theta, pair)
      : { above: [], to: [0, 0] };
    const way = run.steps
      .slice(0, now + 1)
      .map(({ parameters: { theta } }) => [x(theta[pair[0]]), y(theta[pair[1]])]);
    const stops = way.map(([px, py]) => `M${px - 3},${py}a3,3 0 1 0 6,0a3,3 0 1 0 -6,0`);
    paint(inside, [
      path(diagonal, { class: "line ahead" }),
      path(contourPath(above, COARSE.map(x), COARSE.map(y), 0), { class: "line bound solid" }),
    ]);
    paint(over, [
      path(line(way), { class: "line" }),
      path(stops.join(""), { class: "stops" }),
      marker("D", phase === "E" ? 5.5 : 0, [x(to[0]), y(to[1])], { class: "mark best hollow" }),
      marker("o", 5.5, way[now], { class: "dot" }),
      ["text", { transform: onDiagonal, class: "tick halo-text", text: gettext`equal coins` }],
    ]);
    const [last, first] = [now, 0].map((step) => thetas(run.steps[step], look, spoken));
    describe(
      root,
      gettext`Map of the log-likelihood with the way of EM so far: ${last}, from ${first}.`,
    );
  };
}

/**
 * A menu of what EM moves: all coins, seen along one, or one alone.
 * @param {HTMLElement} bar
 * @param {Look} look
 * @param {{along: number, alone: number | null}} now
 * @param {(chosen: {along: number, alone: number | null}) => void} choose
 */
function movesChoice(bar, look, { along, alone }, choose) {
  bar.querySelector(".choice")?.remove();
  if (look.k === 1) return;
  const select = html("select", { class: "choice", "aria-label": gettext`EM moves` }, bar);
  /** @type {[string, (name: string) => string][]} */
  const kinds = [
    ["all", (name) => gettext`all coins move, seen along ${name}`],
    ["alone", (name) => gettext`coin ${name} alone moves`],
  ];
  for (const [what, text] of kinds)
    look.names.forEach((name, j) =>
      html("option", { value: `${what} ${j}`, text: text(name) }, select),
    );
  select.value = `${alone === null ? "all" : "alone"} ${along}`;
  select.addEventListener("change", () => {
    const [what, coin] = select.value.split(" ");
    choose({ along: Number(coin), alone: what === "alone" ? Number(coin) : null });
  });
}

/**
 * The table of Q, H, KL and the log-likelihood before the M-step and, if it has been made, after it.
 * @param {Tosses} data
 * @param {Look} look
 * @param {Step[]} steps
 * @param {Float64Array | null} q
 * @returns {Column[]}
 */
function decompositions(data, look, steps, q) {
  const rows = steps.map(({ parameters, logLikelihood }) => {
    const known = { theta: parameters.theta, logLikelihood };
    if (!q) return { Q: NaN, H: NaN, KL: NaN, ...known };
    const logJoint = coins.logJoint(data, parameters);
    const { logDensity } = eStep(logJoint, look.k);
    return { ...decompose(q, logJoint, logDensity, data.weights), ...known };
  });
  /** @type {(title: string, digits: number, number: (row: typeof rows[0]) => number) => Column} */
  const column = (title, digits, number) => {
    const cells = rows.map((row) => fixed(number(row), digits).replace("NaN", "?"));
    return [title, [...cells, "?"].slice(0, 2)];
  };
  return [
    [gettext`at`, [q ? "θ_t" : "θ_0", "θ_{t+1}"]],
    ...look.names.map((name, j) => column(`θ_${name}`, 4, ({ theta }) => theta[j])),
    column("Q(θ | θ_t)", 3, ({ Q }) => Q),
    column("H(q_t)", 3, ({ H }) => H),
    column(gettext`bound ELBO = Q + H`, 3, ({ Q, H }) => Q + H),
    column(gettext`KL(q_t ‖ posterior)`, 4, ({ KL }) => Math.max(0, KL)),
    column(gettext`ℓ = ELBO + KL`, 3, (row) => row.logLikelihood),
  ];
}

/**
 * @param {Frame} place
 * @param {Given} given
 * @returns {View}
 */
function climbView(place, { data, look, room, moveStart, setOptions, options }) {
  const grouped = compress(data);
  const hasMap = look.k > 1;
  let chosen = { alone: options.alone, along: options.along ?? options.alone ?? 0 };
  movesChoice(place.controls, look, chosen, (now) => {
    chosen = now;
    setOptions(now);
  });
  const [left, right] = columns(place, room);
  const { isWide, main, side } = room;
  const drawMap = hasMap && mapPanel(left, grouped, look, moveStart, main, isWide ? 384 : 206);
  const [wide, narrow] = hasMap ? [222, 148] : [384, 250];
  const [column, width] = hasMap ? [right, side] : [left, main];
  const height = isWide ? wide : narrow;
  const drawSlice = slicePanel(column, grouped, look, moveStart, width, height);
  // On a narrow page the height of the ring on its curve tells the same.
  const drawTrace = (isWide || !hasMap) && trace(right, side, isWide ? 142 : 88);
  const fill = table(place.tables, gettext`The numbers of this step (nats)`);
  return {
    formula: {
      start: gettext`The start: drag a dashed ring to choose it, or focus it and use the arrow keys.`,
      E: gettext`q_t = the posterior at θ_t. The bound ELBO(q_t, θ) touches the log-likelihood there. ◇ marks its maximum.`,
      M: gettext`θ_{t+1} (◆) is where the bound is highest. The log-likelihood lies above the bound by a KL divergence.`,
    },
    describe: (run, { now }) => thetas(run.steps[now], look),
    draw(run, half, q) {
      const { phase, t, now } = half;
      const [before, after] = [run.steps[t], run.steps[now]];
      const counts = q && coins.expectedCounts(data, q);
      if (drawMap) drawMap(run, half, chosen.along, counts);
      drawSlice(run, half, chosen.along, counts, !hasMap || chosen.alone !== null);
      if (drawTrace) drawTrace(run, half);
      fill(decompositions(data, look, phase === "M" ? [before, after] : [before], q));
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
    title: (k, data) => gettext`The climb: ${coinsInWords(k, data)}`,
  });
}
