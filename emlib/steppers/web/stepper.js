// @ts-check
// What every picture of EM to step through has: half-steps, keys, the sentence for eyes and ears.
// A view builds its panels once and returns draw(run, half), describe(run, half) and the formulas.

import { iconButton, isStill, walk } from "./bar.js";
import { html } from "./elements.js";
import { isOneAlone, iterate, twins } from "./em.js";
import { frame } from "./frame.js";
import { lookOf } from "./look.js";
import { traveller } from "./motion.js";
import { replaced } from "./numbers.js";
import {
  halfStep,
  isImpossible,
  lastPosition,
  readData,
  readRun,
  responsibilities,
} from "./run.js";
import { change, fixed, gettext, names, readable } from "./words.js";

/**
 * "EM iteration 6 of 40, M-step": where a half-step is.
 * @param {Run} run
 * @param {HalfStep} half
 * @returns {string}
 */
export function whereIs(run, { phase, now, t }) {
  const last = run.steps.length - 1;
  if (isImpossible(run)) return gettext`EM cannot start here`;
  if (phase === "start")
    return run.reason ? gettext`Start, before iteration 1 of ${last}` : gettext`Start`;
  if (phase === "M") {
    const step = run.leaps ? gettext`M-step or leap` : gettext`M-step`;
    return gettext`EM iteration ${now} of ${last}, ${step}`;
  }
  return t < last
    ? gettext`EM iteration ${t + 1} of ${last}, E-step`
    : gettext`After iteration ${last} of ${last}, last E-step`;
}

/**
 * "EM iteration 6 of 40, M-step: ...", the sentence of a half-step.
 * @param {Run} run
 * @param {HalfStep} half
 * @param {View} view
 * @param {object} [options] those of the M-step
 * @returns {string}
 */
export function sentence(run, half, view, options) {
  const { phase, now, t } = half;
  const where = whereIs(run, half);
  const k = run.steps[0].parameters.mixing_weights.length;
  const message = readable(run.message, k);
  if (isImpossible(run)) return gettext`${where}: ${message}.`;
  const { parameters, logLikelihood } = run.steps[now];
  const what = gettext`${view.describe(run, half)}; log-likelihood ${fixed(logLikelihood)}`;
  if (phase === "start") {
    const equal = isOneAlone(options) ? null : twins(parameters);
    if (!equal) return gettext`${where}: ${what}.`;
    const [a, b] = equal.map((j) => names(k)[j]);
    return gettext`${where}: ${what}. ${a} and ${b} start equal, and EM can never part them.`;
  }
  if (phase === "M") {
    const gain = change(logLikelihood - run.steps[t].logLikelihood);
    return gettext`${where}: ${what} (${gain}).`;
  }
  if (t < run.steps.length - 1) return gettext`${where}: responsibilities at ${what}.`;
  // When it stopped is said already.
  const why = message.replace(/^after iteration \d+: | after iteration \d+$/, "");
  return gettext`${where}: ${what}. EM stopped (${run.reason}): ${why}.`;
}

// Milliseconds of EM between two frames.
const SLICE = 6;

/**
 * From a start chosen by hand EM goes on between frames, until it is through or another start comes.
 * `done` is called when it is through.
 * @param {Run} run
 * @param {() => void} done
 */
function climber(run, done) {
  /** @type {Generator<Run, Run> | null} */
  let climbing = null;
  let waiting = 0;
  const work = (/** @type {number} */ until) => {
    clearTimeout(waiting);
    while (climbing) {
      const next = climbing.next();
      run = next.value;
      if (next.done) climbing = null;
      if (performance.now() >= until) break;
    }
    if (climbing) waiting = setTimeout(goOn);
  };
  const goOn = () => {
    work(performance.now() + SLICE);
    if (!climbing) done();
  };
  return {
    run: () => run,
    finish: () => work(Infinity),
    /**
     * Begin with a run that is there, or with one to be made.
     * @param {Run} given
     * @param {Generator<Run, Run> | null} made
     */
    begin(given, made) {
      [run, climbing] = [given, made];
      work(performance.now() + SLICE);
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
  const look = lookOf(k, spec.palette);
  let { options, position } = spec;

  const place = frame(root, spec.host, title(k, data), gettext`to step through`);
  const travel = traveller(place.panels);
  const { run, finish, begin } = climber(given, () => walker.show(0, "slide"));
  const walker = walk(place, gettext`Half-step`, () => lastPosition(run()), draw, finish);
  const back = iconButton(place.controls, "Back", () => restart(first, options));
  const phases = { E: gettext`E-step`, M: gettext`M-step` };
  const chips = Object.entries(phases).map(([phase, text]) => {
    const node = html("span", { class: "phase", text }, place.phases);
    return { phase, node };
  });
  /** @type {View} */
  let view;

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
    const made = iterate(model, data, parameters, options, spec.stopping);
    begin(given, isGiven && !spec.rerun ? null : made);
    // Hidden, it keeps its room: the picture must not move under the hand that moves a ring.
    back.node.style.visibility = isFirst ? "hidden" : "";
    walker.show(0, "slide");
  }

  /**
   * @param {number} at
   * @param {Going} how
   * @returns {string[]}
   */
  function draw(at, how) {
    const half = halfStep(at);
    const words = sentence(run(), half, view, options);
    for (const { phase, node } of chips) node.classList.toggle("on", phase === half.phase);
    const r = half.phase === "start" ? null : responsibilities(run().steps[half.t], model, data);
    travel(() => view.draw(run(), half, r), (how === "step" || how === "play") && !isStill());
    // Why EM stopped is said in the room of the formula, which all E-steps before have shown.
    const isOver = at > 0 && at === lastPosition(run());
    return [words, isOver ? "" : view.formula[half.phase], whereIs(run(), half)];
  }
  const start = () => run().steps[0].parameters;
  /** @type {Given["moveStart"]} */
  function moveStart(name, places, values) {
    place.touched(true);
    restart({ ...start(), [name]: replaced(start()[name], places, values) }, options);
  }
  function setOptions(/** @type {object} */ changed) {
    place.touched();
    restart(start(), { ...options, ...changed });
  }

  place.fitted((room) => {
    const isBuilt = view !== undefined;
    view = build(place, { data, options, room, look, moveStart, setOptions });
    if (isBuilt) position = walker.at();
    else restart(first, options);
    walker.show(position, "fit");
  });
}
