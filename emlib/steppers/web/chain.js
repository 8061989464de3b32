// @ts-check
// A chain of hidden states: where it was at each row, and how it moved, EM iteration by iteration.

import { axes, scale } from "./axes.js";
import { walk } from "./bar.js";
import { describe, label, paint, path, ribbon, svg } from "./elements.js";
import { frame } from "./frame.js";
import { lookOf } from "./look.js";
import { sum, totals } from "./numbers.js";
import { columns, panel, table } from "./panel.js";
import { fixed, gettext, inDigits } from "./words.js";

/**
 * @param {DocumentFragment} root
 * @param {Spec} spec
 */
export function chain(root, spec) {
  /** @type {{states: string[], n: number, steps: {height: number, r: number[][], moves: number[][], A: number[][]}[]}} */
  const { states, n, steps } = /** @type {any} */ (spec);
  const [last, look] = [steps.length - 1, lookOf(states.length, spec.palette)];
  const all = states.join(gettext` and `);
  const place = frame(root, spec.host, gettext`A chain of ${all}`, gettext`to step through`);
  /** @type {ReturnType<typeof posteriors>} */
  let drawStates;
  /** @type {ReturnType<typeof flows>} */
  let drawMoves;
  /** @type {ReturnType<typeof table>} */
  let fill;
  const draw = (/** @type {number} */ t) => {
    const { height, r, moves, A } = steps[t];
    /** @type {(count: number, l: number) => string} */
    const to = (count, l) => gettext`${fixed(count, 1)} to ${states[l]}`;
    const told = moves.map((row, j) => gettext`from ${states[j]} ${row.map(to).join(", ")}`);
    const words = gettext`Expected moves ${told.join("; ")}.`;
    drawStates(r);
    drawMoves(moves, words);
    /** @type {(what: string, rows: number[][]) => Column[]} */
    const columnsTo = (what, rows) =>
      states.map((state, l) => [gettext`${what} to ${state}`, inDigits(rows.map((row) => row[l]))]);
    fill([[gettext`from`, states], ...columnsTo(gettext`moves`, moves), ...columnsTo("A:", A)]);
    const at = gettext`EM iteration ${t} of ${last}`;
    const hint = gettext`The next A_{jl} = expected moves from j to l / all from j.`;
    return [gettext`${at}, log-likelihood ${fixed(height)}. ${words}`, hint, at];
  };
  const walker = walk(place, gettext`Step`, () => last, draw);
  place.fitted((room) => {
    const [left, right] = columns(place, room);
    const high = room.isWide ? 320 : 180;
    const title = gettext`Posterior of each state, rows 1 to ${steps[0].r.length} of ${n}`;
    drawStates = posteriors(panel(left, room.main, high, title), states, look, room.main, high);
    const caption = gettext`Expected moves, row i to row i + 1`;
    drawMoves = flows(panel(right, room.side, high, caption), states, look, room.side, high);
    fill = table(place.tables, gettext`Expected moves and A`);
    walker.show(walker.at(), "fit");
  });
}

/**
 * A lane for each state, filled as high as its probability at each row.
 * @param {SVGSVGElement} root
 * @param {string[]} states
 * @param {Look} look
 * @param {number} width
 * @param {number} height
 * @returns {(r: number[][]) => void}
 */
function posteriors(root, states, look, width, height) {
  const lane = (height - 50) / states.length;
  const [lanes, grid] = [svg("g", {}, root), svg("g", {}, root)];
  return (r) => {
    const x = scale(0.5, r.length + 0.5, 62, width - 14);
    axes(grid, x, scale(0, 1, height - 42, 8), { xTitle: gettext`row i`, yTicks: [] });
    const parts = states.flatMap((state, j) => {
      const foot = 8 + lane * (j + 1);
      const tops = r.map((row, i) => `V${foot - (lane - 10) * row[j]}H${x(i + 1.5)}`);
      return [
        path(`M${x(0.5)},${foot}${tops.join("")}V${foot}Z`, { fill: look.lines[j] }),
        label(56, foot - lane / 2 + 4, state, { class: "end" }),
      ];
    });
    paint(lanes, parts);
    const said = states.map(
      (state, j) =>
        gettext`${state} is likelier than not in ${r.filter((row) => row[j] > 0.5).length}`,
    );
    describe(root, gettext`Of ${r.length} rows, ${said.join(", ")}.`);
  };
}

/**
 * States on the left, states one row later on the right; between them ribbons as thick as the moves.
 * @param {SVGSVGElement} root
 * @param {string[]} states
 * @param {Look} look
 * @param {number} width
 * @param {number} height
 * @returns {(moves: number[][], words: string) => void}
 */
function flows(root, states, look, width, height) {
  const [start, end, gap] = [70, width - 70, 14];
  const [bars, ribbons] = [svg("g", {}, root), svg("g", {}, root)];
  return (moves, words) => {
    describe(root, words);
    const sums = [moves.map(sum), totals(moves)];
    const unit = (height - 20 - gap * (states.length - 1)) / sum(sums[0]);
    /** @type {Part[]} */
    const parts = [];
    // Where the next ribbon leaves each bar on the left, and reaches each on the right.
    const [left, right] = sums.map((counts, side) => {
      let next = 10;
      return counts.map((count, j) => {
        const [y, high] = [next, count * unit];
        next += high + gap;
        const bar = { x: side ? end : start - 12, y, width: 12, height: high };
        const style = { class: side ? "" : "end" };
        parts.push(
          ["rect", { ...bar, fill: look.lines[j] }],
          label(side ? end + 18 : start - 18, y + high / 2 + 4, states[j], style),
        );
        return y;
      });
    });
    paint(bars, parts);
    const flowing = moves.flatMap((row, j) =>
      row.flatMap((count, l) => {
        const thick = count * unit;
        const [from, to] = [left[j], right[l]];
        left[j] += thick;
        right[l] += thick;
        const colour = { fill: look.colours[j], stroke: look.colours[j] };
        const text = thick > 15 ? fixed(count, 1) : "";
        return [
          path(ribbon(start, from, end, to, thick), { class: "flow heads", ...colour }),
          label(start + 8, from + thick / 2 + 4, text, { class: "halo-text" }),
        ];
      }),
    );
    paint(ribbons, flowing);
  };
}
