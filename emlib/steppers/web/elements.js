// @ts-check
// Elements of SVG and HTML, and the paths that SVG draws.

import { SUBSCRIPT } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * A new element with attributes, added to its parent; the attribute `text` is what it says.
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [attributes]
 * @param {Element | null} [parent]
 * @returns {SVGElementTagNameMap[T]}
 */
export function svg(tag, attributes = {}, parent = null) {
  return assign(document.createElementNS(SVG, tag), attributes, parent);
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [attributes]
 * @param {ParentNode | null} [parent]
 * @returns {HTMLElementTagNameMap[T]}
 */
export function html(tag, attributes = {}, parent = null) {
  return assign(document.createElement(tag), attributes, parent);
}

/**
 * @template {Element} E
 * @param {E} node
 * @param {Record<string, any>} attributes
 * @param {ParentNode | null} parent
 * @returns {E}
 */
function assign(node, { text, ...attributes }, parent) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) rich(node, text);
  if (parent) parent.append(node);
  return node;
}

/**
 * @param {Element} node
 * @param {Record<string, any>} attributes
 */
export function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

/** What each node says, to leave alone what stays. */
const written = new WeakMap();

/**
 * Fill a node with text in which _A and _{t+1} are subscripts.
 * @param {Element} node
 * @param {string} text
 */
export function rich(node, text) {
  if (written.get(node) === text) return;
  written.set(node, text);
  if (!text.includes("_")) {
    node.textContent = text;
    return;
  }
  node.textContent = "";
  const isSvg = node.namespaceURI === SVG;
  text.split(SUBSCRIPT).forEach((part, index, parts) => {
    const isLow = index % 2 === 1;
    const words = isLow ? part.replace(/[_{}]/g, "") : part;
    if (!isSvg) node.append(isLow ? html("sub", { text: words }) : words);
    else {
      const shift = isLow ? { class: "low", dy: 3 } : { dy: index && parts[index - 1] ? -3 : 0 };
      svg("tspan", shift, node).textContent = words;
    }
  });
}

/**
 * The pen of a canvas.
 * @param {HTMLCanvasElement} canvas
 */
export const penOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));

/**
 * The shapes that go with the colours, around (0, 0); `size` is about a radius.
 * @param {string} shape
 * @param {number} size
 * @returns {string}
 */
export function markerPath(shape, size) {
  const s = size;
  switch (shape) {
    case "s":
      return `M${-s},${-s}H${s}V${s}H${-s}Z`;
    case "^":
      return `M0,${-1.2 * s}L${1.1 * s},${0.9 * s}H${-1.1 * s}Z`;
    case "v":
      return `M0,${1.2 * s}L${1.1 * s},${-0.9 * s}H${-1.1 * s}Z`;
    case "D":
      return `M0,${-1.3 * s}L${1.3 * s},0L0,${1.3 * s}L${-1.3 * s},0Z`;
    case "P": {
      const a = 0.45 * s;
      return `M${-a},${-s}H${a}V${-a}H${s}V${a}H${a}V${s}H${-a}V${a}H${-s}V${-a}H${-a}Z`;
    }
    default:
      return `M${-s},0A${s},${s} 0 1 0 ${s},0A${s},${s} 0 1 0 ${-s},0Z`;
  }
}

/**
 * A band between two upright edges of the same thickness.
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 * @param {number} thickness
 * @returns {string}
 */
export function ribbon(x0, y0, x1, y1, thickness) {
  const mid = (x0 + x1) / 2;
  const f = (/** @type {number} */ v) => v.toFixed(2);
  return (
    `M${x0},${f(y0)}C${mid},${f(y0)} ${mid},${f(y1)} ${x1},${f(y1)}v${f(thickness)}` +
    `C${mid},${f(y1 + thickness)} ${mid},${f(y0 + thickness)} ${x0},${f(y0 + thickness)}Z`
  );
}

/**
 * @param {number} x
 * @param {number} y
 * @returns {string}
 */
export const move = (x, y) => `translate(${x.toFixed(2)},${y.toFixed(2)})`;

/**
 * @param {number[][]} points
 * @returns {string}
 */
export const line = (points) =>
  points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(2)},${y.toFixed(2)}`).join("");
