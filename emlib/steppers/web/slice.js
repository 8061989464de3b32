// @ts-check
// The log-likelihood over one coin's theta, with the bound below it.

import { axes, scale, ticks } from "./axes.js";
import { describe, label, marker, paint, path, rich } from "./elements.js";
import { handle } from "./handle.js";
import { FINE, graph } from "./map.js";
import { clamp } from "./numbers.js";
import { captionOf, layers, overlay, panel } from "./panel.js";
import { isImpossible } from "./run.js";
import { boundChange, boundMaximum, coinSurface } from "./tosses.js";
import { fixed, gapInWords, gettext } from "./words.js";

/**
 * The bound that touches the log-likelihood at a step, over one coin's theta: its values on the FINE
 * grid; and at `next`, or else at its own maximum, the heights of both and the gap.
 * @param {Tosses} data
 * @param {Step} step
 * @param {number} coin
 * @param {Counts} counts
 * @param {number | null} next
 */
function boundOver(data, { parameters, logLikelihood }, coin, counts, next) {
  const [heads, flips] = [counts.heads[coin], counts.flips[coin]];
  const from = parameters.theta[coin];
  const to = next ?? boundMaximum(heads, flips, from);
  const [boundAt, ...values] = boundChange(heads, flips, from, [to, ...FINE]).map(
    (change) => logLikelihood + change,
  );
  const [curveAt] = coinSurface(data, parameters, [coin], [to]);
  return { values, to, boundAt, curveAt };
}

/**
 * @param {Tosses} data
 * @param {Run} run
 * @param {number} coin
 * @param {number} bottom
 * @returns {Scale}
 */
function heights(data, { steps }, coin, bottom) {
  const [{ parameters, logLikelihood }] = steps;
  const curve = coinSurface(data, parameters, [coin], FINE);
  const top = Math.max(...curve, ...steps.map((step) => step.logLikelihood));
  const depth = logLikelihood === -Infinity ? 20 : clamp(top - logLikelihood, 0.5, 400);
  return scale(top - 2.2 * depth, top + 0.12 * depth, bottom, 8);
}

/**
 * @param {HTMLElement} parent
 * @param {Tosses} data
 * @param {Look} look
 * @param {Given["moveStart"]} moveStart
 * @param {number} width
 * @param {number} height
 * @returns {(run: Run, half: HalfStep, coin: number, counts: Counts | null, isWhole: boolean) => void}
 */
export function slicePanel(parent, data, look, moveStart, width, height) {
  const root = panel(parent, width, height, "");
  const x = scale(0, 1, 84, width - 14);
  let y = scale(0, 1, height - 38, 10);
  const [grid, inside, over] = layers(root, x, y);
  /** @type {Run | null} */
  let drawn = null;
  let along = 0;
  const moved = (/** @type {number} */ value) => moveStart("theta", [along], [value]);
  const ring = handle(overlay(root, gettext`Choose the start`), gettext`Start of theta`, {
    x,
    moved,
  });

  return (run, { phase, t, now }, coin, counts, isWhole) => {
    const [before, after] = [run.steps[t], run.steps[now]];
    const { theta } = before.parameters;
    const name = look.names[coin];
    if (run !== drawn || coin !== along) {
      [drawn, along] = [run, coin];
      y = heights(data, run, coin, height - 38);
      const yTicks = ticks(y.lo, y.hi, height < 200 ? 4 : 6);
      axes(grid, x, y, { xTitle: `θ_${name}`, yTitle: gettext`nats`, yTicks });
      describe(ring.node, gettext`Start of theta ${name}`);
    }
    const held = look.names.map((other, j) => `θ_${other} = ${fixed(theta[j])}`);
    held.splice(coin, 1);
    const caption = gettext`ℓ and bound (dashed) over θ_${name}`;
    rich(captionOf(root), caption + (held.length ? `; ${held.join(", ")}` : ""));
    const [first] = run.steps;
    const start = first.parameters.theta[coin];
    ring.place([start], fixed(start, 2), isImpossible(run) ? y.from : y(first.logLikelihood));

    const [isE, isM] = [phase === "E", phase === "M"];
    const [at, level] = [theta[coin], isImpossible(run) ? y.lo : before.logLikelihood];
    const { values, to, boundAt, curveAt } = counts
      ? boundOver(data, before, coin, counts, isM ? after.parameters.theta[coin] : null)
      : { values: [], to: at, boundAt: level, curveAt: level };
    const curve = coinSurface(data, before.parameters, [coin], FINE);
    const best = `mark best ${isE ? "hollow" : ""}`;
    paint(inside, [
      path(graph(x, y, FINE, curve), { class: "line" }),
      path(graph(x, y, FINE, values), { class: "line bound" }),
      path(isM ? `M${x(to)},${y(boundAt)}V${y(curveAt)}` : "", { class: "gap" }),
      marker("o", isImpossible(run) ? 0 : 5.5, [x(at), y(level)], { class: "dot" }),
      marker("D", counts ? 5.5 : 0, [x(to), y(boundAt)], { class: best }),
      marker("o", isM ? 4 : 0, [x(to), y(curveAt)], { class: "dot" }),
    ]);
    const distance = gapInWords(curveAt, boundAt);
    const what = isWhole ? gettext`gap = KL` : gettext`gap here`;
    const gap = isM ? `${what} = ${distance}` : "";
    const atEnd = x(to) > x.to - 125;
    const gapY = clamp(y((boundAt + curveAt) / 2) + 5, y.to + 12, y.from - 6);
    const style = { class: `halo-text gap-text ${atEnd ? "end" : ""}` };
    paint(over, [label(x(to) + (atEnd ? -10 : 10), gapY, gap, style)]);
    const curveInWords = gettext`The log-likelihood over theta ${name}`;
    const startAt = isImpossible(run) ? gettext`impossible` : fixed(at);
    const touching = gettext`${curveInWords} and the bound, which touches it at ${fixed(at)}`;
    const where = {
      start: gettext`${curveInWords}; the start is ${startAt}.`,
      E: gettext`${touching}; the bound's maximum is at ${fixed(to)}.`,
      M: gettext`${touching}; at the bound's maximum, ${fixed(to)}, the gap is ${distance} nats.`,
    };
    describe(root, where[phase]);
  };
}
