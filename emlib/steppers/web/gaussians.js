// @ts-check
// Gaussian mixtures: points coloured by responsibility, ellipses, weights.

import { axes, scale } from "./axes.js";
import { dots, idler } from "./dots.js";
import { line, markerPath, move, rich, set, svg } from "./elements.js";
import { columnSums } from "./em.js";
import { handle } from "./handle.js";
import { covariance, gaussians } from "./normal.js";
import { clamp, extent, median, sum } from "./numbers.js";
import { clip, columns, overlay, panel, table } from "./panel.js";
import { isImpossible, responsibilities } from "./run.js";
import { stepper } from "./stepper.js";
import { trace } from "./trace.js";
import { coordinate, fixed, listed, rowsInWords, small, spoken } from "./words.js";

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

// Two coordinates whose ranges differ by no more than this are drawn to one scale.
const SIMILAR = 3;

/**
 * Scales that hold all points with some room around them; of one coordinate, y is the density's.
 * @param {Points} data
 * @param {number} width
 * @param {number} height
 * @returns {{x: Scale, y: Scale}}
 */
function pointScales({ n, d, points }, width, height) {
  const around = (/** @type {number} */ a) => {
    const [least, most] = extent(Array.from({ length: n }, (_, i) => points[i * d + a]));
    const [lo, hi] = least === most ? [least - 1, most + 1] : [least, most];
    const pad = 0.08 * (hi - lo);
    return [lo - pad, hi + pad];
  };
  const [left, right, bottom, top] = [62, width - 10, height - 38, 8];
  const [xs, ys] = [around(0), d === 1 ? [0, 1] : around(1)];
  const [a, b] = [xs[1] - xs[0], ys[1] - ys[0]];
  if (d > 1 && Math.max(a / b, b / a) <= SIMILAR) {
    // To scale, so that a circle is one: the axis that has room to spare gets it.
    const unit = Math.max(a / (right - left), b / (bottom - top));
    for (const [ends, pixels] of /** @type {[number[], number][]} */ ([
      [xs, right - left],
      [ys, bottom - top],
    ])) {
      const spare = (pixels * unit - (ends[1] - ends[0])) / 2;
      ends[0] -= spare;
      ends[1] += spare;
    }
  }
  return { x: scale(xs[0], xs[1], left, right), y: scale(ys[0], ys[1], bottom, top) };
}

/**
 * Where each row stands. Of one coordinate, in a band at the foot, spread so that they can be told apart.
 * @param {Points} data
 * @param {Scale} x
 * @param {Scale} y
 * @returns {Place[]}
 */
const pointPlaces = ({ n, d, points }, x, y) =>
  Array.from({ length: n }, (_, i) => [
    x(points[i * d]),
    y(d === 1 ? 0.03 + 0.14 * ((i * 0.618034) % 1) : points[i * d + 1]),
  ]);

/**
 * The outlines of all components as paths, and of their sum: ellipses of 1 and 2 standard
 * deviations, or the densities of one coordinate.
 * @param {number} d
 * @param {Scale} x
 * @param {Scale} y
 * @returns {(run: Run, parameters: Params) => {components: string[], total: string}}
 */
function outliner(d, x, y) {
  if (d > 1) {
    return (_, parameters) => ({
      components: Array.from(parameters.mixing_weights, (_, j) => {
        const own = shape(parameters, j, d);
        const ellipse = (/** @type {number} */ s) => ellipsePoints(own, s);
        return [1, 2].map((s) => line(ellipse(s).map(([u, v]) => [x(u), y(v)]))).join("");
      }),
      total: "",
    });
  }
  const grid = Array.from({ length: 241 }, (_, i) => x.lo + (i / 240) * (x.hi - x.lo));
  return (run, parameters) => {
    const densities = mixtureDensities(grid, parameters);
    const high = densityTop(run, grid);
    const curve = (/** @type {number[]} */ values) =>
      line(values.map((value, i) => [x(grid[i]), y(0.2 + 0.76 * Math.min(value / high, 1.5))]));
    const all = grid.map((_, i) => sum(densities.map((row) => row[i])));
    return { components: densities.map(curve), total: densities.length > 1 ? curve(all) : "" };
  };
}

/**
 * A component: its outline now and before the M-step, its mean and the way of that, its name.
 * @param {SVGSVGElement} root
 * @param {SVGSVGElement} inside
 * @param {Look} look
 * @param {number} j
 * @param {Scale} x
 * @param {Scale} y
 */
function componentMark(root, inside, look, j, x, y) {
  const [stroke, d] = [look.lines[j], markerPath(look.markers[j], 6.5)];
  const dashes = { class: "line", stroke, "stroke-dasharray": look.dashes[j] };
  const ways = svg("path", { class: "way" }, inside);
  const former = svg("path", { class: "before", stroke }, inside);
  const halo = svg("path", { class: "halo" }, inside);
  const curve = svg("path", dashes, inside);
  const mark = svg("path", { class: "mark", d, fill: look.colours[j] }, inside);
  const label = svg("text", { class: "strong halo-text", text: look.names[j] }, root);
  return {
    /**
     * @param {string} outline
     * @param {string} before
     * @param {Place[]} way
     * @param {string} name
     * @param {boolean} hasHalo
     */
    draw(outline, before, way, name, hasHalo) {
      curve.setAttribute("d", outline);
      if (hasHalo) halo.setAttribute("d", outline);
      former.setAttribute("d", before);
      ways.setAttribute("d", line(way));
      const [px, py] = way[way.length - 1];
      mark.setAttribute("transform", move(px, py));
      rich(label, name);
      const atEnd = px > x.to - 90;
      set(label, {
        x: clamp(atEnd ? px - 9 : px + 9, x.from, x.to),
        y: clamp(py - 8, y.to + 12, y.from),
        class: `strong halo-text ${atEnd ? "end" : ""}`,
      });
    },
  };
}

/**
 * A ring at the start of every mean.
 * @param {SVGSVGElement} layer
 * @param {Look} look
 * @param {number} d
 * @param {Scale} x
 * @param {Scale} y
 * @param {(parameters: Params) => void} startAt
 * @returns {(start: Params, inWords: (mean: number[]) => string[]) => void}
 */
function startRings(layer, look, d, x, y, startAt) {
  /** @type {Params} */
  let start;
  const step = 10 ** Math.floor(Math.log10((x.hi - x.lo) / 40));
  const rings = look.names.map((name, j) => {
    const moved = (/** @type {number[]} */ ...values) => {
      const means = start.means.slice();
      means.set(values.slice(0, d), j * d);
      startAt({ ...start, means });
    };
    const among = { x, y: d === 1 ? null : y, atY: y(0.1), step, moved };
    return handle(layer, `Start of the mean of component ${name}`, among);
  });
  return (first, inWords) => {
    start = first;
    rings.forEach((ring, j) => {
      const { mean } = shape(start, j, d);
      const words = inWords(mean).map((value, a) => `${d === 1 ? "x" : `x ${a + 1}`} ${value}`);
      ring.place(mean, words.join(", "));
    });
  };
}

/**
 * The rows with the components over them.
 * @param {HTMLElement} parent
 * @param {Points} data
 * @param {Look} look
 * @param {(parameters: Params) => void} startAt
 * @param {(run: Run, now: number, j: number) => boolean} isCollapsing
 * @param {boolean} movable
 * @param {number} width
 * @param {number} height
 */
function pointsPanel(parent, data, look, startAt, isCollapsing, movable, width, height) {
  const { n, d } = data;
  const title = d === 1 ? "Rows; weighted densities and their sum" : "Rows; ellipses of 1 and 2 sd";
  const root = panel(parent, width, height, title);
  const { x, y } = pointScales(data, width, height);
  const points = dots(root, pointPlaces(data, x, y), look);
  const onLine = { xTitle: "x", yTitle: "density, weighted", yTicks: [] };
  axes(svg("g", {}, root), x, y, d === 1 ? onLine : { xTitle: "x_1", yTitle: "x_2" });
  const inside = clip(root, x, y);
  const total = svg("path", { class: "line" }, inside);
  const marks = look.names.map((_, j) => componentMark(root, inside, look, j, x, y));
  const layer = overlay(root, "Choose the start");
  const placeRings = movable ? startRings(layer, look, d, x, y, startAt) : () => {};
  const outlines = outliner(d, x, y);
  /** @type {(mean: number[]) => string[]} */
  const inWords = (mean) =>
    mean.map((value, a) => coordinate(value, a ? y.hi - y.lo : x.hi - x.lo));
  /** @type {(parameters: Params, j: number) => Place} */
  const spot = (parameters, j) => {
    const [u, v] = shape(parameters, j, d).mean;
    return [x(u), y(d === 1 ? 0.1 : v)];
  };
  /** What the points are coloured by; a run without responsibilities stands for itself. */
  let coloured = /** @type {Run | Float64Array | null} */ (null);

  return {
    prepare: points.prepare,
    /**
     * @param {Run} run
     * @param {HalfStep} half
     * @param {Float64Array | null} r
     */
    draw(run, { t, now, phase }, r) {
      if (coloured !== (r ?? run)) points.draw(r);
      coloured = r ?? run;
      const { parameters } = run.steps[now];
      const drawn = outlines(run, parameters);
      const before = phase === "M" ? outlines(run, run.steps[t].parameters).components : [];
      marks.forEach((mark, j) => {
        const way = run.steps.slice(0, now + 1).map((step) => spot(step.parameters, j));
        const name = isCollapsing(run, now, j) ? `${look.names[j]} collapsing` : look.names[j];
        mark.draw(drawn.components[j], before[j] ?? "", way, name, d > 1);
      });
      total.setAttribute("d", drawn.total);
      placeRings(run.steps[0].parameters, inWords);
      const means = look.names.map(
        (name, j) => `${name} (${inWords(shape(parameters, j, d).mean).join(", ")})`,
      );
      const colours = r ? ", coloured by responsibility" : "";
      root.setAttribute("aria-label", `${n} rows${colours}; means ${means.join(", ")}.`);
    },
  };
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
  const root = panel(parent, width, weightsHeight(look.k, lane), "Mixing weights α", true);
  // Beyond the longest bar there is room for its number.
  const x = scale(0, 1, 62, width - 48);
  // Where lanes are too low for words, every second has some, or every third.
  const every = Math.ceil(11 / lane);
  const style = lane < 18 ? `font-size:${clamp(lane, 10, 13)}px` : "";
  const base = lane / 2 + 4;
  const y = scale(0, 1, look.k * lane + 8, 6);
  axes(svg("g", {}, root), x, y, { yTicks: [] });
  const bars = look.names.map((name, j) => {
    const top = 6 + lane * j;
    const fill = look.colours[j];
    const isNamed = j % every === 0;
    const d = markerPath(look.markers[j], Math.min(5, lane / 2 - 1));
    svg("path", { class: "mark", d, fill, transform: move(18, top + lane / 2) }, root);
    const text = isNamed ? `α_${name}` : "";
    svg("text", { x: 52, y: top + base, class: "end", style, text }, root);
    const air = lane > 12 ? 3 : 0.5;
    return {
      isNamed,
      bar: svg(
        "rect",
        { x: x(0), y: top + air, height: lane - 2 * air, fill: look.lines[j] },
        root,
      ),
      value: svg("text", { y: top + base, style }, root),
    };
  });
  return (run, { now }) => {
    const weights = run.steps[now].parameters.mixing_weights;
    bars.forEach(({ bar, value, isNamed }, j) => {
      bar.setAttribute("width", String(x(weights[j]) - x(0)));
      set(value, { x: x(weights[j]) + 6 });
      rich(value, isNamed ? fixed(weights[j]) : "");
    });
    root.setAttribute("aria-label", spoken(`Mixing weights: ${weightsInWords(look, weights)}.`));
  };
}

// A component narrower than this share of the data's range is called collapsing while it shrinks by more
// than a tenth in a step, or has ended the run.
const COLLAPSE = 0.01;

/**
 * @param {Frame} place
 * @param {Given} given
 * @returns {View}
 */
function gaussiansView(place, { data, model, look, room, startAt, options }) {
  const { n, d } = data;
  const [left, right] = columns(place, room);
  const { isWide, main, side } = room;
  const ranges = Array.from({ length: d }, (_, a) => {
    const [lo, hi] = extent(Array.from({ length: n }, (_, i) => data.points[i * d + a]));
    return hi - lo || 1;
  });
  /** @type {(parameters: Params, j: number) => number} */
  const widthOf = (parameters, j) => narrowest(shape(parameters, j, d));
  /**
   * The narrowest width in units of the data's ranges, so that no unit of measurement matters.
   * @type {(parameters: Params, j: number) => number}
   */
  const shareOf = (parameters, j) => {
    const { L } = shape(parameters, j, d);
    return narrowest({ L: L.map((value, m) => value / ranges[d === 1 ? 0 : m >> 1]) });
  };
  /** @type {(run: Run, now: number, j: number) => boolean} */
  const isCollapsing = (run, now, j) => {
    const share = shareOf(run.steps[now].parameters, j);
    const isLast = now === run.steps.length - 1 && run.reason === "degenerate";
    return (
      n > 1 &&
      share < COLLAPSE &&
      now > 0 &&
      (isLast || share < 0.9 * shareOf(run.steps[now - 1].parameters, j))
    );
  };
  const [high, { movable }] = [isWide ? 384 : 230, options];
  const points = pointsPanel(left, data, look, startAt, isCollapsing, movable, main, high);
  const whenIdle = idler();
  const lane = isWide ? clamp(170 / look.k, 7, 26) : clamp(58 / look.k, 7, 20);
  const drawWeights = weightsPanel(right, look, side, lane);
  const rest = 364 - weightsHeight(look.k, lane);
  const drawTrace = trace(right, side, isWide ? Math.max(rest, 120) : 84);
  const subscript = (/** @type {number[]} */ ...indices) =>
    d === 1 ? "" : `_{${indices.join("")}}`;
  const pairs =
    d === 1
      ? [[0, 0]]
      : [
          [0, 0],
          [1, 1],
          [0, 1],
        ];
  const fill = table(place.tables, "The numbers of this step", [
    "component",
    "expected rows N_j",
    "α_j",
    ...Array.from({ length: d }, (_, a) => `μ${subscript(a + 1)}`),
    ...pairs.map(([a, b]) => `Σ${subscript(a + 1, b + 1)}`),
    "narrowest sd",
  ]);
  return {
    formula: {
      start: `The start.${options.movable ? " Drag a dashed ring to move a starting mean." : ""}`,
      E: "r_{ij} = p(z_i = j | x_i; θ_t). Colours blend by it; the shape is that of the likeliest component.",
      M: `Weights, means and covariances are averages weighted by responsibilities${
        options.movable ? "" : ", drawn towards the prior"
      }. Thin: before. Dotted: the way of a mean.`,
    },
    describe(run, { now }) {
      const step = run.steps[now];
      const narrow = look.names.filter((_, j) => isCollapsing(run, now, j));
      return (
        `mixing weights ${weightsInWords(look, step.parameters.mixing_weights)}` +
        (narrow.length ? `; collapsing: ${narrow.join(", ")}` : "")
      );
    },
    draw(run, half) {
      const { phase, t, now } = half;
      const r =
        phase === "start" || isImpossible(run)
          ? null
          : responsibilities(run.steps[t], model, data, look.k);
      points.draw(run, half, r);
      // The next E-step is prepared while nothing else is to do.
      if (!isImpossible(run))
        whenIdle(() => points.prepare(responsibilities(run.steps[now], model, data, look.k)));
      drawWeights(run, half);
      drawTrace(run, half);
      const { parameters } = run.steps[now];
      const N = r && columnSums(r, look.k, data.weights);
      fill(
        look.names.map((name, j) => [
          name,
          N ? fixed(N[j], 2) : "?",
          fixed(parameters.mixing_weights[j]),
          ...ranges.map((range, a) => coordinate(parameters.means[j * d + a], range)),
          ...pairs.map(([a, b]) => small(covariance(parameters, j, d, a, b))),
          small(widthOf(parameters, j)),
        ]),
      );
    },
  };
}

/**
 * @param {number} k
 * @param {Points} data
 * @returns {string}
 */
const gaussiansInWords = (k, data) =>
  `EM for ${k === 1 ? "one Gaussian" : `a mixture of ${k} Gaussians`}, ${rowsInWords(
    data,
  )}${data.d > 2 ? ` of ${data.d} numbers, the first two drawn` : ""}`;

/**
 * @param {DocumentFragment} root
 * @param {Spec} spec
 */
export function showGaussians(root, spec) {
  stepper(root, spec, { build: gaussiansView, model: gaussians, title: gaussiansInWords });
}
