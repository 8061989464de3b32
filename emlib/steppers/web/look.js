// @ts-check
// The looks of components: colours, dashes, markers.

import { names } from "./words.js";

/**
 * @param {string} colour
 * @returns {number[]}
 */
const rgbOf = (colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));

/**
 * Colours, dashes and markers of k components.
 * @param {number} k
 * @param {Palette} palette
 * @returns {Look}
 */
export function lookOf(k, palette) {
  /** @type {(values: string[]) => string[]} */
  const cycle = (values) => Array.from({ length: k }, (_, j) => values[j % values.length]);
  const colours = cycle(palette.colours);
  return {
    k,
    names: names(k),
    colours,
    rgb: colours.map(rgbOf),
    dashes: cycle(palette.dashes),
    markers: cycle(palette.markers),
    neutral: palette.neutral,
  };
}
