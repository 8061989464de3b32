// @ts-check
// Coins: the rows' heads and tails flow to the coins as expected counts, and theta moves.

import { axes, scale } from "./axes.js";
import { coins } from "./binomial.js";
import { markerPath, move, ribbon, rich, set, svg } from "./elements.js";
import { handle } from "./handle.js";
import { clamp, sum } from "./numbers.js";
import { columns, overlay, panel, table } from "./panel.js";
import { responsibilities } from "./run.js";
import { stepper } from "./stepper.js";
import { trace } from "./trace.js";
import { coinsInWords, counted, exponential, fixed, rowsInWords, spoken, thetas } from "./words.js";

const MANY_ROWS = 30;

const laneHeight = (/** @type {number} */ k, /** @type {number} */ lane) => k * lane + 30;

/**
 * Few rows each stand alone; of many, equal rows are taken together.
 * @param {Tosses} data
 * @returns {RowGroup[]}
 */
export function groupRows(data) {
  const groups = new Map();
  for (let i = 0; i < data.n; i++) {
    const key = data.n > MANY_ROWS ? `${data.heads[i]}/${data.flips[i]}` : i;
    if (!groups.has(key))
      groups.set(key, { first: i, heads: data.heads[i], flips: data.flips[i], count: 0 });
    groups.get(key).count += data.weights ? data.weights[i] : 1;
  }
  /** @type {RowGroup[]} */
  const list = [...groups.values()];
  return data.n > MANY_ROWS ? list.sort((a, b) => b.heads / b.flips - a.heads / a.flips) : list;
}

/**
 * "3", "3 (counts 2.5 times)", or "8 rows" of many.
 * @param {Tosses} data
 * @param {number} first
 * @param {number} count
 * @returns {string}
 */
export function rowName(data, first, count) {
  if (data.n > MANY_ROWS) return count === 1 ? "1 row" : `${count} rows`;
  return `${first + 1}${count === 1 ? "" : ` (counts ${count} times)`}`;
}

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
  const rowWords = groups.map(
    ({ first, heads, flips, count }) =>
      `${single ? `${first + 1}:` : `${count} ×`} ${whole(heads)} H ${whole(flips - heads)} T`,
  );
  const [barRight, bar] = [width - 156, 16];
  const space = height - 24;
  const flipsInAll = sum(groups.map((group) => group.flips * group.count));
  const [rowGap, coinGap] = [Math.min(10, 60 / groups.length), Math.min(26, 130 / k)];
  const [rowGaps, coinGaps] = [rowGap * (groups.length - 1), coinGap * (k - 1)];
  const unit = Math.min(space - rowGaps, space - coinGaps) / flipsInAll;
  const top = (/** @type {number} */ gaps) => 20 + (space - flipsInAll * unit - gaps) / 2;
  // Three lines of words beside every coin, or one where there are many coins.
  const isTight = k > 5;
  const lineSize = isTight ? clamp(space / k, 9, 13) : 13;
  return {
    barRight,
    bar,
    rowWords,
    flipsInAll,
    rowGap,
    coinGap,
    unit,
    isTight,
    lineSize,
    barLeft: Math.max(92, 12 + 7 * Math.max(...rowWords.map((words) => words.length))),
    rowSize: clamp(space / groups.length, 9, 13),
    rowsTop: top(rowGaps),
    coinsTop: top(coinGaps),
    room: isTight ? lineSize / 2 : 24,
  };
}

/**
 * The rows' bars with their words, and empty ribbons from each to every coin.
 * @param {SVGElement} root
 * @param {SVGElement} ribbons
 * @param {RowGroup[]} groups
 * @param {FlowLayout} layout
 * @param {Look} look
 * @returns {RowBar[]}
 */
function rowBars(root, ribbons, groups, layout, look) {
  const { barLeft: x, bar: width, unit, rowSize, rowWords } = layout;
  let y = layout.rowsTop;
  let labelled = 0;
  return groups.map((group, i) => {
    const [heads, flips] = [group.heads, group.flips].map((flips) => flips * group.count * unit);
    const [yHeads, yTails, middle] = [y, y + heads, y + flips / 2];
    svg("rect", { class: "heads", x, y: yHeads, width, height: heads }, root);
    svg("rect", { class: "tails", x, y: yTails, width, height: flips - heads }, root);
    if (middle - labelled >= rowSize) {
      labelled = middle;
      const [style, text] = [`font-size:${rowSize}px`, rowWords[i]];
      svg("text", { x: x - 6, y: middle + rowSize / 3, class: "end", style, text }, root);
    }
    const band = (/** @type {string} */ side, /** @type {string} */ colour) =>
      svg("path", { class: `flow ${side}`, fill: colour, stroke: colour }, ribbons);
    const bands = look.colours.map((colour) => [band("heads", colour), band("tails", colour)]);
    y += flips + layout.rowGap;
    return { group, yHeads, yTails, bands };
  });
}

/**
 * A coin's bar, its marker and its lines of words; `draw` puts them where its share of flips is.
 * @param {SVGElement} root
 * @param {FlowLayout} layout
 * @param {Look} look
 * @param {number} j
 */
function coinBar(root, { bar: width, barRight, isTight, lineSize }, look, j) {
  const [name, colour, x] = [look.names[j], look.lines[j], barRight + width + 8];
  const heads = svg("rect", { x: barRight, width, fill: colour }, root);
  const tails = svg("rect", { x: barRight, width, class: "tails", stroke: colour }, root);
  const d = markerPath(look.markers[j], lineSize / 2 - 1.5);
  const mark = svg("path", { class: "mark", d, fill: colour }, root);
  const lines = isTight
    ? [svg("text", { style: `font-size:${lineSize}px` }, root)]
    : [0, 1, 2].map((i) => svg("text", { class: i ? "" : "strong" }, root));
  return {
    /**
     * @param {number} y
     * @param {number} height
     * @param {number} headsHeight
     * @param {number} middle
     * @param {string} counts
     * @param {string} theta
     */
    draw(y, height, headsHeight, middle, counts, theta) {
      set(heads, { y, height: headsHeight });
      set(tails, { y: y + headsHeight, height: height - headsHeight });
      const base = middle + (isTight ? 0.35 * lineSize : -11);
      mark.setAttribute("transform", move(x + 5, base - 0.35 * lineSize));
      const words = isTight
        ? [`${name}: ${counts}`]
        : [`coin ${name}`, counts, `θ_${name} ${theta}`];
      lines.forEach((text, i) => {
        set(text, { x: i ? x : x + 15, y: base + 16 * i });
        rich(text, words[i]);
      });
    },
  };
}

/**
 * Rows on the left, coins on the right, expected counts flowing from one to the other.
 * @param {HTMLElement} parent
 * @param {Tosses} data
 * @param {Look} look
 * @param {number} width
 * @param {number} height
 * @returns {(half: HalfStep, steps: Step[], r: Float64Array | null) => void}
 */
function flowPanel(parent, data, look, width, height) {
  const { k } = look;
  const groups = groupRows(data);
  const layout = flowLayout(groups, k, width, height);
  const { barLeft, barRight, bar, unit, flipsInAll, room } = layout;
  const root = panel(parent, width, height, "Expected counts flow to the coins");
  svg("text", { x: 0, y: 12, class: "tick", text: "rows: ■ heads □ tails" }, root);
  svg("text", { x: barRight + bar + 8, y: 12, class: "tick", text: "expected counts" }, root);
  const ribbons = svg("g", {}, root);
  const rows = rowBars(root, ribbons, groups, layout, look);
  const coinBars = look.names.map((_, j) => coinBar(root, layout, look, j));

  /** Where each coin's bar begins, its height and how much of that is heads. */
  const bars = (/** @type {{heads: Float64Array, flips: Float64Array} | null} */ counts) => {
    let y = layout.coinsTop;
    return look.names.map((_, j) => {
      const share = (counts ? counts.flips[j] : flipsInAll / k) * unit;
      const own = { y, height: share, heads: counts ? counts.heads[j] * unit : 0 };
      y += share + layout.coinGap;
      return own;
    });
  };

  /**
   * The ribbons leave each row in the order of the coins, and reach each coin in that of the rows.
   * @param {Float64Array} r
   * @param {{y: number, heads: number}[]} to
   */
  const drawRibbons = (r, to) => {
    const reached = to.map(({ y, heads }) => [y, y + heads]);
    for (const { group, yHeads, yTails, bands } of rows) {
      const left = [yHeads, yTails];
      bands.forEach((sides, j) => {
        const share = r[group.first * k + j] * group.count * unit;
        [group.heads, group.flips - group.heads].forEach((flips, side) => {
          const [y0, y1, thickness] = [left[side], reached[j][side], share * flips];
          const d = thickness < 0.02 ? "" : ribbon(barLeft + bar, y0, barRight, y1, thickness);
          sides[side].setAttribute("d", d);
          left[side] += thickness;
          reached[j][side] += thickness;
        });
      });
    }
  };

  return ({ phase, t, now }, steps, r) => {
    const counts = r && coins.expectedCounts(data, r);
    // In the M-step the counts have arrived, and the coins' thetas move.
    ribbons.classList.toggle("arrived", phase === "M");
    const right = bars(counts);
    let lowest = 10;
    coinBars.forEach((one, j) => {
      const { y, height: share, heads } = right[j];
      // The words stand at the middle of the bar, or where those of other coins leave them room.
      const middle = clamp(y + share / 2, lowest + room, height - room * (2 * (k - j) - 1));
      lowest = middle + room;
      const tails = counts && counts.flips[j] - counts.heads[j];
      const words = counts ? `${counted(counts.heads[j])} H  ${counted(tails ?? 0)} T` : "?";
      const [was, is] = [t, now].map((step) => fixed(steps[step].parameters.theta[j]));
      one.draw(y, share, heads, middle, words, phase === "M" ? `${was} → ${is}` : `= ${was}`);
    });
    if (r) drawRibbons(r, right);
    else for (const band of rows.flatMap(({ bands }) => bands.flat())) band.setAttribute("d", "");
    root.setAttribute("aria-label", flowInWords(data, look, counts));
  };
}

/**
 * @param {Tosses} data
 * @param {Look} look
 * @param {{heads: Float64Array, flips: Float64Array} | null} counts
 * @returns {string}
 */
function flowInWords(data, look, counts) {
  if (!counts) return `${rowsInWords(data)} of tosses; which coin tossed which row is not known.`;
  const { heads, flips } = counts;
  const gets = look.names.map((name, j) => {
    const [h, t] = [heads[j], flips[j] - heads[j]].map((count) => fixed(count, 1));
    return `coin ${name} gets ${h} heads and ${t} tails`;
  });
  return `Expected counts: ${gets.join(", ")}.`;
}

/**
 * The coins' theta on a line from 0 to 1, a lane for each coin, with the places it has been.
 * @param {HTMLElement} parent
 * @param {Look} look
 * @param {(parameters: Params) => void} startAt
 * @param {number} width
 * @param {number} lane
 * @returns {(run: Run, half: HalfStep) => void}
 */
function thetaPanel(parent, look, startAt, width, lane) {
  const height = laneHeight(look.k, lane);
  const root = panel(parent, width, height, "Probability of heads θ", true);
  const x = scale(0, 1, 62, width - 14);
  const y = scale(0, 1, height - 22, 8);
  const laneY = (/** @type {number} */ j) => 8 + lane * (j + 0.5);
  axes(svg("g", {}, root), x, y, { yTicks: [] });
  const lanes = look.names.map((name, j) => {
    svg("text", { x: 46, y: laneY(j) + 4, class: "end", text: `θ_${name}` }, root);
    svg("path", { class: "grid", d: `M${x(0)},${laneY(j)}H${x(1)}` }, root);
    return {
      past: svg("g", { class: "past" }, root),
      moved: svg(
        "path",
        { class: "line", stroke: look.lines[j], "stroke-dasharray": look.dashes[j] },
        root,
      ),
      mark: svg(
        "path",
        { class: "mark", d: markerPath(look.markers[j], 7), fill: look.colours[j] },
        root,
      ),
    };
  });
  const handles = startHandles(overlay(root, "Choose the start"), look, startAt, (j) => ({
    x,
    atY: laneY(j),
  }));
  /** @type {Run | null} */
  let drawn = null;
  return (run, { phase, t, now }) => {
    handles(run);
    lanes.forEach((parts, j) => {
      const at = (/** @type {number} */ step) => x(run.steps[step].parameters.theta[j]);
      if (run !== drawn) {
        const past = { d: markerPath(look.markers[j], 3.5), stroke: look.lines[j] };
        const places = run.steps.map((_, step) => move(at(step), laneY(j)));
        parts.past.replaceChildren(
          ...places.map((transform) => svg("path", { ...past, transform })),
        );
      }
      [...parts.past.children].forEach((node, step) => {
        node.classList.toggle("hidden", step >= now);
      });
      parts.moved.setAttribute("d", phase === "M" ? `M${at(t)},${laneY(j)}H${at(now)}` : "");
      parts.mark.setAttribute("transform", move(at(now), laneY(j)));
    });
    drawn = run;
    root.setAttribute("aria-label", thetas(run.steps[now], look, spoken));
  };
}

/**
 * A ring at every coin's theta_0; `where(j)` says on which scales.
 * @param {SVGSVGElement} layer
 * @param {Look} look
 * @param {(parameters: Params) => void} startAt
 * @param {(j: number) => {x: Scale, atY: number}} where
 * @returns {(run: Run) => void}
 */
function startHandles(layer, look, startAt, where) {
  /** @type {Params} */
  let start;
  const handles = look.names.map((name, j) =>
    handle(layer, `Start of θ_${name}`.replace("θ_", "theta "), {
      ...where(j),
      moved: (value) =>
        startAt({ ...start, theta: start.theta.map((old, other) => (other === j ? value : old)) }),
    }),
  );
  return (run) => {
    start = run.steps[0].parameters;
    handles.forEach((one, j) => one.place([start.theta[j]], fixed(start.theta[j], 2)));
  };
}

/**
 * @param {Frame} place
 * @param {Given} given
 * @returns {View}
 */
function coinsView(place, { data, model, look, room, startAt }) {
  const [left, right] = columns(place, room);
  const lane = room.isWide ? clamp(180 / look.k, 24, 34) : 25;
  const drawFlow = flowPanel(left, data, look, room.main, room.isWide ? 384 : 226);
  const drawTheta = thetaPanel(right, look, startAt, room.side, lane);
  const rest = 364 - laneHeight(look.k, lane);
  const drawTrace = trace(right, room.side, room.isWide ? Math.max(rest, 130) : 88);
  const groups = groupRows(data);
  const fillCoins = table(place.tables, "The numbers of this step", [
    "coin",
    "mixing weight α",
    "θ_t",
    "expected heads",
    "expected tails",
    "θ_{t+1} = heads / flips",
  ]);
  const fillRows = table(
    place.tables,
    data.n > MANY_ROWS ? "The rows, equal ones together" : "The rows",
    [
      "row",
      "heads",
      "tails",
      ...look.names.map((name) => `r_${name}`),
      ...look.names.flatMap((name) => [`heads to ${name}`, `tails to ${name}`]),
    ],
  );

  return {
    formula: {
      start: "The start: a guess of every coin's θ. Drag a dashed ring to make another.",
      E: "r_{ij} = p(z_i = j | row i; θ_t), and each row's heads and tails are shared out by it.",
      M: "θ_{t+1} of a coin = its expected heads / its expected flips.",
    },
    describe: (run, { now }) => thetas(run.steps[now], look),
    draw(run, half) {
      const { phase, t, now } = half;
      const before = run.steps[t].parameters;
      const r = phase === "start" ? null : responsibilities(run.steps[t], model, data, look.k);
      drawFlow(half, run.steps, r);
      drawTheta(run, half);
      drawTrace(run, half);
      const counts = r && coins.expectedCounts(data, r);
      fillCoins(
        look.names.map((name, j) => [
          name,
          fixed(before.mixing_weights[j]),
          fixed(before.theta[j], 4),
          counts ? fixed(counts.heads[j], 2) : "?",
          counts ? fixed(counts.flips[j] - counts.heads[j], 2) : "?",
          phase === "M" ? fixed(run.steps[now].parameters.theta[j], 4) : "?",
        ]),
      );
      fillRows(
        groups.map(({ first, heads, flips, count }) => [
          rowName(data, first, count),
          String(heads),
          String(flips - heads),
          ...look.names.map((_, j) => (r ? fixed(r[first * look.k + j], 2) : "?")),
          ...look.names.flatMap((_, j) =>
            r
              ? [heads, flips - heads].map((number) =>
                  fixed(r[first * look.k + j] * number * count, 2),
                )
              : ["?", "?"],
          ),
        ]),
      );
    },
  };
}

/**
 * The function that Python asks for.
 * @param {DocumentFragment} root
 * @param {Spec} spec
 */
export function showCoins(root, spec) {
  stepper(root, spec, { build: coinsView, model: coins, title: coinsInWords });
}
