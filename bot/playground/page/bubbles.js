// One message as a bubble: who, what it answers, its text or file, its time, and the buttons under it.

import { avatar, el, icon } from "./dom.js";
import { rendered } from "./entities.js";

// `view` says how to see it: {words, locale, you, speaker, chat, group, channel, waits(message, button)}; `on` acts on what is pressed.
export function bubble(message, view, on) {
  const author = message.sender_chat ?? message.from ?? message.chat;
  const own = !message.sender_chat && message.from?.id === view.speaker;
  const past = message.chat.id !== view.chat;
  const name = nameOf(author, view);
  const service = serviceText(message, view);
  if (service) return el("p", { class: "service", "data-message": message.message_id }, service);
  const node = el(
    "article",
    {
      class: `message ${own ? "own" : "other"}${past ? " past" : ""}`,
      "data-message": message.message_id,
      "data-chat": message.chat.id,
      "data-author": author.id,
      "aria-label": `${name}, ${clockTime(message.date, view.locale)}`,
    },
    view.group && !own ? avatar(author.id, name, true) : null,
    el(
      "div",
      { class: "body" },
      el(
        "div",
        { class: "bubble" },
        view.group && !own ? el("p", { class: `author hue${Math.abs(author.id) % 7}` }, name) : null,
        message.via_bot ? el("p", { class: "via" }, view.words.via(message.via_bot.username)) : null,
        answered(message, view, on),
        file(message, view),
        textOf(message, view, on),
        stamp(message, view),
      ),
      keyboard(message, view, on),
    ),
    past ? null : actions(message, name, own || view.channel, view, on),
  );
  node.addEventListener("dblclick", (event) => {
    if (!past && !view.channel && !event.target.closest("button, a")) on.reply(message);
  });
  return node;
}

// What may be done to a message: answer it, but not in a channel here, and edit it if it is the person's own.
function actions(message, name, own, view, on) {
  const editable = own && message.text && !message.via_bot;
  const edit = editable ? action("edit", view.words.edit, () => on.edit(message)) : null;
  const reply = view.channel ? null : action("reply", view.words.replyTo(name), () => on.reply(message));
  return el("div", { class: "actions" }, edit, reply);
}

function action(name, label, onclick) {
  return el("button", { type: "button", class: "plain", "aria-label": label, title: label, onclick }, icon(name));
}

// A person's or chat's name as it is shown.
export function nameOf(author, view) {
  if (author.id === view.you) return view.words.you;
  return author.title ?? [author.first_name, author.last_name].filter(Boolean).join(" ");
}

// One line of a message for the list of chats and for replies.
export function summary(message, words) {
  if (message.text) return message.text.replace(/\s+/g, " ").slice(0, 120);
  if (message.document) return message.document.file_name ?? "";
  if (message.photo) return message.caption ?? words.photo;
  return message.caption ?? "";
}

// Hours and minutes.
export function clockTime(seconds, locale) {
  return new Date(seconds * 1000).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", hour12: false });
}

// What happened in a chat without anybody saying anything; null for a message of somebody's.
export function serviceText(message, view) {
  const { words } = view;
  const who = message.from ? nameOf(message.from, view) : "";
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return words.migrated;
  if (message.forum_topic_created) return words.topicCreated(who, message.forum_topic_created.name);
  if (message.new_chat_members) {
    const [newcomer] = message.new_chat_members;
    return newcomer.id === message.from?.id ? words.joined(who) : words.added(who, nameOf(newcomer, view));
  }
  if (message.left_chat_member) return words.left(nameOf(message.left_chat_member, view));
  return message.text ?? message.caption ?? message.document ?? message.photo ? null : "…";
}

function answered(message, view, on) {
  const original = message.reply_to_message;
  if (!original || original.forum_topic_created) return null;
  const author = nameOf(original.sender_chat ?? original.from ?? original.chat, view);
  const quoted = message.quote?.text ?? summary(original, view.words);
  return el(
    "button",
    { type: "button", class: "answered", onclick: () => on.show(message.chat.id, original.message_id) },
    el("span", { class: "answered-author" }, author),
    el("span", { class: "answered-text" }, quoted),
  );
}

function textOf(message, view, on) {
  const text = message.text ?? message.caption;
  if (!text) return null;
  const nodes = rendered(text, message.entities ?? message.caption_entities, view.words, on);
  return el("div", { class: "text", dir: "auto" }, nodes);
}

function file(message, view) {
  if (message.photo) {
    const largest = message.photo.at(-1);
    return el("img", { class: "photo", src: `/files/${encodeURIComponent(largest.file_id)}`, alt: message.caption ?? view.words.photo });
  }
  const document = message.document;
  if (!document) return null;
  const name = document.file_name ?? "";
  return el(
    "a",
    { class: "file", href: `/files/${encodeURIComponent(document.file_id)}`, download: name },
    el("span", { class: "unseen" }, `${view.words.download} `),
    el("span", { class: "file-icon" }, icon("file")),
    el("span", { class: "file-text" }, el("span", { class: "file-name" }, name), el("span", { class: "file-size" }, sizeOf(document.file_size ?? 0))),
  );
}

function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1 << 20 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / (1 << 20)).toFixed(1)} MB`;
}

function stamp(message, view) {
  // Telegram does not mark what a bot has edited.
  const edited = message.edit_date && !message.from?.is_bot ? `${view.words.edited} ` : "";
  const when = new Date(message.date * 1000);
  return el("time", { class: "stamp", datetime: when.toISOString(), title: when.toLocaleString(view.locale) }, edited + clockTime(message.date, view.locale));
}

function keyboard(message, view, on) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  return el(
    "div",
    { class: "keyboard" },
    rows.map((row) => el("div", { class: "row" }, row.map((button) => key(message, button, view, on)))),
  );
}

function key(message, button, view, on) {
  if (button.url) {
    const follow = (event) => {
      if (on.link(button.url)) event.preventDefault();
    };
    const safe = /^(https?|tg):/i.test(button.url) ? button.url : null;
    const where = on.ours(button.url) ? view.words.opensChat : view.words.opensLink;
    return el(
      "a",
      { class: "key", href: safe, target: "_blank", rel: "noopener noreferrer", onclick: follow, "aria-label": `${button.text}, ${where}` },
      el("span", {}, button.text),
      icon("link"),
    );
  }
  const waiting = view.waits(message, button);
  return el(
    "button",
    { type: "button", class: `key${waiting ? " waiting" : ""}`, "aria-busy": waiting && "true", onclick: () => on.press(message, button) },
    el("span", {}, button.text),
  );
}
