// @ts-check
// Gaussian mixtures: points coloured by responsibility, ellipses, weights.

import { axes, scale } from "./axes.js";
import { idler } from "./dots.js";
import { describe, label, paint, svg } from "./elements.js";
import { columnSums } from "./em.js";
import { markOf } from "./look.js";
import { covariance, gaussians, narrowest, reach, shape } from "./normal.js";
import { clamp } from "./numbers.js";
import { columns, panel, table } from "./panel.js";
import { pointsPanel } from "./points.js";
import { isImpossible, responsibilities } from "./run.js";
import { stepper } from "./stepper.js";
import { trace } from "./trace.js";
import {
  coordinate,
  fixed,
  gettext,
  inDigits,
  listed,
  rowsInWords,
  small,
  spoken,
} from "./words.js";

/**
 * @param {{names: string[]}} look
 * @param {Float64Array | number[]} weights
 * @returns {string}
 */
export const weightsInWords = (look, weights) =>
  listed(
    look.names.map((name, j) => `α_${name} = ${fixed(weights[j])}`),
    weights,
    ", ",
  );

const weightsHeight = (/** @type {number} */ k, /** @type {number} */ lane) => k * lane + 28;

/**
 * The mixing weights as bars.
 * @param {HTMLElement} parent
 * @param {Look} look
 * @param {number} width
 * @param {number} lane
 * @returns {(run: Run, half: HalfStep) => void}
 */
function weightsPanel(parent, look, width, lane) {
  const root = panel(parent, width, weightsHeight(look.k, lane), gettext`Mixing weights α`, true);
  // Beyond the longest bar there is room for its number.
  const x = scale(0, 1, 62, width - 48);
  // Where lanes are too low for words, every second has some, or every third.
  const every = Math.ceil(11 / lane);
  const style = lane < 18 ? `font-size:${clamp(lane, 10, 13)}px` : "";
  const [size, air] = [Math.min(5, lane / 2 - 1), lane > 12 ? 3 : 0.5];
  axes(svg("g", {}, root), x, scale(0, 1, look.k * lane + 8, 6), { yTicks: [] });
  const bars = svg("g", {}, root);
  return (run, { now }) => {
    const weights = run.steps[now].parameters.mixing_weights;
    const lanes = look.names.map((name, j) => {
      const [top, end] = [6 + lane * j, x(weights[j])];
      const base = top + lane / 2 + 4;
      const [sign, value] = j % every ? ["", ""] : [`α_${name}`, fixed(weights[j])];
      const bar = { x: x(0), y: top + air, width: end - x(0), height: lane - 2 * air };
      return /** @type {Part[]} */ ([
        markOf(look, j, size, [18, top + lane / 2]),
        label(52, base, sign, { class: "end", style }),
        ["rect", { ...bar, fill: look.lines[j] }],
        label(end + 6, base, value, { style }),
      ]);
    });
    paint(bars, lanes.flat());
    describe(root, spoken(gettext`Mixing weights: ${weightsInWords(look, weights)}.`));
  };
}

// A component narrower than this share of the data's range is called collapsing while it shrinks by more
// than a tenth in a step, or has ended the run.
const COLLAPSE = 0.01;

/**
 * Which components collapse at a step. Widths are in units of the data's ranges, so that no unit of
 * measurement matters.
 * @param {Points} data
 * @param {number[]} ranges
 * @param {Run} run
 * @param {number} now
 * @returns {boolean[]}
 */
function collapsing({ n, d }, ranges, run, now) {
  const shares = (/** @type {Params} */ parameters) =>
    Array.from(parameters.mixing_weights, (_, j) => {
      const { L } = shape(parameters, j, d);
      return narrowest({ L: L.map((value, m) => value / ranges[d === 1 ? 0 : m >> 1]) });
    });
  if (n === 1 || now === 0) return [];
  const [before, after] = [now - 1, now].map((step) => shares(run.steps[step].parameters));
  const isLast = now === run.steps.length - 1 && run.reason === "degenerate";
  return after.map((share, j) => share < COLLAPSE && (isLast || share < 0.9 * before[j]));
}

/**
 * @param {Frame} place
 * @param {Given} given
 * @returns {View}
 */
function gaussiansView(place, given) {
  const { data, look, room, options } = given;
  const { d } = data;
  const { isWide, main, side } = room;
  const [left, right] = columns(place, room);
  const ranges = Array.from({ length: d }, (_, a) => {
    const [lo, hi] = reach(data, a);
    return hi - lo || 1;
  });
  const points = pointsPanel(left, given, main, isWide ? 384 : 230);
  const whenIdle = idler();
  const lane = isWide ? clamp(170 / look.k, 7, 26) : clamp(58 / look.k, 7, 20);
  const drawWeights = weightsPanel(right, look, side, lane);
  const rest = 364 - weightsHeight(look.k, lane);
  const drawTrace = trace(right, side, isWide ? Math.max(rest, 120) : 84);
  const sub = (/** @type {number[]} */ ...axes) =>
    d === 1 ? "" : `_{${axes.map((a) => a + 1).join("")}}`;
  const pairs = ["00", "11", "01"].slice(0, d === 1 ? 1 : 3).map((ab) => Array.from(ab, Number));
  const fill = table(place.tables, gettext`The numbers of this step`);
  return {
    formula: {
      start: options.movable
        ? gettext`The start. Drag a dashed ring to move a starting mean.`
        : gettext`The start.`,
      E: gettext`r_{ij} = p(z_i = j | x_i; θ_t). Colours blend by it; the shape is that of the likeliest component.`,
      M: options.movable
        ? gettext`Weights, means and covariances are averages weighted by responsibilities. Thin: before. Dotted: the way of a mean.`
        : gettext`Weights, means and covariances are averages weighted by responsibilities, drawn towards the prior. Thin: before. Dotted: the way of a mean.`,
    },
    describe(run, { now }) {
      const weights = weightsInWords(look, run.steps[now].parameters.mixing_weights);
      const isNarrow = collapsing(data, ranges, run, now);
      const narrow = look.names.filter((_, j) => isNarrow[j]);
      return narrow.length
        ? gettext`mixing weights ${weights}; collapsing: ${narrow.join(", ")}`
        : gettext`mixing weights ${weights}`;
    },
    draw(run, half, r) {
      const { now } = half;
      points.draw(run, half, r, collapsing(data, ranges, run, now));
      // The next E-step is prepared while nothing else is to do.
      if (!isImpossible(run))
        whenIdle(() => points.prepare(responsibilities(run.steps[now], gaussians, data)));
      drawWeights(run, half);
      drawTrace(run, half);
      const { parameters } = run.steps[now];
      const N = r && columnSums(r, look.k, data.weights);
      /** @type {(title: string, cell: (j: number) => string) => Column} */
      const column = (title, cell) => [title, look.names.map((_, j) => cell(j))];
      fill([
        [gettext`component`, look.names],
        column(gettext`expected rows N_j`, (j) => (N ? fixed(N[j], 2) : "?")),
        ["α_j", inDigits(parameters.mixing_weights)],
        ...ranges.map((range, a) =>
          column(`μ${sub(a)}`, (j) => coordinate(parameters.means[j * d + a], range)),
        ),
        ...pairs.map(([a, b]) =>
          column(`Σ${sub(a, b)}`, (j) => small(covariance(parameters, j, d, a, b))),
        ),
        column(gettext`narrowest sd`, (j) => small(narrowest(shape(parameters, j, d)))),
      ]);
    },
  };
}

/**
 * @param {number} k
 * @param {Points} data
 * @returns {string}
 */
function gaussiansInWords(k, data) {
  const what = k === 1 ? gettext`one Gaussian` : gettext`a mixture of ${k} Gaussians`;
  const title = gettext`EM for ${what}, ${rowsInWords(data)}`;
  return data.d > 2 ? gettext`${title} of ${data.d} numbers, the first two drawn` : title;
}

/**
 * @param {DocumentFragment} root
 * @param {Spec} spec
 */
export function showGaussians(root, spec) {
  stepper(root, spec, { build: gaussiansView, model: gaussians, title: gaussiansInWords });
}
