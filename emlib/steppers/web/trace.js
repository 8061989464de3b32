// @ts-check
// The log-likelihood at every iteration.

import { axes, scale, ticks } from "./axes.js";
import { line, markerPath, move, rich, set, svg } from "./elements.js";
import { clip, panel } from "./panel.js";
import { isImpossible } from "./run.js";
import { fixed } from "./words.js";

/**
 * The log-likelihood at every iteration: solid as far as one has stepped, dotted what is to come.
 * A start far below all the rest is left out of sight, or the climb would look flat.
 * @param {HTMLElement} parent
 * @param {number} width
 * @param {number} height
 * @returns {(run: Run, half: HalfStep) => void}
 */
export function trace(parent, width, height) {
  const title = "Log-likelihood ℓ(θ_t) after each iteration t";
  const root = panel(parent, width, height, title, true);
  const grid = svg("g", {}, root);
  const field = svg("g", {}, root);
  const low = svg("text", { class: "tick end" }, root);
  const dot = svg("path", { class: "dot" }, root);
  const isLow = height < 140;
  const bottom = height - (isLow ? 22 : 40);
  const done = svg("path", { class: "line" });
  /** @type {Run | null} */
  let drawn = null;
  /** @type {Place[]} */
  let points = [];
  let isCut = false;
  return (run, { now }) => {
    if (run !== drawn) {
      drawn = run;
      const values = run.steps.map((step) => (isImpossible(run) ? 0 : step.logLikelihood));
      const [top, rest] = [Math.max(...values), Math.min(...values.slice(1))];
      isCut = values.length > 3 && rest - values[0] > 8 * (top - rest);
      const floor = Math.min(...(isCut ? values.slice(1) : values));
      const room = top - floor;
      const x = scale(0, Math.max(values.length - 1, 1), 84, width - 14);
      const y = scale(floor - (isCut ? 0.25 : 0.08) * room, top + 0.08 * room, bottom, 8);
      axes(grid, x, y, {
        xTitle: isLow ? "" : "iteration t",
        yTitle: "ℓ (nats)",
        xTicks: ticks(x.lo, x.hi, 8, 1),
        yTicks: ticks(y.lo, y.hi, isLow ? 3 : 6),
      });
      points = values.map((value, t) => [x(t), y(value)]);
      field.textContent = "";
      const inside = clip(field, x, y);
      // What is to come would answer what the reader is about to find out.
      svg("path", { class: "line ahead answer", d: line(points.slice(+isCut)) }, inside);
      inside.append(done);
      // At the right, where what rises is high.
      set(low, { x: x.to, y: bottom - 6 });
      rich(low, isCut ? `↓ t = 0 lies below, at ${fixed(values[0], 1)}` : "");
    }
    done.setAttribute("d", line(points.slice(+isCut, now + 1)));
    dot.setAttribute("d", markerPath(isCut && now === 0 ? "v" : "o", 5));
    dot.setAttribute("transform", move(points[now][0], Math.min(points[now][1], bottom)));
    dot.style.display = isImpossible(run) ? "none" : "";
    root.setAttribute(
      "aria-label",
      `The log-likelihood against the iteration: ${fixed(
        run.steps[now].logLikelihood,
      )} after iteration ${now} of ${run.steps.length - 1}.`,
    );
  };
}
