// @ts-check
// A map of a function of two numbers: shades and contour lines.

import { scale } from "./axes.js";
import { html, line, penOf, svg } from "./elements.js";
import { clamp } from "./numbers.js";
import { clip } from "./panel.js";

// Closer to the ends, where the logarithm falls; and the middles of 50 squares.
export const FINE = [
  0.0005,
  0.002,
  ...Array.from({ length: 199 }, (_, i) => (i + 1) / 200),
  0.998,
  0.9995,
];

export const COARSE = Array.from({ length: 50 }, (_, i) => (i + 0.5) / 50);

/**
 * The graph of values on a grid; what is infinite is left out, what lies far outside is drawn nearer.
 * @param {Scale} x
 * @param {Scale} y
 * @param {number[]} grid
 * @param {ArrayLike<number>} values
 * @returns {string}
 */
export function graph(x, y, grid, values) {
  const points = grid.map((value, i) => [x(value), clamp(y(values[i]), -2000, 2000)]);
  return line(points.filter((_, i) => Number.isFinite(values[i])));
}

/**
 * The lines where a grid of values (rows of y, columns of x) crosses a level: marching squares.
 * @param {ArrayLike<number>} values
 * @param {number[]} xs
 * @param {number[]} ys
 * @param {number} level
 * @returns {string}
 */
export function contourPath(values, xs, ys, level) {
  const width = xs.length;
  let d = "";
  for (let row = 0; row + 1 < ys.length; row++) {
    for (let column = 0; column + 1 < width; column++) {
      const cell = row * width + column;
      const around = [cell, cell + 1, cell + width + 1, cell + width];
      const isHigh = around.map((corner) => values[corner] >= level);
      if (isHigh.every((one) => one === isHigh[0])) continue;
      const crossings = around.flatMap((from, c) => {
        const to = around[(c + 1) % 4];
        const [v0, v1] = [values[from], values[to]];
        if (isHigh[c] === isHigh[(c + 1) % 4]) return [];
        const share = Number.isFinite(v0) && Number.isFinite(v1) ? (level - v0) / (v1 - v0) : 0.5;
        const [x0, x1] = [from, to].map((corner) => xs[corner % width]);
        const [y0, y1] = [from, to].map((corner) => ys[Math.floor(corner / width)]);
        return `${(x0 + share * (x1 - x0)).toFixed(1)},${(y0 + share * (y1 - y0)).toFixed(1)}`;
      });
      for (let c = 0; c + 1 < crossings.length; c += 2) d += `M${crossings[c]}L${crossings[c + 1]}`;
    }
  }
  return d;
}

/**
 * Scales from 0 to 1 of a square map, as large as it fits, at the left.
 * @param {number} width
 * @param {number} height
 * @returns {[Scale, Scale]}
 */
export function squareScales(width, height) {
  const size = Math.min(width - 70, height - 46);
  return [scale(0, 1, 62, 62 + size), scale(0, 1, 8 + size, 8)];
}

/**
 * A map under a picture: shades and contour lines of values on the COARSE grid, row by row of y.
 * @param {SVGSVGElement} root
 * @param {Scale} x
 * @param {Scale} y
 * @param {number[]} rgb
 * @returns {(values: Float64Array) => void}
 */
export function shadedMap(root, x, y, rgb) {
  const size = COARSE.length;
  const { width, height } = root.viewBox.baseVal;
  const [left, top] = [x.from / width, y.to / height];
  const place = { left, top, width: x.to / width - left, height: y.from / height - top };
  const sides = Object.entries(place).map(([side, share]) => `${side}:${100 * share}%`);
  const style = sides.join(";");
  const image = html("canvas", { width: size, height: size, "aria-hidden": true, style });
  root.before(image);
  const lines = svg("path", { class: "contour" }, clip(root, x, y));
  return (values) => {
    const sorted = values.filter(Number.isFinite).sort();
    const [top, low] = [sorted[sorted.length - 1], sorted[Math.floor(sorted.length / 10)]];
    const levels = Array.from({ length: 9 }, (_, i) => top - (top - low) * 0.5 ** i);
    const contours = levels.map((level) =>
      contourPath(values, COARSE.map(x), COARSE.map(y), level),
    );
    lines.setAttribute("d", contours.join(""));
    const context = penOf(image);
    const pixels = context.createImageData(size, size);
    values.forEach((value, cell) => {
      const depth = clamp((top - value) / (top - low), 0.002, 1);
      const shade = 150 * (Math.log(depth) / Math.log(0.002)) || 0;
      pixels.data.set(
        [...rgb, shade],
        4 * ((size - 1 - Math.floor(cell / size)) * size + (cell % size)),
      );
    });
    context.putImageData(pixels, 0, 0);
  };
}
