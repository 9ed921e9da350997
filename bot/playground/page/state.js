// What has happened so far, as the page knows it: chats, their messages, and what the person has open.

export class State {
  constructor() {
    this.bot = { id: 0, username: "", first_name: "", description: "" };
    this.you = 0;
    this.chats = [];
    this.messages = new Map();
    this.current = null;
    this.thread = null;
    this.payload = null;
    this.speakers = new Map();
    this.unread = new Map();
    this.typing = new Map();
  }

  // Everything anew, as the server tells it.
  load({ bot, you, chats, messages }) {
    Object.assign(this, { bot, you, chats });
    this.messages = new Map();
    for (const message of messages) this.put(message);
  }

  // A message, new or as it is now.
  put(message) {
    const chat = message.chat.id;
    if (!this.messages.has(chat)) this.messages.set(chat, new Map());
    this.messages.get(chat).set(message.message_id, message);
  }

  putChat(chat) {
    const place = this.chats.findIndex(({ id }) => id === chat.id);
    if (place < 0) this.chats.push(chat);
    else this.chats[place] = chat;
  }

  chat(id) {
    return this.chats.find((chat) => chat.id === id);
  }

  // The group that became this supergroup, if any.
  pastOf(id) {
    return this.chats.find(({ moved_to }) => moved_to === id);
  }

  // The chats as a list shows them: a supergroup in the place of the group that it was.
  listed() {
    const later = new Set(this.chats.map(({ moved_to }) => moved_to));
    return this.chats.filter(({ id }) => !later.has(id)).map((chat) => this.chat(chat.moved_to) ?? chat);
  }

  // The newest message of a chat, if any.
  last(chat) {
    return this.said(chat).at(-1);
  }

  said(chat) {
    return [...(this.messages.get(chat)?.values() ?? [])];
  }

  // What the open chat and topic hold, oldest first; a supergroup goes on where its group ended.
  shown() {
    const past = this.pastOf(this.current);
    const before = past ? this.said(past.id).filter((message) => !message.migrate_to_chat_id) : [];
    return [...before, ...this.said(this.current)].filter((message) => this.inThread(message));
  }

  // Whether a message of the open chat belongs to the open topic.
  inThread(message) {
    if (!this.chat(this.current)?.is_forum) return true;
    return (message.is_topic_message ? message.message_thread_id : null) === this.thread;
  }

  // Who the person speaks as in a chat: themselves until they choose.
  speakerIn(chat) {
    return this.speakers.get(chat) ?? this.you;
  }

  isTyping(chat) {
    return (this.typing.get(chat) ?? 0) > performance.now();
  }
}
