// @ts-check
// The log-likelihood at every iteration.

import { axes, scale, ticks } from "./axes.js";
import { describe, label, line, marker, paint, path } from "./elements.js";
import { layers, panel } from "./panel.js";
import { isImpossible } from "./run.js";
import { fixed, gettext } from "./words.js";

/**
 * The log-likelihood at every iteration: solid as far as one has stepped, dotted what is to come.
 * A start far below all the rest is left out of sight, or the climb would look flat.
 * @param {HTMLElement} parent
 * @param {number} width
 * @param {number} height
 * @returns {(run: Run, half: HalfStep) => void}
 */
export function trace(parent, width, height) {
  const root = panel(
    parent,
    width,
    height,
    gettext`Log-likelihood ℓ(θ_t) after each iteration t`,
    true,
  );
  const isLow = height < 140;
  const bottom = height - (isLow ? 22 : 40);
  const [grid, inside, over] = layers(root, scale(0, 1, 84, width - 14), scale(0, 1, bottom, 8));
  return (run, { now }) => {
    const values = run.steps.map((step) => (isImpossible(run) ? 0 : step.logLikelihood));
    const [top, rest] = [Math.max(...values), Math.min(...values.slice(1))];
    const isCut = values.length > 3 && rest - values[0] > 8 * (top - rest);
    const floor = Math.min(...(isCut ? values.slice(1) : values));
    const room = top - floor;
    const x = scale(0, Math.max(values.length - 1, 1), 84, width - 14);
    const y = scale(floor - (isCut ? 0.25 : 0.08) * room, top + 0.08 * room, bottom, 8);
    axes(grid, x, y, {
      xTitle: isLow ? "" : gettext`iteration t`,
      yTitle: gettext`ℓ (nats)`,
      xTicks: ticks(x.lo, x.hi, 8, 1),
      yTicks: ticks(y.lo, y.hi, isLow ? 3 : 6),
    });
    const points = values.map((value, t) => [x(t), y(value)]);
    paint(inside, [
      // What is to come would answer what the reader is about to find out.
      path(line(points.slice(+isCut)), { class: "line ahead answer" }),
      path(line(points.slice(+isCut, now + 1)), { class: "line" }),
    ]);
    const [px, py] = points[now];
    const shape = isCut && now === 0 ? "v" : "o";
    const cut = isCut ? gettext`↓ t = 0 lies below, at ${fixed(values[0], 1)}` : "";
    paint(over, [
      // At the right, where what rises is high.
      label(x.to, bottom - 6, cut, { class: "tick end" }),
      marker(shape, isImpossible(run) ? 0 : 5, [px, Math.min(py, bottom)], { class: "dot" }),
    ]);
    const height = fixed(run.steps[now].logLikelihood);
    const last = run.steps.length - 1;
    describe(
      root,
      gettext`The log-likelihood against the iteration: ${height} after iteration ${now} of ${last}.`,
    );
  };
}
