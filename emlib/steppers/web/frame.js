// @ts-check
// The frame of every picture, and how it takes the still picture's place.

import { html, rich } from "./elements.js";
import { spoken } from "./words.js";

/**
 * The frame of every picture: title, a place for controls, what is shown in words, panels, tables.
 * @param {ParentNode} root
 * @param {string} title
 * @param {string} purpose
 * @returns {Frame}
 */
export function frame(root, title, purpose) {
  const card = html(
    "div",
    { class: "card", role: "group", tabindex: -1, "aria-label": `${title}, ${purpose}` },
    root,
  );
  html("p", { class: "title", text: title }, card);
  const controls = html("div", { class: "bar" }, card);
  const choices = html("div", { class: "bar" }, card);
  const now = html("div", { class: "now" }, card);
  const phases = html("span", { class: "phases", "aria-hidden": true }, now);
  const formula = html("p", { class: "formula" }, now);
  const status = html("p", { class: "status", "aria-hidden": true }, card);
  const live = html("p", { class: "spoken", "aria-live": "polite" }, card);
  const panels = html("div", { class: "panels" }, card);
  const tables = html("div", { class: "tables" }, card);

  // Plain keys stay here, or Jupyter takes them for its own commands.
  card.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter"))
      return;
    event.stopPropagation();
  });
  // Screen readers hear the sentence once things have come to rest, and nothing before anything happened.
  let timer = 0;
  /** @type {Frame["say"]} */
  function say(words, hint, isQuiet = false) {
    const speak = () => {
      live.textContent = spoken(words);
    };
    rich(status, words);
    rich(formula, hint);
    clearTimeout(timer);
    if (card.isConnected && !isQuiet) timer = setTimeout(speak, 150);
  }
  return { card, controls, choices, phases, panels, tables, say };
}

/**
 * Replace the still picture by the live one, `show`; if anything fails, the still picture stays.
 * @param {HTMLScriptElement} script
 * @param {Spec} spec
 * @param {(root: DocumentFragment, spec: Spec) => void} show
 */
export function mount(script, spec, show) {
  // Some viewers run a copy of the script beside the picture instead of the one inside it.
  const host =
    script.closest(".emlib") ??
    [...(script.parentElement?.querySelectorAll(".emlib") ?? [])].find((one) => !one.shadowRoot);
  if (!host || host.shadowRoot) return;
  const root = document.createDocumentFragment();
  html("style", {}, root).textContent = spec.css;
  show(root, spec);
  html("slot", {}, root);
  // A shadow root keeps the page's styles out and ours in.
  host.attachShadow({ mode: "open" }).append(root);
}
