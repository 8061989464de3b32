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
  const node = document.createElementNS(SVG, tag);
  set(node, attributes);
  parent?.append(node);
  return node;
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [attributes]
 * @param {ParentNode | null} [parent]
 * @returns {HTMLElementTagNameMap[T]}
 */
export function html(tag, attributes = {}, parent = null) {
  const node = document.createElement(tag);
  set(node, attributes);
  parent?.append(node);
  return node;
}

/**
 * @param {Element} node
 * @param {Record<string, any>} attributes
 */
export function set(node, { text, ...attributes }) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) rich(node, text);
}

/**
 * Make these the children of a group. What stands at the same place is changed, not replaced, so that it
 * can travel; so at a place there is always the same kind of thing.
 * @param {Element} group
 * @param {Part[]} parts
 */
export function paint(group, parts) {
  parts.forEach(([tag, attributes], i) => {
    const node = group.children[i];
    if (node) set(node, attributes);
    else svg(tag, attributes, group);
  });
  while (group.children.length > parts.length) group.lastChild?.remove();
}

/**
 * @param {string} d
 * @param {Record<string, any>} attributes
 * @returns {Part}
 */
export const path = (d, attributes) => ["path", { d, ...attributes }];

/**
 * A shape of `size` at a place; of size 0 it is not seen.
 * @param {string} shape
 * @param {number} size
 * @param {number[]} place
 * @param {Record<string, any>} attributes
 * @returns {Part}
 */
export const marker = (shape, size, [x, y], attributes) =>
  path(size ? markerPath(shape, size) : "", { transform: move(x, y), ...attributes });

/**
 * @param {number} x
 * @param {number} y
 * @param {string} text
 * @param {Record<string, any>} [attributes]
 * @returns {Part}
 */
export const label = (x, y, text, attributes) => ["text", { x, y, text, ...attributes }];

/**
 * Say what a picture shows, to who does not see it.
 * @param {Element} root
 * @param {string} words
 */
export const describe = (root, words) => root.setAttribute("aria-label", words);

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
  const a = 0.45 * s;
  /** @type {Record<string, string>} */
  const shapes = {
    o: `M${-s},0A${s},${s} 0 1 0 ${s},0A${s},${s} 0 1 0 ${-s},0Z`,
    s: `M${-s},${-s}H${s}V${s}H${-s}Z`,
    "^": `M0,${-1.2 * s}L${1.1 * s},${0.9 * s}H${-1.1 * s}Z`,
    v: `M0,${1.2 * s}L${1.1 * s},${-0.9 * s}H${-1.1 * s}Z`,
    D: `M0,${-1.3 * s}L${1.3 * s},0L0,${1.3 * s}L${-1.3 * s},0Z`,
    P: `M${-a},${-s}H${a}V${-a}H${s}V${a}H${a}V${s}H${-a}V${a}H${-s}V${-a}H${-a}Z`,
  };
  return shapes[shape];
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
