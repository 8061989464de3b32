// @ts-check
// The log-likelihood at every iteration.

import { axes, scale, ticks } from "./axes.js";
import { line, markerPath, move, rich, set, svg } from "./elements.js";
import { clip, legend, panel } from "./panel.js";
import { isImpossible } from "./run.js";
import { fixed } from "./words.js";

/**
 * The log-likelihood at every iteration: solid as far as one has stepped, dotted what is to come.
 * A start far below all the rest is left out of sight, or the climb would look flat.
 * @param {HTMLElement} parent
 * @param {number} [width]
 * @param {number} [height]
 * @returns {(run: Run, half: HalfStep) => void}
 */
export function trace(parent, width = 440, height = 190) {
  const root = panel(parent, width, height, "Log-likelihood ℓ(θ_t) after each iteration t");
  const grid = svg("g", {}, root);
  const field = svg("g", {}, root);
  legend(root, [
    ["line", "so far"],
    ["line ahead", "to come"],
  ]);
  const low = svg("text", { class: "tick" }, root);
  const dot = svg("path", { class: "dot", d: markerPath("o", 5) }, root);
  const bottom = height - 42;
  const done = svg("path", { class: "line" });
  /** @type {Run | null} */
  let drawn = null;
  /** @type {Place[]} */
  let points = [];
  return (run, { now }) => {
    if (run !== drawn) {
      drawn = run;
      const values = run.steps.map((step) => (isImpossible(run) ? 0 : step.logLikelihood));
      const [top, rest] = [Math.max(...values), Math.min(...values.slice(1))];
      const cut = values.length > 3 && rest - values[0] > 8 * (top - rest);
      const floor = Math.min(...(cut ? values.slice(1) : values));
      const room = top - floor;
      const x = scale(0, Math.max(values.length - 1, 1), 84, width - 14);
      const y = scale(floor - (cut ? 0.25 : 0.08) * room, top + 0.08 * room, bottom, 12);
      axes(grid, x, y, { xTitle: "iteration t", yTitle: "nats", xTicks: ticks(x.lo, x.hi, 8, 1) });
      points = values.map((value, t) => [x(t), y(value)]);
      field.textContent = "";
      const inside = clip(field, x, y);
      svg("path", { class: "line ahead", d: line(points) }, inside);
      inside.append(done);
      set(low, { x: x(1) + 6, y: height - 48 });
      rich(low, cut ? `↓ t = 0 lies below, at ${fixed(values[0], 1)}` : "");
    }
    done.setAttribute("d", line(points.slice(0, now + 1)));
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
