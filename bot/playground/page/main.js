// The page: keeps what has happened, draws it, and passes on what a person does.

import { bubble } from "./bubbles.js";
import { drawChats, drawTopics, faceOf, titleOf } from "./chats.js";
import { Composer } from "./composer.js";
import { avatar, el, icon } from "./dom.js";
import { moment, NetworkPanel } from "./network.js";
import { State } from "./state.js";
import { act, listen, upload } from "./telegram.js";
import { pageLanguage, wordsOf } from "./words.js";

const $ = (id) => document.getElementById(id);
const NOTICE = 4000;
const PATIENCE = 15000;
const WIDE = matchMedia("(min-width: 1180px)");
const TOGGLES = ["panel-toggle", "panel-toggle-narrow"];

const state = new State();
let language = localStorage.getItem("language") ?? pageLanguage(navigator.language);
let words = wordsOf(language);
let atEnd = true;

const panel = new NetworkPanel($("panel"), tool, aimed, () => showPanel(false));
const composer = new Composer({
  say: (text, replyTo) => sent(act("say", { ...place(), text, reply_to: replyTo })),
  upload: (file, caption, replyTo) => sent(upload(file, defined({ ...place(), caption, reply_to: replyTo }))),
  speak: (user) => {
    state.speakers.set(state.current, user);
    draw();
  },
  menu: () => (state.current === null ? [] : act("menu", { chat: state.current, user: speaker() }).catch(() => [])),
  tell: toast,
});

// -- what a person does ------------------------------------------------------------------------------

const on = {
  link(url) {
    const found = ours(url);
    if (!found) return false;
    open(state.you, null, found.payload);
    return true;
  },
  ours: (url) => Boolean(ours(url)),
  command: (text) => composer.on.say(text, null),
  reply: (message) => composer.reply(message, view()),
  show(chat, id) {
    const node = drawnAs(chat, id);
    node?.scrollIntoView({ block: "center" });
    node?.classList.add("shown");
    node?.addEventListener("animationend", () => node.classList.remove("shown"), { once: true });
  },
  async press(message, button) {
    const key = `${message.chat.id} ${message.message_id} ${button.callback_data}`;
    if (state.waiting.has(key)) return;
    state.waiting.set(key, null);
    refreshMessage(message.chat.id, message.message_id);
    const fields = { chat: message.chat.id, message: message.message_id, data: button.callback_data, user: speaker() };
    const pressed = await sent(act("press", fields));
    if (!pressed) return finish(key);
    if (state.waiting.has(key)) state.waiting.set(key, pressed.query);
    setTimeout(() => {
      if (state.waiting.get(key) === pressed.query) {
        finish(key);
        toast(words.noAnswer);
      }
    }, PATIENCE);
  },
};

// A link to the bot itself: {payload}, else null.
function ours(url) {
  let found;
  try {
    found = new URL(url);
  } catch {
    return null;
  }
  const path = found.hostname === "t.me" || found.hostname === "telegram.me" ? found.pathname.slice(1) : null;
  const name = path ?? (found.protocol === "tg:" ? found.searchParams.get("domain") : null);
  if (name?.toLowerCase() !== state.bot.username.toLowerCase()) return null;
  return { payload: found.searchParams.get("start") ?? "" };
}

function tool(action, fields) {
  sent(act(action, { ...fields, user: state.you })).then((answer) => {
    if (answer?.faults) panel.arm(answer.faults);
    if (answer?.now) {
      panel.tell(answer.now);
      toast(words.network.forwarded(moment(answer.now, locale())));
      drawLog(); // today is another day
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

// -- what happens ------------------------------------------------------------------------------------

const heard = {
  state(event) {
    state.load(event);
    document.body.dataset.bot = event.bot.id;
    panel.load(event.calls);
    panel.arm(event.faults);
    panel.tell(event.clock);
    if (!state.chat(state.current)) state.current = state.chats[0]?.id ?? null;
    draw();
  },
  message(event) {
    state.put(event.message);
    const here = event.chat === state.current && state.inThread(event.message);
    if (!here && event.message.from?.id !== state.you) state.unread.set(event.chat, (state.unread.get(event.chat) ?? 0) + 1);
    if (event.message.from?.is_bot) state.typing.delete(event.chat);
    if (here) addMessage(event.message);
    drawSide();
  },
  edited(event) {
    state.put(event.message);
    refreshMessage(event.chat, event.message.message_id);
    drawSide();
  },
  deleted(event) {
    state.messages.get(event.chat)?.delete(event.message_id);
    if (event.chat === state.current) drawLog();
    drawSide();
  },
  action(event) {
    state.typing.set(event.chat, performance.now() + 5000);
    setTimeout(drawSide, 5100);
    drawSide();
  },
  callback_answer(event) {
    // The answer may be here before the press has its number.
    const waiting = [...state.waiting];
    const key = (waiting.find(([, query]) => query === event.query) ?? waiting.find(([, query]) => query === null))?.[0];
    if (key) finish(key);
    if (event.url) on.link(event.url);
    if (!event.text) return;
    if (event.alert) alertWith(event.text);
    else toast(event.text);
  },
  commands: () => {
    composer.refresh();
    act("bot", { language }).then((bot) => {
      state.bot = bot;
      draw();
    });
  },
  chat(event) {
    state.putChat(event.chat);
    const past = state.pastOf(event.chat.id);
    if (past?.id === state.current) follow(past, event.chat);
    else draw();
  },
  member: () => draw(),
  call: (event) => panel.add(event),
  faults: (event) => panel.arm(event.faults),
};

function finish(key) {
  state.waiting.delete(key);
  const [chat, message] = key.split(" ").map(Number);
  refreshMessage(chat, message);
}

// The open group has become a supergroup: the person is there too, as who they were.
function follow(past, chat) {
  state.speakers.set(chat.id, state.speakerIn(past.id));
  open(chat.id);
}

function toast(text) {
  const place = $("toast");
  place.textContent = text;
  place.classList.add("open");
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => place.classList.remove("open"), NOTICE + text.length * 40);
}

function alertWith(text) {
  $("alert-text").textContent = text;
  $("alert").showModal();
}

// -- drawing -----------------------------------------------------------------------------------------

function locale() {
  return language === "zh" ? "zh-CN" : "en-GB";
}

function speaker() {
  return state.speakerIn(state.current);
}

function view() {
  const group = state.chat(state.current)?.type !== "private";
  return { words, locale: locale(), you: state.you, speaker: speaker(), chat: state.current, group, waiting: state.waiting };
}

function draw() {
  const chat = state.chat(state.current);
  drawSide();
  if (!chat) return;
  drawTopics($("topics"), chat, state, view(), open);
  composer.enter(`${chat.id} ${state.thread}`, people(chat), speaker(), view());
  panel.drawTools();
  drawLog();
}

function people(chat) {
  if (chat.type === "private") return [];
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
  $("head-status").textContent = typing ? `${words.typing}…` : chat.type === "private" ? words.bot : words.members(chat.members.length + 1);
  $("head-status").classList.toggle("typing", typing);
}

function drawLog() {
  const log = $("log");
  const shown = state.shown();
  log.setAttribute("aria-busy", "true");
  const nodes = shown.length ? shown.flatMap((message, place) => drawn(message, shown[place - 1])) : [emptyChat()];
  const place = `${state.current} ${state.thread}`;
  const stays = log.dataset.place === place && !atEnd ? log.scrollTop : null;
  log.dataset.place = place;
  log.replaceChildren(...nodes);
  log.removeAttribute("aria-busy");
  if (stays === null) toEnd();
  else log.scrollTop = stays;
  drawStart();
}

// The node of a message, if it is on the page.
function drawnAs(chat, id) {
  return $("log").querySelector(`[data-chat="${Number(chat)}"][data-message="${Number(id)}"]`);
}

// A message, after the day it begins; one that follows its author's own is drawn closer.
function drawn(message, before) {
  const node = bubble(message, view(), on);
  const author = (m) => m?.sender_chat?.id ?? m?.from?.id;
  if (before && author(before) === author(message)) node.classList.add("follows");
  const day = dayOf(message.date);
  return before && dayOf(before.date) === day ? [node] : [el("p", { class: "day" }, day), node];
}

function dayOf(seconds) {
  const when = new Date(seconds * 1000);
  const today = panel.time();
  const days = Math.round((new Date(today).setHours(0, 0, 0, 0) - new Date(when).setHours(0, 0, 0, 0)) / 864e5);
  if (days === 0) return words.today;
  if (days === 1) return words.yesterday;
  return when.toLocaleDateString(locale(), { day: "numeric", month: "long", year: "numeric" });
}

function addMessage(message) {
  const shown = state.shown();
  if (shown.length === 1 || shown.at(-1) !== message) return drawLog();
  const log = $("log");
  const near = isNearEnd();
  const nodes = drawn(message, shown.at(-2));
  log.append(...nodes);
  if (near || message.from?.id === speaker()) toNew(nodes.at(-1));
  else $("newest").hidden = false;
  drawStart();
}

// Puts a message's new state in its place; the keyboard stays on the button that was there.
function refreshMessage(chat, id) {
  const old = drawnAs(chat, id);
  const message = state.messages.get(chat)?.get(id);
  if (!old || !message) return;
  const before = old.querySelector(".keyboard")?.getBoundingClientRect().top;
  const node = bubble(message, view(), on);
  if (old.classList.contains("follows")) node.classList.add("follows");
  const keys = [...old.querySelectorAll(".key")];
  const focused = keys.indexOf(document.activeElement);
  old.replaceWith(node);
  if (focused >= 0) {
    const now = [...node.querySelectorAll(".key")];
    (now[Math.min(focused, now.length - 1)] ?? $("text")).focus({ preventScroll: true });
  }
  // The buttons stay under the finger that pressed one of them.
  const after = node.querySelector(".keyboard")?.getBoundingClientRect().top;
  if (before !== undefined && after !== undefined) $("log").scrollTop += after - before;
}

function emptyChat() {
  const chat = state.chat(state.current);
  if (chat.type !== "private") return el("p", { class: "empty" }, words.groupEmpty(state.bot.username));
  const lines = state.bot.description ? [el("h3", {}, words.whatCanItDo), el("p", {}, state.bot.description)] : [el("p", {}, words.connecting)];
  return el("div", { class: "empty card" }, avatar(state.bot.id, state.bot.first_name), lines);
}

// The Start button, as Telegram shows it: in a new chat, and after a link that carries something.
function drawStart() {
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
    if (left) focusText();
    return;
  }
  const press = () => {
    if (blocked) return sent(act("block", { block: false, user: state.you }));
    const payload = state.payload ?? "";
    state.payload = null;
    sent(act("start", { user: state.you, payload }));
    drawStart();
    focusText();
  };
  bar.append(el("button", { type: "button", id: "start", onclick: press }, blocked ? words.unblock : words.start));
  if (left) $("start").focus();
}

function isNearEnd() {
  const log = $("log");
  return log.scrollHeight - log.scrollTop - log.clientHeight < 120;
}

// Shows a new message; one that is taller than the screen from its beginning.
function toNew(node) {
  const log = $("log");
  toEnd();
  const above = node.getBoundingClientRect().top - log.getBoundingClientRect().top;
  if (above < 0) log.scrollTop += above - 56;
}

function toEnd() {
  const log = $("log");
  log.scrollTop = log.scrollHeight;
  atEnd = true;
  $("newest").hidden = true;
}

function scrolled() {
  atEnd = isNearEnd();
  $("newest").hidden = atEnd;
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
  else focusText();
}

// The line to write on; not where that would bring up a keyboard over half the screen.
function focusText() {
  if (matchMedia("(pointer: fine)").matches) $("text").focus();
}

function showChats() {
  const chat = state.current;
  document.body.dataset.screen = "chats";
  drawSide();
  $("chats").querySelector(`[data-chat="${chat}"]`)?.focus();
}

function showPanel(shown) {
  const left = $("panel").contains(document.activeElement);
  $("panel").hidden = !shown;
  labelToggles();
  if (shown && !WIDE.matches) $("panel").querySelector("button").focus();
  if (!shown && left) TOGGLES.map($).find((toggle) => toggle.offsetParent)?.focus();
}

function labelToggles() {
  const shown = !$("panel").hidden;
  for (const toggle of TOGGLES.map($)) {
    toggle.setAttribute("aria-expanded", String(shown));
    label(toggle, shown ? words.panelClose : words.panelOpen);
  }
}

function label(button, text) {
  button.setAttribute("aria-label", text);
  button.title = text;
}

// Escape leaves the panel, or the conversation for the line to write on, where any letter leads too, as in Telegram.
function pressed(event) {
  if (event.defaultPrevented || $("alert").open || event.target.closest("textarea, select")) return;
  const letter = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key === "Escape" && !$("panel").hidden && !WIDE.matches) showPanel(false);
  else if (letter || event.key === "Escape") $("text").focus();
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("theme", theme);
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

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
  labelToggles();
  $("side").setAttribute("aria-label", words.chats);
  $("conversation").setAttribute("aria-label", words.conversation);
  $("log").setAttribute("aria-label", words.conversation);
  composer.draw(words);
  panel.draw(words, locale());
}

// Says for as long as it lasts that nobody is at the other end.
function setDown(isDown) {
  document.body.classList.toggle("down", isDown);
  $("local").textContent = isDown ? words.connectionLost : words.local;
}

function begin() {
  const icons = { theme: "theme", back: "back", "panel-toggle": "network", "panel-toggle-narrow": "network", newest: "down" };
  for (const [id, name] of Object.entries(icons)) $(id).replaceChildren(icon(name));
  const theme = localStorage.getItem("theme");
  if (theme) setTheme(theme);
  setLanguage(language);
  showPanel(WIDE.matches);
  $("theme").addEventListener("click", () => setTheme(isDark() ? "light" : "dark"));
  $("language").addEventListener("click", () => {
    localStorage.setItem("language", language === "zh" ? "en" : "zh");
    setLanguage(language === "zh" ? "en" : "zh");
    act("language", { language, user: state.you }).then((bot) => {
      state.bot = bot;
      draw();
    });
  });
  $("back").addEventListener("click", () => (history.state ? history.back() : showChats()));
  $("newest").addEventListener("click", toEnd);
  $("log").addEventListener("scroll", scrolled);
  // Whoever reads the newest message goes on seeing it when the space for it shrinks.
  new ResizeObserver(() => atEnd && toEnd()).observe($("log"));
  for (const toggle of TOGGLES.map($)) toggle.addEventListener("click", () => showPanel($("panel").hidden));
  WIDE.addEventListener("change", () => showPanel(WIDE.matches));
  document.addEventListener("keydown", pressed);
  setInterval(() => panel.drawClock(), 5000);
  window.addEventListener("popstate", ({ state: past }) => (past ? open(past.chat, past.thread, null, false) : showChats()));
  act("language", { language }).then(() =>
    listen(
      (event) => heard[event.type]?.(event),
      setDown,
    ),
  );
}

begin();
