// @ts-check
// Rows on the left, coins on the right, expected counts flowing from one to the other.

import { describe, label, marker, paint, path, ribbon, svg } from "./elements.js";
import { clamp, sum } from "./numbers.js";
import { panel } from "./panel.js";
import { coins, groupRows } from "./tosses.js";
import { counted, exponential, fixed, gettext, inDigits, rowsInWords } from "./words.js";

/**
 * Where things stand in the flow: everything that does not change from step to step.
 * @param {RowGroup[]} groups
 * @param {number} k
 * @param {number} width
 * @param {number} height
 * @returns {FlowLayout}
 */
function flowLayout(groups, k, width, height) {
  const single = groups.every((group) => group.count === 1);
  const whole = (/** @type {number} */ count) => (count < 1e6 ? String(count) : exponential(count));
  const words = groups.map(
    ({ first, heads, flips, count }) =>
      `${single ? `${first + 1}:` : `${count} ×`} ${whole(heads)} H ${whole(flips - heads)} T`,
  );
  const space = height - 24;
  const flipsInAll = sum(groups.map((group) => group.flips * group.count));
  const [rowGap, coinGap] = [Math.min(10, 60 / groups.length), Math.min(26, 130 / k)];
  const gaps = [rowGap * (groups.length - 1), coinGap * (k - 1)];
  const unit = (space - Math.max(...gaps)) / flipsInAll;
  const [rowsTop, coinsTop] = gaps.map((gap) => 20 + (space - flipsInAll * unit - gap) / 2);
  let next = rowsTop;
  const rows = groups.map((group, i) => {
    const y = next;
    next += group.flips * group.count * unit + rowGap;
    return { ...group, y, yTails: y + group.heads * group.count * unit, words: words[i] };
  });
  // Three lines of words beside every coin, or one where there are many coins.
  const isTight = k > 5;
  const lineSize = isTight ? clamp(space / k, 9, 13) : 13;
  return {
    rows,
    barLeft: Math.max(92, 12 + 7 * Math.max(...words.map((text) => text.length))),
    barRight: width - 156,
    bar: 16,
    flipsInAll,
    coinGap,
    unit,
    isTight,
    lineSize,
    rowSize: clamp(space / groups.length, 9, 13),
    coinsTop,
    room: isTight ? lineSize / 2 : 24,
  };
}

/**
 * The rows' bars, with words beside those that leave room for them.
 * @param {FlowLayout} layout
 * @returns {Part[]}
 */
function rowParts({ rows, barLeft: x, bar: width, unit, rowSize }) {
  let labelled = 0;
  return rows.flatMap(({ y, yTails, flips, count, words }) => {
    const [end, middle] = [y + flips * count * unit, y + (flips * count * unit) / 2];
    const hasRoom = middle - labelled >= rowSize;
    if (hasRoom) labelled = middle;
    const style = { class: "end", style: `font-size:${rowSize}px` };
    return /** @type {Part[]} */ ([
      ["rect", { class: "heads", x, y, width, height: yTails - y }],
      ["rect", { class: "tails", x, y: yTails, width, height: end - yTails }],
      label(x - 6, middle + rowSize / 3, hasRoom ? words : "", style),
    ]);
  });
}

/**
 * The ribbons leave each row in the order of the coins, and reach each coin in that of the rows.
 * @param {FlowLayout} layout
 * @param {string[]} colours
 * @param {Float64Array | null} r
 * @param {CoinBar[]} bars
 * @returns {Part[]}
 */
function ribbonParts({ rows, barLeft, barRight, bar, unit }, colours, r, bars) {
  const reached = bars.map(({ y, heads }) => [y, y + heads]);
  return rows.flatMap((row) => {
    const left = [row.y, row.yTails];
    return colours.flatMap((colour, j) => {
      const share = r ? r[row.first * colours.length + j] * row.count * unit : 0;
      return [row.heads, row.flips - row.heads].map((flips, side) => {
        const [y0, y1, thickness] = [left[side], reached[j][side], share * flips];
        left[side] += thickness;
        reached[j][side] += thickness;
        const d = thickness < 0.02 ? "" : ribbon(barLeft + bar, y0, barRight, y1, thickness);
        return path(d, { class: `flow ${side ? "tails" : "heads"}`, fill: colour, stroke: colour });
      });
    });
  });
}

/**
 * A coin's bar, its marker and its lines of words.
 * @param {FlowLayout} layout
 * @param {Look} look
 * @param {number} j
 * @param {CoinBar} bar
 * @param {number} middle
 * @param {string} counts
 * @param {string} theta
 * @returns {Part[]}
 */
function coinParts(layout, look, j, { y, height, heads }, middle, counts, theta) {
  const { bar: width, barRight: x, isTight, lineSize } = layout;
  const [name, colour, beside] = [look.names[j], look.lines[j], x + width + 8];
  const base = middle + (isTight ? 0.35 * lineSize : -11);
  const [size, spot] = [lineSize / 2 - 1.5, [beside + 5, base - 0.35 * lineSize]];
  const style = { style: `font-size:${lineSize}px` };
  const tails = { class: "tails", stroke: colour, height: height - heads };
  return [
    ["rect", { x, y, width, height: heads, fill: colour }],
    ["rect", { x, y: y + heads, width, ...tails }],
    marker(look.markers[j], size, spot, { class: "mark", fill: colour }),
    ...(isTight
      ? [label(beside + 15, base, `${name}: ${counts}`, style)]
      : [
          label(beside + 15, base, gettext`coin ${name}`, { class: "strong" }),
          label(beside, base + 16, counts),
          label(beside, base + 32, `θ_${name} ${theta}`),
        ]),
  ];
}

/**
 * @param {HTMLElement} parent
 * @param {Tosses} data
 * @param {Look} look
 * @param {number} width
 * @param {number} height
 * @returns {(half: HalfStep, steps: Step[], r: Float64Array | null) => void}
 */
export function flowPanel(parent, data, look, width, height) {
  const { k } = look;
  const layout = flowLayout(groupRows(data), k, width, height);
  const { barRight, bar, unit, room } = layout;
  const root = panel(parent, width, height, gettext`Expected counts flow to the coins`);
  const [ribbons, rows, coinBars] = [1, 2, 3].map(() => svg("g", {}, root));
  paint(rows, [
    label(0, 12, gettext`rows: ■ heads □ tails`, { class: "tick" }),
    label(barRight + bar + 8, 12, gettext`expected counts`, { class: "tick" }),
    ...rowParts(layout),
  ]);
  return ({ phase, t, now }, steps, r) => {
    const counts = r && coins.expectedCounts(data, r);
    let next = layout.coinsTop;
    /** @type {CoinBar[]} */
    const bars = look.names.map((_, j) => {
      const flips = counts ? counts.flips[j] : layout.flipsInAll / k;
      const own = { y: next, height: flips * unit, heads: (counts?.heads[j] ?? 0) * unit };
      next += own.height + layout.coinGap;
      return own;
    });
    // In the M-step the counts have arrived, and the coins' thetas move.
    ribbons.classList.toggle("arrived", phase === "M");
    paint(ribbons, ribbonParts(layout, look.colours, r, bars));
    let lowest = 10;
    const parts = bars.map((own, j) => {
      // The words stand at the middle of the bar, or where those of other coins leave them room.
      const lastMiddle = height - room * (2 * (k - j) - 1);
      const middle = clamp(own.y + own.height / 2, lowest + room, lastMiddle);
      lowest = middle + room;
      const words = counts ? `${counted(counts.heads[j])} H  ${counted(counts.tails[j])} T` : "?";
      const [was, is] = [t, now].map((step) => fixed(steps[step].parameters.theta[j]));
      const theta = phase === "M" ? `${was} → ${is}` : `= ${was}`;
      return coinParts(layout, look, j, own, middle, words, theta);
    });
    paint(coinBars, parts.flat());
    describe(root, flowInWords(data, look, counts));
  };
}

/**
 * @param {Tosses} data
 * @param {Look} look
 * @param {Counts | null} counts
 * @returns {string}
 */
function flowInWords(data, look, counts) {
  if (!counts)
    return gettext`${rowsInWords(data)} of tosses; which coin tossed which row is not known.`;
  const [heads, tails] = [counts.heads, counts.tails].map((each) => inDigits(each, 1));
  const gets = look.names.map(
    (name, j) => gettext`coin ${name} gets ${heads[j]} heads and ${tails[j]} tails`,
  );
  return gettext`Expected counts: ${gets.join(", ")}.`;
}
