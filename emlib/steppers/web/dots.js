// @ts-check
// Many points on a canvas, coloured by responsibility: an SVG would be too slow for thousands.

import { html, markerPath, penOf } from "./elements.js";

/**
 * The components' colours mixed by a row's responsibilities, and the component that has most of it.
 * @param {Float64Array | number[]} r
 * @param {number} i
 * @param {{k: number, rgb: number[][]}} look
 * @returns {{colour: string, owner: number}}
 */
export function blend(r, i, { k, rgb }) {
  const mixed = [0, 0, 0];
  let owner = 0;
  for (let j = 0; j < k; j++) {
    const share = r[i * k + j];
    for (let c = 0; c < 3; c++) mixed[c] += share * rgb[j][c];
    if (share > r[i * k + owner]) owner = j;
  }
  return { colour: `rgb(${mixed.map(Math.round)})`, owner };
}

/**
 * Points behind a panel's picture, at these places in it: outlines in a neutral colour until they
 * have responsibilities.
 * @param {SVGSVGElement} root
 * @param {Place[]} places
 * @param {Look} look
 */
export function dots(root, places, look) {
  const { width, height } = root.viewBox.baseVal;
  const canvas = html("canvas", { "aria-hidden": true });
  root.before(canvas);
  const [shown, spare] = [canvas, document.createElement("canvas")].map(penOf);
  const size = places.length <= 60 ? 4.5 : places.length <= 300 ? 3.4 : 2.5;
  const stamps = look.markers.map((marker) => new Path2D(markerPath(marker, size)));
  // As many pixels as the screen shows: more cost time, fewer are a blur. A zoom may change them.
  const sharpest = () => Math.max(1, devicePixelRatio);
  let sharpness = 0;
  /** @type {Float64Array | null} */
  let prepared = null;

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Float64Array | null} r
   */
  function colour(pen, r) {
    pen.setTransform(sharpness, 0, 0, sharpness, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.strokeStyle = look.neutral;
    pen.lineWidth = 0.9;
    places.forEach(([x, y], i) => {
      pen.setTransform(sharpness, 0, 0, sharpness, sharpness * x, sharpness * y);
      if (r) {
        const mixed = blend(r, i, look);
        pen.fillStyle = mixed.colour;
        pen.fill(stamps[mixed.owner]);
      } else pen.stroke(stamps[0]);
    });
  }

  return {
    /** @param {Float64Array | null} r */
    draw(r) {
      if (sharpness !== sharpest()) {
        sharpness = sharpest();
        prepared = null;
        for (const pen of [shown, spare]) {
          pen.canvas.width = width * sharpness;
          pen.canvas.height = height * sharpness;
        }
      }
      if (!r || r !== prepared) {
        colour(shown, r);
        return;
      }
      shown.setTransform(1, 0, 0, 1, 0, 0);
      shown.clearRect(0, 0, canvas.width, canvas.height);
      shown.drawImage(spare.canvas, 0, 0);
    },

    /**
     * Colour the points of a step to come out of sight, for `draw` to show at once.
     * @param {Float64Array} r
     */
    prepare(r) {
      if (r === prepared || sharpness !== sharpest()) return;
      colour(spare, r);
      prepared = r;
    },
  };
}

/**
 * Run the last of the tasks it is given once the browser has nothing else to do.
 * @returns {(task: () => void) => void}
 */
export function idler() {
  const whenIdle = window.requestIdleCallback ?? ((task) => setTimeout(task, 50));
  /** @type {() => void} */
  let last;
  return (task) => {
    last = task;
    whenIdle(() => {
      if (task === last) task();
    });
  };
}
