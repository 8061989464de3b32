// @ts-check
// Jensen's inequality, to be moved by hand.

import { axes, scale } from "./axes.js";
import { html, line, markerPath, move, rich, set, svg } from "./elements.js";
import { frame } from "./frame.js";
import { handle } from "./handle.js";
import { lookOf } from "./look.js";
import { extent, sum } from "./numbers.js";
import { overlay, panel, table } from "./panel.js";
import { fixed, small } from "./words.js";

/**
 * A labelled slider with its value beside it.
 * @param {HTMLElement} parent
 * @param {string} name
 * @param {{min: number, max: number, step: number, value: number, digits?: number, moved: (value: number) => void}} options
 * @returns {(wanted: number) => void}
 */
export function slider(parent, name, { min, max, step, value, digits = 2, moved }) {
  const label = html("label", { class: "slider" }, parent);
  html("span", { text: name }, label);
  const input = html("input", { type: "range", min, max, step, value }, label);
  const output = html("output", { text: fixed(value, digits) }, label);
  const show = () => rich(output, fixed(Number(input.value), digits));
  input.addEventListener("input", () => {
    show();
    moved(Number(input.value));
  });
  return (wanted) => {
    input.value = String(wanted);
    show();
  };
}

/**
 * The family f(u) = (u^p - 1) / p: log u where p = 0, concave for p < 1, affine for p = 1, convex above.
 * @param {number} p
 * @returns {(u: number) => number}
 */
export function powerFunction(p) {
  if (Math.abs(p) < 1e-9) return Math.log;
  return (u) => Math.expm1(p * Math.log(u)) / p;
}

/** @type {[string, number][]} */
const FAMILY = [
  ["1 − 1/u", -1],
  ["log u", 0],
  ["2(√u − 1)", 0.5],
  ["u − 1", 1],
  ["(u² − 1)/2", 2],
];

/**
 * The two sides of Jensen's inequality: f of the mean and the mean of f.
 * @param {number[]} points
 * @param {number[]} weights
 * @param {(u: number) => number} f
 * @returns {Sides}
 */
export function jensenSides(points, weights, f) {
  const total = sum(weights);
  const w = weights.map((weight) => (total > 0 ? weight / total : 1 / weights.length));
  const mean = sum(points.map((u, j) => w[j] * u));
  return { w, mean, fOfMean: f(mean), meanOfF: sum(points.map((u, j) => w[j] * f(u))) };
}

/**
 * The curve with the points on it, their two means and the gap between them.
 * @param {HTMLElement} parent
 * @param {Look} look
 * @param {number} high
 * @param {(j: number, u: number) => void} movePoint
 * @param {number} width
 * @param {number} height
 */
function jensenPanel(parent, look, high, movePoint, width, height) {
  const bottom = height - 38;
  const title = "f, its tangent at the mean, means of f (grey)";
  const root = panel(parent, width, height, title);
  const x = scale(0, high, 62, width - 14);
  const low = high / 200;
  const us = Array.from({ length: 240 }, (_, i) => low + ((high - low) * i) / 239);
  const grid = svg("g", {}, root);
  const field = svg("g", {}, root);
  const tangent = svg("path", { class: "line ahead" }, field);
  const curve = svg("path", { class: "line" }, field);
  const chord = svg("path", { class: "chord" }, field);
  const down = svg("path", { class: "way" }, field);
  const gap = svg("path", { class: "gap strong-gap" }, field);
  const marks = look.names.map((name, j) => ({
    mark: svg("path", { class: "mark", fill: look.colours[j] }, field),
    name: svg("text", { class: "strong halo-text", text: name }, field),
  }));
  const above = svg("path", { class: "side", d: markerPath("s", 5) }, field);
  const below = svg("path", { class: "side hollow", d: markerPath("D", 5.5) }, field);
  const aboveText = svg("text", { class: "halo-text" }, field);
  const belowText = svg("text", { class: "halo-text" }, field);
  const layer = overlay(root, "Move the points");
  const [reach, step] = [limited(x, low, high), high / 100];
  const rings = look.names.map((name, j) => {
    const moved = (/** @type {number} */ u) => movePoint(j, u);
    return handle(layer, `Point ${name}`, { x: reach, step, moved });
  });

  /**
   * f rises: left of a point and above it, right of it and below it, there is room. The two names
   * stay apart however small the gap is.
   * @param {Sides} sides
   * @param {Scale} y
   */
  function nameSides({ mean, fOfMean, meanOfF }, y) {
    const middle = (y(fOfMean) + y(meanOfF)) / 2;
    const half = Math.max(Math.abs(y(fOfMean) - y(meanOfF)) / 2, 11);
    /** @type {[Element, string][]} */
    const names = [
      [aboveText, `f(mean) = ${fixed(fOfMean)}`],
      [belowText, `mean of f = ${fixed(meanOfF)}`],
    ];
    if (fOfMean < meanOfF) names.reverse();
    names.forEach(([node, words], isLower) => {
      const toTheLeft = isLower ? x(mean) > x.to - 120 : x(mean) > x.from + 120;
      set(node, {
        x: x(mean) + (toTheLeft ? -12 : 12),
        y: middle + (isLower ? half + 8 : -half),
        class: `halo-text answer ${toTheLeft ? "end" : ""}`,
      });
      rich(node, words);
    });
  }

  /**
   * @param {number[]} points
   * @param {(u: number) => number} f
   * @param {number} slope of f at the mean
   * @param {Sides} sides
   * @param {string} words
   */
  const draw = (points, f, slope, sides, words) => {
    const { w, mean, fOfMean, meanOfF } = sides;
    const values = points.map(f);
    // The scale follows the points, with some room, and never less than a bit of the curve.
    const [lo, hi] = extent([...values, f(high / 4), f(high)]);
    const room = 0.12 * (hi - lo);
    const y = scale(lo - room, hi + room, bottom, 14);
    axes(grid, x, y, { xTitle: "u", yTitle: "f(u)" });
    curve.setAttribute("d", line(us.filter((u) => f(u) > y.lo).map((u) => [x(u), y(f(u))])));
    const straight = (/** @type {number} */ u) => fOfMean + slope * (u - mean);
    const seen = us.filter((u) => straight(u) > y.lo && straight(u) < y.hi);
    tangent.setAttribute("d", line(seen.map((u) => [x(u), y(straight(u))])));
    const order = points.map((_, j) => j).sort((a, b) => points[a] - points[b]);
    chord.setAttribute("d", `${line(order.map((j) => [x(points[j]), y(values[j])]))}Z`);
    marks.forEach(({ mark, name }, j) => {
      const [px, py] = [x(points[j]), y(values[j])];
      const d = markerPath(look.markers[j], 3 + 7 * Math.sqrt(w[j]));
      set(mark, { transform: move(px, py), d });
      set(name, { x: px - 4, y: py - 16 });
      rings[j].place([points[j]], `u = ${fixed(points[j], 2)}`, py);
    });
    above.setAttribute("transform", move(x(mean), y(fOfMean)));
    below.setAttribute("transform", move(x(mean), y(meanOfF)));
    gap.setAttribute("d", `M${x(mean)},${y(fOfMean)}V${y(meanOfF)}`);
    down.setAttribute("d", `M${x(mean)},${bottom}V${y(Math.min(fOfMean, meanOfF))}`);
    nameSides(sides, y);
    root.setAttribute("aria-label", `A curve with ${points.length} points on it. ${words}`);
  };
  return draw;
}

/**
 * A menu of functions, and a slider for p; returns what shows p in both.
 * @param {HTMLElement} bar
 * @param {number} power
 * @param {(power: number | null) => void} chosen
 * @returns {(power: number) => void}
 */
function powerChoice(bar, power, chosen) {
  const label = html("label", { text: "f(u) = " }, bar);
  const select = html("select", {}, label);
  for (const [name, p] of FAMILY) html("option", { value: p, text: name }, select);
  html("option", { value: "own", text: "(uᵖ − 1)/p" }, select);
  const own = { min: -1, max: 3, step: 0.05, value: power, moved: chosen };
  const setPower = slider(bar, "p", own);
  select.addEventListener("change", () => {
    chosen(select.value === "own" ? null : Number(select.value));
  });
  return (now) => {
    setPower(now);
    select.value = String(FAMILY.find(([, p]) => Math.abs(p - now) < 1e-9)?.[1] ?? "own");
  };
}

/**
 * @param {DocumentFragment} root
 * @param {Spec} spec
 */
export function jensen(root, spec) {
  const look = lookOf(spec.points.length, spec.palette);
  /** @type {number[][]} */
  const [points, weights] = [spec.points.slice(), spec.weights.slice()];
  shareOut(weights, 0, weights[0] / sum(weights));
  let power = spec.power;
  const place = frame(root, spec.host, "Jensen's inequality", "to move by hand");
  const showPower = powerChoice(place.controls, power, (chosen) => {
    power = chosen ?? power;
    place.touched();
    draw();
  });
  html("span", { class: "break" }, place.controls);
  const showWeights = look.names.map((name, j) => {
    const moved = (/** @type {number} */ value) => {
      shareOut(weights, j, value);
      place.touched();
      draw();
    };
    const own = { min: 0, max: 1, step: 0.01, value: weights[j], moved };
    return slider(place.controls, `weight of ${name}`, own);
  });
  /** @type {ReturnType<typeof jensenPanel>} */
  let drawPanel;
  /** @type {(rows: string[][]) => void} */
  let fill;

  function draw() {
    const f = powerFunction(power);
    const sides = jensenSides(points, weights, f);
    const { w, mean, fOfMean, meanOfF } = sides;
    const words = place.card.classList.contains("fresh")
      ? "Drag a ring, or move a weight."
      : jensenInWords(power, w, points, mean, fOfMean, meanOfF);
    showPower(power);
    showWeights.forEach((show, j) => {
      show(w[j]);
    });
    drawPanel(points, f, mean ** (power - 1), sides, words);
    place.say(words, "The square is f of the mean, the diamond is the mean of f.");
    const rows = points.map((u, j) => [
      look.names[j],
      fixed(u, 2),
      ...[w[j], f(u), w[j] * f(u)].map((value) => fixed(value)),
    ]);
    fill([
      ...rows,
      ["mean", fixed(mean), fixed(1), "", fixed(meanOfF)],
      ["f(mean)", "", "", fixed(fOfMean), ""],
    ]);
  }
  place.fitted(({ isWide, all }) => {
    const movePoint = (/** @type {number} */ j, /** @type {number} */ u) => {
      points[j] = u;
      place.touched(true);
      draw();
    };
    drawPanel = jensenPanel(place.panels, look, spec.high, movePoint, all, isWide ? 340 : 290);
    fill = table(place.tables, "The numbers", ["point", "u", "weight w", "f(u)", "w f(u)"]);
    draw();
  });
}

/**
 * Give one weight its value; the others share out the rest as they stood to each other.
 * @param {number[]} weights
 * @param {number} j
 * @param {number} value
 */
export function shareOut(weights, j, value) {
  const others = sum(weights) - weights[j];
  weights.forEach((weight, l) => {
    weights[l] =
      others > 1e-12 ? (weight * (1 - value)) / others : (1 - value) / (weights.length - 1);
  });
  weights[j] = weights.length > 1 ? value : 1;
}

/**
 * What is left of a gap by rounding alone is none.
 * @param {number} a
 * @param {number} b
 * @returns {string}
 */
export const gapInWords = (a, b) =>
  small(Math.abs(a - b) > 1e-12 * Math.max(Math.abs(a), Math.abs(b)) ? Math.abs(a - b) : 0);

/**
 * A scale whose values end earlier, for handles.
 * @param {Scale} x
 * @param {number} lo
 * @param {number} hi
 * @returns {Scale}
 */
const limited = (x, lo, hi) =>
  Object.assign((/** @type {number} */ value) => x(value), x, { lo, hi });

/**
 * @param {number} power
 * @param {number[]} w
 * @param {number[]} points
 * @param {number} mean
 * @param {number} fOfMean
 * @param {number} meanOfF
 * @returns {string}
 */
export function jensenInWords(power, w, points, mean, fOfMean, meanOfF) {
  const weighty = points.filter((_, j) => w[j] > 0);
  const isOne = weighty.every((u) => u === weighty[0]);
  const isAffine = Math.abs(power - 1) < 1e-9;
  const kind = isAffine ? "affine" : power < 1 ? "concave" : "convex";
  const start = `f is ${kind}; the mean of u is ${fixed(mean)}`;
  if (isOne)
    return `${start}, and all the weight is on that value: f(mean) = mean of f = ${fixed(meanOfF)}.`;
  if (isAffine) return `${start}: f(mean) = mean of f = ${fixed(meanOfF)}, the gap is 0.`;
  return `${start}: f(mean) = ${fixed(fOfMean)} is ${power < 1 ? "above" : "below"} the mean of f = ${fixed(
    meanOfF,
  )}; the gap is ${gapInWords(fOfMean, meanOfF)}.`;
}
