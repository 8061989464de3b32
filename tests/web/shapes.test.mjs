// Where things are drawn.
import assert from "node:assert/strict";
import { test } from "node:test";
import { scale, ticks, tickWords } from "../../emlib/steppers/web/axes.js";
import { blend } from "../../emlib/steppers/web/dots.js";
import { line, markerPath, move, ribbon } from "../../emlib/steppers/web/elements.js";
import { contourPath } from "../../emlib/steppers/web/map.js";
import { between } from "../../emlib/steppers/web/motion.js";
import * as shapes from "../../emlib/steppers/web/normal.js";
import { boundMaximum, compress, groupRows, MANY_ROWS } from "../../emlib/steppers/web/tosses.js";

const numbersOf = (path) => path.match(/-?\d+\.?\d*/g).map(Number);
const near = (found, expected, within = 1e-12) =>
  assert.ok(Math.abs(found - expected) <= within, `${found} is not ${expected}`);

test("half-way between two attributes every number is half-way", () => {
  assert.equal(between("translate(1.00,-2)", "translate(3.00,2)")(0.5), "translate(2,0)");
  assert.equal(between("10", "20")(0.25), "12.5");
  const ribbons = [ribbon(0, 0, 10, 5, 2), ribbon(0, 10, 10, 15, 4)];
  assert.equal(between(...ribbons)(0.5).replace(/[^a-z]/gi, ""), "MCvCZ");
  assert.deepEqual(numbersOf(between(...ribbons)(0.5)), numbersOf(ribbon(0, 5, 10, 10, 3)));
});

test("a line grows out of its end, and back into it", () => {
  const [short, long] = ["M0,0L1,1", "M0,0L1,1L3,5"];
  assert.deepEqual(numbersOf(between(short, long)(0.5)), [0, 0, 1, 1, 2, 3]);
  assert.deepEqual(numbersOf(between(long, short)(1)), [0, 0, 1, 1, 1, 1]);
});

test("where there is no way, nothing travels", () => {
  for (const [from, to] of [
    ["", "M0,0L1,1"],
    [null, "10"],
    ["10", "10"],
    ["M0,0L1,1M2,2L3,3M4,4L5,5", "M1,0L1,1M2,2L3,3M4,4L5,5"],
    ["M0,0L1,1Z", "M0,0L1,1L2,2Z"],
  ])
    assert.equal(between(from, to), null);
});

test("a scale goes both ways", () => {
  const x = scale(10, 20, 100, 300);
  assert.deepEqual([10, 15, 20].map(x), [100, 200, 300]);
  assert.equal(x.invert(150), 12.5);
  assert.deepEqual([scale(5, 5, 0, 1).lo, scale(5, 5, 0, 1).hi], [4, 6]);
});

test("ticks are round numbers", () => {
  assert.deepEqual(ticks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticks(-33.1, -31.4, 4), [-33, -32.5, -32, -31.5]);
  assert.deepEqual(ticks(0, 3, 8, 1), [0, 1, 2, 3]);
});

test("ticks of any size have short words", () => {
  for (const [values, words, title] of [
    [[-2, 0, 2], ["−2", "0", "2"], "x"],
    [[-33, -32.5, -32], ["−33.0", "−32.5", "−32.0"], "x"],
    [[1e6 - 2, 1e6, 1e6 + 2], ["0", "2", "4"], "x − 999998"],
    [[-1000.002, -1000.001, -1000], ["0", "0.001", "0.002"], "x + 1000.002"],
    [[0, 5e9], ["0", "5"], "x / 10⁹"],
    [[7e8, 7e8 + 5e5], ["0", "5"], "(x − 700000000) / 10⁵"],
    [[-2e-9, 0, 2e-9], ["−2", "0", "2"], "x / 10⁻⁹"],
    [[0], ["0"], "x"],
  ]) {
    const [found, name] = tickWords(values, 5);
    assert.deepEqual([found, name("x")], [words, title]);
  }
});

test("paths go through their points", () => {
  assert.equal(
    line([
      [1, 2],
      [3.456, 4],
    ]),
    "M1.00,2.00L3.46,4.00",
  );
  assert.equal(line([]), "");
  assert.equal(move(1, 2.5), "translate(1.00,2.50)");
});

test("markers are closed, and differ", () => {
  const paths = ["o", "s", "^", "v", "D", "P"].map((shape) => markerPath(shape, 5));
  assert.equal(new Set(paths).size, 6);
  for (const path of paths) assert.match(path, /^M.*Z$/);
});

test("a ribbon is as thick at one end as at the other", () => {
  const path = ribbon(0, 10, 100, 50, 7);
  assert.match(
    path,
    /^M0,10\.00C50,10\.00 50,50\.00 100,50\.00v7\.00C50,57\.00 50,17\.00 0,17\.00Z$/,
  );
});

test("few rows stand alone; of many, equal ones stand together", () => {
  const rows = (n) => ({
    n,
    heads: Array.from({ length: n }, (_, i) => i % 3),
    flips: Array(n).fill(4),
    weights: null,
  });
  assert.deepEqual(
    groupRows(rows(3)).map(({ heads, count }) => [heads, count]),
    [
      [0, 1],
      [1, 1],
      [2, 1],
    ],
  );
  assert.deepEqual(
    groupRows(rows(60)).map(({ heads, count }) => [heads, count]),
    [
      [2, 20],
      [1, 20],
      [0, 20],
    ],
  );
  assert.equal(groupRows(rows(MANY_ROWS)).length, MANY_ROWS);
  const { n, heads, flips, weights } = compress(rows(60));
  assert.deepEqual(
    [n, [...heads], [...flips], [...weights]],
    [3, [2, 1, 0], [4, 4, 4], [20, 20, 20]],
  );
});

test("the bound is highest where heads are as frequent as expected", () => {
  assert.equal(boundMaximum(3, 4, 0.1), 0.75);
  assert.equal(boundMaximum(0, 0, 0.1), 0.1);
});

test("contours cross where the value is", () => {
  const grid = [0, 1, 2];
  const plane = grid.flatMap((y) => grid.map((x) => x + 3 * y));
  const corners = numbersOf(contourPath(plane, grid, grid, 2.5));
  assert.ok(corners.length);
  for (let c = 0; c < corners.length; c += 2) near(corners[c] + 3 * corners[c + 1], 2.5, 0.2); // each to 0.1
});

test("colour and shape follow the responsibilities", () => {
  const look = {
    k: 2,
    rgb: [
      [0, 100, 200],
      [100, 0, 0],
    ],
  };
  assert.deepEqual(blend([0.75, 0.25], 0, look), { colour: "rgb(25,75,150)", owner: 0 });
  assert.deepEqual(blend([0, 0, 0.2, 0.8], 1, look), { colour: "rgb(80,20,40)", owner: 1 });
});

const PARAMETERS = {
  mixing_weights: [0.25, 0.75],
  means: Float64Array.of(1, 2, 3, 4, 5, 6),
  factors: Float64Array.of(1, 0, 0, 2, 3, 0, 4, 5, 6, 7, 0, 0, 8, 9, 0, 1, 1, 1),
};

test("a column reaches from its smallest number to its largest", () => {
  const data = { n: 3, d: 2, points: [1, 5, -2, 7, 0, 6] };
  assert.deepEqual(
    [0, 1].map((a) => shapes.reach(data, a)),
    [
      [-2, 1],
      [5, 7],
    ],
  );
});

test("of many columns, the first two are shown", () => {
  assert.deepEqual(shapes.shape(PARAMETERS, 1, 3), { mean: [4, 5], L: [7, 0, 8, 9] });
});

test("an ellipse lies at its number of standard deviations", () => {
  const shown = { mean: [1, -1], L: [2, 0, 1, 3] };
  const points = shapes.ellipsePoints(shown, 2);
  assert.equal(points.length, 65);
  for (const [x, y] of points) {
    const u = (x - 1) / 2;
    near(Math.hypot(u, (y + 1 - u) / 3), 2);
  }
});

test("the narrowest direction is the smaller singular value", () => {
  near(shapes.narrowest({ L: [3, 0, 0, 2] }), 2);
  assert.equal(shapes.narrowest({ L: [0.5] }), 0.5);
  near(shapes.narrowest({ L: [1, 0, 1, 1e-9] }), 1e-9 / Math.SQRT2, 1e-17);
});

test("densities are weighted, and drawn to the height of a typical step", () => {
  const parameters = {
    mixing_weights: [0.25, 0.75],
    means: Float64Array.of(0, 2),
    factors: Float64Array.of(1, 0.5),
  };
  const [a, b] = shapes.mixtureDensities([0, 2], parameters);
  const peak = 1 / Math.sqrt(2 * Math.PI);
  near(a[0], 0.25 * peak);
  near(b[1], 0.75 * 2 * peak);
  const spike = { ...parameters, factors: Float64Array.of(1, 1e-6) };
  const run = { steps: [{ parameters }, { parameters }, { parameters: spike }] };
  near(shapes.densityTop(run, [0, 2]), a[1] + b[1]);
});
