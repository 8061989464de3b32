// The shell of every picture to step through: buttons, slider, keys, the sentence for screen readers.
// A view builds its panels once and returns draw(run, half), describe(run, half) and the formulas.

// What Python sent, as typed arrays.
function readRun({ steps, reason, message, leaps }) {
  const names = Object.keys(steps.parameters);
  const logLikelihoods = decode(steps.log_likelihood);
  const columns = names.map((name) => decode(steps.parameters[name]));
  return {
    reason,
    message,
    leaps,
    steps: Array.from(logLikelihoods, (logLikelihood, t) => ({
      logLikelihood,
      parameters: Object.fromEntries(names.map((name, c) => {
        const size = columns[c].length / logLikelihoods.length;
        return [name, columns[c].slice(t * size, (t + 1) * size)];
      })),
    })),
  };
}

function readData(data) {
  return Object.fromEntries(Object.entries(data).map(
    ([name, value]) => [name, typeof value === "string" ? decode(value) : value]));
}

// "EM iteration 6 of 40, M-step: ...", the sentence of a half-step.
function sentence(run, half, view) {
  const { phase, now, t } = half;
  const last = run.steps.length - 1;
  const k = run.steps[0].parameters.mixing_weights.length;
  const message = readable(run.message, k);
  if (isImpossible(run)) return `EM cannot start here: ${message}.`;
  const value = `log-likelihood ${fixed(run.steps[now].logLikelihood)}`;
  const what = view.describe(run, half);
  if (phase === "start") {
    const equal = twins(run.steps[0].parameters)?.map((j) => names(k)[j]);
    return `Start, before iteration 1 of ${last}: ${what}; ${value}.`
      + (equal ? ` ${equal.join(" and ")} start equal, and EM can never part them.` : "");
  }
  if (phase === "M") {
    const gain = run.steps[now].logLikelihood - run.steps[t].logLikelihood;
    return `EM iteration ${now} of ${last}, M-step${run.leaps ? " or leap" : ""}: ${what}; ${value} (${change(gain)}).`;
  }
  if (t < last) return `EM iteration ${t + 1} of ${last}, E-step: responsibilities at ${what}; ${value}.`;
  return `After iteration ${last} of ${last}, last E-step: responsibilities at ${what}; ${value}. `
    + `EM stopped (${run.reason}): ${message}.`;
}

// Computed once per step, from the parameters alone.
function responsibilities(step, model, data, k) {
  step.r ??= eStep(model.logJoint(data, step.parameters), k).r;
  return step.r;
}

// The log-likelihood at every iteration: solid as far as one has stepped, dotted what is to come.
// A start far below all the rest is left out of sight, or the climb would look flat.
function trace(parent, width = 440, height = 190) {
  const root = panel(parent, width, height, "Log-likelihood ℓ(θ_t) after each iteration t");
  const grid = svg("g", {}, root);
  const field = svg("g", {}, root);
  legend(root, [["line", "so far"], ["line ahead", "to come"]]);
  const low = svg("text", { class: "tick" }, root);
  const dot = svg("path", { class: "dot", d: markerPath("o", 5) }, root);
  let [drawn, points, y, ahead, done] = [null, [], null, null, null];
  return (run, { now }) => {
    if (run !== drawn) {
      drawn = run;
      const values = run.steps.map((step) => (isImpossible(run) ? 0 : step.logLikelihood));
      const [top, rest] = [Math.max(...values), Math.min(...values.slice(1))];
      const cut = values.length > 3 && rest - values[0] > 8 * (top - rest);
      const floor = Math.min(...(cut ? values.slice(1) : values));
      const room = top - floor;
      const x = scale(0, Math.max(values.length - 1, 1), 84, width - 14);
      y = scale(floor - (cut ? 0.25 : 0.08) * room, top + 0.08 * room, height - 42, 12);
      axes(grid, x, y, { xTitle: "iteration t", yTitle: "nats", xTicks: ticks(x.lo, x.hi, 8, 1) });
      points = values.map((value, t) => [x(t), y(value)]);
      field.textContent = "";
      const inside = clip(field, x, y);
      ahead = svg("path", { class: "line ahead", d: line(points) }, inside);
      done = svg("path", { class: "line" }, inside);
      set(low, { x: x(1) + 6, y: height - 48 });
      rich(low, cut ? `↓ t = 0 lies below, at ${fixed(values[0], 1)}` : "");
    }
    done.setAttribute("d", line(points.slice(0, now + 1)));
    dot.setAttribute("transform", move(points[now][0], Math.min(points[now][1], y.from)));
    dot.style.display = isImpossible(run) ? "none" : "";
    root.setAttribute("aria-label", `The log-likelihood against the iteration: ${
      fixed(run.steps[now].logLikelihood)} after iteration ${now} of ${run.steps.length - 1}.`);
  };
}

const SPEEDS = [0.5, 1, 2, 4, 8];

function controls(bar, go, last) {
  set(bar, { role: "group", "aria-label": "Step through the run" });
  const button = (text, act) => {
    const node = html("button", { type: "button", text }, bar);
    node.addEventListener("click", act);
    return node;
  };
  const at = () => Number(slider.value);
  const first = button("First", () => go(0));
  const previous = button("Previous", () => go(at() - 1));
  const play = button("Play", () => (timer ? stop() : start()));
  const next = button("Next", () => go(at() + 1));
  const end = button("Last", () => go(last()));
  const slider = html("input", { type: "range", min: 0, step: 1, value: 0, "aria-label": "Half-step" }, bar);
  slider.addEventListener("input", () => go(at()));
  const label = html("label", { text: "Speed " }, bar);
  const speed = html("select", {}, label);
  for (const s of SPEEDS) html("option", { value: s, text: `${s} a second` }, speed);
  // Who asks for less motion gets the slowest pace to begin with.
  speed.value = matchMedia("(prefers-reduced-motion: reduce)").matches ? SPEEDS[0] : 2;

  let timer = 0;
  function start() {
    if (at() >= last()) go(0);
    play.textContent = "Pause";
    timer = setTimeout(tick, 1000 / speed.value);
  }
  function tick() {
    if (!bar.isConnected || at() >= last()) return stop();
    timer = setTimeout(tick, 1000 / speed.value);
    go(at() + 1, true);
    if (at() >= last()) stop();
  }
  function stop() {
    clearTimeout(timer);
    timer = 0;
    play.textContent = "Play";
  }
  return {
    slider,
    stop,
    show(position, words) {
      slider.max = last();
      slider.value = position;
      slider.setAttribute("aria-valuetext", words);
      // aria-disabled instead of disabled: the focus must not be lost at either end.
      for (const node of [first, previous]) node.setAttribute("aria-disabled", position === 0);
      for (const node of [next, end]) node.setAttribute("aria-disabled", position === last());
    },
  };
}

const rgbOf = (colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));

// Colours, dashes and markers of k components.
function lookOf(k, palette) {
  const cycle = (values) => Array.from({ length: k }, (_, j) => values[j % values.length]);
  const colours = cycle(palette.colours);
  return { k, names: names(k), colours, rgb: colours.map(rgbOf), dashes: cycle(palette.dashes),
    markers: cycle(palette.markers), neutral: palette.neutral };
}

// The frame of every picture: title, a place for controls, what is shown in words, panels, tables.
function frame(root, title, purpose) {
  const card = html("div", { class: "card", role: "group", tabindex: -1, "aria-label": `${title}, ${purpose}` }, root);
  html("p", { class: "title", text: title }, card);
  const place = { card };
  for (const name of ["controls", "choices"]) place[name] = html("div", { class: "bar" }, card);
  const now = html("div", { class: "now" }, card);
  place.phases = html("span", { class: "phases", "aria-hidden": true }, now);
  const formula = html("p", { class: "formula" }, now);
  const status = html("p", { class: "status", "aria-hidden": true }, card);
  const live = html("p", { class: "spoken", "aria-live": "polite" }, card);
  for (const name of ["panels", "tables"]) place[name] = html("div", { class: name }, card);

  // Plain keys stay here, or Jupyter takes them for its own commands.
  card.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter")) return;
    event.stopPropagation();
  });
  // Screen readers hear the sentence once things have come to rest, and nothing before anything happened.
  let timer = 0;
  place.say = (words, hint, isQuiet = false) => {
    rich(status, words);
    rich(formula, hint);
    clearTimeout(timer);
    if (card.isConnected && !isQuiet) timer = setTimeout(() => { live.textContent = spoken(words); }, 150);
  };
  return place;
}

// What one steps through: a view of `model`, built by `build`.
function stepper(root, spec, { build, model, title }) {
  const data = readData(spec.data);
  const given = readRun(spec.run);
  const first = given.steps[0].parameters;
  const k = first.mixing_weights.length;
  let [run, options] = [given, spec.options];

  const place = frame(root, title(k, data), "to step through");
  const bar = controls(place.controls, go, () => lastPosition(run));
  const phases = ["E", "M"].map((phase) => html("span", { class: "phase", text: `${phase}-step` }, place.phases));
  const view = build(place, {
    data, model, options, look: lookOf(k, spec.palette),
    startAt: (parameters) => restart(parameters, options),
    setOptions: (changed) => restart(run.steps[0].parameters, { ...options, ...changed }),
  });
  const back = html("button", { type: "button", text: "Back to the first start" }, place.controls);
  back.addEventListener("click", () => restart(first, options));

  // Another start or other options: the browser iterates EM itself, unless it is the run that was given.
  function restart(parameters, wanted) {
    const isFirst = Object.entries(first).every(
      ([name, values]) => values.every((value, i) => value === parameters[name][i]));
    const isGiven = isFirst && Object.entries(spec.options).every(([name, value]) => wanted[name] === value);
    options = wanted;
    run = isGiven && !spec.rerun ? given : runEM(model, data, parameters, options, spec.stopping);
    // Hidden, it keeps its room: the picture must not move under the hand that moves a ring.
    back.style.visibility = isFirst ? "hidden" : "";
    go(0);
  }

  // While it plays, screen readers are not flooded: they hear where it stops.
  function go(wanted, isPlaying = false) {
    if (!isPlaying) bar.stop();
    const position = clamp(wanted, 0, lastPosition(run));
    const half = halfStep(position);
    const words = sentence(run, half, view);
    phases.forEach((chip) => chip.classList.toggle("on", chip.textContent[0] === half.phase));
    view.draw(run, half);
    place.say(words, view.formula[half.phase], isPlaying && position < lastPosition(run));
    bar.show(position, spoken(words).split(":")[0]);
  }

  const KEYS = { ArrowRight: (p) => p + 1, ArrowLeft: (p) => p - 1, Home: () => 0, End: () => Infinity };
  place.card.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (!KEYS[event.key] || event.target.closest("select, .handle, .scroll")) return;
    event.preventDefault();
    go(KEYS[event.key](Number(bar.slider.value)));
  });
  restart(first, options);
  go(spec.position);
}

// Replace the still picture by the live one, `show`; if anything fails, the still picture stays.
function mount(script, spec, show) {
  // Some viewers run a copy of the script beside the picture instead of the one inside it.
  const host = script.closest(".emlib")
    ?? [...script.parentElement.querySelectorAll(".emlib")].find((one) => !one.shadowRoot);
  if (!host || host.shadowRoot) return;
  const root = document.createDocumentFragment();
  html("style", {}, root).textContent = spec.css;
  show(root, spec);
  html("slot", {}, root);
  // A shadow root keeps the page's styles out and ours in.
  host.attachShadow({ mode: "open" }).append(root);
}
