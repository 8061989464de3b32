// @ts-check
// What can be taken hold of and moved.

import { move, set, svg } from "./elements.js";
import { clamp } from "./numbers.js";
import { gettext } from "./words.js";

/**
 * Of handles that overlap, the nearest one is meant, not the topmost.
 * @param {SVGElement[]} handles
 * @param {PointerEvent} pointer
 * @returns {SVGElement}
 */
function nearest(handles, { clientX, clientY }) {
  const away = (/** @type {Element} */ node) => {
    const { left, right, top, bottom } = node.getBoundingClientRect();
    return Math.hypot((left + right) / 2 - clientX, (top + bottom) / 2 - clientY);
  };
  return handles.reduce((best, node) => (away(node) < away(best) ? node : best));
}

/**
 * Where keys lead, along x and along y, or up and down along x where there is no y.
 * @param {number} step
 * @param {boolean} isLarge
 * @param {boolean} isPlane
 * @returns {Record<string, number[]>}
 */
function towardsByKey(step, isLarge, isPlane) {
  const size = step * (isLarge ? 10 : 1);
  return {
    ArrowLeft: [-size, 0],
    ArrowRight: [size, 0],
    ArrowDown: isPlane ? [0, -size] : [-size, 0],
    ArrowUp: isPlane ? [0, size] : [size, 0],
    PageDown: [-10 * step, 0],
    PageUp: [10 * step, 0],
  };
}

/**
 * A point to be moved by mouse, finger or keys, along x or in the plane (then `y` is given).
 * `moved` gets the new value, [vx] or [vx, vy]; `place` shows where it is, and says so.
 * @param {SVGSVGElement} layer
 * @param {string} name
 * @param {{x: Scale, y?: Scale|null, atY?: number, step?: number, moved: (...value: number[]) => void}} options
 * @returns {Handle}
 */
export function handle(layer, name, { x, y = null, atY = 0, step = 0.01, moved }) {
  const ends = { "aria-valuemin": x.lo, "aria-valuemax": x.hi };
  const role = { class: "handle", role: "slider", tabindex: 0, "aria-label": name, ...ends };
  const node = svg("g", role, layer);
  if (y) node.setAttribute("aria-roledescription", gettext`point to move with the four arrow keys`);
  svg("circle", { class: "reach", r: 17 }, node);
  svg("circle", { class: "ring", r: 10 }, node);
  let at = [0, 0];
  const inside = (/** @type {number[]} */ [vx, vy]) => [
    clamp(vx, x.lo, x.hi),
    y ? clamp(vy, y.lo, y.hi) : 0,
  ];
  const report = (/** @type {number[]} */ value) => moved(...inside(value));
  // However many moves arrive between two frames, the last one is drawn.
  /** @type {PointerEvent | null} */
  let last = null;
  const follow = () => {
    if (!last) return;
    const point = new DOMPoint(last.clientX, last.clientY).matrixTransform(
      layer.getScreenCTM()?.inverse(),
    );
    last = null;
    report([x.invert(point.x), y ? y.invert(point.y) : 0]);
  };
  node.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    const meant = nearest(/** @type {SVGElement[]} */ ([...layer.children]), event);
    // tsc does not know focusVisible yet.
    meant.focus(/** @type {FocusOptions} */ ({ focusVisible: false }));
    meant.setPointerCapture(event.pointerId);
  });
  node.addEventListener("pointermove", (event) => {
    if (!node.hasPointerCapture(event.pointerId)) return;
    if (!last) requestAnimationFrame(follow);
    last = event;
  });
  for (const end of ["pointerup", "pointercancel"]) node.addEventListener(end, follow);
  node.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const ends = { Home: [x.lo - at[0], 0], End: [x.hi - at[0], 0] };
    const towards = { ...towardsByKey(step, event.shiftKey, y !== null), ...ends }[event.key];
    if (!towards) return;
    event.preventDefault();
    // Steps of 0.01 must meet 0.5 exactly.
    report(at.map((value, c) => Number((value + towards[c]).toPrecision(15))));
  });
  return {
    node,
    place(value, words, py = atY) {
      at = value;
      // A value beyond the axes is shown at their end, where it can be taken hold of.
      const [vx, vy] = inside(value);
      node.setAttribute("transform", move(x(vx), y ? y(vy) : py));
      set(node, { "aria-valuenow": value[0], "aria-valuetext": words });
    },
  };
}
