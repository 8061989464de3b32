// EM's steps and its end on numbers small enough for a pencil; against Python's: test_numbers.py.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  columnSums,
  eStep,
  isOneAlone,
  patience,
  refuseEmpty,
} from "../../emlib/steppers/web/em.js";

const near = (found, expected) => assert.ok(Math.abs(found - expected) < 1e-12, `${found}`);

test("an E-step shares each row out, and sums up what rows weigh", () => {
  const logJoint = [0.1, 0.3, 0.2, 0.05].map(Math.log);
  const { r, logDensity, logLikelihood } = eStep(logJoint, 2, [1, 2]);
  for (const [m, share] of [0.25, 0.75, 0.8, 0.2].entries()) near(r[m], share);
  near(logDensity[0], Math.log(0.4));
  near(logLikelihood, Math.log(0.4) + 2 * Math.log(0.25));
});

test("a row that no component can have is named", () => {
  assert.throws(() => eStep([0, 0, -Infinity, -Infinity], 2), /row 1 has probability 0/);
});

test("columns are summed, and an empty one is named if it is needed", () => {
  assert.deepEqual([...columnSums([1, 2, 3, 4], 2)], [4, 6]);
  assert.throws(() => refuseEmpty([1, 0]), /component 1 is empty/);
  refuseEmpty([1, 0], (j) => j === 0);
});

const RULE = { tol: 1e-10, settling: 5, standstill: 1e-13 };

// Whether the rule ends a run at each of its steps, for steps of these lengths with these gains.
function ends(lengths, gains) {
  const isEnd = patience(RULE, 1);
  const positions = [Float64Array.of(1, 0)];
  return lengths.map((length, t) => {
    positions.push(Float64Array.of(1, positions[t][1] + length));
    return isEnd(gains[t], positions.slice(-3));
  });
}

test("a tiny gain after a large one is no end while the steps grow, as near a saddle", () => {
  const lengths = [1e-6, 2e-6, 4e-6, 8e-6, 1.6e-5, 3.2e-5, 6.4e-5];
  assert.ok(!ends(lengths, [1, ...lengths.slice(1).map(() => 1e-13)]).includes(true));
});

test("steps that shrink are believed after five", () => {
  const lengths = Array.from({ length: 7 }, (_, t) => 1e-7 * 0.1 ** t);
  const gains = lengths.map((length) => length ** 2);
  assert.deepEqual(ends(lengths, gains), [false, false, false, false, true, true, true]);
});

test("a standstill is an end at once", () => {
  assert.deepEqual(ends([0], [0]), [true]);
});

test("one coin moves alone if it is named, the first one too", () => {
  assert.deepEqual([undefined, {}, { alone: null }, { alone: 0 }].map(isOneAlone), [
    false,
    false,
    false,
    true,
  ]);
});
