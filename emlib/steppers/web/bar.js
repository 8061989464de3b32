// @ts-check
// The bar of controls of a picture to step through: buttons, slider, speed.

import { html, set, svg } from "./elements.js";
import { clamp } from "./numbers.js";
import { gettext } from "./words.js";

const SPEEDS = [0.5, 1, 2, 4, 8];
// Steps a second that leave time to travel.
const SLOW = 2;

/** @type {Record<string, string>} */
const ICONS = {
  First: "M3,2.5v11M13,2.5L6,8l7,5.5Z",
  Previous: "M11.5,2.5L4,8l7.5,5.5Z",
  Play: "M4,2l9,6l-9,6Z",
  Pause: "M4.5,2.5v11M11.5,2.5v11",
  Next: "M4.5,2.5L12,8l-7.5,5.5Z",
  Last: "M13,2.5v11M3,2.5L10,8l-7,5.5Z",
  Back: "M4,5h6a4,4 0 1 1 0,8h-4M6.5,2L3.5,5l3,3",
};

/** @type {Record<string, () => string>} */
const NAMES = {
  First: () => gettext`First`,
  Previous: () => gettext`Previous`,
  Play: () => gettext`Play`,
  Pause: () => gettext`Pause`,
  Next: () => gettext`Next`,
  Last: () => gettext`Last`,
  Back: () => gettext`Back to the first start`,
};

/**
 * A quiet button with a picture on it; its name is for ears, and for eyes that wait on it.
 * @param {HTMLElement} bar
 * @param {string} icon
 * @param {() => void} act
 */
export function iconButton(bar, icon, act) {
  const node = html("button", { type: "button", class: "icon" }, bar);
  const path = svg("path", {}, svg("svg", { viewBox: "0 0 16 16", "aria-hidden": true }, node));
  const show = (/** @type {string} */ now) => {
    const name = NAMES[now]();
    set(node, { "aria-label": name, title: name });
    path.setAttribute("d", ICONS[now]);
  };
  show(icon);
  node.addEventListener("click", act);
  return { node, show };
}

/**
 * The buttons, the slider and the speed. `go` goes to a place, as far as there is one; `last` is the
 * last place.
 * @param {HTMLElement} bar
 * @param {string} unit
 * @param {(wanted: number, how: Going) => void} go
 * @param {() => number} last
 */
function controls(bar, unit, go, last) {
  set(bar, { role: "group", "aria-label": gettext`Step through the run` });
  const at = () => Number(slider.value);
  const first = iconButton(bar, "First", () => go(0, "step"));
  const previous = iconButton(bar, "Previous", () => go(at() - 1, "step"));
  const play = iconButton(bar, "Play", () => (timer ? stop() : start()));
  const next = iconButton(bar, "Next", () => go(at() + 1, "step"));
  html("span", { text: gettext`Next` }, next.node);
  // Where the end is, is known once EM is through.
  const end = iconButton(bar, "Last", () => go(Infinity, "step"));
  const range = { type: "range", min: 0, step: 1, value: 0, "aria-label": unit };
  const slider = html("input", range, bar);
  slider.addEventListener("input", () => go(at(), "slide"));
  const speed = html(
    "select",
    { "aria-label": gettext`Speed`, title: gettext`Steps a second` },
    bar,
  );
  for (const s of SPEEDS) html("option", { value: s, text: `${s}/s` }, speed);
  // Who asks for less motion gets the slowest pace to begin with.
  speed.value = String(isStill() ? SPEEDS[0] : 2);

  let timer = 0;
  const later = () => {
    timer = setTimeout(tick, 1000 / Number(speed.value));
  };
  function start() {
    if (at() >= last()) go(0, "step");
    play.show("Pause");
    later();
  }
  function tick() {
    if (!bar.isConnected || at() >= last()) return stop();
    later();
    go(at() + 1, Number(speed.value) > SLOW ? "play fast" : "play");
    if (at() >= last()) stop();
  }
  function stop() {
    clearTimeout(timer);
    timer = 0;
    play.show("Play");
  }
  return {
    at,
    stop,
    /**
     * @param {number} position
     * @param {string} words
     */
    show(position, words) {
      slider.max = String(last());
      slider.value = String(position);
      slider.setAttribute("aria-valuetext", words);
      // aria-disabled instead of disabled: the focus must not be lost at either end.
      for (const { node } of [first, previous]) set(node, { "aria-disabled": position === 0 });
      for (const { node } of [next, end]) set(node, { "aria-disabled": position === last() });
    },
  };
}

/** @type {Record<string, (at: number) => number>} */
const KEYS = {
  ArrowRight: (at) => at + 1,
  ArrowLeft: (at) => at - 1,
  Home: () => 0,
  End: () => Infinity,
};

/**
 * What is walked through place by place: `draw` draws a place and returns what to say of it, the hint
 * and what the slider says. What is returned shows a place, and tells which one is shown. `ready` is
 * called before the reader goes anywhere.
 * @param {Frame} frame
 * @param {string} unit
 * @param {() => number} last
 * @param {(at: number, how: Going) => string[]} draw
 * @param {() => void} [ready]
 */
export function walk(frame, unit, last, draw, ready = () => {}) {
  const go = (/** @type {number} */ wanted, /** @type {Going} */ how) => {
    ready();
    frame.touched();
    show(wanted, how);
  };
  const bar = controls(frame.controls, unit, go, last);
  /**
   * While it plays, screen readers are not flooded: they hear where it stops.
   * @param {number} wanted
   * @param {Going} how
   */
  function show(wanted, how) {
    const isPlaying = how.startsWith("play");
    if (!isPlaying) bar.stop();
    const at = clamp(wanted, 0, last());
    const [words, hint, place] = draw(at, how);
    frame.say(words, hint, how === "fit" || (isPlaying && at < last()));
    bar.show(at, place);
  }
  frame.card.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const target = /** @type {Element} */ (event.target);
    if (!KEYS[event.key] || target.closest("select, .handle, .scroll")) return;
    event.preventDefault();
    go(KEYS[event.key](bar.at()), "step");
  });
  return { show, at: bar.at };
}

export const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
