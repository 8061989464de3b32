// Coins: the rows' heads and tails flow to the coins as expected counts, and theta moves.

import { axes, scale } from "./axes.js";
import { coins } from "./binomial.js";
import { html, markerPath, move, rich, set, svg } from "./elements.js";
import { handle } from "./handle.js";
import { clamp, sum } from "./numbers.js";
import { overlay, panel, table } from "./panel.js";
import { responsibilities } from "./run.js";
import { stepper } from "./stepper.js";
import { trace } from "./trace.js";
import { coinsInWords, counted, exponential, fixed, rowsInWords, spoken, thetas } from "./words.js";

const MANY_ROWS = 30;

// Few rows each stand alone; of many, equal rows are taken together.
export function groupRows(data) {
  const groups = new Map();
  for (let i = 0; i < data.n; i++) {
    const key = data.n > MANY_ROWS ? `${data.heads[i]}/${data.flips[i]}` : i;
    if (!groups.has(key))
      groups.set(key, { first: i, heads: data.heads[i], flips: data.flips[i], count: 0 });
    groups.get(key).count += data.weights ? data.weights[i] : 1;
  }
  const list = [...groups.values()];
  return data.n > MANY_ROWS ? list.sort((a, b) => b.heads / b.flips - a.heads / a.flips) : list;
}

// "3", "3 (counts 2.5 times)", or "8 rows" of many.
export function rowName(data, first, count) {
  if (data.n > MANY_ROWS) return count === 1 ? "1 row" : `${count} rows`;
  return `${first + 1}${count === 1 ? "" : ` (counts ${count} times)`}`;
}

// A band between two upright edges of the same thickness.
export function ribbon(x0, y0, x1, y1, thickness) {
  const mid = (x0 + x1) / 2;
  const f = (v) => v.toFixed(2);
  return (
    `M${x0},${f(y0)}C${mid},${f(y0)} ${mid},${f(y1)} ${x1},${f(y1)}v${f(thickness)}` +
    `C${mid},${f(y1 + thickness)} ${mid},${f(y0 + thickness)} ${x0},${f(y0 + thickness)}Z`
  );
}

// Rows on the left, coins on the right, expected counts flowing from one to the other.
function flowPanel(parent, data, look) {
  const { k } = look;
  const groups = groupRows(data);
  const single = groups.every((group) => group.count === 1);
  const whole = (count) => (count < 1e6 ? String(count) : exponential(count));
  const rowWords = groups.map(
    ({ first, heads, flips, count }) =>
      `${single ? `${first + 1}:` : `${count} ×`} ${whole(heads)} H ${whole(flips - heads)} T`,
  );
  const barLeft = Math.max(92, 12 + 7 * Math.max(...rowWords.map((words) => words.length)));
  const [width, height, barRight, bar] = [440, 330, 284, 16];
  const flipsInAll = sum(groups.map((group) => group.flips * group.count));
  const gap = Math.min(10, 60 / groups.length);
  // Three lines of words beside every coin, or one where there are many coins.
  const isTight = k > 5;
  const lineSize = isTight ? clamp((height - 24) / k, 9, 13) : 13;
  const [room, markSize] = [isTight ? lineSize / 2 : 24, lineSize / 2 - 1.5];
  const coinGap = Math.min(26, 130 / k);
  const unit =
    Math.min(height - 24 - gap * (groups.length - 1), height - 24 - coinGap * (k - 1)) / flipsInAll;
  const top = (gaps, space) => 20 + (height - 24 - flipsInAll * unit - gaps * space) / 2;

  const root = panel(parent, width, height, "Expected counts flow from the rows to the coins");
  svg("text", { x: 0, y: 12, class: "tick", text: "rows: ■ heads □ tails" }, root);
  svg("text", { x: barRight + bar + 8, y: 12, class: "tick", text: "expected counts" }, root);
  const ribbons = svg("g", {}, root);

  let y = top(groups.length - 1, gap);
  const size = clamp((height - 24) / groups.length, 9, 13);
  let labelled = 0;
  groups.forEach((group, i) => {
    const [h, f] = [group.heads * group.count * unit, group.flips * group.count * unit];
    Object.assign(group, { yHeads: y, yTails: y + h, bands: [] });
    svg("rect", { class: "heads", x: barLeft, y, width: bar, height: h }, root);
    svg("rect", { class: "tails", x: barLeft, y: y + h, width: bar, height: f - h }, root);
    if (y + f / 2 - labelled >= size) {
      labelled = y + f / 2;
      svg(
        "text",
        {
          x: barLeft - 6,
          y: y + f / 2 + size / 3,
          class: "end",
          style: `font-size:${size}px`,
          text: rowWords[i],
        },
        root,
      );
    }
    for (let j = 0; j < k; j++) {
      for (const side of ["heads", "tails"]) {
        const colour = { fill: look.colours[j], stroke: look.colours[j] };
        group.bands.push(svg("path", { class: `flow ${side}`, ...colour }, ribbons));
      }
    }
    y += f + gap;
  });
  const coinNodes = look.names.map((name, j) => ({
    heads: svg("rect", { x: barRight, width: bar, fill: look.colours[j] }, root),
    tails: svg("rect", { x: barRight, width: bar, class: "tails", stroke: look.colours[j] }, root),
    mark: svg(
      "path",
      { class: "mark", d: markerPath(look.markers[j], markSize), fill: look.colours[j] },
      root,
    ),
    lines: isTight
      ? [svg("text", { style: `font-size:${lineSize}px` }, root)]
      : [0, 1, 2].map((i) => svg("text", { class: i ? "" : "strong" }, root)),
  }));

  return ({ phase, t, now }, steps, r) => {
    const { heads, flips } = r ? coins.expectedCounts(data, r) : { heads: [], flips: [] };
    // In the M-step the counts have arrived, and the coins' thetas move.
    ribbons.classList.toggle("arrived", phase === "M");
    let y = top(k - 1, coinGap);
    let lowest = 10;
    coinNodes.forEach((node, j) => {
      const share = (r ? flips[j] : flipsInAll / k) * unit;
      const h = r ? heads[j] * unit : 0;
      set(node.heads, { y, height: h });
      set(node.tails, { y: y + h, height: share - h });
      // The words stand at the middle of the coin's bar, or where the words of other coins leave them room.
      const middle = clamp(y + share / 2, lowest + room, height - room * (2 * (k - j) - 1));
      lowest = middle + room;
      const x = barRight + bar + 8;
      const base = middle + (isTight ? 0.35 * lineSize : -11);
      node.mark.setAttribute("transform", move(x + 5, base - 0.35 * lineSize));
      const [name, counts] = [
        look.names[j],
        r ? `${counted(heads[j])} H  ${counted(flips[j] - heads[j])} T` : "?",
      ];
      const [was, is] = [t, now].map((step) => fixed(steps[step].parameters.theta[j]));
      const words = isTight
        ? [`${name}: ${counts}`]
        : [
            `coin ${name}`,
            counts,
            phase === "M" ? `θ_${name} ${was} → ${is}` : `θ_${name} = ${was}`,
          ];
      node.lines.forEach((text, i) => {
        set(text, { x: i ? x : x + 15, y: base + 16 * i });
        rich(text, words[i]);
      });
      let [toHeads, toTails] = [y, y + h];
      for (const group of groups) {
        const [headsBand, tailsBand] = [group.bands[2 * j], group.bands[2 * j + 1]];
        if (!r) {
          headsBand.setAttribute("d", "");
          tailsBand.setAttribute("d", "");
          continue;
        }
        if (j === 0) [group.fromHeads, group.fromTails] = [group.yHeads, group.yTails];
        const ownShare = r[group.first * k + j] * group.count * unit;
        const [a, b] = [ownShare * group.heads, ownShare * (group.flips - group.heads)];
        headsBand.setAttribute(
          "d",
          a < 0.02 ? "" : ribbon(barLeft + bar, group.fromHeads, barRight, toHeads, a),
        );
        tailsBand.setAttribute(
          "d",
          b < 0.02 ? "" : ribbon(barLeft + bar, group.fromTails, barRight, toTails, b),
        );
        group.fromHeads += a;
        group.fromTails += b;
        toHeads += a;
        toTails += b;
      }
      y += share + coinGap;
    });
    root.setAttribute(
      "aria-label",
      r
        ? "Expected counts: " +
            look.names
              .map(
                (name, j) =>
                  `coin ${name} gets ${fixed(heads[j], 1)} heads and ${fixed(
                    flips[j] - heads[j],
                    1,
                  )} tails`,
              )
              .join(", ") +
            "."
        : `${rowsInWords(data)} of tosses; which coin tossed which row is not known.`,
    );
  };
}

// The coins' theta on a line from 0 to 1, a lane for each coin, with the places it has been.
function thetaPanel(parent, look, startAt) {
  const [width, lane] = [440, 30];
  const height = look.k * lane + 52;
  const root = panel(parent, width, height, "Probability of heads θ (drag a ring to restart)");
  const x = scale(0, 1, 62, width - 14);
  const y = scale(0, 1, height - 42, 8);
  const laneY = (j) => 8 + lane * (j + 0.5);
  axes(svg("g", {}, root), x, y, { xTitle: "θ", yTicks: [] });
  const lanes = look.names.map((name, j) => {
    svg("text", { x: 46, y: laneY(j) + 4, class: "end", text: `θ_${name}` }, root);
    svg("path", { class: "grid", d: `M${x(0)},${laneY(j)}H${x(1)}` }, root);
    return {
      past: svg("g", { class: "past" }, root),
      moved: svg(
        "path",
        { class: "line", stroke: look.colours[j], "stroke-dasharray": look.dashes[j] },
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
  let drawn = null;
  return (run, { phase, t, now }) => {
    handles(run);
    lanes.forEach((parts, j) => {
      const at = (step) => x(run.steps[step].parameters.theta[j]);
      if (run !== drawn) {
        parts.past.textContent = "";
        run.steps.forEach((_, step) =>
          svg(
            "path",
            {
              d: markerPath(look.markers[j], 3.5),
              stroke: look.colours[j],
              transform: move(at(step), laneY(j)),
            },
            parts.past,
          ),
        );
      }
      [...parts.past.children].forEach((node, step) => {
        node.style.display = step < now ? "" : "none";
      });
      parts.moved.setAttribute("d", phase === "M" ? `M${at(t)},${laneY(j)}H${at(now)}` : "");
      parts.mark.setAttribute("transform", move(at(now), laneY(j)));
    });
    drawn = run;
    root.setAttribute("aria-label", thetas(run.steps[now], look, spoken));
  };
}

// A ring at every coin's theta_0; `where(j)` says on which scales.
function startHandles(layer, look, startAt, where) {
  let start = null;
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

function coinsView(place, { data, model, look, startAt }) {
  const left = html("div", { class: "column" }, place.panels);
  const right = html("div", { class: "column" }, place.panels);
  const drawFlow = flowPanel(left, data, look);
  const drawTheta = thetaPanel(right, look, startAt);
  const drawTrace = trace(right);
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
      start: "The start: a guess of every coin's θ. Which coin tossed which row is not known.",
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
          r ? fixed(counts.heads[j], 2) : "?",
          r ? fixed(counts.flips[j] - counts.heads[j], 2) : "?",
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

// The function that Python asks for.
export function showCoins(root, spec) {
  stepper(root, spec, { build: coinsView, model: coins, title: coinsInWords });
}
