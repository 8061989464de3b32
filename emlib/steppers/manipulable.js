// Pictures to be moved by hand: Jensen's inequality, and the likelihood when the labels are known.
// emlib/steppers/manipulable.py sends this file after the shell, whose helpers it uses and whose manners it keeps.

// A labelled slider with its value beside it.
function slider(parent, name, { min, max, step, value, digits = 2, moved }) {
  const label = html("label", { class: "slider" }, parent);
  html("span", { text: name }, label);
  const input = html("input", { type: "range", min, max, step, value }, label);
  const output = html("output", { text: fixed(value, digits) }, label);
  const show = () => rich(output, fixed(Number(input.value), digits));
  input.addEventListener("input", () => {
    show();
    moved(Number(input.value));
  });
  return (wanted) => {
    input.value = wanted;
    show();
  };
}

// --------------------------------------------------------------------------- Jensen's inequality

// The family f(u) = (u^p - 1) / p: log u where p = 0, concave for p < 1, affine for p = 1, convex above.
function powerFunction(p) {
  if (Math.abs(p) < 1e-9) return Math.log;
  return (u) => Math.expm1(p * Math.log(u)) / p;
}

const FAMILY = [["1 − 1/u", -1], ["log u", 0], ["2(√u − 1)", 0.5], ["u − 1", 1], ["(u² − 1)/2", 2]];

// The two sides of Jensen's inequality: f of the mean and the mean of f.
function jensenSides(points, weights, f) {
  const total = sum(weights);
  const w = weights.map((weight) => (total > 0 ? weight / total : 1 / weights.length));
  const mean = sum(points.map((u, j) => w[j] * u));
  return { w, mean, fOfMean: f(mean), meanOfF: sum(points.map((u, j) => w[j] * f(u))) };
}

function jensen(root, spec) {
  const look = lookOf(spec.points.length, spec.palette);
  const [points, weights] = [spec.points.slice(), spec.weights.slice()];
  let power = spec.power;
  const place = frame(root, "Jensen's inequality", "to move by hand");

  const functionLabel = html("label", { text: "f(u) = " }, place.controls);
  const select = html("select", {}, functionLabel);
  for (const [name, p] of FAMILY) html("option", { value: p, text: name }, select);
  html("option", { value: "own", text: "(uᵖ − 1)/p" }, select);
  const setPower = slider(place.controls, "p", { min: -1, max: 3, step: 0.05, value: power,
    moved: (value) => { power = value; draw(); } });
  select.addEventListener("change", () => {
    if (select.value !== "own") power = Number(select.value);
    draw();
  });
  look.names.forEach((name, j) => slider(place.choices, `weight of ${name}`, { min: 0, max: 1, step: 0.01,
    value: weights[j], moved: (value) => { weights[j] = value; draw(); } }));

  const [width, height] = [440, 320];
  const figure = html("div", { class: "column" }, place.panels);
  const picture = panel(figure, width, height, "f, the points and the gap (drag a ring to move a point)");
  const x = scale(0, spec.high, 62, width - 14);
  const low = spec.high / 200;
  const grid = svg("g", {}, picture);
  let y = scale(0, 1, height - 42, 14);
  const field = svg("g", {}, picture);
  const curve = svg("path", { class: "line" }, field);
  const chord = svg("path", { class: "chord" }, field);
  const down = svg("path", { class: "way" }, field);
  const gap = svg("path", { class: "gap strong-gap" }, field);
  const marks = look.names.map((name, j) => ({
    mark: svg("path", { class: "mark", fill: look.colours[j] }, field),
    name: svg("text", { class: "strong halo-text", text: name }, field),
  }));
  const above = svg("path", { class: "side", d: markerPath("s", 5) }, field);
  const below = svg("path", { class: "side hollow", d: markerPath("D", 5.5) }, field);
  const [gapText] = legend(picture, [["gap strong-gap", "gap", "M11,0v12"]]);
  const aboveText = svg("text", { class: "halo-text" }, field);
  const belowText = svg("text", { class: "halo-text" }, field);
  const layer = overlay(picture, "Move the points");
  const rings = look.names.map((name, j) => handle(layer, `Point ${name}`, {
    x: limited(x, low, spec.high), step: spec.high / 100, moved: (value) => { points[j] = value; draw(); },
  }));
  const beside = html("div", { class: "beside" }, place.panels);
  const fill = table(beside, "The numbers", ["point", "u", "weight w", "f(u)", "w f(u)"]);

  function draw() {
    const f = powerFunction(power);
    const { w, mean, fOfMean, meanOfF } = jensenSides(points, weights, f);
    const values = points.map(f);
    setPower(power);
    select.value = FAMILY.find(([, p]) => Math.abs(p - power) < 1e-9)?.[1] ?? "own";

    // The scale follows the points, with some room, and never less than a bit of the curve.
    const [lo, hi] = extent([...values, f(spec.high / 4), f(spec.high)]);
    const room = 0.12 * (hi - lo);
    y = scale(lo - room, hi + room, height - 42, 14);
    axes(grid, x, y, { xTitle: "u", yTitle: "f(u)" });
    const us = Array.from({ length: 240 }, (_, i) => low + ((spec.high - low) * i) / 239);
    curve.setAttribute("d", line(us.filter((u) => f(u) > y.lo).map((u) => [x(u), y(f(u))])));
    const order = points.map((_, j) => j).sort((a, b) => points[a] - points[b]);
    const corners = order.map((j) => [x(points[j]), y(values[j])]);
    chord.setAttribute("d", `${line(corners)}Z`);
    marks.forEach(({ mark, name }, j) => {
      const at = [x(points[j]), y(values[j])];
      set(mark, { transform: move(...at), d: markerPath(look.markers[j], 3 + 7 * Math.sqrt(w[j])) });
      set(name, { x: at[0] - 4, y: at[1] - 16 });
      rings[j].place([points[j]], `u = ${fixed(points[j], 2)}`, at[1]);
    });
    above.setAttribute("transform", move(x(mean), y(fOfMean)));
    below.setAttribute("transform", move(x(mean), y(meanOfF)));
    gap.setAttribute("d", `M${x(mean)},${y(fOfMean)}V${y(meanOfF)}`);
    down.setAttribute("d", `M${x(mean)},${height - 42}V${y(Math.min(fOfMean, meanOfF))}`);
    // f rises: left of a point and above it, right of it and below it, there is room. The two names stay
    // apart however small the gap is.
    const middle = (y(fOfMean) + y(meanOfF)) / 2;
    const half = Math.max(Math.abs(y(fOfMean) - y(meanOfF)) / 2, 11);
    const names = [[aboveText, `f(mean) = ${fixed(fOfMean)}`], [belowText, `mean of f = ${fixed(meanOfF)}`]];
    (fOfMean >= meanOfF ? names : names.reverse()).forEach(([node, words], isLower) => {
      const toTheLeft = isLower ? x(mean) > x.to - 120 : x(mean) > x.from + 120;
      set(node, { x: x(mean) + (toTheLeft ? -12 : 12), y: middle + (isLower ? half + 8 : -half),
        class: `halo-text ${toTheLeft ? "end" : ""}` });
      rich(node, words);
    });

    rich(gapText, `gap = ${gapInWords(fOfMean, meanOfF)}`);

    const words = jensenInWords(power, w, points, mean, fOfMean, meanOfF);
    picture.setAttribute("aria-label", `A curve with ${points.length} points on it. ${words}`);
    place.say(words, "Concave f: f(mean) ≥ mean of f. Convex f: f(mean) ≤ mean of f. Equal only if f is straight "
      + "where the points are, or all the weight is on one value.");
    const row = (name, j) => [name, fixed(points[j], 2), fixed(w[j]), fixed(values[j]), fixed(w[j] * values[j])];
    fill([...look.names.map(row),
      ["mean", fixed(mean), fixed(1), "", fixed(meanOfF)], ["f(mean)", "", "", fixed(fOfMean), ""]]);
  }
  draw();
}

// What is left of a gap by rounding alone is none.
const gapInWords = (a, b) => small(Math.abs(a - b) > 1e-12 * Math.max(Math.abs(a), Math.abs(b)) ? Math.abs(a - b) : 0);

// A scale whose values end earlier, for handles.
const limited = (x, lo, hi) => Object.assign((value) => x(value), x, { lo, hi });

function jensenInWords(power, w, points, mean, fOfMean, meanOfF) {
  const weighty = points.filter((_, j) => w[j] > 0);
  const isOne = weighty.every((u) => u === weighty[0]);
  const isAffine = Math.abs(power - 1) < 1e-9;
  const kind = isAffine ? "affine" : power < 1 ? "concave" : "convex";
  const start = `f is ${kind}; the mean of u is ${fixed(mean)}`;
  if (isOne) return `${start}, and all the weight is on that value: f(mean) = mean of f = ${fixed(meanOfF)}.`;
  if (isAffine) return `${start}: f(mean) = mean of f = ${fixed(meanOfF)}, the gap is 0.`;
  return `${start}: f(mean) = ${fixed(fOfMean)} is ${power < 1 ? "above" : "below"} the mean of f = ${
    fixed(meanOfF)}; the gap is ${gapInWords(fOfMean, meanOfF)}.`;
}

// ------------------------------------------------------------------ the labels known: one surface

// The log-likelihood of one coin's tosses, and its slope in theta.
const coinLogLikelihood = (heads, tails, theta) => countTimesLog(heads, Math.log(theta))
  + countTimesLog(tails, Math.log1p(-theta));
const coinSlope = (heads, tails, theta) => (heads ? heads / theta : 0) - (tails ? tails / (1 - theta) : 0);

function completeLikelihood(root, spec) {
  const { heads, tails } = spec;
  const look = lookOf(heads.length, spec.palette);
  const { k } = look;
  const best = heads.map((h, j) => h / (h + tails[j]));
  const top = sum(best.map((t, j) => coinLogLikelihood(heads[j], tails[j], t)));
  let theta = spec.theta.slice();
  const title = `Labels known: the log-likelihood of ${k === 1 ? "one coin" : `${k} coins`}`;
  const place = frame(root, title, "to move by hand");
  const button = html("button", { type: "button", text: "Go to the maximum" }, place.controls);
  button.addEventListener("click", () => moveTo(best.slice()));
  const back = html("button", { type: "button", text: "Back" }, place.controls);
  back.addEventListener("click", () => moveTo(spec.theta.slice()));

  const left = html("div", { class: "column" }, place.panels);
  const right = k > 1 ? html("div", { class: "column" }, place.panels) : left;
  const drawMap = k === 2 ? completeMap(left, look, heads, tails, best, moveTo) : () => {};
  const drawCurves = look.names.map((name, j) => {
    const moved = (value) => moveTo(theta.map((old, other) => (other === j ? value : old)));
    return coinCurve(k === 2 || j % 2 ? right : left, look, j, heads[j], tails[j], best[j], moved);
  });
  const fill = table(place.tables, "The numbers (nats)",
    ["coin", "heads", "tails", "θ", "ℓ of the coin", "slope ∂ℓ/∂θ", "best θ = heads / flips"]);

  function moveTo(wanted) {
    theta = wanted;
    const parts = theta.map((t, j) => coinLogLikelihood(heads[j], tails[j], t));
    const value = sum(parts);
    drawMap(theta, value);
    drawCurves.forEach((drawCurve) => drawCurve(theta));
    const at = look.names.map((name, j) => `θ_${name} = ${fixed(theta[j], 2)}`).join(", ");
    const below = top - value;
    const where = below < 5e-7 ? "the maximum" : `${small(below)} below the maximum ${fixed(top)}`;
    const words = value === -Infinity ? `${at}: impossible, for such coins could not have shown these tosses.`
      : `${at}: log-likelihood ${fixed(value)}, ${where}.`;
    place.say(words, "The labels are known, so ℓ(θ) = Σ heads · log θ + tails · log(1 − θ), coin by coin: "
      + "one maximum (◇), where every slope (dotted) is 0.");
    const row = (name, j) => [name, String(heads[j]), String(tails[j]), fixed(theta[j]), fixed(parts[j]),
      fixed(coinSlope(heads[j], tails[j], theta[j])), fixed(best[j], 4)];
    fill([...look.names.map(row), ["all", String(sum(heads)), String(sum(tails)), "", fixed(value), "", ""]]);
  }
  moveTo(theta);
}

// Two coins: a shaded map with the point to move.
function completeMap(parent, look, heads, tails, best, moveTo) {
  const [width, height] = [440, 430];
  const root = panel(parent, width, height, "Log-likelihood over θ_A and θ_B (drag the ring)");
  const x = scale(0, 1, 62, width - 8);
  const y = scale(0, 1, height - 42, height - 42 - (width - 70));
  const values = Float64Array.from({ length: COARSE.length ** 2 }, (_, cell) => coinLogLikelihood(heads[0], tails[0],
    COARSE[cell % COARSE.length]) + coinLogLikelihood(heads[1], tails[1], COARSE[Math.floor(cell / COARSE.length)]));
  shadedMap(root, x, y, look.rgb[0])(values);
  axes(svg("g", {}, root), x, y, { xTitle: "θ_A", yTitle: "θ_B" });
  svg("path", { class: "best hollow mark", d: markerPath("D", 5.5), transform: move(x(best[0]), y(best[1])) }, root);
  const guides = svg("path", { class: "way" }, root);
  const dot = svg("path", { class: "dot", d: markerPath("o", 5.5) }, root);
  const ring = handle(overlay(root, "Choose theta"), "Theta A and theta B", { x, y, moved: (a, b) => moveTo([a, b]) });
  return (theta, value) => {
    const [px, py] = [x(theta[0]), y(theta[1])];
    guides.setAttribute("d", `M${px},${y(0)}V${py}H${x(0)}`);
    dot.setAttribute("transform", move(px, py));
    ring.place(theta, `theta A ${fixed(theta[0], 2)}, theta B ${fixed(theta[1], 2)}`);
    root.setAttribute("aria-label", `Map of the log-likelihood, one hill with its top at theta A = ${
      fixed(best[0])}, theta B = ${fixed(best[1])}; the point is at ${fixed(theta[0], 2)}, ${
      fixed(theta[1], 2)}, log-likelihood ${fixed(value)}.`);
  };
}

// One coin: its curve, with the tangent at the point.
function coinCurve(parent, look, j, heads, tails, best, moved) {
  const [width, height] = [440, 205];
  const name = look.names[j];
  const root = panel(parent, width, height, `Coin ${name}: ${heads} heads, ${tails} tails (drag the ring)`);
  const top = coinLogLikelihood(heads, tails, best);
  const depth = Math.max(4, Math.min(top - coinLogLikelihood(heads, tails, 0.5), 40) * 1.6);
  const x = scale(0, 1, 62, width - 14);
  const y = scale(top - depth, top + 0.1 * depth, height - 42, 10);
  axes(svg("g", {}, root), x, y, { xTitle: `θ_${name}`, yTitle: "nats" });
  const inside = clip(root, x, y);
  svg("path", { class: "line", stroke: look.colours[j], "stroke-dasharray": look.dashes[j],
    d: line(FINE.map((t) => [x(t), clamp(y(coinLogLikelihood(heads, tails, t)), -2000, 2000)])) }, inside);
  const tangent = svg("path", { class: "line ahead" }, inside);
  svg("path", { class: "best hollow mark", d: markerPath("D", 5), transform: move(x(best), y(top)) }, root);
  const dot = svg("path", { class: "dot", d: markerPath("o", 5) }, root);
  const ring = handle(overlay(root, "Choose theta"), `Theta ${name}`, { x, moved });
  return (theta) => {
    const [value, slope] = [coinLogLikelihood(heads, tails, theta[j]), coinSlope(heads, tails, theta[j])];
    const py = clamp(y(value), y.to, y.from);
    dot.setAttribute("transform", move(x(theta[j]), py));
    ring.place([theta[j]], fixed(theta[j], 2), py);
    const reach = 0.12;
    tangent.setAttribute("d", !Number.isFinite(value + slope) ? "" : line([-reach, reach].map(
      (step) => [x(theta[j] + step), clamp(y(value + step * slope), -2000, 2000)])));
    root.setAttribute("aria-label", `The log-likelihood of coin ${name} over its theta; at ${
      fixed(theta[j], 2)} it is ${fixed(value)} and its slope ${fixed(slope)}.`);
  };
}
