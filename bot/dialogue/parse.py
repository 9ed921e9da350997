"""Classifies a text: a slash command, plain words that mean a command, or a question to the bot. Pure.

A group's message that mentions or answers the bot asks for a recap, a command in words, or the answer to a question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from bot.dialogue.context import Command
from bot.dialogue.follow_ups import is_follow_up
from bot.dialogue.phrases import opening_in, phrase_in
from bot.dialogue.plain_text import PLAIN_TEXT
from bot.dialogue.recap_windows import parse_recap_request
from bot.dialogue.registry import BY_NAME, BY_WORD
from bot.text.normalise import fold
from bot.text.rule_data import any_of, read_rows
from bot.trends.concepts import asking

# A command ends where Telegram's own bot_command entity ends: before the first character that is no Latin letter,
# digit or underscore, so /trend算力 is /trend 算力. A path such as /etc/hosts is no command.
_COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<owner>[A-Za-z0-9_]+))?(?![A-Za-z0-9_@/.-])")
_WORD = re.compile(r"[^\s:：]+")


_AROUND = " .,!?~…。，！？～、;；:："

# Which moment it is decides no request's form.
_ANY_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


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


def mentioned(text: str) -> tuple[Command, str]:
    """Return the command that a group's message without its mention asks for, and the argument."""
    asked = _without_hail(text)
    recap = recap_argument(asked)
    if recap is not None:
        return BY_NAME["recap"], recap
    command, argument = plain_command(asked)
    if command is not None:
        return command, argument
    opening = opening_in(asked)
    if opening is not None and opening[2]:
        return BY_NAME[opening[0]], opening[1]
    return PLAIN_TEXT, asked


def asked_in_reply(text: str) -> tuple[Command, str] | None:
    """Return what a group's reply to a message of the bot asks for, as mentioned() does; None for chatter.

    Only a form that asks counts: a command in words, "more", a question or a follow-up. What calls somebody else by name
    is not for the bot.
    """
    if "@" in text:
        return None
    command, argument = mentioned(text)
    phrase = phrase_in(argument)
    if command is not PLAIN_TEXT or (phrase is not None and phrase.kind == "part"):
        return command, argument
    # Not at the top: most processes that answer never read a group's talk.
    from bot.recaps.speech_acts import is_question

    if phrase is None and (is_question(argument) or asking(argument).kinds or is_follow_up(argument)):
        return command, argument
    return None


def recap_argument(text: str) -> str | None:
    """Return the argument of /recap that `text` asks for in words, "" for none; None if it asks for no recap.

    What follows "sum up" must be a window, "about …", or words for the talk itself: "sum up DeepSeek" is a question.
    """
    asked = " ".join(fold(text).replace("’", "'").split()).strip(_AROUND)
    forms = _forms()
    if forms["whole"].fullmatch(asked):
        return ""
    opening = forms["opening"].match(asked)
    if opening is None:
        return None
    rest = asked[opening.end() :].strip(_AROUND)
    while rest and (filler := forms["first"].match(rest) or forms["last"].search(rest)):
        rest = (rest[: filler.start()] + rest[filler.end() :]).strip(_AROUND)
    return rest if not rest or parse_recap_request(rest, _ANY_MOMENT) else None


def _without_hail(text: str) -> str:
    """Return `text` without the word by which the bot is hailed at its beginning, unless it is all there is."""
    hail = _forms()["hail"].match(text)
    return text[hail.end() :] if hail and hail.end() < len(text) else text


@cache
def _forms() -> Mapping[str, re.Pattern[str]]:
    rows = read_rows(Path(__file__).with_name("recap_phrases.tsv"))
    words = {
        kind: any_of(w for w, own in rows if own == kind) for kind in ("whole", "opening", "talk", "hail")
    }
    edge = r"(?:(?<![a-z0-9])|(?![a-z0-9']))"
    return {
        "whole": re.compile(words["whole"]),
        "opening": re.compile(rf"(?:{words['opening']}){edge}"),
        "first": re.compile(rf"(?:{words['talk']}){edge}"),
        "last": re.compile(rf"(?<![a-z0-9])(?:{words['talk']})$"),
        "hail": re.compile(rf"(?:{words['hail']})(?![a-z0-9'])[\s,，.!！:：]*", re.IGNORECASE),
    }
