// What numbers look like, and what is said of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { rowName } from "../../emlib/steppers/web/coins.js";
import { weightsInWords } from "../../emlib/steppers/web/gaussians.js";
import { jensenInWords, shareOut } from "../../emlib/steppers/web/jensen.js";
import { lookOf } from "../../emlib/steppers/web/look.js";
import { sentence } from "../../emlib/steppers/web/stepper.js";
import * as words from "../../emlib/steppers/web/words.js";

const cases = (say, table) => {
  for (const [given, expected] of table) assert.equal(say(...[given].flat()), expected);
};

test("numbers of fixed length", () => {
  cases(words.fixed, [
    [0.12345, "0.123"],
    [-2, "−2.000"],
    [[1.5, 1], "1.5"],
    [-Infinity, "−∞"],
    [Infinity, "∞"],
  ]);
});

test("a list of numbers has the same digits", () => {
  assert.deepEqual(words.inDigits(Float64Array.of(1, -0.25), 1), ["1.0", "−0.3"]);
  assert.deepEqual(words.inDigits([0.5]), ["0.500"]);
});

test("a change has a sign and two digits", () => {
  cases(words.change, [
    [0.5, "+0.5"],
    [-0.5, "−0.5"],
    [0, "0"],
    [-1.23e-9, "−1.2e−9"],
    [1234, "+1200"],
  ]);
});

test("small and large numbers are powers of ten", () => {
  cases(words.small, [
    [0, "0.000"],
    [0.25, "0.250"],
    [-1e-5, "−1.0e−5"],
    [2e6, "2.0e6"],
    [Infinity, "∞"],
  ]);
  cases(words.exponential, [
    [[123456, 2], "1.23e5"],
    [1e-7, "1.0e−7"],
  ]);
});

test("a place on an axis has the digits that tell it from its neighbours", () => {
  cases(words.coordinate, [
    [[1.23456, 10], "1.235"],
    [[1.23456, 0.05], "1.23456"],
    [[0, 1e9], "0"],
    [[2.5e9, 1e9], "2.5000e9"],
  ]);
});

test("expected counts have a digit after the point where there are few", () => {
  cases(words.counted, [
    [21.297, "21.3"],
    [1234.6, "1235"],
    [7e6, "7.0e6"],
  ]);
});

test("components are letters, and numbers where the letters end", () => {
  assert.deepEqual(words.names(3), ["A", "B", "C"]);
  assert.deepEqual(words.names(27).slice(-1), ["27"]);
  assert.equal(
    words.readable("component 1 is empty: row 0 has", 2),
    "component B is empty: row 1 has",
  );
  assert.equal(words.readable("components 0 and 2 are equal", 3), "A and C are equal");
});

test("rows and coins are counted in words", () => {
  cases(words.rowsInWords, [
    [{ n: 1 }, "one row"],
    [{ n: 5 }, "5 rows"],
    [{ n: 2, weights: [1.25, 1.25] }, "2.5 rows"],
  ]);
  cases(words.coinsInWords, [
    [[1, { n: 1 }], "EM for one coin, one row"],
    [[2, { n: 5 }], "EM for 2 coins, 5 rows"],
  ]);
  cases(rowName, [
    [[{ n: 5 }, 2, 1], "3"],
    [[{ n: 5 }, 2, 2.5], "3 (counts 2.5 times)"],
    [[{ n: 80 }, 2, 8], "8 rows"],
    [[{ n: 80 }, 2, 1], "1 row"],
  ]);
});

const LOOK = { names: ["A", "B"] };

test("a long list is told by its ends", () => {
  const many = words.names(9);
  assert.equal(words.listed(many, [3, 1, 4, 1, 5, 9, 2, 6, 5], ", "), "from B to F");
  assert.equal(words.listed(["A", "B"], [2, 1], ", "), "A, B");
  assert.equal(
    words.thetas({ parameters: { theta: [0.25, 0.5] } }, LOOK),
    "θ_A = 0.250, θ_B = 0.500",
  );
  assert.equal(weightsInWords(LOOK, [0.25, 0.75]), "α_A = 0.250, α_B = 0.750");
});

test("subscripts and Greek letters are spoken", () => {
  assert.equal(
    words.spoken("θ_A = 0.5, θ_{t+1} and ℓ"),
    "theta A = 0.5, theta t+1 and log-likelihood ",
  );
  assert.equal(words.spoken("covariance_type"), "covariance_type");
  assert.deepEqual("θ_A, x_{12}".split(words.SUBSCRIPT), ["θ", "_A", ", x", "_{12}", ""]);
});

const run = (...values) => ({
  reason: "converged",
  message: "at most 1e-10 nats per row are left to gain after iteration 1",
  leaps: false,
  steps: values.map((logLikelihood, t) => ({
    logLikelihood,
    parameters: { theta: [0.5, 0.5 + t / 10], mixing_weights: [0.5, 0.5] },
  })),
});
const view = { describe: () => "what is shown" };

test("each half-step has its sentence", () => {
  const say = (phase, t, now) => sentence(run(-3, -2.5), { phase, t, now }, view);
  assert.equal(
    say("start", 0, 0),
    "Start, before iteration 1 of 1: what is shown; log-likelihood −3.000. A and B start equal, and EM can never part them.",
  );
  assert.equal(
    say("E", 0, 0),
    "EM iteration 1 of 1, E-step: responsibilities at what is shown; log-likelihood −3.000.",
  );
  assert.equal(
    say("M", 0, 1),
    "EM iteration 1 of 1, M-step: what is shown; log-likelihood −2.500 (+0.5).",
  );
  assert.equal(
    say("E", 1, 1),
    "After iteration 1 of 1, last E-step: what is shown; log-likelihood −2.500. EM stopped (converged): at most 1e-10 nats per row are left to gain.",
  );
});

test("an impossible start says so", () => {
  const impossible = {
    ...run(-Infinity),
    message: "row 0 has probability 0 under every component",
  };
  assert.equal(
    sentence(impossible, { phase: "start", t: 0, now: 0 }, view),
    "EM cannot start here: row 1 has probability 0 under every component.",
  );
});

test("components take colours in turn; of one colour they differ in dash and marker", () => {
  const look = lookOf(3, {
    colours: ["#0072b2", "#d55e00"],
    dashes: ["", "3 2"],
    markers: ["o", "s"],
    neutral: "#777777",
  });
  assert.deepEqual(look.names, ["A", "B", "C"]);
  assert.deepEqual(look.rgb, [
    [0, 114, 178],
    [213, 94, 0],
    [0, 114, 178],
  ]);
  assert.deepEqual(
    [look.dashes, look.markers],
    [
      ["", "3 2", "3 2"],
      ["o", "s", "s"],
    ],
  );
});

test("of 36 components no two look alike", () => {
  const six = (letter) => Array.from({ length: 6 }, (_, j) => `${letter}${j}`);
  const palette = { colours: six("#00000"), dashes: six("d"), markers: six("m"), neutral: "" };
  const { colours, dashes, markers } = lookOf(36, palette);
  const looks = colours.map((colour, j) => colour + dashes[j] + markers[j]);
  assert.equal(new Set(looks).size, 36);
});

test("weights always sum to 1: the others share out the rest", () => {
  const after = (weights, j, value) => {
    shareOut(weights, j, value);
    return weights;
  };
  assert.deepEqual(after([0.5, 0.25, 0.25], 0, 0.25), [0.25, 0.375, 0.375]);
  assert.deepEqual(after([1, 0, 0], 0, 0.5), [0.5, 0.25, 0.25]);
  assert.deepEqual(after([1, 1], 0, 0.5), [0.5, 0.5]);
  assert.deepEqual(after([0.3], 0, 0.3), [1]);
});

test("Jensen's inequality in words", () => {
  const say = (power, w, points, mean, fOfMean, meanOfF) =>
    jensenInWords(power, w, points, mean, fOfMean, meanOfF);
  assert.match(
    say(0, [0.5, 0.5], [1, 3], 2, 0.7, 0.5),
    /f is concave.* f\(mean\) = 0\.700 is above the mean of f = 0\.500; the gap is 0\.200\./,
  );
  assert.match(say(2, [0.5, 0.5], [1, 3], 2, 1.5, 2), /f is convex.* is below /);
  assert.match(say(1, [0.5, 0.5], [1, 3], 2, 1, 1), /f is affine.* the gap is 0\./);
  assert.match(say(0, [1, 0], [1, 3], 1, 0, 0), /all the weight is on that value/);
  assert.equal(words.gapInWords(1, 1 + 1e-15), "0.000");
});

test("what is said is said in the language of the catalogue, with its values where it wants them", () => {
  const [a, b] = [1, "two"];
  const said = () => words.gettext`${a} of ${b}, θ_{t+1}`;
  assert.equal(said(), "1 of two, θ_{t+1}");
  words.speak({ "{0} of {1}, θ_{t+1}": "aus {1}: {0}" });
  assert.equal(said(), "aus two: 1");
  words.speak({});
  assert.equal(words.gettext`plain`, "plain");
});

test("coins are counted", () => {
  cases(words.coinsCounted, [
    [[1], "one coin"],
    [[3], "3 coins"],
  ]);
});
