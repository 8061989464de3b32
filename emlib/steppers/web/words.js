// @ts-check
// Numbers as text, and words that many pictures use.

import { clamp, extent, rowCount } from "./numbers.js";

/** @type {Record<string, string>} */
let catalogue = {};

/**
 * From now on messages are those of a catalogue: Python sends what is translated, see gettext.
 * @param {Record<string, string>} messages
 */
export const speak = (messages) => {
  catalogue = messages;
};

/**
 * What is shown or said, in the reader's language. A catalogue has numbers in the place of values:
 * "{0} of {1}".
 * @param {TemplateStringsArray} message
 * @param {...any} values
 * @returns {string}
 */
export function gettext({ raw }, ...values) {
  const message = raw.reduce((text, part, i) => `${text}{${i - 1}}${part}`);
  return (catalogue[message] ?? message).replace(/\{(\d+)\}/g, (_, i) => String(values[i]));
}

/**
 * @param {number} x
 * @param {number} [digits]
 * @returns {string}
 */
export function fixed(x, digits = 3) {
  if (Math.abs(x) === Infinity) return x > 0 ? "∞" : "−∞";
  return x.toFixed(digits).replace("-", "−");
}

/**
 * @param {Iterable<number>} values
 * @param {number} [digits]
 * @returns {string[]}
 */
export const inDigits = (values, digits) => Array.from(values, (value) => fixed(value, digits));

/**
 * A change, to two significant digits however small it is.
 * @param {number} x
 * @returns {string}
 */
export function change(x) {
  if (x === 0) return "0";
  const size =
    Math.abs(x) < 0.0005 ? Math.abs(x).toExponential(1) : Number(Math.abs(x).toPrecision(2));
  return `${x < 0 ? "−" : "+"}${size}`.replace("e-", "e−");
}

/**
 * @param {{n: number, weights?: Float64Array|null}} data
 * @returns {string}
 */
export function rowsInWords(data) {
  const count = rowCount(data);
  const number = Number.isInteger(count) ? count : fixed(count, 1);
  return count === 1 ? gettext`one row` : gettext`${number} rows`;
}

/**
 * @param {number} k
 * @param {Tosses} data
 * @returns {string}
 */
export const coinsInWords = (k, data) => gettext`EM for ${coinsCounted(k)}, ${rowsInWords(data)}`;

/**
 * @param {number} k
 * @returns {string}
 */
export const coinsCounted = (k) => (k === 1 ? gettext`one coin` : gettext`${k} coins`);

/**
 * @param {number} x
 * @param {number} [digits]
 * @returns {string}
 */
export const exponential = (x, digits = 1) =>
  x.toExponential(digits).replace("e+", "e").replace(/-/g, "−");

/**
 * A number with three digits after the point; a very small or very large one as a power of ten.
 * @param {number} x
 * @returns {string}
 */
export function small(x) {
  const isPlain =
    x === 0 || (Math.abs(x) >= 0.001 && Math.abs(x) < 1e6) || Math.abs(x) === Infinity;
  return isPlain ? fixed(x) : exponential(x);
}

/**
 * What is left of a gap by rounding alone is none.
 * @param {number} a
 * @param {number} b
 * @returns {string}
 */
export const gapInWords = (a, b) =>
  small(Math.abs(a - b) > 1e-12 * Math.max(Math.abs(a), Math.abs(b)) ? Math.abs(a - b) : 0);

/**
 * A place on an axis that is `length` long, with the digits that tell it from its neighbours.
 * @param {number} x
 * @param {number} length
 * @returns {string}
 */
export function coordinate(x, length) {
  const size = Math.floor(Math.log10(length));
  if (size > -3 && size < 5) return fixed(x, 3 - Math.min(size, 0));
  return x === 0
    ? "0"
    : exponential(x, clamp(Math.ceil(Math.log10(Math.abs(x) / length)) + 3, 0, 15));
}

/**
 * Expected heads or tails: a digit after the point where there are few.
 * @param {number} x
 * @returns {string}
 */
export const counted = (x) => (x < 1000 ? fixed(x, 1) : x < 1e6 ? fixed(x, 0) : exponential(x));

/**
 * @param {number} k
 * @returns {string[]}
 */
export const names = (k) =>
  Array.from({ length: k }, (_, j) => (k <= 26 ? String.fromCharCode(65 + j) : String(j + 1)));

/**
 * Errors count from 0, as Python does; people read A, B and row 1.
 * @param {string} message
 * @param {number} k
 * @returns {string}
 */
export const readable = (message, k) =>
  message
    .replace(/component (\d+)/g, (_, j) => `component ${names(k)[j]}`)
    .replace(/components (\d+) and (\d+)/, (_, a, b) => `${names(k)[a]} and ${names(k)[b]}`)
    .replace(/row (\d+) has/g, (_, i) => `row ${Number(i) + 1} has`);

// _A, _27 or _{t+1} after a single letter; covariance_type holds no subscript.
export const SUBSCRIPT = /(?<=(?:^|[^\p{L}])\p{L})(_\{[^}]*\}|_(?:[A-Za-z]|\d+)(?![A-Za-z0-9]))/gu;

/**
 * Every coin's theta; of many, the lowest and the highest.
 * @param {Step} step
 * @param {Look} look
 * @param {(text: string) => string} [say]
 * @returns {string}
 */
export function thetas({ parameters: { theta } }, look, say = (text) => text) {
  const words = look.names.map((name, j) => say(`θ_${name} = ${fixed(theta[j])}`));
  return listed(words, theta, ", ");
}

const MANY_COMPONENTS = 8;

/**
 * A list in words; of a long one, the entries with the lowest and the highest value.
 * @param {string[]} words
 * @param {Float64Array | number[]} values
 * @param {string} separator
 * @returns {string}
 */
export function listed(words, values, separator) {
  if (words.length <= MANY_COMPONENTS) return words.join(separator);
  const [lo, hi] = extent(values);
  const [lowest, highest] = [lo, hi].map((value) => words[values.indexOf(value)]);
  return gettext`from ${lowest} to ${highest}`;
}

// θ_A and θ_{t+1} in words, for screen readers.
/** @type {() => Record<string, string>} */
const lettersInWords = () => ({
  θ: gettext`theta`,
  α: gettext`alpha`,
  μ: gettext`mu`,
  Σ: gettext`Sigma`,
  λ: gettext`lambda`,
  ℓ: gettext`log-likelihood`,
});

/**
 * @param {string} text
 * @returns {string}
 */
export function spoken(text) {
  const words = lettersInWords();
  return text
    .replace(SUBSCRIPT, (low) => low.replace(/[_{}]/g, ""))
    .replace(/[θαμΣλℓ]/g, (letter) => `${words[letter]} `)
    .replace(/ +/g, " ");
}
