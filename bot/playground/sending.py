"""Bot API methods that add messages to a chat, show an action there, or fetch a file."""

from __future__ import annotations

from bot.playground.content import read_text
from bot.playground.files import caption_fields, media_field
from bot.playground.keyboards import markup_fields
from bot.playground.refusals import Json, bad
from bot.playground.world import Chat, World, quoted

MAX_DOWNLOAD = 20 << 20

_ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note".split()
)
_CARRIED = ("text", "entities", "caption", "caption_entities", "document", "photo", "link_preview_options")


def send_message(world: World, given: Json) -> Json:
    """Serve sendMessage; return the Message."""
    text, entities = read_text(given, world.lost)
    fields: Json = {"text": text} | ({"entities": entities} if entities else {})
    if options := given.get("link_preview_options"):
        fields["link_preview_options"] = options
    return _deliver(world, given, fields)


def send_document(world: World, given: Json) -> Json:
    """Serve sendDocument, for an upload of at most 50 MB or a stored file's id; return the Message."""
    return _deliver(
        world, given, caption_fields(world, given) | media_field(world, given["document"], "document")
    )


def send_photo(world: World, given: Json) -> Json:
    """Serve sendPhoto, for at most 10 MB; return the Message."""
    return _deliver(world, given, caption_fields(world, given) | media_field(world, given["photo"], "photo"))


def send_chat_action(world: World, given: Json) -> bool:
    """Serve sendChatAction."""
    chat = world.resolve_chat(given["chat_id"], write=True)
    if given["action"] not in _ACTIONS:
        raise bad("wrong parameter action in request")
    thread = _thread(chat, given)
    world.emit({"type": "action", "chat": chat.id, "thread": thread, "action": given["action"]})
    return True


def forward_message(world: World, given: Json) -> Json:
    """Serve forwardMessage; return the new Message, which names its origin."""
    source, message = _source(world, given, "message to forward not found")
    if message.get("has_protected_content"):
        raise bad("message can't be forwarded")
    fields = {name: message[name] for name in _CARRIED if name in message}
    origin: Json = {"type": "user", "date": message["date"]}
    if "from" in message:
        origin["sender_user"] = message["from"]
    else:
        origin |= {"type": "channel", "chat": world.shown(source), "message_id": message["message_id"]}
    return _deliver(world, given, fields | {"forward_origin": origin})


def copy_message(world: World, given: Json) -> Json:
    """Serve copyMessage; return the id of the new message, which does not name its origin."""
    _, message = _source(world, given, "message to copy not found")
    fields = {name: message[name] for name in _CARRIED if name in message}
    if not fields:
        raise bad("message can't be copied")
    if "caption" in given:
        fields = {name: value for name, value in fields.items() if "caption" not in name} | caption_fields(
            world, given
        )
    return {"message_id": _deliver(world, given, fields)["message_id"]}


def get_file(world: World, given: Json) -> Json:
    """Serve getFile, for at most 20 MB; return the File with its download path."""
    name = given["file_id"]
    file = world.files.get(name)
    if file is None:
        raise bad("invalid file_id")
    if len(file.content) > MAX_DOWNLOAD:
        raise bad("file is too big")
    size = {"file_unique_id": f"u{name}", "file_size": len(file.content)}
    return {"file_id": name, "file_path": f"documents/{name}"} | size


def _deliver(world: World, given: Json, fields: Json) -> Json:
    quote = _quote(given)
    fields |= markup_fields(given.get("reply_markup"))
    if given.get("business_connection_id"):
        raise bad("business connection not found")
    if given.get("allow_paid_broadcast"):
        raise bad("FLOODSKIP_NOT_ALLOWED")
    chat = world.resolve_chat(given["chat_id"], write=True)
    if thread := _thread(chat, given):
        fields |= {"message_thread_id": thread, "is_topic_message": True}
    if quote:
        fields |= _reply(world, chat, quote)
    if given.get("protect_content"):
        fields["has_protected_content"] = True
    if chat.kind == "channel":
        return world.write(chat, None, author_signature=world.username, **fields)
    return world.write(chat, world.bot, **fields)


def _quote(given: Json) -> Json | None:
    quote: Json | None = given.get("reply_parameters")
    if quote and quote.get("quote") and len(quote["quote"]) > 1024:
        raise bad("MESSAGE_QUOTE_TOO_LONG")
    return quote


def _thread(chat: Chat, given: Json) -> int | None:
    thread: int | None = given.get("message_thread_id")
    if thread and thread not in chat.topics:
        raise bad("message thread not found")
    if thread in chat.closed:
        raise bad("TOPIC_CLOSED")
    return thread


def _reply(world: World, chat: Chat, quote: Json) -> Json:
    where = world.resolve_chat(quote["chat_id"]).id if "chat_id" in quote else chat.id
    original = world.messages.get((where, quote["message_id"]))
    if original is None:
        if quote.get("allow_sending_without_reply"):
            return {}
        raise bad("message to be replied not found")
    if quote.get("quote") and quote["quote"] not in str(original.get("text", original.get("caption", ""))):
        raise bad("QUOTE_TEXT_INVALID")
    return {"reply_to_message": quoted(original)}


def _source(world: World, given: Json, missing: str) -> tuple[Chat, Json]:
    source = world.resolve_chat(given["from_chat_id"])
    message = world.messages.get((source.id, given["message_id"]))
    if message is None:
        raise bad(missing)
    return source, message
