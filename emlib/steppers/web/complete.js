// @ts-check
// The likelihood when the labels are known, to be moved by hand.

import { axes, scale, ticks } from "./axes.js";
import { html, line, markerPath, move, svg } from "./elements.js";
import { frame } from "./frame.js";
import { handle } from "./handle.js";
import { lookOf } from "./look.js";
import { COARSE, FINE, shadedMap, squareScales } from "./map.js";
import { clamp, countTimesLog, sum } from "./numbers.js";
import { clip, columns, overlay, panel, table } from "./panel.js";
import { fixed, small } from "./words.js";

/**
 * The log-likelihood of one coin's tosses, and its slope in theta.
 * @param {number} heads
 * @param {number} tails
 * @param {number} theta
 * @returns {number}
 */
export const coinLogLikelihood = (heads, tails, theta) =>
  countTimesLog(heads, Math.log(theta)) + countTimesLog(tails, Math.log1p(-theta));

/**
 * @param {number} heads
 * @param {number} tails
 * @param {number} theta
 * @returns {number}
 */
export const coinSlope = (heads, tails, theta) =>
  (heads ? heads / theta : 0) - (tails ? tails / (1 - theta) : 0);

/**
 * @param {DocumentFragment} root
 * @param {Spec} spec
 */
export function completeLikelihood(root, spec) {
  /** @type {number[][]} */
  const [heads, tails] = [spec.heads, spec.tails];
  const look = lookOf(heads.length, spec.palette);
  const { k } = look;
  const best = heads.map((h, j) => h / (h + tails[j]));
  const top = sum(best.map((t, j) => coinLogLikelihood(heads[j], tails[j], t)));
  /** @type {number[]} */
  let theta = spec.theta.slice();
  const title = `Labels known: the log-likelihood of ${k === 1 ? "one coin" : `${k} coins`}`;
  const place = frame(root, spec.host, title, "to move by hand");
  const button = html("button", { type: "button", text: "Go to the maximum" }, place.controls);
  button.addEventListener("click", () => moveByHand(best.slice()));
  const back = html("button", { type: "button", text: "Back" }, place.controls);
  back.addEventListener("click", () => moveByHand(spec.theta.slice()));
  /** @type {(theta: number[], value: number) => void} */
  let drawMap;
  /** @type {((theta: number[]) => void)[]} */
  let drawCurves;
  /** @type {(rows: string[][]) => void} */
  let fill;

  /** @param {number[]} wanted */
  function moveByHand(wanted) {
    place.touched(true);
    moveTo(wanted);
  }

  /** @param {number[]} wanted */
  function moveTo(wanted) {
    theta = wanted;
    const parts = theta.map((t, j) => coinLogLikelihood(heads[j], tails[j], t));
    const value = sum(parts);
    drawMap(theta, value);
    drawCurves.forEach((drawCurve) => drawCurve(theta));
    const at = look.names.map((name, j) => `θ_${name} = ${fixed(theta[j], 2)}`).join(", ");
    const below = top - value;
    const where = below < 5e-7 ? "the maximum" : `${small(below)} below the maximum ${fixed(top)}`;
    const words =
      value === -Infinity
        ? `${at}: impossible, for such coins could not have shown these tosses.`
        : `${at}: log-likelihood ${fixed(value)}, ${where}.`;
    place.say(
      place.card.classList.contains("fresh") ? `${at}. Drag a ring, or move it by keys.` : words,
      "The labels are known, so ℓ(θ) = Σ heads · log θ + tails · log(1 − θ), coin by coin: " +
        "one maximum (◇), where every slope (dotted) is 0.",
    );
    const row = (/** @type {string} */ name, /** @type {number} */ j) => [
      name,
      String(heads[j]),
      String(tails[j]),
      fixed(theta[j]),
      fixed(parts[j]),
      fixed(coinSlope(heads[j], tails[j], theta[j])),
      fixed(best[j], 4),
    ];
    fill([
      ...look.names.map(row),
      ["all", String(sum(heads)), String(sum(tails)), "", fixed(value), "", ""],
    ]);
  }
  place.fitted((room) => {
    const { isWide, all, main, side } = room;
    // One curve has all the room.
    const [left, right] = columns(place, { ...room, isWide: isWide && k > 1 });
    const high = isWide ? 386 : k === 2 ? 230 : 320;
    drawMap =
      k === 2 ? completeMap(left, look, heads, tails, best, moveByHand, main, high) : () => {};
    const low = isWide ? 182 : 120;
    const [width, height] = k === 1 ? [all, high] : [side, low];
    drawCurves = look.names.map((_, j) => {
      const moved = (/** @type {number} */ value) =>
        moveByHand(theta.map((old, other) => (other === j ? value : old)));
      const column = k !== 1 && (k === 2 || j % 2) ? right : left;
      const size = column === left && k > 2 ? main : width;
      return coinCurve(column, look, j, heads[j], tails[j], best[j], moved, size, height);
    });
    fill = table(place.tables, "The numbers (nats)", [
      "coin",
      "heads",
      "tails",
      "θ",
      "ℓ of the coin",
      "slope ∂ℓ/∂θ",
      "best θ = heads / flips",
    ]);
    moveTo(theta);
  });
}

/**
 * Two coins: a shaded map with the point to move.
 * @param {HTMLElement} parent
 * @param {Look} look
 * @param {number[]} heads
 * @param {number[]} tails
 * @param {number[]} best
 * @param {(theta: number[]) => void} moveTo
 * @param {number} width
 * @param {number} height
 * @returns {(theta: number[], value: number) => void}
 */
function completeMap(parent, look, heads, tails, best, moveTo, width, height) {
  const root = panel(parent, width, height, "Log-likelihood over θ_A and θ_B");
  const [x, y] = squareScales(width, height);
  const values = Float64Array.from(
    { length: COARSE.length ** 2 },
    (_, cell) =>
      coinLogLikelihood(heads[0], tails[0], COARSE[cell % COARSE.length]) +
      coinLogLikelihood(heads[1], tails[1], COARSE[Math.floor(cell / COARSE.length)]),
  );
  shadedMap(root, x, y, look.rgb[0])(values);
  axes(svg("g", {}, root), x, y, { xTitle: "θ_A", yTitle: "θ_B" });
  svg(
    "path",
    { class: "best hollow mark", d: markerPath("D", 5.5), transform: move(x(best[0]), y(best[1])) },
    root,
  );
  const guides = svg("path", { class: "way" }, root);
  const dot = svg("path", { class: "dot", d: markerPath("o", 5.5) }, root);
  const ring = handle(overlay(root, "Choose theta"), "Theta A and theta B", {
    x,
    y,
    moved: (a, b) => moveTo([a, b]),
  });
  return (theta, value) => {
    const [px, py] = [x(theta[0]), y(theta[1])];
    guides.setAttribute("d", `M${px},${y(0)}V${py}H${x(0)}`);
    dot.setAttribute("transform", move(px, py));
    ring.place(theta, `theta A ${fixed(theta[0], 2)}, theta B ${fixed(theta[1], 2)}`);
    root.setAttribute(
      "aria-label",
      `Map of the log-likelihood, one hill with its top at theta A = ${fixed(
        best[0],
      )}, theta B = ${fixed(best[1])}; the point is at ${fixed(theta[0], 2)}, ${fixed(
        theta[1],
        2,
      )}, log-likelihood ${fixed(value)}.`,
    );
  };
}

/**
 * One coin: its curve, with the tangent at the point.
 * @param {HTMLElement} parent
 * @param {Look} look
 * @param {number} j
 * @param {number} heads
 * @param {number} tails
 * @param {number} best
 * @param {(theta: number) => void} moved
 * @param {number} width
 * @param {number} height
 * @returns {(theta: number[]) => void}
 */
function coinCurve(parent, look, j, heads, tails, best, moved, width, height) {
  const name = look.names[j];
  const root = panel(parent, width, height, `Coin ${name}: ${heads} heads, ${tails} tails`);
  const top = coinLogLikelihood(heads, tails, best);
  const depth = Math.max(4, Math.min(top - coinLogLikelihood(heads, tails, 0.5), 40) * 1.6);
  const x = scale(0, 1, 62, width - 14);
  const y = scale(top - depth, top + 0.1 * depth, height - 38, 10);
  axes(svg("g", {}, root), x, y, {
    xTitle: `θ_${name}`,
    yTitle: "ℓ (nats)",
    yTicks: ticks(y.lo, y.hi, height < 150 ? 3 : 6),
  });
  const inside = clip(root, x, y);
  svg(
    "path",
    {
      class: "line",
      stroke: look.lines[j],
      "stroke-dasharray": look.dashes[j],
      d: line(FINE.map((t) => [x(t), clamp(y(coinLogLikelihood(heads, tails, t)), -2000, 2000)])),
    },
    inside,
  );
  const tangent = svg("path", { class: "line ahead" }, inside);
  svg(
    "path",
    { class: "best hollow mark", d: markerPath("D", 5), transform: move(x(best), y(top)) },
    root,
  );
  const dot = svg("path", { class: "dot", d: markerPath("o", 5) }, root);
  const ring = handle(overlay(root, "Choose theta"), `Theta ${name}`, { x, moved });
  return (theta) => {
    const [value, slope] = [
      coinLogLikelihood(heads, tails, theta[j]),
      coinSlope(heads, tails, theta[j]),
    ];
    const py = clamp(y(value), y.to, y.from);
    dot.setAttribute("transform", move(x(theta[j]), py));
    ring.place([theta[j]], fixed(theta[j], 2), py);
    const reach = 0.12;
    tangent.setAttribute(
      "d",
      !Number.isFinite(value + slope)
        ? ""
        : line(
            [-reach, reach].map((step) => [
              x(theta[j] + step),
              clamp(y(value + step * slope), -2000, 2000),
            ]),
          ),
    );
    root.setAttribute(
      "aria-label",
      `The log-likelihood of coin ${name} over its theta; at ${fixed(
        theta[j],
        2,
      )} it is ${fixed(value)} and its slope ${fixed(slope)}.`,
    );
  };
}
