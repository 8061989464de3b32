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
 * A table whose cells are written anew at each step: a title and its cells for each column. The first
 * column names the rows; a column may end before it.
 * @param {HTMLElement} parent
 * @param {string} caption
 * @returns {(columns: Column[]) => void}
 */
export function table(parent, caption) {
  const scrolls = { class: "scroll", tabindex: 0, role: "group", "aria-label": caption };
  const node = html("table", {}, html("div", scrolls, parent));
  html("caption", { text: caption }, node);
  const [head, body] = [html("thead", {}, node), html("tbody", {}, node)];
  /** @type {(section: HTMLTableSectionElement, i: number, cells: any[], scope: string) => void} */
  const write = (section, i, cells, scope) => {
    const row = section.rows[i] ?? section.insertRow();
    cells.forEach((text, c) => {
      const isName = section === head || c === 0;
      const cell = row.cells[c] ?? html(isName ? "th" : "td", isName ? { scope } : {}, row);
      rich(cell, String(text ?? ""));
    });
  };
  return (columns) => {
    const titles = columns.map(([title]) => title);
    write(head, 0, titles, "col");
    const [[, names]] = columns;
    while (body.rows.length > names.length) body.deleteRow(-1);
    names.forEach((_, i) => {
      const cells = columns.map(([, column]) => column[i]);
      write(body, i, cells, "row");
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
