"""What a text is to the bot: a command, a plain word that means one, or a question to it. Pure."""

from __future__ import annotations

import re

from bot.dialogue.context import Command
from bot.dialogue.phrases import phrase_in
from bot.dialogue.registry import BY_NAME, BY_WORD
from bot.text.normalise import fold

# A command ends where Telegram's own bot_command entity ends: before the first character that is no Latin letter,
# digit or underscore, so /trend算力 is /trend 算力. A path such as /etc/hosts is no command.
_COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<owner>[A-Za-z0-9_]+))?(?![A-Za-z0-9_@/.-])")
_WORD = re.compile(r"[^\s:：]+")


def parse_command(text: str, username: str | None) -> tuple[str | None, str]:
    """The command's name and what follows it.

    (None, text) for a text without a slash, ("", "") for a command of another bot than `username` and for a text
    whose slash begins no command.
    """
    if not text.startswith("/"):
        return None, text
    command = _COMMAND.match(text)
    if command is None:
        return "", ""
    owner = command["owner"]
    if owner and username and owner.lower() != username.lower():
        return "", ""
    return command["name"].lower(), _argument(text[command.end() :])


def plain_command(text: str) -> tuple[Command | None, str]:
    """The command that plain words mean: the whole `text`, or a Chinese word (in either script) at its beginning.

    With what follows it; (None, text) without one. A word that takes nothing must stand alone, so that 隐私 计算 is
    a question, and what asks for a part of the last briefing is no command.
    """
    phrase = phrase_in(text)
    if phrase is not None:
        return (BY_NAME[phrase.name], "") if phrase.kind == "command" else (None, text)
    word = _WORD.match(text)
    command = BY_WORD.get(fold(word[0])) if word else None
    if word is None or command is None:
        return None, text
    argument = _argument(text[word.end() :])
    return (None, text) if argument and not command.takes else (command, argument)


def without_mention(text: str, username: str | None) -> str | None:
    """What a group's message asks of the bot called `username`, None when it does not mention it."""
    if not username:
        return None
    # A name that goes on is somebody else's; Han characters beside it are not part of it.
    mention = rf"(?<![A-Za-z0-9_])@{re.escape(username)}(?![A-Za-z0-9_])"
    rest, mentions = re.subn(mention, " ", text, flags=re.IGNORECASE)
    return " ".join(rest.split()).strip(",.:;!?，。：；！？ ") if mentions else None


def _argument(text: str) -> str:
    """What follows a command, without the colon or comma that people put between the two."""
    return text.strip().lstrip(":：,，、").strip()
