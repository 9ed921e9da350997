// Light or dark: the system's choice until the person makes one, which is remembered.

import { $ } from "./dom.js";

export function followTheme() {
  const chosen = localStorage.getItem("theme");
  if (chosen) choose(chosen);
  $("theme").addEventListener("click", () => choose(isDark() ? "light" : "dark"));
}

function choose(theme) {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("theme", theme);
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}
