// The panel beside the conversation: what the bot asks of Telegram, and how a person can be the network.

import { el, icon } from "./dom.js";

const KEPT = 120;
const POLL = "getUpdates";

export class NetworkPanel {
  // `aim()` tells what the buttons act on: {migratable: chat id or null, blocked}; `act` sends what is pressed.
  constructor(place, act, aim, close) {
    Object.assign(this, { place, act, aim, close, calls: [], polls: false, armed: {}, ahead: 0 });
  }

  // Draws everything in the page's language.
  draw(words, locale) {
    Object.assign(this, { words, locale });
    const own = words.network;
    this.clock = el("output", { class: "clock" });
    this.pending = el("p", { class: "pending", role: "status" });
    this.list = el("ol", { class: "calls", tabindex: "0", "aria-label": own.calls });
    this.tools = el("div", { class: "tools" });
    const polls = el("input", { type: "checkbox", onchange: (event) => this.showPolls(event.target.checked) });
    polls.checked = this.polls;
    this.place.setAttribute("aria-label", words.panel);
    this.place.replaceChildren(
      el(
        "header",
        {},
        el("h2", {}, words.panel),
        el("button", { type: "button", class: "plain", "aria-label": words.panelClose, onclick: this.close }, icon("close")),
      ),
      el("p", { class: "explain" }, own.explain),
      this.tools,
      this.pending,
      el("p", { class: "clock-line" }, `${own.clock} `, this.clock),
      el("div", { class: "calls-head" }, el("h3", {}, own.calls), el("label", {}, polls, own.polls)),
      this.list,
    );
    this.drawTools();
    this.drawClock();
    this.drawPending();
    this.drawCalls();
  }

  // The buttons follow the chat that is open.
  drawTools() {
    if (!this.tools) return;
    const own = this.words.network;
    const { migratable, blocked } = this.aim();
    const tools = [
      ["block", blocked ? own.unblock : own.block, own.blockHint, { block: !blocked }, false],
      ["fault", own.flood, own.floodHint, { kind: "flood" }, false],
      ["fault", own.drop, own.dropHint, { kind: "drop" }, false],
      ["migrate", own.migrate, migratable ? own.migrateHint : own.migrateOnly, { chat: migratable }, !migratable],
      ["forward", own.forward, own.forwardHint, {}, false],
    ];
    this.tools.replaceChildren(
      ...tools.map(([action, label, hint, fields, disabled]) =>
        el(
          "button",
          { type: "button", class: "tool", disabled, "data-tool": fields.kind ?? action, onclick: () => this.act(action, fields) },
          el("span", {}, label),
          el("span", { class: "hint" }, hint),
        ),
      ),
    );
  }

  // The calls so far, oldest first.
  load(calls) {
    this.calls = [...calls].reverse();
    if (this.list) this.drawCalls();
  }

  // One more call, newest first.
  add(call) {
    this.calls = newest([call, ...this.calls]);
    this.drawClock();
    if (!this.list || (call.method === POLL && !this.polls)) return;
    if (!this.list.querySelector("[data-call]")) this.list.replaceChildren();
    this.list.prepend(this.row(call));
    while (this.list.children.length > KEPT) this.list.lastChild.remove();
  }

  showPolls(shown) {
    this.polls = shown;
    this.drawCalls();
  }

  drawCalls() {
    const shown = this.calls.filter((call) => this.polls || call.method !== POLL);
    const none = el("li", { class: "none" }, this.words.network.noCalls);
    this.list.replaceChildren(...(shown.length ? shown.map((call) => this.row(call)) : [none]));
  }

  row(call) {
    const own = this.words.network;
    const bad = call.status !== 200;
    return el(
      "li",
      { class: bad ? "call bad" : "call", "data-call": call.id },
      el("span", { class: "method" }, call.method),
      el("span", { class: "status" }, call.status === 200 ? "" : call.status ? String(call.status) : own.lost),
      el("span", { class: "time" }, own.milliseconds(call.milliseconds ?? 0)),
      call.summary ? el("span", { class: "summary", title: call.summary }, call.summary) : null,
    );
  }

  // What has been asked for and has not happened yet: {method: [kind]}.
  arm(pending) {
    this.armed = pending;
    this.drawPending();
  }

  drawPending() {
    if (!this.pending) return;
    const own = this.words.network;
    const kinds = Object.values(this.armed).flat().map((kind) => own.kinds[kind] ?? kind);
    this.pending.textContent = kinds.length ? own.armed(kinds.join(", ")) : "";
  }

  // The bot's clock shows `iso` now.
  tell(iso) {
    this.ahead = Date.parse(iso) - Date.now();
    this.drawClock();
  }

  // The moment that the bot's clock shows.
  time() {
    return new Date(Date.now() + this.ahead);
  }

  drawClock() {
    if (this.clock) this.clock.textContent = moment(this.time(), this.locale);
  }
}

// The newest of both kinds: a bot that only polls must not push its other calls out.
function newest(calls) {
  const left = { true: KEPT, false: KEPT };
  return calls.filter(({ method }) => left[method === POLL]-- > 0);
}

// A day and a time of day, as the panel and its notices write them.
export function moment(when, locale) {
  const options = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false };
  return new Date(when).toLocaleString(locale, options);
}
