// The messages of the open chat, and where among them the person reads: what comes moves nobody who reads further up.

import { bubble } from "./bubbles.js";
import { $, avatar, el } from "./dom.js";

const NEAR = 120; // pixels
const SEEN_ABOVE = 56;

export class Log {
  // `view()` says how to see a message, `on` acts on what is pressed in one, `today()` is the bot's day.
  constructor(state, view, on, today) {
    Object.assign(this, { state, view, on, today, place: $("log"), atEnd: true });
    $("newest").addEventListener("click", () => this.toEnd());
    this.place.addEventListener("scroll", () => this.scrolled());
    // Whoever reads the newest message goes on seeing it when the space for it shrinks.
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(this.place);
  }

  draw() {
    const shown = this.state.shown();
    this.place.setAttribute("aria-busy", "true");
    const nodes = shown.length ? shown.flatMap((message, place) => this.drawn(message, shown[place - 1])) : [this.empty()];
    const open = `${this.state.current} ${this.state.thread}`;
    const stays = this.place.dataset.place === open && !this.atEnd ? this.place.scrollTop : null;
    this.place.dataset.place = open;
    this.place.replaceChildren(...nodes);
    this.place.removeAttribute("aria-busy");
    if (stays === null) this.toEnd();
    else this.place.scrollTop = stays;
  }

  // A message that has just come into the open chat.
  add(message) {
    const shown = this.state.shown();
    if (shown.length === 1 || shown.at(-1) !== message) return this.draw();
    const near = this.isNearEnd();
    const nodes = this.drawn(message, shown.at(-2));
    this.place.append(...nodes);
    if (near || message.from?.id === this.view().speaker) this.toNew(nodes.at(-1));
    else $("newest").hidden = false;
  }

  // Puts a message's new state in its place; the keyboard stays on the button that was there.
  refresh(chat, id) {
    const old = this.node(chat, id);
    const message = this.state.messages.get(chat)?.get(id);
    if (!old || !message) return;
    const before = old.querySelector(".keyboard")?.getBoundingClientRect().top;
    const node = bubble(message, this.view(), this.on);
    if (old.classList.contains("follows")) node.classList.add("follows");
    const focused = [...old.querySelectorAll(".key")].indexOf(document.activeElement);
    old.replaceWith(node);
    if (focused >= 0) {
      const keys = [...node.querySelectorAll(".key")];
      (keys[Math.min(focused, keys.length - 1)] ?? $("text")).focus({ preventScroll: true });
    }
    // The buttons stay under the finger that pressed one of them.
    const after = node.querySelector(".keyboard")?.getBoundingClientRect().top;
    if (before !== undefined && after !== undefined) this.place.scrollTop += after - before;
  }

  // Leads to a message and marks it for a moment.
  show(chat, id) {
    const node = this.node(chat, id);
    node?.scrollIntoView({ block: "center" });
    node?.classList.add("shown");
    node?.addEventListener("animationend", () => node.classList.remove("shown"), { once: true });
  }

  // The node of a message, if it is on the page.
  node(chat, id) {
    return this.place.querySelector(`[data-chat="${Number(chat)}"][data-message="${Number(id)}"]`);
  }

  // A message, after the day it begins; one that follows its author's own is drawn closer.
  drawn(message, before) {
    const node = bubble(message, this.view(), this.on);
    const author = (m) => m?.sender_chat?.id ?? m?.from?.id;
    if (before && author(before) === author(message)) node.classList.add("follows");
    const day = this.dayOf(message.date);
    return before && this.dayOf(before.date) === day ? [node] : [el("p", { class: "day" }, day), node];
  }

  dayOf(seconds) {
    const { words, locale } = this.view();
    const when = new Date(seconds * 1000);
    const days = Math.round((new Date(this.today()).setHours(0, 0, 0, 0) - new Date(when).setHours(0, 0, 0, 0)) / 864e5);
    if (days === 0) return words.today;
    if (days === 1) return words.yesterday;
    return when.toLocaleDateString(locale, { day: "numeric", month: "long", year: "numeric" });
  }

  empty() {
    const { words, group, channel } = this.view();
    const { bot } = this.state;
    if (channel) return el("p", { class: "empty" }, words.channelEmpty);
    if (group) return el("p", { class: "empty" }, words.groupEmpty(bot.username));
    const lines = bot.description ? [el("h3", {}, words.whatCanItDo), el("p", {}, bot.description)] : [el("p", {}, words.connecting)];
    return el("div", { class: "empty card" }, avatar(bot.id, bot.first_name), lines);
  }

  // -- where the person reads ------------------------------------------------------------------------

  isNearEnd() {
    return this.place.scrollHeight - this.place.scrollTop - this.place.clientHeight < NEAR;
  }

  // Shows a new message; one that is taller than the screen from its beginning.
  toNew(node) {
    this.toEnd();
    const above = node.getBoundingClientRect().top - this.place.getBoundingClientRect().top;
    if (above < 0) this.place.scrollTop += above - SEEN_ABOVE;
  }

  toEnd() {
    this.place.scrollTop = this.place.scrollHeight;
    this.atEnd = true;
    $("newest").hidden = true;
  }

  scrolled() {
    this.atEnd = this.isNearEnd();
    $("newest").hidden = this.atEnd;
  }
}
