// @ts-check
// The frame of every picture, and how it takes the still picture's place.

import { html, rich } from "./elements.js";
import { gettext, speak, spoken } from "./words.js";

/**
 * @param {string} name
 * @returns {string | null}
 */
export function recall(name) {
  try {
    return localStorage.getItem(`emlib.${name}`);
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {string} value
 */
export function remember(name, value) {
  try {
    localStorage.setItem(`emlib.${name}`, value);
  } catch {
    // A sandboxed frame forgets.
  }
}

// Lengths are in units of a fourteenth of the reader's font size: a pixel where that is 14 pixels.
const [WIDE, USUAL, PADDING, GAP] = [680, 940, 22, 16];

/**
 * How much room there is for panels: a large one with others beside it, or one above the other.
 * @param {HTMLElement} host
 * @returns {Room}
 */
function roomIn(host) {
  const unit = parseFloat(getComputedStyle(host).fontSize) / 14 || 1;
  const width = Math.min(host.clientWidth / unit || USUAL, 980) - PADDING;
  const isWide = width >= WIDE;
  const main = isWide ? Math.round(0.58 * (width - GAP)) : Math.round(width);
  return {
    isWide,
    all: Math.round(width),
    main,
    side: isWide ? Math.round(width - GAP) - main : main,
  };
}

/**
 * Plain keys stay here, or Jupyter takes them for its own commands. Escape leads out, to what is around.
 * @param {KeyboardEvent} event
 * @param {HTMLElement} host
 */
function keepKeys(event, host) {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  if (key === "Escape") {
    /** @type {HTMLElement} */ (event.target).blur();
    /** @type {HTMLElement | null} */ (host.closest("[tabindex]"))?.focus();
  } else if (!ctrlKey && !metaKey && !altKey && !(shiftKey && key === "Enter")) {
    event.stopPropagation();
  }
}

/**
 * The frame of every picture: panels, a bar of controls, what is shown in words, tables in a fold.
 * @param {ParentNode} root
 * @param {HTMLElement} host
 * @param {string} title
 * @param {string} purpose
 * @returns {Frame}
 */
export function frame(root, host, title, purpose) {
  const group = { class: "card fresh", role: "group", "aria-label": `${title}, ${purpose}` };
  const card = html("div", { tabindex: -1, ...group }, root);
  card.classList.toggle("new", recall("moved") === null);
  html("p", { class: "title", text: title }, card);
  const panels = html("div", { class: "panels" }, card);
  const controls = html("div", { class: "bar" }, card);
  const said = html(
    "div",
    { class: "words", role: "group", "aria-label": gettext`In words` },
    card,
  );
  const phases = html("span", { class: "phases", "aria-hidden": true }, said);
  const status = html("span", { class: "status", "aria-hidden": true }, said);
  const formula = html("p", { class: "formula" }, said);
  const live = html("p", { class: "spoken", "aria-live": "polite" }, card);
  const fold = html("details", {}, card);
  html("summary", { text: gettext`Numbers` }, fold);
  const tables = html("div", { class: "tables" }, fold);
  fold.open = recall("numbers") === "open";
  fold.addEventListener("toggle", () => remember("numbers", fold.open ? "open" : "folded"));

  card.addEventListener("keydown", (event) => keepKeys(event, host));
  // Screen readers hear the sentence once things have come to rest, and nothing before anything happened.
  let timer = 0;
  /** @type {Frame["say"]} */
  function say(words, hint, isQuiet = false) {
    rich(status, words);
    rich(formula, hint);
    // Where it has no room it scrolls, and then the keyboard must reach it.
    if (said.scrollHeight > said.clientHeight + 1) said.tabIndex = 0;
    else said.removeAttribute("tabindex");
    clearTimeout(timer);
    if (card.isConnected && !isQuiet) timer = setTimeout(() => rich(live, spoken(words)), 150);
  }
  /** @type {Frame["touched"]} */
  function touched(isByHand = false) {
    card.classList.remove("fresh");
    if (!isByHand) return;
    card.classList.remove("new");
    remember("moved", "yes");
  }
  /** @type {Frame["fitted"]} */
  function fitted(build) {
    let last = "";
    const fit = () => {
      const room = roomIn(host);
      if (JSON.stringify(room) === last) return;
      last = JSON.stringify(room);
      card.classList.toggle("wide", room.isWide);
      panels.textContent = tables.textContent = "";
      build(room);
    };
    fit();
    new ResizeObserver(fit).observe(host);
  }
  return { card, controls, phases, panels, tables, say, touched, fitted };
}

/**
 * Replace the still picture by the live one, `show`; if anything fails, the still picture stays.
 * @param {HTMLScriptElement} script
 * @param {Spec} spec
 * @param {(root: DocumentFragment, spec: Spec) => void} show
 */
export function mount(script, spec, show) {
  // Some viewers run a copy of the script beside the picture instead of the one inside it.
  /** @type {HTMLElement[]} */
  const beside = Array.from(script.parentElement?.querySelectorAll(".emlib") ?? []);
  /** @type {HTMLElement | null | undefined} */
  const host = script.closest(".emlib") ?? beside.find((one) => !one.shadowRoot);
  if (!host || host.shadowRoot) return;
  // Sizes follow the reader's font: that of Jupyter, which presentations enlarge, or the browser's.
  host.style.fontSize = "var(--jp-content-font-size1, 0.875rem)";
  const root = document.createDocumentFragment();
  html("style", {}, root).textContent = spec.css;
  speak(spec.words);
  show(root, { ...spec, host });
  html("slot", {}, root);
  // A shadow root keeps the page's styles out and ours in.
  host.attachShadow({ mode: "open" }).append(root);
}
