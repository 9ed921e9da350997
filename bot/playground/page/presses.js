// The buttons that were pressed and whose answer has not come: a button waits for one answer at a time.

const PATIENCE = 15000; // milliseconds

export class Presses {
  // `on` acts: send(fields) -> {query}, null where it could not be sent, changed(chat, message's id), unanswered().
  constructor(on) {
    this.on = on;
    this.queries = new Map(); // null until the press has its number
  }

  waits(message, button) {
    return this.queries.has(keyOf(message, button));
  }

  async press(message, button, user) {
    const key = keyOf(message, button);
    if (this.queries.has(key)) return;
    this.queries.set(key, null);
    this.on.changed(message.chat.id, message.message_id);
    const pressed = await this.on.send({ chat: message.chat.id, message: message.message_id, data: button.callback_data, user });
    if (!pressed) return this.end(key);
    if (this.queries.has(key)) this.queries.set(key, pressed.query);
    setTimeout(() => {
      if (this.queries.get(key) !== pressed.query) return;
      this.end(key);
      this.on.unanswered();
    }, PATIENCE);
  }

  // The answer may be here before the press has its number.
  answered(query) {
    const waiting = [...this.queries];
    const found = waiting.find(([, number]) => number === query) ?? waiting.find(([, number]) => number === null);
    if (found) this.end(found[0]);
  }

  end(key) {
    this.queries.delete(key);
    const [chat, message] = key.split(" ").map(Number);
    this.on.changed(chat, message);
  }
}

function keyOf(message, button) {
  return `${message.chat.id} ${message.message_id} ${button.callback_data}`;
}
