// The list of chats: name, last line, time, unread; and the topics of a forum.

import { avatar, el } from "./dom.js";
import { clockTime, nameOf, serviceText, summary } from "./bubbles.js";

// A chat's name as it is shown: the bot's for the private chat.
export function titleOf(chat, state) {
  return chat.type === "private" ? state.bot.first_name : chat.title;
}

// The id that a chat's picture follows.
export function faceOf(chat, state) {
  return chat.type === "private" ? state.bot.id : chat.id;
}

// What a chat is: the bot's, a channel, or so many members.
export function aboutChat(chat, words) {
  if (chat.type === "private") return words.bot;
  return chat.type === "channel" ? words.channel : words.members(chat.members.length + 1);
}

// Draws the list anew, keeping the keyboard's place in it.
export function drawChats(list, state, view, open) {
  const focused = document.activeElement?.dataset?.chat;
  list.replaceChildren(...state.listed().map((chat) => item(chat, state, view, open)));
  if (focused) list.querySelector(`[data-chat="${CSS.escape(focused)}"]`)?.focus();
}

function item(chat, state, view, open) {
  const last = state.last(chat.id);
  const name = titleOf(chat, state);
  const unread = state.unread.get(chat.id) ?? 0;
  const line = state.isTyping(chat.id) ? el("span", { class: "typing" }, `${view.words.typing}…`) : lastLine(last, chat, view);
  return el(
    "li",
    {},
    el(
      "button",
      {
        type: "button",
        class: "chat",
        "data-chat": chat.id,
        "aria-current": chat.id === state.current && "true",
        onclick: () => open(chat.id),
      },
      avatar(faceOf(chat, state), name),
      el(
        "span",
        { class: "chat-text" },
        el("span", { class: "chat-top" }, el("span", { class: "chat-name" }, name), last ? el("span", { class: "chat-time" }, clockTime(last.date, view.locale)) : null),
        el("span", { class: "chat-bottom" }, el("span", { class: "chat-last" }, line), badge(unread, view.words)),
      ),
    ),
  );
}

function badge(unread, words) {
  if (!unread) return null;
  return el("span", { class: "badge", title: words.unread(unread) }, el("span", { class: "unseen" }, words.unread(unread)), el("span", { "aria-hidden": "true" }, String(unread)));
}

function lastLine(last, chat, view) {
  if (!last) return aboutChat(chat, view.words);
  const service = serviceText(last, view);
  if (service) return service;
  const text = summary(last, view.words);
  if (chat.type === "private" || !last.from) return text;
  return [el("span", { class: "chat-author" }, `${nameOf(last.sender_chat ?? last.from, view)}: `), text];
}

// The topics of a forum as a row of buttons; empty elsewhere.
export function drawTopics(row, chat, state, view, open) {
  row.hidden = !chat?.is_forum;
  if (row.hidden) {
    row.replaceChildren();
    return;
  }
  const topics = [{ message_thread_id: null, name: view.words.general }, ...chat.topics.filter((topic) => topic.message_thread_id !== 1)];
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", view.words.topics);
  row.replaceChildren(
    ...topics.map((topic) =>
      el(
        "button",
        {
          type: "button",
          class: "topic",
          "aria-pressed": String(topic.message_thread_id === state.thread),
          onclick: () => open(chat.id, topic.message_thread_id),
        },
        topic.name,
      ),
    ),
  );
}
