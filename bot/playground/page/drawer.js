// Whether the network panel is open: beside the conversation where there is room, else over it.

import { $, label } from "./dom.js";

const WIDE = matchMedia("(min-width: 1180px)");
const TOGGLES = ["panel-toggle", "panel-toggle-narrow"];

export class Drawer {
  constructor() {
    for (const toggle of TOGGLES.map($)) toggle.addEventListener("click", () => this.show($("panel").hidden));
    WIDE.addEventListener("change", () => this.settle());
  }

  // Open where there is room for it.
  settle() {
    this.show(WIDE.matches);
  }

  show(shown) {
    const left = $("panel").contains(document.activeElement);
    $("panel").hidden = !shown;
    this.draw(this.words);
    if (shown && !WIDE.matches) $("panel").querySelector("button").focus();
    if (!shown && left) TOGGLES.map($).find((toggle) => toggle.offsetParent)?.focus();
  }

  // Whether it lies over the conversation.
  covers() {
    return !$("panel").hidden && !WIDE.matches;
  }

  // The toggles' labels in the page's language.
  draw(words) {
    this.words = words;
    const shown = !$("panel").hidden;
    for (const toggle of TOGGLES.map($)) {
      toggle.setAttribute("aria-expanded", String(shown));
      label(toggle, shown ? words.panelClose : words.panelOpen);
    }
  }
}
