// @ts-check
// What a picture is made of: panels, layers on them, legends, tables.

import { html, rich, svg } from "./elements.js";

/**
 * An SVG of its own size, in a box that scales it to the page. On a narrow page the title of a minor
 * panel gives way: its axes say what it shows.
 * @param {HTMLElement} parent
 * @param {number} width
 * @param {number} height
 * @param {string} title
 * @param {boolean} [isMinor]
 * @returns {SVGSVGElement}
 */
export function panel(parent, width, height, title, isMinor = false) {
  const figure = html("figure", { class: isMinor ? "minor" : "" }, parent);
  html("figcaption", { text: title }, figure);
  const box = html("div", { class: "box", style: `aspect-ratio: ${width} / ${height}` }, figure);
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" }, box);
}

/**
 * Two columns, the large one first, or one where the page is narrow.
 * @param {Frame} place
 * @param {Room} room
 * @returns {HTMLElement[]}
 */
export function columns({ panels }, { isWide }) {
  const left = html("div", { class: "column" }, panels);
  return [left, isWide ? html("div", { class: "column" }, panels) : left];
}

/**
 * Where a panel's title stands.
 * @param {SVGSVGElement} root
 * @returns {HTMLElement}
 */
export const captionOf = (root) =>
  /** @type {HTMLElement} */ (root.closest("figure")?.querySelector("figcaption"));

/**
 * A second layer for what can be dragged: the picture below stays one image to screen readers.
 * @param {Element} root
 * @param {string} name
 * @returns {SVGSVGElement}
 */
export function overlay(root, name) {
  const viewBox = root.getAttribute("viewBox");
  const layer = svg("svg", { viewBox, class: "overlay", role: "group", "aria-label": name });
  /** @type {Element} */ (root.parentElement).append(layer);
  return layer;
}

/**
 * Keeps what it holds inside the axes.
 * @param {SVGElement} parent
 * @param {Scale} x
 * @param {Scale} y
 * @returns {SVGSVGElement}
 */
export function clip(parent, x, y) {
  const [left, top, width, height] = [x.from, y.to, x.to - x.from, y.from - y.to];
  const viewBox = `${left} ${top} ${width} ${height}`;
  return svg("svg", { class: "clip", x: left, y: top, width, height, viewBox }, parent);
}

/**
 * A table whose cells are written anew at each step; rows are made as needed.
 * @param {HTMLElement} parent
 * @param {string} caption
 * @param {string[]} head
 * @returns {(rows: string[][]) => void}
 */
export function table(parent, caption, head) {
  const box = html(
    "div",
    { class: "scroll", tabindex: 0, role: "group", "aria-label": caption },
    parent,
  );
  const node = html("table", {}, box);
  html("caption", { text: caption }, node);
  const headRow = html("tr", {}, html("thead", {}, node));
  for (const text of head) html("th", { scope: "col", text }, headRow);
  const body = html("tbody", {}, node);
  return (rows) => {
    while (body.rows.length > rows.length) body.deleteRow(-1);
    rows.forEach((cells, i) => {
      const row = body.rows[i] ?? body.insertRow();
      cells.forEach((text, c) => {
        const cell = row.cells[c] ?? html(c ? "td" : "th", c ? {} : { scope: "row" }, row);
        rich(cell, text);
      });
    });
  };
}

/**
 * The layers of a picture on axes: these, what stays inside them, and what may stand out.
 * @param {SVGElement} root
 * @param {Scale} x
 * @param {Scale} y
 * @returns {SVGElement[]}
 */
export const layers = (root, x, y) => [svg("g", {}, root), clip(root, x, y), svg("g", {}, root)];
