// Small arithmetic, and what becomes of a run on its way to the picture.
import assert from "node:assert/strict";
import { test } from "node:test";
import { columnSums, decompose } from "../../emlib/steppers/web/em.js";
import * as numbers from "../../emlib/steppers/web/numbers.js";
import * as run from "../../emlib/steppers/web/run.js";
import { coins } from "../../emlib/steppers/web/tosses.js";

const near = (found, expected, within = 1e-12) =>
  assert.ok(Math.abs(found - expected) <= within, `${found} is not ${expected}`);

test("sums, limits, extents and medians", () => {
  assert.equal(numbers.sum([1, 2, 3.5]), 6.5);
  assert.equal(numbers.sum([]), 0);
  const rows = [
    [1, 2],
    [3, 5],
  ];
  assert.deepEqual(numbers.totals(rows), [4, 7]);
  assert.deepEqual(
    [-1, 0.5, 7].map((x) => numbers.clamp(x, 0, 1)),
    [0, 0.5, 1],
  );
  assert.deepEqual(numbers.extent([3, -1, 2]), [-1, 3]);
  assert.equal(numbers.median([5, 1, 9]), 5);
});

test("some values of a list are replaced, in another list", () => {
  const list = Float64Array.of(1, 2, 3);
  assert.deepEqual(numbers.replaced(list, [2, 0], [7, 8]), Float64Array.of(8, 2, 7));
  assert.deepEqual([...list], [1, 2, 3]);
});

test("0 log 0 is 0, and so is a count of 0 of what cannot be", () => {
  assert.equal(numbers.countTimesLog(0, -Infinity), 0);
  assert.equal(numbers.countTimesLog(2, Math.log(3)), 2 * Math.log(3));
});

test("a sum of exponentials that underflow has a logarithm", () => {
  near(numbers.logAdd(Math.log(2), Math.log(3)), Math.log(5));
  near(numbers.logAdd(-2000, -2000), -2000 + Math.log(2));
  assert.equal(numbers.logAdd(-Infinity, -Infinity), -Infinity);
});

test("rows count as often as they weigh", () => {
  assert.equal(numbers.rowCount({ n: 3, weights: null }), 3);
  assert.equal(numbers.rowCount({ n: 2, weights: [2.5, 1] }), 3.5);
  const r = Float64Array.of(0.25, 0.75, 1, 0);
  assert.deepEqual([...columnSums(r, 2, [2, 3])], [3.5, 1.5]);
  assert.deepEqual([...columnSums(r, 2, null)], [1.25, 0.75]);
  assert.deepEqual([...columnSums(r, 2, null, [4, 10])], [11, 3]);
  const zeros = Float64Array.of(0, 0, 0, -Infinity);
  const { Q, H, KL } = decompose(r, zeros, Float64Array.of(0, 0), [2, 3]);
  near(H, -2 * (0.25 * Math.log(0.25) + 0.75 * Math.log(0.75)));
  assert.deepEqual([Q, KL], [0, -H]);
});

test("base64 of little-endian doubles is read back", () => {
  assert.deepEqual([...run.decode("AAAAAAAA8D8AAAAAAAAAwA==")], [1, -2]);
});

const encoded = (...values) => Buffer.from(Float64Array.from(values).buffer).toString("base64");
const SENT = {
  reason: "converged",
  message: "enough",
  leaps: false,
  steps: {
    log_likelihood: encoded(-3, -2, -1),
    parameters: {
      theta: encoded(0.1, 0.2, 0.3, 0.4, 0.5, 0.6),
      mixing_weights: encoded(0.5, 0.5, 0.5, 0.5, 0.5, 0.5),
    },
  },
};

test("each step of a run gets its own parameters", () => {
  const read = run.readRun(SENT);
  assert.equal(read.reason, "converged");
  assert.deepEqual(
    read.steps.map((step) => step.logLikelihood),
    [-3, -2, -1],
  );
  assert.deepEqual(
    read.steps.map((step) => [...step.parameters.theta]),
    [
      [0.1, 0.2],
      [0.3, 0.4],
      [0.5, 0.6],
    ],
  );
  assert.deepEqual([...read.steps[2].parameters.mixing_weights], [0.5, 0.5]);
});

test("data that came as text are numbers, the rest is as it was", () => {
  const data = run.readData({ n: 2, heads: encoded(3, 4), weights: null });
  assert.deepEqual(data, { n: 2, heads: Float64Array.of(3, 4), weights: null });
});

test("the slider goes from the start by E-steps and M-steps to a last E-step", () => {
  assert.deepEqual([0, 1, 2, 3, 4].map(run.halfStep), [
    { phase: "start", t: 0, now: 0 },
    { phase: "E", t: 0, now: 0 },
    { phase: "M", t: 0, now: 1 },
    { phase: "E", t: 1, now: 1 },
    { phase: "M", t: 1, now: 2 },
  ]);
  const read = run.readRun(SENT);
  assert.equal(run.lastPosition(read), 5);
  assert.deepEqual(run.halfStep(5), { phase: "E", t: 2, now: 2 });
});

test("from an impossible start there is nowhere to go", () => {
  const impossible = { steps: [{ logLikelihood: -Infinity }] };
  assert.ok(run.isImpossible(impossible));
  assert.equal(run.lastPosition(impossible), 0);
  assert.ok(!run.isImpossible(run.readRun(SENT)));
});

test("responsibilities of a step are computed once", () => {
  const data = { n: 1, heads: [3], flips: [10], weights: null };
  const [step] = run.readRun(SENT).steps;
  const r = run.responsibilities(step, coins, data);
  const [a, b] = [0.1 ** 3 * 0.9 ** 7, 0.2 ** 3 * 0.8 ** 7];
  near(r[0], a / (a + b));
  near(r[1], b / (a + b));
  assert.equal(run.responsibilities(step, coins, data), r);
});

test("no special direction has coordinates of either sign, none of them 0, all different", () => {
  const direction = Array.from({ length: 40 }, (_, m) => numbers.anyDirection(m));
  assert.ok(direction.every((one) => one !== 0 && Math.abs(one) <= 1));
  assert.equal(new Set(direction).size, 40);
  assert.ok(direction.some((one) => one > 0) && direction.some((one) => one < 0));
});
