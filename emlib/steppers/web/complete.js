// @ts-check
// The likelihood when the labels are known, to be moved by hand.

import { axes, scale, ticks } from "./axes.js";
import { describe, html, marker, paint, path } from "./elements.js";
import { frame } from "./frame.js";
import { handle } from "./handle.js";
import { lineOf, lookOf } from "./look.js";
import { COARSE, FINE, graph, shadedMap, squareScales } from "./map.js";
import { clamp, replaced, sum } from "./numbers.js";
import { columns, layers, overlay, panel, table } from "./panel.js";
import { coinLogLikelihood, coinSlope } from "./tosses.js";
import { coinsCounted, fixed, gettext, inDigits, small } from "./words.js";

const hint = () =>
  gettext`The labels are known, so ℓ(θ) = Σ heads · log θ + tails · log(1 − θ), coin by coin: one maximum (◇), where every slope (dotted) is 0.`;

/**
 * @param {DocumentFragment} root
 * @param {Spec} spec
 */
export function completeLikelihood(root, spec) {
  /** @type {Record<string, number[]>} */
  const { heads, tails } = /** @type {any} */ (spec);
  const look = lookOf(heads.length, spec.palette);
  const { k } = look;
  const best = heads.map((count, j) => count / (count + tails[j]));
  const parts = (/** @type {number[]} */ thetas) =>
    thetas.map((theta, j) => coinLogLikelihood(heads[j], tails[j], theta));
  const top = sum(parts(best));
  /** @type {number[]} */
  let theta = spec.theta.slice();
  const title = gettext`Labels known: the log-likelihood of ${coinsCounted(k)}`;
  const place = frame(root, spec.host, title, gettext`to move by hand`);
  /** @type {[string, number[]][]} */
  const places = [
    [gettext`Go to the maximum`, best],
    [gettext`Back`, spec.theta],
  ];
  for (const [text, wanted] of places) {
    const button = html("button", { type: "button", text }, place.controls);
    button.addEventListener("click", () => moveByHand(wanted));
  }
  /** @type {((theta: number[]) => void)[]} */
  let panels;
  /** @type {ReturnType<typeof table>} */
  let fill;

  /** @param {number[]} wanted */
  function moveByHand(wanted) {
    theta = wanted;
    place.touched(true);
    draw();
  }

  function draw() {
    const values = parts(theta);
    const value = sum(values);
    for (const drawPanel of panels) drawPanel(theta);
    const at = look.names.map((name, j) => `θ_${name} = ${fixed(theta[j], 2)}`).join(", ");
    const isFresh = place.card.classList.contains("fresh");
    place.say(
      isFresh ? gettext`${at}. Drag a ring, or move it by keys.` : inWords(at, value, top),
      hint(),
    );
    fill([
      [gettext`coin`, [...look.names, gettext`all`]],
      [gettext`heads`, [...heads, sum(heads)]],
      [gettext`tails`, [...tails, sum(tails)]],
      ["θ", inDigits(theta)],
      [gettext`ℓ of the coin`, inDigits([...values, value])],
      [gettext`slope ∂ℓ/∂θ`, inDigits(theta.map((t, j) => coinSlope(heads[j], tails[j], t)))],
      [gettext`best θ = heads / flips`, inDigits(best, 4)],
    ]);
  }
  place.fitted((room) => {
    const { isWide, main, side } = room;
    // One curve has all the room.
    const [left, right] = columns(place, { ...room, isWide: isWide && k > 1 });
    const high = isWide ? 386 : k === 2 ? 230 : 320;
    const size = k === 1 ? [room.all, high] : [side, isWide ? 182 : 120];
    const map = k === 2 ? [completeMap(left, look, parts, best, moveByHand, main, high)] : [];
    const curves = best.map((_, j) => {
      const coin = { heads: heads[j], tails: tails[j], best: best[j] };
      const moved = (/** @type {number} */ value) => moveByHand(replaced(theta, [j], [value]));
      const column = k !== 1 && (k === 2 || j % 2) ? right : left;
      const width = column === left && k > 2 ? main : size[0];
      return coinCurve(column, look, j, coin, moved, width, size[1]);
    });
    panels = [...map, ...curves];
    fill = table(place.tables, gettext`The numbers (nats)`);
    draw();
  });
}

/**
 * @param {string} at
 * @param {number} value
 * @param {number} top
 * @returns {string}
 */
function inWords(at, value, top) {
  if (value === -Infinity)
    return gettext`${at}: impossible, for such coins could not have shown these tosses.`;
  const below = top - value;
  if (below < 5e-7) return gettext`${at}: log-likelihood ${fixed(value)}, the maximum.`;
  return gettext`${at}: log-likelihood ${fixed(value)}, ${small(below)} below the maximum ${fixed(top)}.`;
}

/**
 * Two coins: a shaded map with the point to move.
 * @param {HTMLElement} parent
 * @param {Look} look
 * @param {(theta: number[]) => number[]} parts
 * @param {number[]} best
 * @param {(theta: number[]) => void} moveTo
 * @param {number} width
 * @param {number} height
 * @returns {(theta: number[]) => void}
 */
function completeMap(parent, look, parts, best, moveTo, width, height) {
  const root = panel(parent, width, height, gettext`Log-likelihood over θ_A and θ_B`);
  const [x, y] = squareScales(width, height);
  const cells = COARSE.flatMap((b) => COARSE.map((a) => sum(parts([a, b]))));
  shadedMap(root, x, y, look.rgb[0])(Float64Array.from(cells));
  const [grid, , over] = layers(root, x, y);
  axes(grid, x, y, { xTitle: "θ_A", yTitle: "θ_B" });
  const moved = (/** @type {number[]} */ ...theta) => moveTo(theta);
  const ring = handle(overlay(root, gettext`Choose theta`), gettext`Theta A and theta B`, {
    x,
    y,
    moved,
  });
  const [bestA, bestB] = best;
  const what = gettext`Map of the log-likelihood, one hill with its top at theta A = ${fixed(bestA)}, theta B = ${fixed(bestB)}`;
  return (theta) => {
    const [px, py] = [x(theta[0]), y(theta[1])];
    paint(over, [
      marker("D", 5.5, [x(bestA), y(bestB)], { class: "best hollow mark" }),
      path(`M${px},${y(0)}V${py}H${x(0)}`, { class: "way" }),
      marker("o", 5.5, [px, py], { class: "dot" }),
    ]);
    const [a, b] = theta.map((one) => fixed(one, 2));
    ring.place(theta, gettext`theta A ${a}, theta B ${b}`);
    const height = fixed(sum(parts(theta)));
    describe(root, gettext`${what}; the point is at ${a}, ${b}, log-likelihood ${height}.`);
  };
}

/**
 * One coin: its curve, with the tangent at the point.
 * @param {HTMLElement} parent
 * @param {Look} look
 * @param {number} j
 * @param {{heads: number, tails: number, best: number}} coin
 * @param {(theta: number) => void} moved
 * @param {number} width
 * @param {number} height
 * @returns {(theta: number[]) => void}
 */
function coinCurve(parent, look, j, { heads, tails, best }, moved, width, height) {
  const name = look.names[j];
  const root = panel(parent, width, height, gettext`Coin ${name}: ${heads} heads, ${tails} tails`);
  const value = (/** @type {number} */ theta) => coinLogLikelihood(heads, tails, theta);
  const top = value(best);
  const depth = Math.max(4, Math.min(top - value(0.5), 40) * 1.6);
  const x = scale(0, 1, 62, width - 14);
  const y = scale(top - depth, top + 0.1 * depth, height - 38, 10);
  const [grid, inside, over] = layers(root, x, y);
  const yTicks = ticks(y.lo, y.hi, height < 150 ? 3 : 6);
  axes(grid, x, y, { xTitle: `θ_${name}`, yTitle: gettext`ℓ (nats)`, yTicks });
  const curve = graph(x, y, FINE, FINE.map(value));
  const what = gettext`The log-likelihood of coin ${name} over its theta`;
  const ring = handle(overlay(root, gettext`Choose theta`), gettext`Theta ${name}`, { x, moved });
  return (thetas) => {
    const theta = thetas[j];
    const [height, slope] = [value(theta), coinSlope(heads, tails, theta)];
    const py = clamp(y(height), y.to, y.from);
    const ends = [theta - 0.12, theta + 0.12];
    const tangent = ends.map((end) => height + slope * (end - theta));
    paint(inside, [
      lineOf(look, j, curve),
      path(graph(x, y, ends, tangent), { class: "line ahead" }),
    ]);
    paint(over, [
      marker("D", 5, [x(best), y(top)], { class: "best hollow mark" }),
      marker("o", 5, [x(theta), py], { class: "dot" }),
    ]);
    ring.place([theta], fixed(theta, 2), py);
    const [at, high, steep] = [fixed(theta, 2), fixed(height), fixed(slope)];
    describe(root, gettext`${what}; at ${at} it is ${high} and its slope ${steep}.`);
  };
}
