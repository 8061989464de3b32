// @ts-check
// Jensen's inequality, to be moved by hand.

import { axes, scale } from "./axes.js";
import { describe, html, label, line, marker, paint, path, rich, svg } from "./elements.js";
import { frame } from "./frame.js";
import { handle } from "./handle.js";
import { lookOf, markOf } from "./look.js";
import { extent, sum } from "./numbers.js";
import { overlay, panel, table } from "./panel.js";
import { fixed, gapInWords, gettext, inDigits } from "./words.js";

/**
 * A labelled slider with its value beside it.
 * @param {HTMLElement} parent
 * @param {string} name
 * @param {{min: number, max: number, step: number, value: number, moved: (value: number) => void}} options
 * @returns {(wanted: number) => void}
 */
export function slider(parent, name, { min, max, step, value, moved }) {
  const label = html("label", { class: "slider" }, parent);
  html("span", { text: name }, label);
  const input = html("input", { type: "range", min, max, step, value }, label);
  const output = html("output", { text: fixed(value, 2) }, label);
  const show = () => rich(output, fixed(Number(input.value), 2));
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
 * The names of both sides. f rises: left of a point and above it, right of it and below it, there is
 * room. The two names stay apart however small the gap is.
 * @param {Sides} sides
 * @param {Scale} x
 * @param {Scale} y
 * @returns {Part[]}
 */
function sideNames({ mean, fOfMean, meanOfF }, x, y) {
  const middle = (y(fOfMean) + y(meanOfF)) / 2;
  const half = Math.max(Math.abs(y(fOfMean) - y(meanOfF)) / 2, 11);
  const names = [gettext`f(mean) = ${fixed(fOfMean)}`, gettext`mean of f = ${fixed(meanOfF)}`];
  return names.map((name, side) => {
    const isLower = side === (fOfMean < meanOfF ? 0 : 1);
    const toTheLeft = isLower ? x(mean) > x.to - 120 : x(mean) > x.from + 120;
    const at = [x(mean) + (toTheLeft ? -12 : 12), middle + (isLower ? half + 8 : -half)];
    return label(at[0], at[1], name, { class: `halo-text answer ${toTheLeft ? "end" : ""}` });
  });
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
  const root = panel(parent, width, height, gettext`f, its tangent at the mean, means of f (grey)`);
  const x = scale(0, high, 62, width - 14);
  const low = high / 200;
  const us = Array.from({ length: 240 }, (_, i) => low + ((high - low) * i) / 239);
  const [grid, field] = [svg("g", {}, root), svg("g", {}, root)];
  const layer = overlay(root, gettext`Move the points`);
  // Handles end earlier than the axis.
  const limited = Object.assign((/** @type {number} */ u) => x(u), x, { lo: low, hi: high });
  const rings = look.names.map((name, j) => {
    const moved = (/** @type {number} */ u) => movePoint(j, u);
    return handle(layer, gettext`Point ${name}`, { x: limited, step: high / 100, moved });
  });

  /**
   * @param {number[]} points
   * @param {(u: number) => number} f
   * @param {number} slope of f at the mean
   * @param {Sides} sides
   * @param {string} words
   */
  return (points, f, slope, sides, words) => {
    const { w, mean, fOfMean, meanOfF } = sides;
    // The scale follows the points, with some room, and never less than a bit of the curve.
    const [lo, hi] = extent([...points.map(f), f(high / 4), f(high)]);
    const room = 0.12 * (hi - lo);
    const y = scale(lo - room, hi + room, bottom, 14);
    axes(grid, x, y, { xTitle: "u", yTitle: "f(u)" });
    const spots = points.map((u) => [x(u), y(f(u))]);
    const straight = (/** @type {number} */ u) => fOfMean + slope * (u - mean);
    const tangent = us.filter((u) => straight(u) > y.lo && straight(u) < y.hi);
    const curve = us.filter((u) => f(u) > y.lo);
    const inOrder = spots.toSorted((a, b) => a[0] - b[0]);
    const [at, above, below] = [x(mean), y(fOfMean), y(meanOfF)];
    const marks = spots.flatMap(([px, py], j) => [
      markOf(look, j, 3 + 7 * Math.sqrt(w[j]), [px, py]),
      label(px - 4, py - 16, look.names[j], { class: "strong halo-text" }),
    ]);
    paint(field, [
      path(line(tangent.map((u) => [x(u), y(straight(u))])), { class: "line ahead" }),
      path(line(curve.map((u) => [x(u), y(f(u))])), { class: "line" }),
      path(`${line(inOrder)}Z`, { class: "chord" }),
      path(`M${at},${bottom}V${Math.max(above, below)}`, { class: "way" }),
      path(`M${at},${above}V${below}`, { class: "gap strong-gap" }),
      ...marks,
      marker("s", 5, [at, above], { class: "side" }),
      marker("D", 5.5, [at, below], { class: "side hollow" }),
      ...sideNames(sides, x, y),
    ]);
    rings.forEach((ring, j) => ring.place([points[j]], `u = ${fixed(points[j], 2)}`, spots[j][1]));
    describe(root, gettext`A curve with ${points.length} points on it. ${words}`);
  };
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
  const value = () => (select.value === "own" ? null : Number(select.value));
  select.addEventListener("change", () => chosen(value()));
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
  const place = frame(root, spec.host, gettext`Jensen's inequality`, gettext`to move by hand`);
  const changed = (/** @type {boolean} */ isByHand = false) => {
    place.touched(isByHand);
    draw();
  };
  const showPower = powerChoice(place.controls, power, (chosen) => {
    power = chosen ?? power;
    changed();
  });
  html("span", { class: "break" }, place.controls);
  const showWeights = look.names.map((name, j) => {
    const moved = (/** @type {number} */ value) => {
      shareOut(weights, j, value);
      changed();
    };
    const own = { min: 0, max: 1, step: 0.01, value: weights[j], moved };
    return slider(place.controls, gettext`weight of ${name}`, own);
  });
  /** @type {ReturnType<typeof jensenPanel>} */
  let drawPanel;
  /** @type {ReturnType<typeof table>} */
  let fill;

  function draw() {
    const f = powerFunction(power);
    const sides = jensenSides(points, weights, f);
    const { w, mean, fOfMean, meanOfF } = sides;
    const words = place.card.classList.contains("fresh")
      ? gettext`Drag a ring, or move a weight.`
      : jensenInWords(power, w, points, mean, fOfMean, meanOfF);
    showPower(power);
    showWeights.forEach((show, j) => show(w[j]));
    drawPanel(points, f, mean ** (power - 1), sides, words);
    place.say(words, gettext`The square is f of the mean, the diamond is the mean of f.`);
    const values = points.map(f);
    const parts = values.map((value, j) => w[j] * value);
    fill([
      [gettext`point`, [...look.names, gettext`mean`, gettext`f(mean)`]],
      ["u", [...points.map((u) => fixed(u, 2)), fixed(mean)]],
      [gettext`weight w`, inDigits([...w, 1])],
      ["f(u)", [...inDigits(values), "", fixed(fOfMean)]],
      ["w f(u)", inDigits([...parts, meanOfF])],
    ]);
  }
  place.fitted(({ isWide, all }) => {
    const movePoint = (/** @type {number} */ j, /** @type {number} */ u) => {
      points[j] = u;
      changed(true);
    };
    drawPanel = jensenPanel(place.panels, look, spec.high, movePoint, all, isWide ? 340 : 290);
    fill = table(place.tables, gettext`The numbers`);
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
  const kind = isAffine ? gettext`affine` : power < 1 ? gettext`concave` : gettext`convex`;
  const start = gettext`f is ${kind}; the mean of u is ${fixed(mean)}`;
  const right = fixed(meanOfF);
  if (isOne)
    return gettext`${start}, and all the weight is on that value: f(mean) = mean of f = ${right}.`;
  if (isAffine) return gettext`${start}: f(mean) = mean of f = ${right}, the gap is 0.`;
  const [left, gap] = [fixed(fOfMean), gapInWords(fOfMean, meanOfF)];
  return power < 1
    ? gettext`${start}: f(mean) = ${left} is above the mean of f = ${right}; the gap is ${gap}.`
    : gettext`${start}: f(mean) = ${left} is below the mean of f = ${right}; the gap is ${gap}.`;
}
