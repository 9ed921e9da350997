// A message's text and entities as DOM nodes. Offsets are UTF-16 units, which are JavaScript's own.

import { el } from "./dom.js";

const INLINE = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
};
const QUOTES = new Set(["blockquote", "expandable_blockquote"]);
const BLOCKS = new Set([...QUOTES, "pre"]);

// The nodes of a text. `on` acts: on.link(url) -> true when the page itself opens it, on.command(text).
export function rendered(text, entities, words, on) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return new Builder(text, sorted, words, on).between(0, text.length);
}

class Builder {
  constructor(text, entities, words, on) {
    Object.assign(this, { text, entities, words, on, at: 0 });
  }

  // The nodes of text[start:end], taking the entities that begin there.
  between(start, end) {
    const nodes = [];
    let place = start;
    while (this.at < this.entities.length && this.entities[this.at].offset < end) {
      const entity = this.entities[this.at++];
      if (entity.offset < place) continue;
      const stop = Math.min(entity.offset + entity.length, end);
      nodes.push(this.text.slice(place, entity.offset), this.node(entity, stop));
      // A quote ends its line; the line break after it would be a second one.
      place = BLOCKS.has(entity.type) && this.text[stop] === "\n" ? stop + 1 : stop;
    }
    nodes.push(this.text.slice(place, end));
    return nodes.filter((node) => node !== "");
  }

  node(entity, stop) {
    const kind = entity.type;
    const shown = this.text.slice(entity.offset, stop);
    const inside = this.between(entity.offset, stop);
    if (INLINE[kind]) return el(INLINE[kind], {}, inside);
    if (kind === "pre") return el("pre", {}, el("code", {}, inside));
    if (QUOTES.has(kind)) return this.quote(inside, kind === "expandable_blockquote");
    if (kind === "spoiler") return this.spoiler(inside);
    if (kind === "text_link") return this.link(entity.url, inside);
    if (kind === "url") return this.link(/^\w+:/.test(shown) ? shown : `https://${shown}`, inside);
    if (kind === "email") return this.link(`mailto:${shown}`, inside);
    if (kind === "bot_command") return this.command(shown, inside);
    if (kind === "date_time") return el("time", { datetime: new Date(entity.unix_time * 1000).toISOString() }, inside);
    return el("span", { class: kind.replaceAll("_", "-") }, inside);
  }

  // A link to where a browser may go; anything else stays text.
  link(url, inside) {
    if (!/^(https?|tg|mailto):/i.test(url)) return el("span", {}, inside);
    const follow = (event) => {
      if (this.on.link(url)) event.preventDefault();
    };
    return el("a", { href: url, target: "_blank", rel: "noopener noreferrer", onclick: follow }, inside);
  }

  command(text, inside) {
    return el("button", { type: "button", class: "command", onclick: () => this.on.command(text) }, inside);
  }

  spoiler(inside) {
    const show = (event) => {
      event.currentTarget.replaceWith(el("span", { class: "spoiler shown" }, inside));
    };
    const cover = el("span", { class: "covered", "aria-hidden": "true" }, inside);
    return el("button", { type: "button", class: "spoiler", "aria-label": this.words.spoiler, onclick: show }, cover);
  }

  quote(inside, expandable) {
    const quote = el("blockquote", { class: expandable ? "expandable" : "" }, el("div", { class: "quoted" }, inside));
    if (!expandable) return quote;
    const words = this.words;
    const toggle = el("button", {
      type: "button",
      class: "expand",
      "aria-expanded": "false",
      "aria-label": words.expand,
      onclick: () => {
        const open = quote.classList.toggle("open");
        toggle.setAttribute("aria-expanded", String(open));
        toggle.setAttribute("aria-label", open ? words.collapse : words.expand);
      },
    });
    quote.append(toggle);
    return quote;
  }
}
