// @ts-check
// A race: several ways to the same place, step by step.

import { axes, scale } from "./axes.js";
import { walk } from "./bar.js";
import { describe, label, line, marker, paint, svg } from "./elements.js";
import { frame } from "./frame.js";
import { lineOf, lookOf, markOf } from "./look.js";
import { extent } from "./numbers.js";
import { columns, panel, table } from "./panel.js";
import { gettext, inDigits, small } from "./words.js";

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
  const names = runs.map((run) => run.name);
  const all = names.join(gettext` and `);
  const title = gettext`A race: ${all}`;
  const place = frame(root, spec.host, title, gettext`to step through`);
  const ways = runs.map((run) => run.way);
  const falls = runs.map(({ below }) => below.map((left, t) => [t, Math.log10(left)]));
  /** @type {ReturnType<typeof track>[]} */
  let draw;
  /** @type {ReturnType<typeof table>} */
  let fill;

  const step = (/** @type {number} */ at) => {
    const step = stops[at];
    const left = runs.map(({ below }) => small(after(below, step)));
    const words = names.map((name, j) => `${name} ${left[j]}`);
    const said = gettext`After ${step} EM steps, nats below the top: ${words.join(", ")}.`;
    for (const one of draw) one(step, said);
    const now = ways.map((way) => after(way, step));
    fill([
      [gettext`run`, names],
      [gettext`EM steps`, ways.map((way) => Math.min(step, way.length - 1))],
      [spec.axes[0], inDigits(now.map(([a]) => a))],
      [spec.axes[1], inDigits(now.map(([, b]) => b))],
      [gettext`nats below the top`, left],
    ]);
    return [said, gettext`Each spends one EM step at a time.`, gettext`${step} EM steps`];
  };
  const walker = walk(place, gettext`Step`, () => stops.length - 1, step);
  place.fitted((room) => {
    const [left, right] = columns(place, room);
    const high = room.isWide ? 340 : 190;
    const plane = { ways, titles: spec.axes, end: spec.end, room: [room.main, high] };
    const titles = [gettext`EM steps`, gettext`log₁₀ of nats below`];
    const time = { ways: falls, titles, names, room: [room.side, high] };
    draw = [
      track(left, look, gettext`The ways to the top (◇)`, plane),
      track(right, look, gettext`How far below the top`, time),
    ];
    fill = table(place.tables, gettext`The numbers`);
    walker.show(walker.at(), "fit");
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
  const pixels = ways.map((way) => way.map(([a, b]) => [x(a), y(b)]));
  const field = svg("g", {}, root);
  const still = names.flatMap((name, j) => {
    const mark = markOf(look, j, size(j), [width - 130, 24 + 20 * j]);
    return [mark, label(width - 116, 29 + 20 * j, name)];
  });
  if (end) still.push(marker("D", 6, [x(end[0]), y(end[1])], { class: "best hollow mark" }));
  return (step, words) => {
    const runners = pixels.flatMap((way, j) => {
      const soFar = lineOf(look, j, line(way.slice(0, step + 1)));
      // Where all stand at one place, each is seen around the next.
      return [soFar, markOf(look, j, size(j), after(way, step))];
    });
    paint(field, [...still, ...runners]);
    describe(root, `${title}. ${words}`);
  };
}
