"""Bot API methods that change existing messages: edit, delete, pin, react, answer a press."""

from __future__ import annotations

from typing import Any

from bot.playground.cleaning import units
from bot.playground.content import read_text
from bot.playground.files import caption_fields, media_field
from bot.playground.keyboards import markup_fields
from bot.playground.refusals import NOT_MODIFIED, TOO_OLD, Json, bad, own_refusal
from bot.playground.world import Chat, World

MAX_NOTICE = 200
_TWO_DAYS = 48 * 3600
_CHANGING = frozenset(
    "text entities caption caption_entities document photo reply_markup edit_date link_preview_options".split()
)
_FILES = frozenset({"document", "photo"})


def edit_message_text(world: World, given: Json) -> Json:
    """Serve editMessageText for one of the bot's own messages; return the Message."""
    text, entities = read_text(given, world.lost)
    fields: Json = {"text": text} | ({"entities": entities} if entities else {})
    if options := given.get("link_preview_options"):
        fields["link_preview_options"] = options
    old = _editable(world, given)
    if "text" not in old:
        raise bad("there is no text in the message to edit")
    return _change(world, old, fields | markup_fields(given.get("reply_markup")))


def edit_message_caption(world: World, given: Json) -> Json:
    """Serve editMessageCaption; return the Message."""
    fields = caption_fields(world, given)
    old = _editable(world, given)
    if not old.keys() & _FILES:
        raise bad("there is no caption in the message to edit")
    fields |= {name: old[name] for name in _FILES if name in old}
    return _change(world, old, fields | markup_fields(given.get("reply_markup")))


def edit_message_media(world: World, given: Json) -> Json:
    """Serve editMessageMedia: make a text or file message a photo or a document; return the Message."""
    media: Json = given["media"]
    if media.get("type") not in _FILES:
        raise own_refusal("of media only photos and documents are played by this server")
    if "media" not in media:
        raise bad("can't parse InputMedia: can't find field \"media\"")
    if isinstance(media["media"], str) and media["media"].startswith("attach://"):
        raise bad("wrong file identifier/HTTP URL specified")
    fields = caption_fields(world, media) | media_field(world, media["media"], media["type"])
    old = _editable(world, given)
    if not old.keys() & {"text", *_FILES}:
        raise bad("there is no media in the message to edit")
    return _change(world, old, fields | markup_fields(given.get("reply_markup")))


def edit_message_reply_markup(world: World, given: Json) -> Json:
    """Serve editMessageReplyMarkup; return the Message."""
    markup = markup_fields(given.get("reply_markup"))
    old = _editable(world, given)
    kept = {name: old[name] for name in _CHANGING - {"reply_markup", "edit_date"} if name in old}
    return _change(world, old, kept | markup, dated=False)


def delete_message(world: World, given: Json) -> bool:
    """Serve deleteMessage. A bot that is no admin may delete only its own messages of the last 48 hours."""
    chat = world.resolve_chat(given["chat_id"])
    message = world.messages.get((chat.id, given["message_id"]))
    if message is None:
        raise bad("message to delete not found")
    if not _deletable(world, chat, message):
        raise bad("message can't be deleted for everyone")
    world.remove(chat, given["message_id"])
    return True


def delete_messages(world: World, given: Json) -> bool:
    """Serve deleteMessages for 1 to 100 ids; skip missing messages and those the bot may not delete."""
    numbers = given["message_ids"]
    if not 1 <= len(numbers) <= 100:
        raise own_refusal("between 1 and 100 message identifiers can be given")
    chat = world.resolve_chat(given["chat_id"])
    for number in numbers:
        message = world.messages.get((chat.id, number))
        if message is not None and _deletable(world, chat, message):
            world.remove(chat, number)
    return True


def answer_callback_query(world: World, given: Json) -> bool:
    """Serve answerCallbackQuery; each press can be answered once."""
    text = given.get("text", "")
    if units(text) > MAX_NOTICE:
        raise bad("MESSAGE_TOO_LONG")
    query = world.queries.pop(given["callback_query_id"], None)
    if query is None:
        raise bad(TOO_OLD)
    told = {"text": text, "alert": given.get("show_alert", False), "url": given.get("url", "")}
    where = {"chat": query["message"]["chat"]["id"], "user": query["from"]["id"]}
    world.emit({"type": "callback_answer", "query": query["id"]} | where | told)
    return True


def pin_chat_message(world: World, given: Json) -> bool:
    """Serve pinChatMessage."""
    chat = world.resolve_chat(given["chat_id"], write=True)
    number = given["message_id"]
    message = world.messages.get((chat.id, number))
    if message is None:
        raise bad("message to pin not found")
    _needs_admin(world, chat, "not enough rights to manage pinned messages in the chat")
    if number not in chat.pinned:
        chat.pinned.append(number)
        world.write(chat, world.bot, pinned_message=message)
    return True


def unpin_chat_message(world: World, given: Json) -> bool:
    """Serve unpinChatMessage; without an id, unpin the message pinned last."""
    chat = world.resolve_chat(given["chat_id"], write=True)
    _needs_admin(world, chat, "not enough rights to manage pinned messages in the chat")
    number = given.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if number is None or number not in chat.pinned:
        raise bad("message to unpin not found")
    chat.pinned.remove(number)
    return True


def unpin_all_chat_messages(world: World, given: Json) -> bool:
    """Serve unpinAllChatMessages."""
    chat = world.resolve_chat(given["chat_id"], write=True)
    _needs_admin(world, chat, "not enough rights to manage pinned messages in the chat")
    chat.pinned.clear()
    return True


def set_message_reaction(world: World, given: Json) -> bool:
    """Serve setMessageReaction with at most one reaction."""
    chat = world.resolve_chat(given["chat_id"], write=True)
    key = (chat.id, given["message_id"])
    if key not in world.messages:
        raise bad("message to react not found")
    reactions: list[Any] = given.get("reaction", [])
    if len(reactions) > 1:
        raise bad("REACTIONS_TOO_MANY")
    if any(
        not isinstance(one, dict) or one.get("type") not in {"emoji", "custom_emoji"} for one in reactions
    ):
        raise bad("REACTION_INVALID")
    react(world, chat, given["message_id"], world.bot, reactions)
    return True


def react(world: World, chat: Chat, number: int, user: int, reactions: list[Json]) -> None:
    """Replace a user's reactions to a message and emit the event."""
    world.reactions.setdefault((chat.id, number), {})[user] = reactions
    shown = [one.get("emoji", "") for one in reactions]
    world.emit({"type": "reaction", "chat": chat.id, "message_id": number, "user": user, "reaction": shown})


def _editable(world: World, given: Json) -> Json:
    if given.get("chat_id") in (None, "") and not given.get("message_id"):
        if given.get("inline_message_id"):
            raise own_refusal("this server has no inline messages")
        raise bad("message identifier is not specified")
    if given.get("chat_id") in (None, ""):
        raise bad("chat_id is empty")
    chat = world.resolve_chat(given["chat_id"], write=True)
    old = world.messages.get((chat.id, given.get("message_id", 0)))
    if old is None:
        raise bad("message to edit not found")
    if old["message_id"] not in chat.own or "pinned_message" in old:
        raise bad("message can't be edited")
    return old


def _change(world: World, old: Json, fields: Json, *, dated: bool = True) -> Json:
    before = {name: value for name, value in old.items() if name in _CHANGING - {"edit_date"}}
    if before == fields:
        raise bad(NOT_MODIFIED)
    kept = {name: value for name, value in old.items() if name not in _CHANGING}
    date = {"edit_date": int(world.now())} if dated else {k: old[k] for k in ("edit_date",) if k in old}
    return world.replace(kept | fields | date)


def _deletable(world: World, chat: Chat, message: Json) -> bool:
    admin = chat.status(world.bot) == "administrator"
    if admin and chat.kind != "private":
        return True
    own = message["message_id"] in chat.own
    return (own or chat.kind == "private") and world.now() - message["date"] < _TWO_DAYS


def _needs_admin(world: World, chat: Chat, reason: str) -> None:
    if chat.kind != "private" and chat.status(world.bot) not in {"creator", "administrator"}:
        raise bad(reason)
