// @ts-check
// Scales and axes.

import { label, paint, path } from "./elements.js";
import { extent } from "./numbers.js";

/**
 * A linear scale from [lo, hi] to pixels; an interval without length is widened.
 * @param {number} lo
 * @param {number} hi
 * @param {number} from
 * @param {number} to
 * @returns {Scale}
 */
export function scale(lo, hi, from, to) {
  if (!(hi > lo)) [lo, hi] = [lo - 1, hi + 1];
  const map = (/** @type {number} */ x) => from + ((x - lo) / (hi - lo)) * (to - from);
  return Object.assign(map, {
    lo,
    hi,
    from,
    to,
    invert: (/** @type {number} */ p) => lo + ((p - from) / (to - from)) * (hi - lo),
  });
}

/**
 * About `count` round numbers from lo to hi.
 * @param {number} lo
 * @param {number} hi
 * @param {number} count
 * @param {number} [smallest]
 * @returns {number[]}
 */
export function ticks(lo, hi, count, smallest = 0) {
  const raw = (hi - lo) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const round = [1, 2, 5].find((m) => m * power >= raw * 0.999) ?? 10;
  const step = Math.max(round * power, smallest);
  const first = Math.ceil(lo / step - 1e-9);
  return Array.from({ length: Math.max(0, Math.floor(hi / step + 1e-9) - first + 1) }, (_, i) =>
    Number(((first + i) * step).toPrecision(15)),
  );
}

/**
 * @param {number | string} value
 * @returns {string}
 */
const withMinus = (value) => String(value).replace(/-/g, "−");

/**
 * @param {number} power
 * @returns {string}
 */
const superscript = (power) =>
  String(power)
    .replace("-", "⁻")
    .replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]);

/**
 * The words at ticks of at most `room` letters, and how the title says what was taken out of them:
 * a number that they have in common, or a power of ten.
 * @param {number[]} values
 * @param {number} room
 * @returns {[string[], (title: string) => string]}
 */
export function tickWords(values, room) {
  // All with as many digits after the point as the one that needs most.
  const texts = values.map(String);
  const digits = Math.max(0, ...texts.map((text) => (text.split(".")[1] ?? "").length));
  const plain = values.map((value) => withMinus(value.toFixed(digits)));
  if (plain.every((text, i) => text.length <= room && !texts[i].includes("e")))
    return [plain, (title) => title];
  const [lo, hi] = extent(values);
  const off = hi - lo < Math.max(-lo, hi) / 1000 ? lo : 0;
  const rest = values.map((value) => value - off);
  const power = Math.floor(Math.log10(Math.max(...rest.map(Math.abs)) || 1) + 1e-9);
  const shift = Math.abs(power) < (off ? 5 : 4) ? 0 : power;
  const words = rest.map((value) => withMinus(Number((value / 10 ** shift).toPrecision(6))));
  const without = off ? ` ${off < 0 ? "+" : "−"} ${Math.abs(off)}` : "";
  const [open, close] = off && shift ? ["(", ")"] : ["", ""];
  const by = shift ? ` / 10${superscript(shift)}` : "";
  return [words, (title) => `${open}${title}${without}${close}${by}`];
}

/**
 * Axes with ticks and titles; drawn again only when the scales change.
 * @param {SVGElement} group
 * @param {Scale} x
 * @param {Scale} y
 * @param {{xTitle?: string, yTitle?: string, xTicks?: number[], yTicks?: number[]}} titles
 */
export function axes(group, x, y, { xTitle, yTitle, xTicks, yTicks }) {
  const [left, right, bottom, top] = [x.from, x.to, y.from, y.to];
  const [xs, ys] = [xTicks ?? ticks(x.lo, x.hi, 5), yTicks ?? ticks(y.lo, y.hi, 6)];
  const [xWords, nameX] = tickWords(xs, 8);
  // As many letters as fit between the axis and its title.
  const [yWords, nameY] = tickWords(ys, Math.floor((left - 26) / 7.8));
  const lines = [
    `M${left},${top}V${bottom}H${right}`,
    ...xs.map((value) => `M${x(value)},${bottom}v4`),
    ...ys.map((value) => `M${left},${y(value)}h-4`),
  ];
  const upright = `translate(13,${(top + bottom) / 2}) rotate(-90)`;
  group.textContent = "";
  paint(group, [
    ...lines.map((d) => path(d, { class: "axis" })),
    ...xs.map((value, i) => label(x(value), bottom + 16, xWords[i], { class: "tick middle" })),
    ...ys.map((value, i) => label(left - 7, y(value) + 4, yWords[i], { class: "tick end" })),
    label((left + right) / 2, bottom + 33, xTitle ? nameX(xTitle) : "", { class: "middle" }),
    ["text", { transform: upright, class: "middle", text: yTitle ? nameY(yTitle) : "" }],
  ]);
}
