// @ts-check
// Coins: the rows' heads and tails flow to the coins as expected counts, and theta moves.

import { axes, scale } from "./axes.js";
import { describe, label, marker, paint, path, svg } from "./elements.js";
import { flowPanel } from "./flow.js";
import { handle } from "./handle.js";
import { lineOf, markOf } from "./look.js";
import { clamp } from "./numbers.js";
import { columns, overlay, panel, table } from "./panel.js";
import { stepper } from "./stepper.js";
import { coins, groupRows, MANY_ROWS } from "./tosses.js";
import { trace } from "./trace.js";
import { coinsInWords, fixed, gettext, inDigits, spoken, thetas } from "./words.js";

const laneHeight = (/** @type {number} */ k, /** @type {number} */ lane) => k * lane + 30;

/**
 * "3", "3 (counts 2.5 times)", or "8 rows" of many.
 * @param {Tosses} data
 * @param {number} first
 * @param {number} count
 * @returns {string}
 */
export function rowName(data, first, count) {
  if (data.n > MANY_ROWS) return count === 1 ? gettext`1 row` : gettext`${count} rows`;
  return count === 1 ? String(first + 1) : gettext`${first + 1} (counts ${count} times)`;
}

/**
 * The coins' theta on a line from 0 to 1, a lane for each coin, with the places it has been.
 * @param {HTMLElement} parent
 * @param {Look} look
 * @param {Given["moveStart"]} moveStart
 * @param {number} width
 * @param {number} lane
 * @returns {(run: Run, half: HalfStep) => void}
 */
function thetaPanel(parent, look, moveStart, width, lane) {
  const height = laneHeight(look.k, lane);
  const root = panel(parent, width, height, gettext`Probability of heads θ`, true);
  const x = scale(0, 1, 62, width - 14);
  const laneY = (/** @type {number} */ j) => 8 + lane * (j + 0.5);
  axes(svg("g", {}, root), x, scale(0, 1, height - 22, 8), { yTicks: [] });
  const [lanes, pasts, marks] = ["", "past", ""].map((name) => svg("g", { class: name }, root));
  paint(
    lanes,
    look.names.flatMap((name, j) => [
      label(46, laneY(j) + 4, `θ_${name}`, { class: "end" }),
      path(`M${x(0)},${laneY(j)}H${x(1)}`, { class: "grid" }),
    ]),
  );
  const layer = overlay(root, gettext`Choose the start`);
  const rings = look.names.map((name, j) => {
    const moved = (/** @type {number} */ value) => moveStart("theta", [j], [value]);
    return handle(layer, gettext`Start of theta ${name}`, { x, atY: laneY(j), moved });
  });
  return ({ steps }, { phase, t, now }) => {
    const start = steps[0].parameters.theta;
    rings.forEach((ring, j) => ring.place([start[j]], fixed(start[j], 2)));
    const at = (/** @type {Step} */ { parameters }, /** @type {number} */ j) => [
      x(parameters.theta[j]),
      laneY(j),
    ];
    const past = steps
      .slice(0, now)
      .flatMap((step) =>
        look.markers.map((shape, j) => marker(shape, 3.5, at(step, j), { stroke: look.lines[j] })),
      );
    paint(pasts, past);
    const present = look.names.flatMap((_, j) => {
      const [from, to] = [t, now].map((step) => at(steps[step], j));
      return [lineOf(look, j, phase === "M" ? `M${from}H${to[0]}` : ""), markOf(look, j, 7, to)];
    });
    paint(marks, present);
    describe(root, thetas(steps[now], look, spoken));
  };
}

/**
 * @param {Frame} place
 * @param {Given} given
 * @returns {View}
 */
function coinsView(place, { data, look, room, moveStart }) {
  const { isWide, main, side } = room;
  const [left, right] = columns(place, room);
  const lane = isWide ? clamp(180 / look.k, 24, 34) : 25;
  const drawFlow = flowPanel(left, data, look, main, isWide ? 384 : 226);
  const drawTheta = thetaPanel(right, look, moveStart, side, lane);
  const rest = 364 - laneHeight(look.k, lane);
  const drawTrace = trace(right, side, isWide ? Math.max(rest, 130) : 88);
  const groups = groupRows(data);
  const fillCoins = table(place.tables, gettext`The numbers of this step`);
  const rowsTitle = data.n > MANY_ROWS ? gettext`The rows, equal ones together` : gettext`The rows`;
  const fillRows = table(place.tables, rowsTitle);
  const unknown = look.names.map(() => "?");

  return {
    formula: {
      start: gettext`The start: a guess of every coin's θ. Drag a dashed ring to make another.`,
      E: gettext`r_{ij} = p(z_i = j | row i; θ_t), and each row's heads and tails are shared out by it.`,
      M: gettext`θ_{t+1} of a coin = its expected heads / its expected flips.`,
    },
    describe: (run, { now }) => thetas(run.steps[now], look),
    draw(run, half, r) {
      const { phase, t, now } = half;
      const [before, after] = [t, now].map((step) => run.steps[step].parameters);
      drawFlow(half, run.steps, r);
      drawTheta(run, half);
      drawTrace(run, half);
      const counts = r && coins.expectedCounts(data, r);
      fillCoins([
        [gettext`coin`, look.names],
        [gettext`mixing weight α`, inDigits(before.mixing_weights)],
        ["θ_t", inDigits(before.theta, 4)],
        [gettext`expected heads`, counts ? inDigits(counts.heads, 2) : unknown],
        [gettext`expected tails`, counts ? inDigits(counts.tails, 2) : unknown],
        [gettext`θ_{t+1} = heads / flips`, phase === "M" ? inDigits(after.theta, 4) : unknown],
      ]);
      /** @type {(title: string, j: number, times: (group: RowGroup) => number) => Column} */
      const share = (title, j, times) => [
        title,
        groups.map((group) => (r ? fixed(r[group.first * look.k + j] * times(group), 2) : "?")),
      ];
      fillRows([
        [gettext`row`, groups.map(({ first, count }) => rowName(data, first, count))],
        [gettext`heads`, groups.map(({ heads }) => heads)],
        [gettext`tails`, groups.map(({ heads, flips }) => flips - heads)],
        ...look.names.map((name, j) => share(`r_${name}`, j, () => 1)),
        ...look.names.flatMap((name, j) => [
          share(gettext`heads to ${name}`, j, ({ heads, count }) => heads * count),
          share(gettext`tails to ${name}`, j, ({ heads, flips, count }) => (flips - heads) * count),
        ]),
      ]);
    },
  };
}

/**
 * The function that Python asks for.
 * @param {DocumentFragment} root
 * @param {Spec} spec
 */
export function showCoins(root, spec) {
  stepper(root, spec, { build: coinsView, model: coins, title: coinsInWords });
}
