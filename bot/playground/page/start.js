// The bar with one button: Start in a new chat and after a link that carries something, Unblock where the bot is blocked.

import { $, el } from "./dom.js";

// Draws it for the open chat. `on` acts: start(payload), unblock(), write() when the line to write on is wanted.
export function drawStart(state, words, on) {
  const bar = $("start-bar");
  const chat = state.chat(state.current);
  const fresh = chat.type === "private" && !state.shown().length;
  const blocked = chat.type === "private" && chat.blocked;
  const left = bar.contains(document.activeElement);
  // As in Telegram, nothing can be written to a bot that is blocked.
  $("composer").hidden = blocked;
  bar.hidden = !fresh && !blocked && state.payload === null;
  bar.replaceChildren();
  if (bar.hidden) {
    if (left) on.write();
    return;
  }
  const press = () => {
    if (blocked) return on.unblock();
    const payload = state.payload ?? "";
    state.payload = null;
    on.start(payload);
    drawStart(state, words, on);
    on.write();
  };
  bar.append(el("button", { type: "button", id: "start", onclick: press }, blocked ? words.unblock : words.start));
  if (left) $("start").focus();
}
