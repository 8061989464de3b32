// @ts-check
// A run and its data as Python sends them, and what the slider's positions mean.

import { eStep } from "./em.js";

/**
 * Arrays travel as base64 of little-endian float64: every bit arrives, in a third of the space.
 * @param {string} text
 * @returns {Float64Array}
 */
export function decode(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
}

/**
 * @template T
 * @param {Record<string, T>} record
 * @param {(value: T) => any} change
 * @returns {any}
 */
const mapped = (record, change) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

/**
 * What Python sent, as typed arrays.
 * @param {any} sent
 * @returns {Run}
 */
export function readRun({ steps, ...rest }) {
  const logLikelihoods = decode(steps.log_likelihood);
  const parameters = mapped(mapped(steps.parameters, decode), (all) => {
    const size = all.length / logLikelihoods.length;
    return (/** @type {number} */ t) => all.slice(t * size, (t + 1) * size);
  });
  return {
    ...rest,
    steps: Array.from(logLikelihoods, (logLikelihood, t) => ({
      logLikelihood,
      parameters: mapped(parameters, (at) => at(t)),
    })),
  };
}

/**
 * @param {Record<string, any>} data
 * @returns {any}
 */
export const readData = (data) =>
  mapped(data, (value) => (typeof value === "string" ? decode(value) : value));

/**
 * Computed once per step, from the parameters alone.
 * @param {Step} step
 * @param {Model} model
 * @param {any} data
 * @returns {Float64Array}
 */
export function responsibilities(step, model, data) {
  const { parameters } = step;
  step.r ??= eStep(model.logJoint(data, parameters), parameters.mixing_weights.length).r;
  return step.r;
}

/**
 * A position of the slider is a half-step: 0 is the start, then E-step, M-step, E-step, ...
 * `t` are the parameters that the responsibilities belong to, `now` those that are shown.
 * @param {number} position
 * @returns {HalfStep}
 */
export function halfStep(position) {
  if (position === 0) return { phase: "start", t: 0, now: 0 };
  const t = Math.floor((position - 1) / 2);
  return position % 2 ? { phase: "E", t, now: t } : { phase: "M", t, now: t + 1 };
}

/**
 * After the last M-step comes one more E-step: the responsibilities at the final parameters.
 * From an impossible start there is nowhere to go.
 * @param {Run} run
 * @returns {boolean}
 */
export const isImpossible = (run) => run.steps[0].logLikelihood === -Infinity;

/**
 * @param {Run} run
 * @returns {number}
 */
export const lastPosition = (run) => (isImpossible(run) ? 0 : 2 * (run.steps.length - 1) + 1);
