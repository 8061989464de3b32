// The looks of components: colours, dashes, markers.

import { names } from "./words.js";

const rgbOf = (colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));

// Colours, dashes and markers of k components.
export function lookOf(k, palette) {
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
