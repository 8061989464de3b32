// @ts-check
// The rows, coloured by responsibility, with the Gaussians over them.

import { axes, scale } from "./axes.js";
import { dots } from "./dots.js";
import { describe, label, line, paint, path } from "./elements.js";
import { handle } from "./handle.js";
import { lineOf, markOf } from "./look.js";
import { densityTop, ellipsePoints, mixtureDensities, reach, shape } from "./normal.js";
import { clamp, totals } from "./numbers.js";
import { layers, overlay, panel } from "./panel.js";
import { coordinate, gettext } from "./words.js";

// Two coordinates whose ranges differ by no more than this are drawn to one scale.
const SIMILAR = 3;

/**
 * Scales that hold all points with some room around them; of one coordinate, y is the density's.
 * @param {Points} data
 * @param {number} width
 * @param {number} height
 * @returns {{x: Scale, y: Scale}}
 */
function pointScales(data, width, height) {
  const around = (/** @type {number} */ a) => {
    const [least, most] = reach(data, a);
    const [lo, hi] = least === most ? [least - 1, most + 1] : [least, most];
    const pad = 0.08 * (hi - lo);
    return [lo - pad, hi + pad];
  };
  const [left, right, bottom, top] = [62, width - 10, height - 38, 8];
  let [xs, ys] = [around(0), data.d === 1 ? [0, 1] : around(1)];
  const [a, b] = [xs[1] - xs[0], ys[1] - ys[0]];
  if (data.d > 1 && Math.max(a / b, b / a) <= SIMILAR) {
    // To scale, so that a circle is one: the axis that has room to spare gets it.
    const unit = Math.max(a / (right - left), b / (bottom - top));
    const spread = (/** @type {number[]} */ [lo, hi], /** @type {number} */ pixels) => {
      const spare = (pixels * unit - (hi - lo)) / 2;
      return [lo - spare, hi + spare];
    };
    [xs, ys] = [spread(xs, right - left), spread(ys, bottom - top)];
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
    const total = densities.length > 1 ? curve(totals(densities)) : "";
    return { components: densities.map(curve), total };
  };
}

/**
 * A ring at the start of every mean.
 * @param {SVGSVGElement} layer
 * @param {Look} look
 * @param {number} d
 * @param {Scale} x
 * @param {Scale} y
 * @param {Given["moveStart"]} moveStart
 * @returns {(start: Params, inWords: (mean: number[]) => string[]) => void}
 */
function startRings(layer, look, d, x, y, moveStart) {
  const step = 10 ** Math.floor(Math.log10((x.hi - x.lo) / 40));
  const among = { x, y: d === 1 ? null : y, atY: y(0.1), step };
  const rings = look.names.map((name, j) => {
    const places = d === 1 ? [j] : [j * d, j * d + 1];
    const moved = (/** @type {number[]} */ ...values) => moveStart("means", places, values);
    return handle(layer, gettext`Start of the mean of component ${name}`, { ...among, moved });
  });
  return (start, inWords) =>
    rings.forEach((ring, j) => {
      const { mean } = shape(start, j, d);
      const words = inWords(mean).map((value, a) => `${d === 1 ? "x" : `x ${a + 1}`} ${value}`);
      ring.place(mean, words.join(", "));
    });
}

/**
 * @param {string} name
 * @param {Place} place
 * @param {Scale} x
 * @param {Scale} y
 * @returns {Part}
 */
function nameBeside(name, [px, py], x, y) {
  const atEnd = px > x.to - 90;
  const at = clamp(atEnd ? px - 9 : px + 9, x.from, x.to);
  const style = { class: `strong halo-text ${atEnd ? "end" : ""}` };
  return label(at, clamp(py - 8, y.to + 12, y.from), name, style);
}

/**
 * The rows with the components over them.
 * @param {HTMLElement} parent
 * @param {Given} given
 * @param {number} width
 * @param {number} height
 */
export function pointsPanel(parent, { data, look, moveStart, options }, width, height) {
  const { n, d } = data;
  const title =
    d === 1
      ? gettext`Rows; weighted densities and their sum`
      : gettext`Rows; ellipses of 1 and 2 sd`;
  const root = panel(parent, width, height, title);
  const { x, y } = pointScales(data, width, height);
  const points = dots(root, pointPlaces(data, x, y), look);
  const [grid, inside, over] = layers(root, x, y);
  const onLine = { xTitle: "x", yTitle: gettext`density, weighted`, yTicks: [] };
  axes(grid, x, y, d === 1 ? onLine : { xTitle: "x_1", yTitle: "x_2" });
  const layer = overlay(root, gettext`Choose the start`);
  const placeRings = options.movable ? startRings(layer, look, d, x, y, moveStart) : () => {};
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
     * @param {boolean[]} collapsing
     */
    draw(run, { t, now, phase }, r, collapsing) {
      if (coloured !== (r ?? run)) points.draw(r);
      coloured = r ?? run;
      const { parameters } = run.steps[now];
      const { components, total } = outlines(run, parameters);
      const before = phase === "M" ? outlines(run, run.steps[t].parameters).components : [];
      const way = (/** @type {number} */ j) =>
        run.steps.slice(0, now + 1).map((step) => spot(step.parameters, j));
      const marks = components.map((outline, j) => [
        path(line(way(j)), { class: "way" }),
        path(before[j] ?? "", { class: "before", stroke: look.lines[j] }),
        path(d > 1 ? outline : "", { class: "halo" }),
        lineOf(look, j, outline),
        markOf(look, j, 6.5, spot(parameters, j)),
      ]);
      paint(inside, [path(total, { class: "line" }), ...marks.flat()]);
      const names = look.names.map((name, j) => {
        const words = collapsing[j] ? gettext`${name} collapsing` : name;
        return nameBeside(words, spot(parameters, j), x, y);
      });
      paint(over, names);
      placeRings(run.steps[0].parameters, inWords);
      const means = look.names.map(
        (name, j) => `${name} (${inWords(shape(parameters, j, d).mean).join(", ")})`,
      );
      const rows = r ? gettext`${n} rows, coloured by responsibility` : gettext`${n} rows`;
      describe(root, gettext`${rows}; means ${means.join(", ")}.`);
    },
  };
}
