// @ts-check
// The looks of components: colours, dashes, markers.

import { marker, path } from "./elements.js";
import { names } from "./words.js";

/**
 * @param {string} colour
 * @returns {number[]}
 */
const rgbOf = (colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));

/**
 * Colours, dashes and markers of k components. Lines and bars are a little nearer to the ink, so that
 * the light colours stand out of white paper and the dark ones of black.
 * @param {number} k
 * @param {Palette} palette
 * @returns {Look}
 */
export function lookOf(k, palette) {
  // Of the same colour, the seventh and the first differ in dash and marker.
  /** @type {(values: string[], shift?: number) => string[]} */
  const cycle = (values, shift = 0) =>
    Array.from({ length: k }, (_, j) => {
      const round = Math.floor(j / values.length);
      return values[(j + shift * round) % values.length];
    });
  const colours = cycle(palette.colours);
  return {
    k,
    names: names(k),
    colours,
    lines: colours.map((colour) => `color-mix(in srgb, ${colour} 75%, var(--ink))`),
    rgb: colours.map(rgbOf),
    dashes: cycle(palette.dashes, 1),
    markers: cycle(palette.markers, 1),
    neutral: palette.neutral,
  };
}

/**
 * @param {Look} look
 * @param {number} j
 * @param {string} d
 * @returns {Part}
 */
export const lineOf = (look, j, d) =>
  path(d, { class: "line", stroke: look.lines[j], "stroke-dasharray": look.dashes[j] });

/**
 * @param {Look} look
 * @param {number} j
 * @param {number} size
 * @param {number[]} place
 * @returns {Part}
 */
export const markOf = (look, j, size, place) =>
  marker(look.markers[j], size, place, { class: "mark", fill: look.colours[j] });
