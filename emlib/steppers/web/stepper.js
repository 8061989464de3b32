// @ts-check
// What every picture to step through has: buttons, slider, keys, the sentence for eyes and ears.
// A view builds its panels once and returns draw(run, half), describe(run, half) and the formulas.

import { html, set } from "./elements.js";
import { runEM, twins } from "./em.js";
import { frame } from "./frame.js";
import { lookOf } from "./look.js";
import { clamp } from "./numbers.js";
import { halfStep, isImpossible, lastPosition, readData, readRun } from "./run.js";
import { change, fixed, names, readable, spoken } from "./words.js";

/**
 * "EM iteration 6 of 40, M-step: ...", the sentence of a half-step.
 * @param {Run} run
 * @param {HalfStep} half
 * @param {View} view
 * @returns {string}
 */
export function sentence(run, half, view) {
  const { phase, now, t } = half;
  const last = run.steps.length - 1;
  const k = run.steps[0].parameters.mixing_weights.length;
  const message = readable(run.message, k);
  if (isImpossible(run)) return `EM cannot start here: ${message}.`;
  const value = `log-likelihood ${fixed(run.steps[now].logLikelihood)}`;
  const what = view.describe(run, half);
  if (phase === "start") {
    const equal = twins(run.steps[0].parameters)?.map((j) => names(k)[j]);
    return (
      `Start, before iteration 1 of ${last}: ${what}; ${value}.` +
      (equal ? ` ${equal.join(" and ")} start equal, and EM can never part them.` : "")
    );
  }
  if (phase === "M") {
    const gain = run.steps[now].logLikelihood - run.steps[t].logLikelihood;
    return `EM iteration ${now} of ${last}, M-step${run.leaps ? " or leap" : ""}: ${what}; ${value} (${change(gain)}).`;
  }
  if (t < last)
    return `EM iteration ${t + 1} of ${last}, E-step: responsibilities at ${what}; ${value}.`;
  return (
    `After iteration ${last} of ${last}, last E-step: responsibilities at ${what}; ${value}. ` +
    `EM stopped (${run.reason}): ${message}.`
  );
}

const SPEEDS = [0.5, 1, 2, 4, 8];

/**
 * @param {HTMLElement} bar
 * @param {(wanted: number, isPlaying?: boolean) => void} go
 * @param {() => number} last
 */
function controls(bar, go, last) {
  set(bar, { role: "group", "aria-label": "Step through the run" });
  const button = (/** @type {string} */ text, /** @type {() => void} */ act) => {
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
  const slider = html(
    "input",
    { type: "range", min: 0, step: 1, value: 0, "aria-label": "Half-step" },
    bar,
  );
  slider.addEventListener("input", () => go(at()));
  const label = html("label", { text: "Speed " }, bar);
  const speed = html("select", {}, label);
  for (const s of SPEEDS) html("option", { value: s, text: `${s} a second` }, speed);
  // Who asks for less motion gets the slowest pace to begin with.
  speed.value = String(matchMedia("(prefers-reduced-motion: reduce)").matches ? SPEEDS[0] : 2);
  const pause = () => 1000 / Number(speed.value);

  let timer = 0;
  function start() {
    if (at() >= last()) go(0);
    play.textContent = "Pause";
    timer = setTimeout(tick, pause());
  }
  function tick() {
    if (!bar.isConnected || at() >= last()) return stop();
    timer = setTimeout(tick, pause());
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
    /**
     * @param {number} position
     * @param {string} words
     */
    show(position, words) {
      slider.max = String(last());
      slider.value = String(position);
      slider.setAttribute("aria-valuetext", words);
      // aria-disabled instead of disabled: the focus must not be lost at either end.
      for (const node of [first, previous])
        node.setAttribute("aria-disabled", String(position === 0));
      for (const node of [next, end])
        node.setAttribute("aria-disabled", String(position === last()));
    },
  };
}

/**
 * What one steps through: a view of `model`, built by `build`.
 * @param {DocumentFragment} root
 * @param {Spec} spec
 * @param {{build: (place: Frame, given: Given) => View, model: Model, title: (k: number, data: any) => string}} kind
 */
export function stepper(root, spec, { build, model, title }) {
  const data = readData(spec.data);
  const given = readRun(spec.run);
  const first = given.steps[0].parameters;
  const k = first.mixing_weights.length;
  let [run, options] = [given, spec.options];

  const place = frame(root, title(k, data), "to step through");
  const bar = controls(place.controls, go, () => lastPosition(run));
  const phases = ["E", "M"].map((phase) =>
    html("span", { class: "phase", text: `${phase}-step` }, place.phases),
  );
  const view = build(place, {
    data,
    model,
    options,
    look: lookOf(k, spec.palette),
    startAt: (parameters) => restart(parameters, options),
    setOptions: (changed) => restart(run.steps[0].parameters, { ...options, ...changed }),
  });
  const back = html("button", { type: "button", text: "Back to the first start" }, place.controls);
  back.addEventListener("click", () => restart(first, options));

  /**
   * Another start or other options: the browser iterates EM itself, unless it is the run that was given.
   * @param {Params} parameters
   * @param {any} wanted
   */
  function restart(parameters, wanted) {
    const isFirst = Object.entries(first).every(([name, values]) =>
      values.every((value, i) => value === parameters[name][i]),
    );
    const isGiven =
      isFirst && Object.entries(spec.options).every(([name, value]) => wanted[name] === value);
    options = wanted;
    run = isGiven && !spec.rerun ? given : runEM(model, data, parameters, options, spec.stopping);
    // Hidden, it keeps its room: the picture must not move under the hand that moves a ring.
    back.style.visibility = isFirst ? "hidden" : "";
    go(0);
  }

  /**
   * While it plays, screen readers are not flooded: they hear where it stops.
   * @param {number} wanted
   * @param {boolean} [isPlaying]
   */
  function go(wanted, isPlaying = false) {
    if (!isPlaying) bar.stop();
    const position = clamp(wanted, 0, lastPosition(run));
    const half = halfStep(position);
    const words = sentence(run, half, view);
    for (const chip of phases) {
      chip.classList.toggle("on", chip.textContent === `${half.phase}-step`);
    }
    view.draw(run, half);
    place.say(words, view.formula[half.phase], isPlaying && position < lastPosition(run));
    bar.show(position, spoken(words).split(":")[0]);
  }

  /** @type {Record<string, (position: number) => number>} */
  const KEYS = {
    ArrowRight: (p) => p + 1,
    ArrowLeft: (p) => p - 1,
    Home: () => 0,
    End: () => Infinity,
  };
  place.card.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const target = /** @type {Element} */ (event.target);
    if (!KEYS[event.key] || target.closest("select, .handle, .scroll")) return;
    event.preventDefault();
    go(KEYS[event.key](Number(bar.slider.value)));
  });
  restart(first, options);
  go(spec.position);
}
