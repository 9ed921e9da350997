// Builds DOM nodes. Text becomes text nodes only, so nothing that a person or the bot wrote is ever read as markup.

// The element of the page with this id.
export const $ = (id) => document.getElementById(id);

// An element with attributes (a function for "onX" listens, false and null are left out) and children.
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

// Says what a button without words does, to whoever points at it and to a screen reader.
export function label(button, text) {
  button.setAttribute("aria-label", text);
  button.title = text;
}

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  back: "M15 5l-7 7 7 7",
  send: "M4 12l16-8-6 16-3-6z",
  attach: "M8 12.5l6-6a3 3 0 0 1 4.3 4.3l-8 8a5 5 0 0 1-7-7l7.500-7.500",
  menu: "M5 7h14M5 12h14M5 17h9",
  theme: "M20 14.500A8 8 0 0 1 9.500 4a8 8 0 1 0 10.500 10.500z",
  network: "M4 19V11M10 19V5M16 19v-6M21 19H3",
  close: "M6 6l12 12M18 6L6 18",
  edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  reply: "M10 7l-6 5 6 5v-3c5 0 8 1 10 4 0-5-3-8-10-8z",
  down: "M6 9l6 6 6-6",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  link: "M9 15L18 6M11 6h7v7",
};

// A line drawing; it says nothing to a screen reader, its button does.
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

// A round letter picture for a person or chat; its colour follows the id, as in Telegram.
export function avatar(id, name, small = false) {
  const letters = [...name.replace(/[^\p{L}\p{N} ]/gu, "").trim()];
  const first = letters[0] ?? "?";
  return el(
    "span",
    { class: `avatar hue${Math.abs(id) % 7}${small ? " small" : ""}`, "aria-hidden": "true" },
    first.toUpperCase(),
  );
}
