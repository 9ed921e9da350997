"""Acts as people: writes, edits, presses and reacts, and sends the bot the updates that Telegram would."""

from __future__ import annotations

import mimetypes
import re
from typing import Any

from bot.playground.content import found_entities
from bot.playground.editing import react
from bot.playground.inline import Inline
from bot.playground.readers import Upload
from bot.playground.refusals import CannotDo, Json
from bot.playground.updates import bot_receives, post_message
from bot.playground.world import ANONYMOUS, CHANNELS, Chat, Member, World, quoted

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


class People(Inline):
    """Test controls for what people do, callable from any thread."""

    world: World

    def say(
        self,
        chat: int,
        user: int,
        text: str,
        thread: int | None = None,
        reply_to: Json | int | None = None,
        anonymous: bool = False,
        **fields: Any,
    ) -> Json:
        """Write a text as a user and return the message; `fields` are added to the Message.

        An unknown `thread` is created. With `anonymous` the user writes as an anonymous admin, in the chat's own name.
        """
        entities = found_entities(text)
        said = {"text": text} | ({"entities": entities} if entities else {}) | fields
        return self._write(chat, user, said, thread, reply_to, anonymous=anonymous)

    def upload(
        self,
        chat: int,
        user: int,
        name: str,
        content: bytes,
        thread: int | None = None,
        reply_to: Json | int | None = None,
        caption: str = "",
        album: str = "",
    ) -> Json:
        """Send a file as a document and return the message; files sent together share `album`."""
        with self.world.lock:
            said = self._document(name, content, caption) | ({"media_group_id": album} if album else {})
            return self._write(chat, user, said, thread, reply_to)

    def _document(self, name: str, content: bytes, caption: str) -> Json:
        """Store a file and return the fields of a message that holds it."""
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        document = self.world.store_file(Upload(name, content, mime))
        described = {"caption": caption} if caption else {}
        return {"document": document | {"file_name": name, "mime_type": mime}} | described

    def start(self, user: int, payload: str = "") -> Json:
        """Open the bot by its deep link and return the message. Raises CannotDo for a payload that no link may carry."""
        if payload and not _PAYLOAD.fullmatch(payload):
            raise CannotDo("A start payload has 1-64 letters, digits, _ and -.")
        return self.say(user, user, f"/start {payload}".rstrip())

    def post(self, channel: int, text: str, file: tuple[str, bytes] | None = None) -> Json:
        """Post in a channel, and forward the post to its linked group; return the post.

        With a `file`, its name and content, the text is the caption.
        """
        with self.world.lock:
            world, where = self.world, self.world.chat(channel)
            entities = found_entities(text)
            said: Json = (
                self._document(*file, text)
                if file
                else {"text": text} | ({"entities": entities} if entities else {})
            )
            message = world.write(where, None, **said)
            if where.present(world.bot):
                world.push({"channel_post": message})
            if where.linked is not None:
                origin = {"type": "channel", "chat": world.shown(where), "message_id": message["message_id"]}
                forwarded = {
                    "sender_chat": world.shown(where),
                    "is_automatic_forward": True,
                    "forward_origin": origin | {"date": message["date"]},
                }
                post_message(world, world.chat(where.linked), CHANNELS, said | forwarded)
            return message

    def edit_text(self, message: Json, text: str) -> Json:
        """Edit a message, or the caption of a file, as its author and return the new version."""
        with self.world.lock:
            world = self.world
            old = world.messages[message["chat"]["id"], message["message_id"]]
            part, marks = ("caption", "caption_entities") if "document" in old else ("text", "entities")
            kept = {name: value for name, value in old.items() if name != marks}
            entities = found_entities(text)
            said: Json = {part: text, "edit_date": int(world.now())} | ({marks: entities} if entities else {})
            new = world.replace(kept | said)
            kind = "edited_channel_post" if new["chat"]["type"] == "channel" else "edited_message"
            if bot_receives(world, world.chat(new["chat"]["id"]), new):
                world.push({kind: new})
            return new

    def press(self, message: Json, data: str, user: int) -> str:
        """Press a button, named by its callback data or its label; return the query's id."""
        with self.world.lock:
            world = self.world
            where = message["chat"]["id"]
            current = world.messages.get((where, message["message_id"]), message)
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            labelled = [b.get("callback_data", "") for row in rows for b in row if b["text"] == data]
            query = world.create_callback_query(user, current, [*labelled, data][0])
            world.push({"callback_query": query})
            return str(query["id"])

    def react(self, message: Json, user: int, emoji: str = "") -> None:
        """Set or remove a user's reaction to a message; notify a bot that is an admin and asked for such updates."""
        with self.world.lock:
            world, chat = self.world, self.world.chat(message["chat"]["id"])
            number = message["message_id"]
            old = world.reactions.get((chat.id, number), {}).get(user, [])
            new = [{"type": "emoji", "emoji": emoji}] if emoji else []
            react(world, chat, number, user, new)
            if chat.kind == "private" or chat.status(world.bot) == "administrator":
                who = {"chat": world.shown(chat), "message_id": number, "user": world.user(user)}
                changed = {"date": int(world.now()), "old_reaction": old, "new_reaction": new}
                world.push({"message_reaction": who | changed})

    def _write(
        self,
        chat: int,
        user: int,
        said: Json,
        thread: int | None,
        reply_to: Json | int | None,
        *,
        anonymous: bool = False,
    ) -> Json:
        with self.world.lock:
            world, where = self.world, self.world.chat(chat)
            self._admit(where, user)
            thread = thread or said.get("message_thread_id")
            if thread:
                self._topic(where, thread)
                said = said | {"message_thread_id": thread, "is_topic_message": True}
            if reply_to is not None:
                number = reply_to if isinstance(reply_to, int) else reply_to["message_id"]
                said = said | {"reply_to_message": quoted(world.messages[chat, number])}
            elif thread and (chat, thread) in world.messages:
                # Telegram sends messages in a topic as replies to the message that opened it.
                said = said | {"reply_to_message": quoted(world.messages[chat, thread])}
            if anonymous:
                return post_message(world, where, ANONYMOUS, said | {"sender_chat": world.shown(where)})
            return post_message(world, where, user, said)

    def _admit(self, chat: Chat, user: int) -> None:
        if chat.kind == "private":
            if chat.blocked:
                raise CannotDo("They have blocked the bot; unblock it first.")
            chat.started = True
        elif user not in chat.members:
            chat.members[user] = Member()
        elif not chat.present(user):
            raise CannotDo("They are not in the chat.")
        if chat.moved_to is not None:
            raise CannotDo(f"The group has become the supergroup {chat.moved_to}.")

    def _topic(self, chat: Chat, thread: int) -> None:
        if thread not in chat.topics:
            chat.forum = True
            chat.topics[thread] = f"Topic {thread}"
            self.world.changed(chat)
