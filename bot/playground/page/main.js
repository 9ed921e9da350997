// The page: builds its parts, leads from chat to chat, and draws what lies around the messages.

import { aboutChat, drawChats, drawTopics, faceOf, titleOf } from "./chats.js";
import { Composer } from "./composer.js";
import { $, avatar, icon, label } from "./dom.js";
import { Drawer } from "./drawer.js";
import { hearing } from "./heard.js";
import { toBot } from "./links.js";
import { Log } from "./log.js";
import { moment, NetworkPanel } from "./network.js";
import { toast } from "./notices.js";
import { Presses } from "./presses.js";
import { drawStart } from "./start.js";
import { State } from "./state.js";
import { act, listen, upload } from "./telegram.js";
import { followTheme } from "./theme.js";
import { pageLanguage, wordsOf } from "./words.js";

const CLOCK_DRAWN = 5000; // milliseconds

const state = new State();
let language = localStorage.getItem("language") ?? pageLanguage(navigator.language);
let words = wordsOf(language);

const drawer = new Drawer();
const panel = new NetworkPanel($("panel"), tool, aimed, () => drawer.show(false));
const composer = new Composer({
  say: (text, replyTo) => sent(act("say", { ...place(), text, reply_to: replyTo })),
  edit: (message, text) => sent(act("edit", { chat: message.chat.id, message: message.message_id, user: speaker(), text })),
  upload: (file, caption, replyTo) => sent(upload(file, defined({ ...place(), caption, reply_to: replyTo }))),
  speak: (user) => {
    state.speakers.set(state.current, user);
    draw();
  },
  // As in Telegram, a channel has no commands.
  menu: () => (state.current === null || view().channel ? [] : act("menu", { chat: state.current, user: speaker() }).catch(() => [])),
  tell: toast,
  toBot: (text) => {
    const [, name, asked] = /^@(\w+)\s+(\S[^]*)$/.exec(text) ?? [];
    return name?.toLowerCase() === state.bot.username.toLowerCase() ? asked.trim() : null;
  },
  ask: (text) => act("inline", { user: speaker(), text }).catch(() => null),
  choose: (query, result) => sent(act("choose", { chat: state.current, user: speaker(), query, result })),
});
const presses = new Presses({
  send: (fields) => sent(act("press", fields)),
  changed: (chat, message) => log.refresh(chat, message),
  unanswered: () => toast(words.noAnswer),
});
const on = {
  link,
  ours: (url) => Boolean(toBot(url, state.bot.username)),
  command: (text) => composer.on.say(text, null),
  reply: (message) => composer.reply(message, view()),
  edit: (message) => composer.edit(message, view()),
  show: (chat, message) => log.show(chat, message),
  press: (message, button) => presses.press(message, button, speaker()),
};
const log = new Log(state, view, on, () => panel.time());

// -- what a person does ------------------------------------------------------------------------------

// Follows a link that leads to the bot; false for any other.
function link(url) {
  const found = toBot(url, state.bot.username);
  if (!found) return false;
  open(state.you, null, found.payload);
  return true;
}

function tool(action, fields) {
  sent(act(action, fields)).then((answer) => {
    if (answer?.now) {
      panel.tell(answer.now);
      toast(words.network.forwarded(moment(answer.now, locale())));
      log.draw(); // today is another day
    }
  });
}

function aimed() {
  const chat = state.chat(state.current);
  return { migratable: chat?.type === "group" ? chat.id : null, blocked: Boolean(state.chat(state.you)?.blocked) };
}

function place() {
  return { chat: state.current, user: speaker(), thread: state.thread };
}

// What the server answers; null where it refused or is gone, which the person is told.
async function sent(promise) {
  try {
    return await promise;
  } catch (error) {
    // Without an answer there is nobody to say why.
    toast(error instanceof TypeError ? words.connectionLost : `${words.failed}: ${error.message}`);
    return null;
  }
}

function defined(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== ""));
}

// -- drawing -----------------------------------------------------------------------------------------

function locale() {
  return language === "zh" ? "zh-CN" : "en-GB";
}

function speaker() {
  return state.speakerIn(state.current);
}

function view() {
  const kind = state.chat(state.current)?.type;
  const group = kind !== "private";
  const channel = kind === "channel";
  const waits = (message, button) => presses.waits(message, button);
  return { words, locale: locale(), you: state.you, speaker: speaker(), chat: state.current, group, channel, waits };
}

function draw() {
  const chat = state.chat(state.current);
  drawSide();
  if (!chat) return;
  drawTopics($("topics"), chat, state, view(), open);
  composer.enter(`${chat.id} ${state.thread}`, people(chat), speaker(), view());
  panel.drawTools();
  log.draw();
  drawBar();
}

function people(chat) {
  if (chat.type === "private" || chat.type === "channel") return [];
  const roles = { creator: words.owner, administrator: words.admin };
  const found = chat.members.filter(({ user }) => !user.is_bot).map(({ user, status }) => ({ user, role: roles[status] ?? (user.id === state.you ? words.operator : "") }));
  return found.sort((a, b) => (a.user.id === state.you ? -1 : b.user.id === state.you ? 1 : 0));
}

function drawSide() {
  drawChats($("chats"), state, view(), open);
  const chat = state.chat(state.current);
  if (!chat) return;
  $("head-avatar").replaceChildren(avatar(faceOf(chat, state), titleOf(chat, state)));
  $("head-title").textContent = titleOf(chat, state);
  const typing = state.isTyping(chat.id);
  $("head-status").textContent = typing ? `${words.typing}…` : aboutChat(chat, words);
  $("head-status").classList.toggle("typing", typing);
}

function drawBar() {
  drawStart(state, words, {
    start: (payload) => sent(act("start", { user: state.you, payload })),
    unblock: () => sent(act("block", { block: false })),
    write: () => composer.invite(),
  });
}

// -- moving about ------------------------------------------------------------------------------------

function open(chat, thread = null, payload = null, keep = true) {
  state.current = chat;
  state.thread = thread;
  state.payload = payload || null;
  state.unread.delete(chat);
  document.body.dataset.screen = "conversation";
  // One step back leads to the chats, however many of them were opened.
  if (keep) history[history.state ? "replaceState" : "pushState"]({ chat, thread }, "");
  draw();
  if (state.payload !== null) $("start").focus();
  else composer.invite();
}

function showChats() {
  const chat = state.current;
  document.body.dataset.screen = "chats";
  drawSide();
  $("chats").querySelector(`[data-chat="${chat}"]`)?.focus();
}

// Escape leaves the panel, or the conversation for the line to write on, where any letter leads too, as in Telegram.
function pressed(event) {
  if (event.defaultPrevented || $("alert").open || event.target.closest("textarea, select")) return;
  const letter = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key === "Escape" && drawer.covers()) drawer.show(false);
  else if (letter || event.key === "Escape") $("text").focus();
}

// -- the page's language and its server --------------------------------------------------------------

function setLanguage(chosen) {
  language = chosen;
  words = wordsOf(language);
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  document.title = words.title;
  $("local").textContent = words.local;
  $("alert-ok").textContent = words.alertOk;
  $("language").textContent = words.language;
  const labels = { language: words.languageLabel, theme: words.theme, back: words.back, newest: words.newest };
  for (const [id, text] of Object.entries(labels)) label($(id), text);
  $("side").setAttribute("aria-label", words.chats);
  $("conversation").setAttribute("aria-label", words.conversation);
  $("log").setAttribute("aria-label", words.conversation);
  drawer.draw(words);
  composer.draw(words);
  panel.draw(words, locale());
}

function switchLanguage() {
  setLanguage(language === "zh" ? "en" : "zh");
  localStorage.setItem("language", language);
  introduce(act("language", { language }));
}

// Draws the page with the bot as it now presents itself.
function introduce(told = act("bot")) {
  told.then((bot) => {
    state.bot = bot;
    draw();
  });
}

// Says for as long as it lasts that nobody is at the other end.
function setDown(isDown) {
  document.body.classList.toggle("down", isDown);
  $("local").textContent = isDown ? words.connectionLost : words.local;
}

function begin() {
  const icons = { theme: "theme", back: "back", "panel-toggle": "network", "panel-toggle-narrow": "network", newest: "down" };
  for (const [id, name] of Object.entries(icons)) $(id).replaceChildren(icon(name));
  followTheme();
  setLanguage(language);
  drawer.settle();
  $("language").addEventListener("click", switchLanguage);
  $("back").addEventListener("click", () => (history.state ? history.back() : showChats()));
  document.addEventListener("keydown", pressed);
  setInterval(() => panel.drawClock(), CLOCK_DRAWN);
  window.addEventListener("popstate", ({ state: past }) => (past ? open(past.chat, past.thread, null, false) : showChats()));
  const page = { draw, drawSide, drawStart: drawBar, open, link, introduce };
  const heard = hearing({ state, log, panel, composer, presses, page });
  act("language", { language }).then(() => listen(heard, setDown));
}

begin();
