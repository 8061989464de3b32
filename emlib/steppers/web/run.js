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
 * What Python sent, as typed arrays.
 * @param {any} sent
 * @returns {Run}
 */
export function readRun({ steps, reason, message, leaps }) {
  const names = Object.keys(steps.parameters);
  const logLikelihoods = decode(steps.log_likelihood);
  const columns = names.map((name) => decode(steps.parameters[name]));
  return {
    reason,
    message,
    leaps,
    steps: Array.from(logLikelihoods, (logLikelihood, t) => ({
      logLikelihood,
      parameters: /** @type {Params} */ (
        Object.fromEntries(
          names.map((name, c) => {
            const size = columns[c].length / logLikelihoods.length;
            return [name, columns[c].slice(t * size, (t + 1) * size)];
          }),
        )
      ),
    })),
  };
}

/**
 * @param {Record<string, any>} data
 * @returns {any}
 */
export function readData(data) {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      typeof value === "string" ? decode(value) : value,
    ]),
  );
}

/**
 * Computed once per step, from the parameters alone.
 * @param {Step} step
 * @param {Model} model
 * @param {any} data
 * @param {number} k
 * @returns {Float64Array}
 */
export function responsibilities(step, model, data, k) {
  step.r ??= eStep(model.logJoint(data, step.parameters), k).r;
  return step.r;
}

/**
 * The responsibilities of a step where they have been computed.
 * @param {Step} step
 * @returns {Float64Array}
 */
export const responsibilitiesOf = (step) => /** @type {Float64Array} */ (step.r);

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
