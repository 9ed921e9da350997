// What is said once to the person: a line that goes by itself, and a message that waits to be read.

import { $ } from "./dom.js";

const SHORTEST = 4000; // milliseconds
const FOR_EACH_LETTER = 40;
let leaving = null;

// A line over the conversation; a long one stays longer.
export function toast(text) {
  const place = $("toast");
  place.textContent = text;
  place.classList.add("open");
  clearTimeout(leaving);
  leaving = setTimeout(() => place.classList.remove("open"), SHORTEST + text.length * FOR_EACH_LETTER);
}

// What a bot shows as an alert.
export function alertWith(text) {
  $("alert-text").textContent = text;
  $("alert").showModal();
}
