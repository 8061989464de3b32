// @ts-check
// A race: several ways to the same place, step by step.

import { axes, scale } from "./axes.js";
import { walk } from "./bar.js";
import { line, markerPath, move, svg } from "./elements.js";
import { frame } from "./frame.js";
import { lookOf } from "./look.js";
import { extent } from "./numbers.js";
import { columns, panel, table } from "./panel.js";
import { fixed, small } from "./words.js";

/**
 * Where a runner is after so many steps; who has arrived stays there.
 * @template T
 * @param {T[]} way
 * @param {number} step
 * @returns {T}
 */
const after = (way, step) => way[Math.min(step, way.length - 1)];

/**
 * A range with some room on both sides.
 * @param {number[]} values
 * @returns {[number, number]}
 */
function roomy(values) {
  const [lo, hi] = extent(values);
  return [lo - 0.06 * (hi - lo), hi + 0.06 * (hi - lo)];
}

/**
 * @param {DocumentFragment} root
 * @param {Spec} spec
 */
export function race(root, spec) {
  /** @type {{name: string, way: number[][], below: number[]}[]} */
  const runs = spec.runs;
  /** @type {number[]} */
  const stops = spec.stops;
  const look = lookOf(runs.length, spec.palette);
  const title = `A race: ${runs.map((run) => run.name).join(" and ")}`;
  const place = frame(root, spec.host, title, "to step through");
  const ways = runs.map((run) => run.way);
  const falls = runs.map(({ below }) => below.map((left, t) => [t, Math.log10(left)]));
  /** @type {ReturnType<typeof track>[]} */
  let draw;
  /** @type {ReturnType<typeof table>} */
  let fill;

  const again = walk(place, "Step", stops.length - 1, (at) => {
    const step = stops[at];
    const words = runs.map(({ name, below }) => `${name} ${small(after(below, step))}`);
    const said = `After ${step} EM steps, nats below the top: ${words.join(", ")}.`;
    for (const one of draw) one(step, said);
    fill(
      runs.map(({ name, way, below }) => [
        name,
        String(Math.min(step, way.length - 1)),
        ...after(way, step).map((value) => fixed(value)),
        small(after(below, step)),
      ]),
    );
    return [said, "Each spends one EM step at a time.", `${step} EM steps`];
  });
  place.fitted((room) => {
    const [left, right] = columns(place, room);
    draw = [
      track(left, look, "The ways to the top (◇)", {
        ways,
        titles: spec.axes,
        end: spec.end,
        room: [room.main, room.isWide ? 340 : 190],
      }),
      track(right, look, "How far below the top", {
        ways: falls,
        titles: ["EM steps", "log₁₀ of nats below"],
        names: runs.map((run) => run.name),
        room: [room.side, room.isWide ? 340 : 190],
      }),
    ];
    fill = table(place.tables, "The numbers", [
      "run",
      "EM steps",
      ...spec.axes,
      "nats below the top",
    ]);
    again();
  });
}

/**
 * A panel with the way of each runner so far, and a marker where it is.
 * @param {HTMLElement} parent
 * @param {Look} look
 * @param {string} title
 * @param {{ways: number[][][], titles: string[], room: number[], end?: number[], names?: string[]}} what
 * @returns {(step: number, words: string) => void}
 */
function track(parent, look, title, { ways, titles, room: [width, height], end, names = [] }) {
  const size = (/** @type {number} */ j) => 5 + 3.5 * (ways.length - 1 - j);
  const root = panel(parent, width, height, title);
  const all = [...ways.flat(), ...(end ? [end] : [])];
  const x = scale(...roomy(all.map((point) => point[0])), 62, width - 14);
  const y = scale(...roomy(all.map((point) => point[1])), height - 42, 10);
  axes(svg("g", {}, root), x, y, { xTitle: titles[0], yTitle: titles[1] });
  if (end) {
    const transform = move(x(end[0]), y(end[1]));
    svg("path", { class: "best hollow mark", d: markerPath("D", 6), transform }, root);
  }
  const drawn = ways.map((way, j) => {
    const style = { stroke: look.lines[j], "stroke-dasharray": look.dashes[j] };
    return {
      pixels: way.map(([a, b]) => [x(a), y(b)]),
      path: svg("path", { class: "line", ...style }, root),
      dot: svg(
        "path",
        // Where all stand at one place, each is seen around the next.
        { class: "mark", fill: look.colours[j], d: markerPath(look.markers[j], size(j)) },
        root,
      ),
    };
  });
  names.forEach((name, j) => {
    const transform = move(width - 130, 24 + 20 * j);
    const d = markerPath(look.markers[j], size(j));
    svg("path", { class: "mark", fill: look.colours[j], d, transform }, root);
    svg("text", { x: width - 116, y: 29 + 20 * j, text: name }, root);
  });
  return (step, words) => {
    for (const { pixels, path, dot } of drawn) {
      path.setAttribute("d", line(pixels.slice(0, step + 1)));
      const [px, py] = after(pixels, step);
      dot.setAttribute("transform", move(px, py));
    }
    root.setAttribute("aria-label", `${title}. ${words}`);
  };
}
