// What scrolls sideways can be reached by keyboard.
const reach = () => {
  for (const box of document.querySelectorAll("pre, .table-wrapper, .math, .output, mjx-container")) {
    if (box.scrollWidth > box.clientWidth && /auto|scroll/.test(getComputedStyle(box).overflowX)) {
      box.tabIndex = 0;
    } else {
      box.removeAttribute("tabindex");
    }
  }
};
addEventListener("load", reach);
addEventListener("resize", reach);
