"""Which messages a bot gets to read, and how they reach it."""

from __future__ import annotations

from bot.playground.refusals import Json
from bot.playground.world import Chat, World


def arrive(world: World, chat: Chat, author: int, fields: Json) -> Json:
    """Somebody's message comes into a chat, and to the bot if it may read it. Returns the message."""
    message = world.write(chat, author, **fields)
    if hears(world, chat, message):
        world.push({"message": message})
    return message


def hears(world: World, chat: Chat, message: Json) -> bool:
    """Whether the bot gets a message: it is there, and privacy mode does not keep the message from it."""
    if chat.kind == "private":
        return True
    status = chat.status(world.bot)
    if not world.privacy or status == "administrator" or "text" not in message:
        return chat.present(world.bot)
    entities = [(e["type"], e["offset"], e["length"]) for e in message.get("entities", ())]
    command = any(kind == "bot_command" and start == 0 for kind, start, _ in entities)
    replied = message.get("reply_to_message", {}).get("from", {}).get("id") == world.bot
    mentioned = f"@{world.username}".lower() in message["text"].lower()
    return chat.present(world.bot) and (command or replied or mentioned)
