// The line that a person writes on: sending, `/` completion, replying, files, and who speaks.

import { $, avatar, el, icon, label } from "./dom.js";
import { nameOf, summary } from "./bubbles.js";

const LARGEST = 50 << 20;
const PAUSE = 300; // milliseconds without a key after which what follows the bot's name is asked

export class Composer {
  // `on` acts: say(text, replyTo) -> the message, null where it could not be sent, edit(message, text) likewise, upload(file, caption, replyTo),
  // speak(user), menu() -> commands,
  // tell(text), toBot(text) -> what follows the bot's name, ask(query) -> {query, offers}, choose(query, offer).
  constructor(on) {
    this.on = on;
    this.commands = [];
    this.found = [];
    this.chosen = 0;
    this.replyTo = null;
    this.editing = null;
    this.drafts = new Map();
    for (const id of ["composer", "text", "menu", "attach", "send", "file", "completion", "reply-bar", "speaker", "speaker-box", "speaker-avatar", "speaker-label", "dropzone"]) {
      this[id.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())] = $(id);
    }
    this.listen();
  }

  listen() {
    this.composer.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.text.addEventListener("input", () => this.changed());
    for (const place of [this.text, this.completion]) {
      place.addEventListener("keydown", (event) => this.pressed(event));
      place.addEventListener("blur", ({ relatedTarget }) => {
        if (relatedTarget !== this.text && relatedTarget !== this.completion) this.close();
      });
    }
    this.menu.addEventListener("click", () => this.openMenu());
    // A press on the list must not take the focus from the line: that would close the list first.
    this.completion.addEventListener("pointerdown", (event) => event.preventDefault());
    this.menu.addEventListener("pointerdown", (event) => event.preventDefault());
    this.attach.addEventListener("click", () => this.file.click());
    this.file.addEventListener("change", () => {
      this.sendFiles(this.file.files);
      this.file.value = "";
    });
    this.text.addEventListener("paste", (event) => {
      if (event.clipboardData.files.length) {
        event.preventDefault();
        this.sendFiles(event.clipboardData.files);
      }
    });
    this.speaker.addEventListener("change", () => this.on.speak(Number(this.speaker.value)));
    window.addEventListener("resize", () => this.grow());
    this.listenToDrops($("conversation"));
  }

  listenToDrops(place) {
    const withFiles = (event) => event.dataTransfer?.types.includes("Files");
    window.addEventListener("dragover", (event) => event.preventDefault());
    window.addEventListener("drop", (event) => event.preventDefault());
    place.addEventListener("dragenter", (event) => {
      if (withFiles(event)) this.dropzone.hidden = false;
    });
    place.addEventListener("dragleave", (event) => {
      if (!place.contains(event.relatedTarget)) this.dropzone.hidden = true;
    });
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      this.dropzone.hidden = true;
      this.sendFiles(event.dataTransfer.files);
    });
  }

  // The labels in the page's language.
  draw(words) {
    this.words = words;
    this.completion.setAttribute("aria-label", words.menu);
    this.dropzone.textContent = words.drop;
    this.speakerLabel.textContent = words.speakAs;
    for (const [button, text, name] of [[this.menu, words.menu, "menu"], [this.attach, words.attach, "attach"], [this.send, words.send, "send"]]) {
      label(button, text);
      button.replaceChildren(icon(name));
    }
  }

  // Another chat or topic: its own draft, nobody replied to, its people to speak as.
  enter(key, people, speaker, view) {
    if (this.key !== key) {
      this.reply(null, view); // first: what a message is edited to is no draft
      if (this.key !== undefined) this.drafts.set(this.key, this.text.value);
      this.text.value = this.drafts.get(key) ?? "";
      this.key = key;
      this.grow();
      this.close();
    }
    this.text.placeholder = view.channel ? view.words.post : view.words.write;
    this.text.setAttribute("aria-label", this.text.placeholder);
    this.speakerBox.hidden = people.length < 2;
    const options = people.map(({ user, role }) => el("option", { value: user.id }, nameOf(user, view) + (role ? ` (${role})` : "")));
    this.speaker.replaceChildren(...options);
    this.speaker.value = String(speaker);
    const person = people.find(({ user }) => user.id === speaker)?.user;
    this.speakerAvatar.replaceChildren(person ? avatar(person.id, nameOf(person, view), true) : "");
    this.refresh();
  }

  // Asks anew what `/` offers here.
  async refresh() {
    this.commands = await this.on.menu();
    this.menu.hidden = !this.commands.length;
    if (this.text.value.startsWith("/")) this.changed();
  }

  reply(message, view) {
    this.stopEditing();
    this.replyTo = message;
    this.drawReplyBar(message, view, message && view.words.replyTo(nameOf(message.sender_chat ?? message.from, view)));
  }

  // What is sent next takes the place of this message.
  edit(message, view) {
    this.replyTo = null;
    this.editing = message;
    this.drawReplyBar(message, view, view.words.editing);
    this.text.value = message.text; // not written: an old command opens no list of commands
    this.grow();
  }

  stopEditing() {
    if (!this.editing) return;
    this.editing = null;
    this.write("");
  }

  // The message that the line is about, null for none, and what becomes of it.
  drawReplyBar(message, view, does) {
    this.replyBar.hidden = !message;
    this.replyBar.replaceChildren();
    if (!message) return;
    const cancel = () => {
      this.reply(null, view);
      this.text.focus();
    };
    this.replyBar.append(
      icon(this.editing ? "edit" : "reply"),
      el("span", { class: "answered" }, el("span", { class: "answered-author" }, does), el("span", { class: "answered-text" }, summary(message, view.words))),
      el("button", { type: "button", class: "plain", "aria-label": this.editing ? view.words.cancelEdit : view.words.cancelReply, onclick: cancel }, icon("close")),
    );
    this.cancelReply = cancel;
    this.text.focus();
  }

  submit() {
    const text = this.text.value.trim();
    if (!text) return;
    const { key, editing } = this;
    const replyTo = this.taken();
    const sent = editing ? this.on.edit(editing, text) : this.on.say(text, replyTo);
    sent.then((message) => {
      if (!message && this.key === key && !this.text.value) this.write(text);
    });
    this.write("");
    this.text.focus();
  }

  // Takes the keyboard; not where that would bring one up over half the screen.
  invite() {
    if (matchMedia("(pointer: fine)").matches) this.text.focus();
  }

  write(text) {
    this.text.value = text;
    this.changed();
  }

  // The message replied to, once.
  taken() {
    const id = this.replyTo?.message_id ?? null;
    this.replyTo = null;
    this.editing = null;
    this.replyBar.hidden = true;
    return id;
  }

  sendFiles(files) {
    this.stopEditing();
    for (const file of files) {
      if (file.size > LARGEST) {
        this.on.tell(this.words.tooLarge);
        continue;
      }
      this.on.upload(file, this.text.value.trim(), this.taken());
      this.write("");
    }
  }

  // -- completion ------------------------------------------------------------------------------------

  changed() {
    this.grow();
    const typed = /^\/(\w*)$/.exec(this.text.value);
    const commands = typed ? this.commands.filter(({ command }) => command.startsWith(typed[1].toLowerCase())) : [];
    this.found = commands.map(asEntry);
    this.chosen = 0;
    this.drawCompletion();
    this.askInline();
  }

  // What the bot offers to be sent into this chat, once the person pauses.
  askInline() {
    clearTimeout(this.pause);
    const asked = this.on.toBot(this.text.value);
    if (!asked) return;
    this.pause = setTimeout(async () => {
      const answer = await this.on.ask(asked);
      if (!answer || this.on.toBot(this.text.value) !== asked) return;
      this.found = answer.offers.map((offer) => ({ id: `offer-${offer.id}`, title: offer.title, description: offer.description, send: () => this.on.choose(answer.query, offer.id) }));
      this.drawCompletion();
    }, PAUSE);
  }

  openMenu() {
    this.text.focus();
    this.found = this.completion.hidden ? this.commands.map(asEntry) : [];
    this.chosen = 0;
    this.drawCompletion();
  }

  drawCompletion() {
    this.completion.hidden = !this.found.length;
    this.completion.replaceChildren(
      ...this.found.map(({ id, title, description }, place) =>
        el(
          "li",
          { role: "option", id, "aria-selected": String(place === this.chosen), onclick: () => this.pick(place) },
          el("span", { class: "command" }, title),
          el("span", { class: "description" }, description),
        ),
      ),
    );
    this.mark();
  }

  mark() {
    [...this.completion.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === this.chosen)));
    const option = this.completion.children[this.chosen];
    if (option) this.text.setAttribute("aria-activedescendant", option.id);
    else this.text.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  // As in Telegram: a press or Enter sends the command, Tab only writes it.
  pick(place) {
    const { title, send } = this.found[place];
    this.text.value = send ? "" : title;
    this.text.focus();
    this.close();
    if (send) send();
    else this.submit();
  }

  close() {
    this.found = [];
    this.drawCompletion();
  }

  pressed(event) {
    if (event.isComposing) return;
    if (this.found.length && this.pressedInList(event)) {
      event.preventDefault();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape" && !this.replyBar.hidden) {
      event.preventDefault();
      this.cancelReply();
    }
  }

  pressedInList({ key, shiftKey }) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (steps[key]) {
      this.chosen = (this.chosen + steps[key] + this.found.length) % this.found.length;
      this.mark();
    } else if (key === "Enter" && !shiftKey) {
      this.pick(this.chosen);
    } else if (key === "Tab" && !shiftKey) {
      const { title, send } = this.found[this.chosen];
      if (send) this.pick(this.chosen);
      else this.write(`${title} `);
    } else if (key === "Escape") {
      this.close();
    } else {
      return false;
    }
    return true;
  }

  // The line is as high as what is written on it; where it is not on the screen, it has no height to take.
  grow() {
    this.text.style.height = "";
    const height = this.text.scrollHeight;
    if (height) this.text.style.height = `${height}px`;
  }
}

// A command as it stands in the list.
function asEntry({ command, description }) {
  return { id: `command-${command}`, title: `/${command}`, description };
}
