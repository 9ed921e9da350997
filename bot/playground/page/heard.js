// What each event of the local Telegram changes on the page.

import { alertWith, toast } from "./notices.js";

const TYPES_FOR = 5000; // milliseconds; Telegram shows an action for as long

// A function of one event. `page` draws and leads: {draw(), drawSide(), drawStart(), open(chat), link(url), introduce()}.
export function hearing({ state, log, panel, composer, presses, page }) {
  const heard = {
    state(event) {
      state.load(event);
      document.body.dataset.bot = event.bot.id;
      panel.load(event.calls);
      panel.arm(event.faults);
      panel.tell(event.clock);
      if (!state.chat(state.current)) state.current = state.chats[0]?.id ?? null;
      page.draw();
    },
    message(event) {
      state.put(event.message);
      const here = event.chat === state.current && state.inThread(event.message);
      if (!here && event.message.from?.id !== state.you) state.unread.set(event.chat, (state.unread.get(event.chat) ?? 0) + 1);
      if (event.message.from?.is_bot) state.typing.delete(event.chat);
      if (here) {
        log.add(event.message);
        page.drawStart();
      }
      page.drawSide();
    },
    edited(event) {
      state.put(event.message);
      log.refresh(event.chat, event.message.message_id);
      page.drawSide();
    },
    deleted(event) {
      state.messages.get(event.chat)?.delete(event.message_id);
      if (event.chat === state.current) {
        log.draw();
        page.drawStart();
      }
      page.drawSide();
    },
    action(event) {
      state.typing.set(event.chat, performance.now() + TYPES_FOR);
      setTimeout(page.drawSide, TYPES_FOR + 100);
      page.drawSide();
    },
    callback_answer(event) {
      presses.answered(event.query);
      if (event.url) page.link(event.url);
      if (!event.text) return;
      if (event.alert) alertWith(event.text);
      else toast(event.text);
    },
    commands() {
      composer.refresh();
      page.introduce();
    },
    chat(event) {
      state.putChat(event.chat);
      const past = state.pastOf(event.chat.id);
      if (past?.id === state.current) follow(past, event.chat);
      else page.draw();
    },
    member: () => page.draw(),
    call: (event) => panel.add(event),
    faults: (event) => panel.arm(event.faults),
  };

  // The open group has become a supergroup: the person is there too, as who they were.
  function follow(past, chat) {
    state.speakers.set(chat.id, state.speakerIn(past.id));
    page.open(chat.id);
  }

  return (event) => heard[event.type]?.(event);
}
