// Numbers as text, and small helpers for SVG and HTML.

// -------------------------------------------------------------------------------------- words

function fixed(x, digits = 3) {
  if (Math.abs(x) === Infinity) return x > 0 ? "∞" : "−∞";
  return x.toFixed(digits).replace("-", "−");
}

// A change, to two significant digits however small it is.
function change(x) {
  if (x === 0) return "0";
  const size = Math.abs(x) < 0.0005 ? Math.abs(x).toExponential(1) : Number(Math.abs(x).toPrecision(2));
  return `${x < 0 ? "−" : "+"}${size}`.replace("e-", "e−");
}

function rowsInWords(data) {
  const count = rowCount(data);
  return count === 1 ? "one row" : `${Number.isInteger(count) ? count : fixed(count, 1)} rows`;
}

const coinsInWords = (k, data) => `EM for ${k === 1 ? "one coin" : `${k} coins`}, ${rowsInWords(data)}`;

const exponential = (x, digits = 1) => x.toExponential(digits).replace("e+", "e").replace(/-/g, "−");

// A number with three digits after the point; a very small or very large one as a power of ten.
function small(x) {
  const isPlain = x === 0 || (Math.abs(x) >= 0.001 && Math.abs(x) < 1e6) || Math.abs(x) === Infinity;
  return isPlain ? fixed(x) : exponential(x);
}

// A place on an axis that is `length` long, with the digits that tell it from its neighbours.
function coordinate(x, length) {
  const size = Math.floor(Math.log10(length));
  if (size > -3 && size < 5) return fixed(x, 3 - Math.min(size, 0));
  return x === 0 ? "0" : exponential(x, clamp(Math.ceil(Math.log10(Math.abs(x) / length)) + 3, 0, 15));
}

// Expected heads or tails: a digit after the point where there are few.
const counted = (x) => (x < 1000 ? fixed(x, 1) : x < 1e6 ? fixed(x, 0) : exponential(x));

const names = (k) => Array.from({ length: k },
  (_, j) => (k <= 26 ? String.fromCharCode(65 + j) : String(j + 1)));

// Errors count from 0, as Python does; people read A, B and row 1.
const readable = (message, k) => message.replace(/component (\d+)/g, (_, j) => `component ${names(k)[j]}`)
  .replace(/row (\d+) has/g, (_, i) => `row ${Number(i) + 1} has`);

// _A, _27 or _{t+1} after a single letter; covariance_type holds no subscript.
const SUBSCRIPT = /(?<=(?:^|[^\p{L}])\p{L})(_\{[^}]*\}|_(?:[A-Za-z]|\d+)(?![A-Za-z0-9]))/gu;

// Every coin's theta; of many, the lowest and the highest.
function thetas({ parameters: { theta } }, look, say = (text) => text) {
  const words = look.names.map((name, j) => say(`θ_${name} = ${fixed(theta[j])}`));
  return listed(words, theta, ", ");
}

const MANY_COMPONENTS = 8;

// A list in words; of a long one, the entries with the lowest and the highest value.
function listed(words, values, separator) {
  if (words.length <= MANY_COMPONENTS) return words.join(separator);
  const [lo, hi] = extent(values);
  return `from ${words[values.indexOf(lo)]} to ${words[values.indexOf(hi)]}`;
}

// θ_A and θ_{t+1} in words, for screen readers.
const GREEK = { θ: "theta ", α: "alpha ", μ: "mu ", Σ: "Sigma ", λ: "lambda ", ℓ: "log-likelihood " };
const spoken = (text) => text.replace(SUBSCRIPT, (low) => low.replace(/[_{}]/g, ""))
  .replace(/[θαμΣλℓ]/g, (letter) => GREEK[letter]).replace(/ +/g, " ");

// ------------------------------------------------------------------------------------ drawing

const SVG = "http://www.w3.org/2000/svg";

// A new element with attributes, added to its parent.
function svg(tag, attributes = {}, parent = null) {
  return assign(document.createElementNS(SVG, tag), attributes, parent);
}

function html(tag, attributes = {}, parent = null) {
  return assign(document.createElement(tag), attributes, parent);
}

function assign(node, { text, ...attributes }, parent) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) rich(node, text);
  if (parent) parent.append(node);
  return node;
}

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

// Fill a node with text in which _A and _{t+1} are subscripts.
function rich(node, text) {
  if (node.written === text) return;
  node.written = text;
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

// An SVG of its own size, in a box that scales it to the page.
function panel(parent, width, height, title) {
  const figure = html("figure", {}, parent);
  html("figcaption", { text: title }, figure);
  const box = html("div", { class: "box", style: `aspect-ratio: ${width} / ${height}` }, figure);
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" }, box);
}

// Samples of lines with their names, between a panel's title and its picture; returns where the names stand.
function legend(root, entries) {
  const list = html("p", { class: "legend" });
  root.parentElement.before(list);
  return entries.map(([classes, name, d = "M0,6h22"]) => {
    const entry = html("span", {}, list);
    const sample = svg("svg", { viewBox: "0 0 22 12", "aria-hidden": true }, entry);
    svg("path", { class: classes, d }, sample);
    return html("span", { text: name }, entry);
  });
}

// A second layer for what can be dragged: the picture below stays one image to screen readers.
function overlay(root, name) {
  const viewBox = root.getAttribute("viewBox");
  const layer = svg("svg", { viewBox, class: "overlay", role: "group", "aria-label": name });
  root.parentElement.append(layer);
  return layer;
}

// Keeps what it holds inside the axes.
function clip(parent, x, y) {
  const [left, top, width, height] = [x.from, y.to, x.to - x.from, y.from - y.to];
  const viewBox = `${left} ${top} ${width} ${height}`;
  return svg("svg", { class: "clip", x: left, y: top, width, height, viewBox }, parent);
}

// Of handles that overlap, the nearest one is meant, not the topmost.
function nearest(handles, { clientX, clientY }) {
  const away = (node) => {
    const { left, right, top, bottom } = node.getBoundingClientRect();
    return Math.hypot((left + right) / 2 - clientX, (top + bottom) / 2 - clientY);
  };
  return handles.reduce((best, node) => (away(node) < away(best) ? node : best));
}

// A point to be moved by mouse, finger or keys, along x or in the plane (then `y` is given).
// `moved` gets the new value, [vx] or [vx, vy]; `place` shows where it is, and says so.
function handle(layer, name, { x, y = null, atY = 0, step = 0.01, moved }) {
  const node = svg("g", { class: "handle", role: "slider", tabindex: 0, "aria-label": name,
    "aria-valuemin": x.lo, "aria-valuemax": x.hi }, layer);
  if (y) node.setAttribute("aria-roledescription", "point to move with the four arrow keys");
  svg("circle", { class: "reach", r: 17 }, node);
  svg("circle", { class: "ring", r: 10 }, node);
  let at = [0, 0];
  const inside = ([vx, vy]) => [clamp(vx, x.lo, x.hi), y ? clamp(vy, y.lo, y.hi) : 0];
  const report = (value) => moved(...inside(value));
  const drag = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(layer.getScreenCTM().inverse());
    report([x.invert(point.x), y ? y.invert(point.y) : 0]);
  };
  node.take = (pointer) => {
    node.focus({ focusVisible: false });
    node.setPointerCapture(pointer);
    node.addEventListener("pointermove", drag);
  };
  node.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    nearest([...layer.children], event).take(event.pointerId);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    node.addEventListener(end, () => node.removeEventListener("pointermove", drag));
  }
  node.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const size = step * (event.shiftKey ? 10 : 1);
    const towards = { ArrowLeft: [-size, 0], ArrowRight: [size, 0], ArrowDown: y ? [0, -size] : [-size, 0],
      ArrowUp: y ? [0, size] : [size, 0], PageDown: [-10 * step, 0], PageUp: [10 * step, 0],
      Home: [x.lo - at[0], 0], End: [x.hi - at[0], 0] }[event.key];
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

// The lines where a grid of values (rows of y, columns of x) crosses a level: marching squares.
function contourPath(values, xs, ys, level) {
  const width = xs.length;
  let d = "";
  for (let row = 0; row + 1 < ys.length; row++) {
    for (let column = 0; column + 1 < width; column++) {
      const cell = row * width + column;
      const higher = (values[cell] >= level) + (values[cell + 1] >= level)
        + (values[cell + width] >= level) + (values[cell + width + 1] >= level);
      if (higher === 0 || higher === 4) continue;
      const corners = [[column, row], [column + 1, row], [column + 1, row + 1], [column, row + 1]]
        .map(([c, w]) => [xs[c], ys[w], values[w * width + c]]);
      const crossings = [];
      corners.forEach(([x0, y0, v0], c) => {
        const [x1, y1, v1] = corners[(c + 1) % 4];
        if ((v0 < level) === (v1 < level)) return;
        const share = Number.isFinite(v0) && Number.isFinite(v1) ? (level - v0) / (v1 - v0) : 0.5;
        crossings.push(`${(x0 + share * (x1 - x0)).toFixed(1)},${(y0 + share * (y1 - y0)).toFixed(1)}`);
      });
      for (let c = 0; c + 1 < crossings.length; c += 2) d += `M${crossings[c]}L${crossings[c + 1]}`;
    }
  }
  return d;
}

// The shapes that go with the colours, around (0, 0); `size` is about a radius.
function markerPath(shape, size) {
  const s = size;
  switch (shape) {
    case "s": return `M${-s},${-s}H${s}V${s}H${-s}Z`;
    case "^": return `M0,${-1.2 * s}L${1.1 * s},${0.9 * s}H${-1.1 * s}Z`;
    case "v": return `M0,${1.2 * s}L${1.1 * s},${-0.9 * s}H${-1.1 * s}Z`;
    case "D": return `M0,${-1.3 * s}L${1.3 * s},0L0,${1.3 * s}L${-1.3 * s},0Z`;
    case "P": {
      const a = 0.45 * s;
      return `M${-a},${-s}H${a}V${-a}H${s}V${a}H${a}V${s}H${-a}V${a}H${-s}V${-a}H${-a}Z`;
    }
    default: return `M${-s},0A${s},${s} 0 1 0 ${s},0A${s},${s} 0 1 0 ${-s},0Z`;
  }
}

const move = (x, y) => `translate(${x.toFixed(2)},${y.toFixed(2)})`;
const line = (points) => points.length
  ? "M" + points.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join("L") : "";

// A linear scale from [lo, hi] to pixels; an interval without length is widened.
function scale(lo, hi, from, to) {
  if (!(hi > lo)) [lo, hi] = [lo - 1, hi + 1];
  const map = (x) => from + ((x - lo) / (hi - lo)) * (to - from);
  return Object.assign(map, { lo, hi, from, to, invert: (p) => lo + ((p - from) / (to - from)) * (hi - lo) });
}

// About `count` round numbers from lo to hi.
function ticks(lo, hi, count, smallest = 0) {
  const raw = (hi - lo) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max([1, 2, 5, 10].find((m) => m * power >= raw * 0.999) * power, smallest);
  const first = Math.ceil(lo / step - 1e-9);
  return Array.from({ length: Math.max(0, Math.floor(hi / step + 1e-9) - first + 1) },
    (_, i) => Number(((first + i) * step).toPrecision(15)));
}

const withMinus = (value) => String(value).replace(/-/g, "−");
const superscript = (power) => String(power).replace("-", "⁻").replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);

// The words at ticks of at most `room` letters, and how the title says what was taken out of them:
// a number that they have in common, or a power of ten.
function tickWords(values, room) {
  const plain = values.map(withMinus);
  if (plain.every((text) => text.length <= room && !text.includes("e"))) return [plain, (title) => title];
  const [lo, hi] = extent(values);
  const off = hi - lo < Math.max(-lo, hi) / 1000 ? lo : 0;
  const rest = values.map((value) => value - off);
  const power = Math.floor(Math.log10(Math.max(...rest.map(Math.abs)) || 1) + 1e-9);
  const shift = Math.abs(power) < (off ? 5 : 4) ? 0 : power;
  const words = rest.map((value) => withMinus(Number((value / 10 ** shift).toPrecision(6))));
  const without = (title) => (off ? `${title} ${off < 0 ? "+" : "−"} ${Math.abs(off)}` : title);
  const bracketed = (title) => (off ? `(${title})` : title);
  return [words, (title) => (shift ? `${bracketed(without(title))} / 10${superscript(shift)}` : without(title))];
}

// Axes with ticks and titles; drawn again only when the scales change.
function axes(group, x, y, { xTitle, yTitle, xTicks, yTicks } = {}) {
  group.textContent = "";
  const [left, right, bottom, top] = [x.from, x.to, y.from, y.to];
  svg("path", { class: "axis", d: `M${left},${top}V${bottom}H${right}` }, group);
  const [xs, ys] = [xTicks ?? ticks(x.lo, x.hi, 5), yTicks ?? ticks(y.lo, y.hi, 6)];
  const [xWords, nameX] = tickWords(xs, 8);
  // As many letters as fit between the axis and its title.
  const [yWords, nameY] = tickWords(ys, Math.floor((left - 26) / 7.8));
  xs.forEach((value, i) => {
    svg("path", { class: "axis", d: `M${x(value)},${bottom}v4` }, group);
    svg("text", { x: x(value), y: bottom + 16, class: "tick middle", text: xWords[i] }, group);
  });
  ys.forEach((value, i) => {
    svg("path", { class: "axis", d: `M${left},${y(value)}h-4` }, group);
    svg("text", { x: left - 7, y: y(value) + 4, class: "tick end", text: yWords[i] }, group);
  });
  if (xTitle) svg("text", { x: (left + right) / 2, y: bottom + 33, class: "middle", text: nameX(xTitle) }, group);
  if (yTitle) {
    const transform = `translate(13,${(top + bottom) / 2}) rotate(-90)`;
    svg("text", { transform, class: "middle", text: nameY(yTitle) }, group);
  }
}

// A table whose cells are written anew at each step; rows are made as needed.
function table(parent, caption, head) {
  const box = html("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": caption }, parent);
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

// Closer to the ends, where the logarithm falls; and the middles of 50 squares.
const FINE = [0.0005, 0.002, ...Array.from({ length: 199 }, (_, i) => (i + 1) / 200), 0.998, 0.9995];
const COARSE = Array.from({ length: 50 }, (_, i) => (i + 0.5) / 50);

// A map under a picture: shades and contour lines of values on the COARSE grid, row by row of y.
function shadedMap(root, x, y, rgb) {
  const size = COARSE.length;
  const [width, height] = root.getAttribute("viewBox").split(" ").slice(2).map(Number);
  const percent = (part, whole) => `${(100 * part) / whole}%`;
  const style = `left:${percent(x.from, width)};top:${percent(y.to, height)};width:${
    percent(x.to - x.from, width)};height:${percent(y.from - y.to, height)}`;
  const image = html("canvas", { width: size, height: size, "aria-hidden": true, style });
  root.before(image);
  const lines = svg("path", { class: "contour" }, clip(root, x, y));
  return (values) => {
    const sorted = values.filter(Number.isFinite).sort();
    const [top, low] = [sorted[sorted.length - 1], sorted[Math.floor(sorted.length / 10)]];
    const levels = Array.from({ length: 9 }, (_, i) => top - (top - low) * 0.5 ** i);
    lines.setAttribute("d", levels.map((level) => contourPath(values, COARSE.map(x), COARSE.map(y), level)).join(""));
    const context = image.getContext("2d");
    const pixels = context.createImageData(size, size);
    values.forEach((value, cell) => {
      const depth = clamp((top - value) / (top - low), 0.002, 1);
      const shade = 150 * (Math.log(depth) / Math.log(0.002)) || 0;
      pixels.data.set([...rgb, shade], 4 * ((size - 1 - Math.floor(cell / size)) * size + (cell % size)));
    });
    context.putImageData(pixels, 0, 0);
  };
}
