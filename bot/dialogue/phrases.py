"""Recognises phrases that are not questions (hi, thanks, more, 怎么订阅, an opening such as 订阅) and words like on and off. Pure.

The words with a fixed meaning in commands' arguments, on, off, add, remove, mean the same in every command.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal, cast

from msgspec import Struct

from bot.text.normalise import fold, fold_script
from bot.text.rule_data import read_rows, read_table

Kind = Literal["command", "sentence", "part"]

_AROUND = " .,!?~…。，！？～、;；"


class Phrase(Struct, frozen=True):
    """The meaning of a phrase: a command, a sentence of words.html, or a part of the last briefing."""

    kind: Kind
    name: str


def phrase_in(text: str) -> Phrase | None:
    """Return the meaning of the whole text, ignoring case, script and punctuation; None for a question."""
    return _phrases().get(" ".join(fold(text).replace("’", "'").split()).strip(_AROUND))


def opening_in(text: str) -> tuple[str, str, bool] | None:
    """Return the command that the text opens with, its argument, and whether a space or colon separates them.

    The longest opening wins; None without an opening or without an argument. Unseparated, it may be part of another
    word: 订阅经济 is the subscription economy.
    """
    shown = " ".join(text.split())
    folded = fold(shown)
    match = _openings().match(folded)
    if match is None:
        return None
    opening, parting, _ = match.groups()
    behind = (shown if len(shown) == len(folded) else folded)[match.start(3) :]
    return _opened()[opening], behind.strip(), bool(parting)


@cache
def _phrases() -> dict[str, Phrase]:
    rows = read_rows(Path(__file__).with_name("phrases.tsv"))
    return {text: Phrase(cast("Kind", kind), name) for text, kind, name in rows}


@cache
def _opened() -> dict[str, str]:
    return read_table(Path(__file__).with_name("phrase_openings.tsv"))


@cache
def _openings() -> re.Pattern[str]:
    # A Latin word ends where a space follows; Han characters run on.
    parts = [rf"{re.escape(o)}(?= )" if o.isascii() else re.escape(o) for o in _opened()]
    return re.compile(rf"({'|'.join(sorted(parts, key=len, reverse=True))})([ :：]?)(.+)")


def argument_meaning(word: str) -> str:
    """Return the meaning of a word in any case and script, by its English name: "off" for 关闭; "" if it has none."""
    return _meanings().get(fold_script(word.strip()), "")


@cache
def _meanings() -> dict[str, str]:
    return read_table(Path(__file__).with_name("argument_words.tsv"))
