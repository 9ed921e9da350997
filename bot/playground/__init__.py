"""A Telegram on this machine: the Bot API over HTTP, as strict as the real one, and people who can be played.

It imports nothing of the bot, and the bot nothing of it: `trendbot demo` and the tests bring the two together
over HTTP, by TRENDBOT_API_URL and TRENDBOT_TOKEN.

The whole is one class, `bot.playground.server.LocalTelegram`. Its state is in memory.

    with LocalTelegram(port=0) as telegram:          # serves from a thread with a loop of its own
        telegram.url, telegram.token, telegram.username
        telegram.say(7, 7, "/trend compute")         # person 7, in the private chat with the bot
        telegram.reply(7)                            # waits for the bot's first message there

    telegram.attach(app)                             # or: its routes on an aiohttp Application that is yours
    telegram.mount(setup)                            # or: setup(app) adds yours to its own, before it starts

`LocalTelegram(port=0, *, token, username, flood=False, privacy=False, remember_calls=None, now=time.time)`:
`flood` switches Telegram's limits of pace on, `privacy` a bot's privacy mode in groups, `remember_calls` keeps only
the last so many calls, `now` dates the messages. A taken port raises `PortTaken` on entering; try the next by
setting `telegram.port` and entering again. Every public method may be used from any thread, and from the loop
that serves, but for those that wait (`wait`, `reply`, `edited`, `notice`): these are for tests in another thread.

Who is where (`world.py`, `groups.py`): a chat that nobody set up is made on first use, private for a positive number and a
supergroup with the bot in it for a negative one.

    add_user(id, first_name=, username=, language_code=)      create_group(chat, title, owner, kind=, forum=, members=)
    create_channel(chat, title, owner, linked=, username=)    create_topic(chat, user, name) -> thread id
    add_bot(chat, by, admin=False)   remove_bot(chat, by)     join(chat, user)   leave(chat, user)
    promote(chat, user, anonymous=False)   demote(chat, user) promote_bot(chat)  demote_bot(chat)
    block(user)   unblock(user)                               migrate(chat) -> id of the new supergroup

What people do (`people.py`); each returns the Message as Telegram gives it, a dict:

    say(chat, user, text, thread=None, reply_to=None, anonymous=False, **fields)    post(channel, text)
    edit_text(message, text)                                  start(user, payload="")
    upload(chat, user, name, content, thread=None, reply_to=None, caption="")       react(message, user, emoji)
    press(message, data_or_label, user) -> query id
    type_inline(user, text) -> query id   offers(query) -> [{"id", "title", "description", "message"}] | None
    choose(chat, user, query, result id)                      sends an offer (`inline.py`)

What is there to see (for a page):

    chats() -> [{"id", "type", "title" or "first_name", "is_forum", "topics": [{"message_thread_id", "name"}],
                 "members": [{"user": User, "status", "is_anonymous"}], "bot": status, "linked_chat_id", "blocked"}]
    history(chat, thread=None) -> [Message]                   text with `entities` in UTF-16 units, `reply_markup`
    menu(chat, user) -> [{"command", "description"}]          what `/` offers there, in the person's language
    introduction(language) -> {"name", "description", "short_description"}
    files: {file_id: Upload(name, content, mime)}

What goes wrong (`faults.py`); `method` may be "*" for any but getUpdates:

    fail_next(method, status, body=None, retry_after=None)    no effect, this answer
    drop_next(method)   hang(method)   delay_next(method, seconds)                  its effect, then that
    never_end_next(method, size, seconds=0.0)                 no effect, an answer without an end
    leave_webhook(url)                                        a webhook is set, as another program may have left it
    pass_webhooks_to(base)                                    a webhook can be set; its path is called at `base`
    push_malformed()    disconnect()                          an update that is none; requests under way are cut
    pending_faults() -> {method: [kind]}

What happens, for a page: `subscribe() -> asyncio.Queue` of dicts, on the serving loop; `unsubscribe(queue)`. A queue
that nobody reads for a thousand events is emptied and gets {"type": "behind"}: load everything anew.

    {"type": "message" | "edited", "chat": id, "message": Message}
    {"type": "deleted", "chat": id, "message_id": id}
    {"type": "action", "chat": id, "thread": id | None, "action": "typing"}
    {"type": "call", "id", "method", "status", "milliseconds", "chat": id | None, "summary"}   status 0: no answer
    {"type": "faults", "faults": as in pending_faults()}      one was asked for, or has happened
    {"type": "commands"}                                      menus or descriptions have changed
    {"type": "callback_answer", "query", "chat", "user", "text", "alert", "url"}
    {"type": "inline_answer", "query", "user", "offers"}
    {"type": "chat", "chat": a view as in chats()}            new, renamed, a topic more, migrated, blocked
    {"type": "member", "chat", "user", "status"}
    {"type": "reaction", "chat", "message_id", "user", "reaction": [emoji]}

For tests: `calls`, `called(method)`, `sent(chat)`, `messages[chat, id]`, `wait(condition, what)`, `refused` and `lost`
(what the bot got wrong, with an error and without one), `push(raw_update)`, `last_update`.
"""
