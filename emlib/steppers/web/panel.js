// @ts-check
// What a picture is made of: panels, layers on them, legends, tables.

import { html, rich, svg } from "./elements.js";

/**
 * An SVG of its own size, in a box that scales it to the page.
 * @param {HTMLElement} parent
 * @param {number} width
 * @param {number} height
 * @param {string} title
 * @returns {SVGSVGElement}
 */
export function panel(parent, width, height, title) {
  const figure = html("figure", {}, parent);
  html("figcaption", { text: title }, figure);
  const box = html("div", { class: "box", style: `aspect-ratio: ${width} / ${height}` }, figure);
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" }, box);
}

/**
 * Where a panel's title stands.
 * @param {SVGSVGElement} root
 * @returns {HTMLElement}
 */
export const captionOf = (root) =>
  /** @type {HTMLElement} */ (root.closest("figure")?.querySelector("figcaption"));

/**
 * Samples of lines with their names, between a panel's title and its picture; returns where the names stand.
 * @param {Element} root
 * @param {string[][]} entries
 * @returns {HTMLElement[]}
 */
export function legend(root, entries) {
  const list = html("p", { class: "legend" });
  /** @type {Element} */ (root.parentElement).before(list);
  return entries.map(([classes, name, d = "M0,6h22"]) => {
    const entry = html("span", {}, list);
    const sample = svg("svg", { viewBox: "0 0 22 12", "aria-hidden": true }, entry);
    svg("path", { class: classes, d }, sample);
    return html("span", { text: name }, entry);
  });
}

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
