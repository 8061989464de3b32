// Gaussian mixtures: points coloured by responsibility, ellipses, weights.

import { axes, scale } from "./axes.js";
import { html, line, markerPath, move, rich, set, svg } from "./elements.js";
import { columnSums, weighed } from "./em.js";
import { handle } from "./handle.js";
import { covariance, gaussians } from "./normal.js";
import { clamp, extent, median, sum } from "./numbers.js";
import { clip, legend, overlay, panel, table } from "./panel.js";
import { isImpossible, responsibilities } from "./run.js";
import { stepper } from "./stepper.js";
import { trace } from "./trace.js";
import { coordinate, fixed, listed, rowsInWords, small, spoken } from "./words.js";

// Mean and Cholesky factor of component j in the first two coordinates, or the only one. The leading
// block of L belongs to the leading block of the covariance.
export function shape({ means, factors }, j, d) {
  const shown = d === 1 ? [0] : [0, 1];
  return {
    mean: shown.map((a) => means[j * d + a]),
    L: shown.flatMap((a) => shown.map((b) => factors[(j * d + a) * d + b])),
  };
}

// Points x = mean + s L u on an ellipse, u on the unit circle.
export function ellipsePoints({ mean, L }, s) {
  return Array.from({ length: 65 }, (_, i) => {
    const [u, v] = [Math.cos((i * Math.PI) / 32), Math.sin((i * Math.PI) / 32)];
    return [mean[0] + s * L[0] * u, mean[1] + s * (L[2] * u + L[3] * v)];
  });
}

// Standard deviation along the narrowest direction shown: the smaller singular value of L, from the
// product and the sum of squares of both, so that nothing cancels.
export function narrowest({ L }) {
  if (L.length === 1) return L[0];
  const [a, , b, c] = L;
  const squares = a * a + b * b + c * c;
  return (
    (Math.SQRT2 * a * c) /
    Math.sqrt(squares + Math.sqrt(Math.max(0, squares * squares - 4 * (a * c) ** 2)))
  );
}

function pointsPanel(parent, data, look, startAt, isCollapsing, movable) {
  const { n, d, points } = data;
  const [width, height] = [440, 400];
  const root = panel(
    parent,
    width,
    height,
    `${d === 1 ? "Rows and densities" : "Rows and components"}${
      movable ? " (drag a ring to restart)" : ""
    }`,
  );
  const canvas = html("canvas", { "aria-hidden": true });
  root.before(canvas);
  const shown = canvas.getContext("2d");
  const spare = document.createElement("canvas").getContext("2d");
  const column = (a) => Array.from({ length: n }, (_, i) => points[i * d + a]);
  const room = (values, from, to, pixels) => {
    let [lo, hi] = extent(values);
    if (hi === lo) [lo, hi] = [lo - 1, hi + 1];
    const pad = (hi - lo) * pixels;
    return scale(lo - pad, hi + pad, from, to);
  };
  const x = room(column(0), 62, width - 10, 0.08);
  const y = d === 1 ? scale(0, 1, height - 42, 8) : room(column(1), height - 42, 8, 0.08);
  axes(svg("g", {}, root), x, y, {
    xTitle: d === 1 ? "x" : "x_1",
    yTitle: d === 1 ? "density, weighted" : "x_2",
    yTicks: d === 1 ? [] : undefined,
  });
  legend(root, [
    ["line", d === 1 ? "components and sum" : "ellipses: 1 and 2 sd"],
    ["before", "before the M-step"],
    ["way", "way of a mean"],
  ]);
  const inside = clip(root, x, y);
  const total = svg("path", { class: "line" }, inside);
  const parts = look.names.map((name, j) => ({
    ways: svg("path", { class: "way" }, inside),
    before: svg("path", { class: "before", stroke: look.colours[j] }, inside),
    halo: svg("path", { class: "halo" }, inside),
    curve: svg(
      "path",
      { class: "line", stroke: look.colours[j], "stroke-dasharray": look.dashes[j] },
      inside,
    ),
    mark: svg(
      "path",
      { class: "mark", d: markerPath(look.markers[j], 6.5), fill: look.colours[j] },
      inside,
    ),
    name: svg("text", { class: "strong halo-text", text: name }, root),
  }));
  const size = n <= 60 ? 4.5 : n <= 300 ? 3.4 : 2.5;
  const stamps = look.markers.map((marker) => new Path2D(markerPath(marker, size)));
  // One coordinate: the rows in a band at the foot, spread so that they can be told apart.
  const at = Array.from({ length: n }, (_, i) => [
    x(points[i * d]),
    d === 1 ? y(0.03 + 0.14 * ((i * 0.618034) % 1)) : y(points[i * d + 1]),
  ]);

  const [layer, steps] = [overlay(root, "Choose the start"), d === 1 ? null : y];
  let start = null;
  const restart = (j, values) => {
    const means = start.means.slice();
    values.forEach((value, a) => {
      if (a < d) means[j * d + a] = value;
    });
    startAt({ ...start, means });
  };
  const unit = 10 ** Math.floor(Math.log10((x.hi - x.lo) / 40));
  const rings = !movable
    ? []
    : look.names.map((name, j) =>
        handle(layer, `Start of the mean of component ${name}`, {
          x,
          y: steps,
          atY: y(0.1),
          step: unit,
          moved: (...values) => restart(j, values),
        }),
      );

  // As many pixels as the screen shows: more cost time, fewer are a blur. A zoom may change them.
  const sharpest = () => Math.max(1, devicePixelRatio);
  let [sharpness, prepared] = [0, null];
  function colourPoints(pen, r) {
    pen.setTransform(sharpness, 0, 0, sharpness, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.strokeStyle = look.neutral;
    pen.lineWidth = 0.9;
    for (let i = 0; i < n; i++) {
      pen.setTransform(sharpness, 0, 0, sharpness, sharpness * at[i][0], sharpness * at[i][1]);
      if (!r) {
        pen.stroke(stamps[0]);
        continue;
      }
      const { colour, owner } = blend(r, i, look);
      pen.fillStyle = colour;
      pen.fill(stamps[owner]);
    }
  }
  function drawPoints(r) {
    if (sharpness !== sharpest()) {
      [sharpness, prepared] = [sharpest(), null];
      for (const { canvas } of [shown, spare])
        [canvas.width, canvas.height] = [width * sharpness, height * sharpness];
    }
    if (!r || r !== prepared) return colourPoints(shown, r);
    shown.setTransform(1, 0, 0, 1, 0, 0);
    shown.clearRect(0, 0, canvas.width, canvas.height);
    shown.drawImage(spare.canvas, 0, 0);
  }
  // Colour the points of a step to come out of sight, for drawPoints to show at once.
  function prepare(r) {
    if (r === prepared || sharpness !== sharpest()) return;
    colourPoints(spare, r);
    prepared = r;
  }

  const inWords = (mean) =>
    mean.map((value, a) => coordinate(value, a ? y.hi - y.lo : x.hi - x.lo));
  let lastPoints;
  const draw = (run, half, r) => {
    const { t, now, phase } = half;
    start = run.steps[0].parameters;
    const parameters = run.steps[now].parameters;
    if (lastPoints !== (r ?? run)) drawPoints(r);
    lastPoints = r ?? run;
    const grid =
      d === 1 ? Array.from({ length: 241 }, (_, i) => x.lo + (i / 240) * (x.hi - x.lo)) : [];
    const before = phase === "M" ? run.steps[t].parameters : null;
    const densities = d === 1 ? mixtureDensities(grid, parameters) : [];
    const densitiesBefore = d === 1 && before ? mixtureDensities(grid, before) : [];
    const high = d === 1 ? densityTop(run, grid) : 1;
    const toY = (density) => y(0.2 + 0.76 * Math.min(density / high, 1.5));
    parts.forEach((part, j) => {
      const own = shape(parameters, j, d);
      const spot = (values) => [x(values[0]), d === 1 ? y(0.1) : y(values[1])];
      const outline =
        d === 1
          ? (_, row) => line(grid.map((value, i) => [x(value), toY(row[i])]))
          : (drawn) => [1, 2].map((s) => line(ellipsePoints(drawn, s).map(spot))).join("");
      part.curve.setAttribute("d", outline(own, densities[j]));
      if (d > 1) part.halo.setAttribute("d", outline(own));
      part.before.setAttribute("d", before ? outline(shape(before, j, d), densitiesBefore[j]) : "");
      const way = run.steps
        .slice(0, now + 1)
        .map((step) => spot(shape(step.parameters, j, d).mean));
      part.ways.setAttribute("d", line(way));
      part.mark.setAttribute("transform", move(...spot(own.mean)));
      const [px, py] = spot(own.mean);
      rich(part.name, isCollapsing(run, now, j) ? `${look.names[j]} collapsing` : look.names[j]);
      const atEnd = px > x.to - 90;
      set(part.name, {
        x: clamp(atEnd ? px - 9 : px + 9, x.from, x.to),
        y: clamp(py - 8, y.to + 12, y.from),
        class: `strong halo-text ${atEnd ? "end" : ""}`,
      });
      const begin = shape(start, j, d).mean;
      rings[j]?.place(
        begin,
        inWords(begin)
          .map((value, a) => `${d === 1 ? "x" : `x ${a + 1}`} ${value}`)
          .join(", "),
      );
    });
    if (d === 1) {
      const all = grid.map((value, i) => [x(value), toY(sum(densities.map((row) => row[i])))]);
      total.setAttribute("d", look.k > 1 ? line(all) : "");
    }
    root.setAttribute(
      "aria-label",
      `${n} rows${r ? ", coloured by responsibility" : ""}; means ${look.names
        .map((name, j) => `${name} (${inWords(shape(parameters, j, d).mean).join(", ")})`)
        .join(", ")}.`,
    );
  };
  return { draw, prepare };
}

// Run the last of the tasks it is given once the browser has nothing else to do.
function idler() {
  const [request, cancel] = window.requestIdleCallback
    ? [requestIdleCallback, cancelIdleCallback]
    : [(task) => setTimeout(task, 50), clearTimeout];
  let waiting = 0;
  return (task) => {
    cancel(waiting);
    waiting = request(task);
  };
}

// The components' colours mixed by a row's responsibilities, and the component that has most of it.
export function blend(r, i, { k, rgb }) {
  const mixed = [0, 0, 0];
  let owner = 0;
  for (let j = 0; j < k; j++) {
    const share = r[i * k + j];
    for (let c = 0; c < 3; c++) mixed[c] += share * rgb[j][c];
    if (share > r[i * k + owner]) owner = j;
  }
  return { colour: `rgb(${mixed.map(Math.round)})`, owner };
}

// alpha_j N(x; mu_j, sigma_j^2) of every component, for one coordinate.
export function mixtureDensities(grid, parameters) {
  const k = parameters.mixing_weights.length;
  const logJoint = gaussians.logJoint({ n: grid.length, d: 1, points: grid }, parameters);
  return Array.from({ length: k }, (_, j) => grid.map((_, i) => Math.exp(logJoint[i * k + j])));
}

// The height to draw densities to: that of a typical step, so that a spike leaves the picture.
export function densityTop(run, grid) {
  run.top ??= median(
    run.steps.map(({ parameters }) => {
      const densities = mixtureDensities(grid, parameters);
      return Math.max(...grid.map((_, i) => sum(densities.map((row) => row[i]))));
    }),
  );
  return run.top;
}

export const weightsInWords = (look, weights) =>
  listed(
    look.names.map((name, j) => `α_${name} = ${fixed(weights[j])}`),
    weights,
    ", ",
  );

// The mixing weights as bars.
function weightsPanel(parent, look) {
  const [width, lane] = [440, 24];
  const root = panel(parent, width, look.k * lane + 46, "Mixing weights α");
  const x = scale(0, 1, 62, width - 14);
  const y = scale(0, 1, look.k * lane + 8, 6);
  axes(svg("g", {}, root), x, y, { yTicks: [] });
  const bars = look.names.map((name, j) => {
    const top = 8 + lane * j;
    svg(
      "path",
      {
        class: "mark",
        d: markerPath(look.markers[j], 5),
        fill: look.colours[j],
        transform: move(18, top + 11),
      },
      root,
    );
    svg("text", { x: 52, y: top + 15, class: "end", text: `α_${name}` }, root);
    return {
      bar: svg("rect", { x: x(0), y: top + 3, height: lane - 8, fill: look.colours[j] }, root),
      value: svg("text", { y: top + 15 }, root),
    };
  });
  return (run, { now }) => {
    const weights = run.steps[now].parameters.mixing_weights;
    bars.forEach(({ bar, value }, j) => {
      bar.setAttribute("width", x(weights[j]) - x(0));
      const inBar = weights[j] > 0.85;
      set(value, {
        x: inBar ? x(weights[j]) - 6 : x(weights[j]) + 6,
        class: inBar ? "end on-bar" : "",
      });
      rich(value, fixed(weights[j]));
    });
    root.setAttribute("aria-label", spoken(`Mixing weights: ${weightsInWords(look, weights)}.`));
  };
}

// A component narrower than this share of the data's range is called collapsing while it shrinks by more
// than a tenth in a step, or has ended the run.
const COLLAPSE = 0.01;

function gaussiansView(place, { data, model, look, startAt, options }) {
  const { n, d } = data;
  const left = html("div", { class: "column" }, place.panels);
  const right = html("div", { class: "column" }, place.panels);
  const ranges = Array.from({ length: d }, (_, a) => {
    const [lo, hi] = extent(Array.from({ length: n }, (_, i) => data.points[i * d + a]));
    return hi - lo || 1;
  });
  const widthOf = (parameters, j) => narrowest(shape(parameters, j, d));
  // The narrowest width in units of the data's ranges, so that no unit of measurement matters.
  const shareOf = (parameters, j) => {
    const { L } = shape(parameters, j, d);
    return narrowest({ L: L.map((value, m) => value / ranges[d === 1 ? 0 : m >> 1]) });
  };
  const isCollapsing = (run, now, j) => {
    const share = shareOf(run.steps[now].parameters, j);
    const isLast = now === run.steps.length - 1 && run.reason === "degenerate";
    return (
      n > 1 &&
      share < COLLAPSE &&
      now > 0 &&
      (isLast || share < 0.9 * shareOf(run.steps[now - 1].parameters, j))
    );
  };
  const points = pointsPanel(left, data, look, startAt, isCollapsing, options.movable);
  const whenIdle = idler();
  const drawWeights = weightsPanel(right, look);
  const drawTrace = trace(right, 440, 250);
  const subscript = (a, b = "") => (d === 1 ? "" : `_{${a}${b}}`);
  const pairs =
    d === 1
      ? [[0, 0]]
      : [
          [0, 0],
          [1, 1],
          [0, 1],
        ];
  const fill = table(place.tables, "The numbers of this step", [
    "component",
    "expected rows N_j",
    "α_j",
    ...Array.from({ length: d }, (_, a) => `μ${subscript(a + 1)}`),
    ...pairs.map(([a, b]) => `Σ${subscript(a + 1, b + 1)}`),
    "narrowest sd",
  ]);
  return {
    formula: {
      start: `The start.${d === 1 ? "" : " Ellipses: 1 and 2 standard deviations."}${
        options.movable ? " Drag a dashed ring to move a starting mean." : ""
      }`,
      E: "r_{ij} = p(z_i = j | x_i; θ_t). Colours blend by it; the shape is that of the likeliest component.",
      M: `Each component's weight, mean and covariance are averages weighted by its responsibilities${
        options.movable ? "." : ", the covariance drawn towards the prior's."
      }`,
    },
    describe(run, { now }) {
      const step = run.steps[now];
      const narrow = look.names.filter((_, j) => isCollapsing(run, now, j));
      return (
        `mixing weights ${weightsInWords(look, step.parameters.mixing_weights)}` +
        (narrow.length ? `; collapsing: ${narrow.join(", ")}` : "")
      );
    },
    draw(run, half) {
      const { phase, t, now } = half;
      const r =
        phase === "start" || isImpossible(run)
          ? null
          : responsibilities(run.steps[t], model, data, look.k);
      points.draw(run, half, r);
      // The next E-step is prepared while nothing else is to do.
      if (!isImpossible(run))
        whenIdle(() => points.prepare(responsibilities(run.steps[now], model, data, look.k)));
      drawWeights(run, half);
      drawTrace(run, half);
      const { parameters } = run.steps[now];
      const N = r && columnSums(weighed(r, look.k, data.weights), look.k);
      fill(
        look.names.map((name, j) => [
          name,
          r ? fixed(N[j], 2) : "?",
          fixed(parameters.mixing_weights[j]),
          ...ranges.map((range, a) => coordinate(parameters.means[j * d + a], range)),
          ...pairs.map(([a, b]) => small(covariance(parameters, j, d, a, b))),
          small(widthOf(parameters, j)),
        ]),
      );
    },
  };
}

const gaussiansInWords = (k, data) =>
  `EM for ${k === 1 ? "one Gaussian" : `a mixture of ${k} Gaussians`}, ${rowsInWords(
    data,
  )}${data.d > 2 ? ` of ${data.d} numbers, the first two drawn` : ""}`;

export function showGaussians(root, spec) {
  stepper(root, spec, { build: gaussiansView, model: gaussians, title: gaussiansInWords });
}
