"""Classifies a text: a slash command, plain words that mean a command, or a question to the bot. Pure."""

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
    """Return the command's name and argument.

    Returns (None, text) without a leading slash, and ("", "") for another bot's command or a slash that begins no
    command.
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
    """Return the command that plain words mean, with its argument; (None, text) if there is none.

    Either the whole text is a known phrase, or it begins with a command's Chinese word in either script. A command
    that takes no argument must be the whole text, so that 隐私 计算 remains a question.
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
    """Return a group message without its mention of the bot, or None if it does not mention `username`."""
    if not username:
        return None
    # A longer name belongs to somebody else; adjacent Han characters are not part of a user name.
    mention = rf"(?<![A-Za-z0-9_])@{re.escape(username)}(?![A-Za-z0-9_])"
    rest, mentions = re.subn(mention, " ", text, flags=re.IGNORECASE)
    return " ".join(rest.split()).strip(",.:;!?，。：；！？ ") if mentions else None


def _argument(text: str) -> str:
    """Return the argument without a leading colon or comma."""
    return text.strip().lstrip(":：,，、").strip()
