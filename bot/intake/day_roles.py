"""Decides what a day in a line dates: publication, a later change, or something else, such as an event.

Reads no days, only the words around one; the words are data (day_labels.tsv). A label with unknown words names another
day, as there are more kinds of those than of publication.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final, Literal

from bot.intake.dates import UPDATED
from bot.text.lines import FINAL
from bot.text.normalise import to_simplified
from bot.text.rule_data import any_of, read_rows

Role = Literal["published", "unsaid", "changed", "other"]
"""`unsaid`: no word tells what the day is; at the top of a page it is that of publication."""

_LABEL: Final = re.compile(r"(?P<label>[\u4e00-\u9fff]{1,10}|(?<![^\W_])[a-z][a-z ]{0,40}?)\s?:\s?$")
_STATEMENT: Final = re.compile(r"\s?:\s?[^\W\d_]")
"""A colon and words after a day: what happened on it, as in `2025年5月20日：展会开幕`."""
_PARTS: Final = re.compile(r"[|｜·•;,]")
_WORDS_OF_STATEMENT: Final = 3
"""More words than this around a day, with a full stop behind them, make a statement."""


def role_of(before: str, after: str) -> Role:
    """Return the role of the day that stands between the texts `before` and `after` in one line."""
    before, after = (to_simplified(text).lower().translate(_ASCII) for text in (before, after))
    if UPDATED.search(before):
        return "changed"
    if label := _LABEL.search(before):
        return _role_of_label(label["label"])
    part = _PARTS.split(before)[-1]
    if _words("published").search(part):
        return "published"
    if _words("line").search(before) or (
        not _begins_with_name(part) and _is_narrated(part.rstrip(" ("), after)
    ):
        return "other"
    return "published" if _words("published").search(before) else "unsaid"


_ASCII: Final = str.maketrans("：；，（）", ":;,()")


def _role_of_label(label: str) -> Role:
    """Return the role of the day behind a label; "published" only if all its words are words of such labels."""
    if _words("name").search(label):
        return "unsaid"
    left = _words("published").sub("", _words("label").sub("", label))
    return "other" if left.strip() else "published"


def _begins_with_name(before: str) -> bool:
    """Return whether the words before a day begin with a name: `by Ann Lee on`."""
    return _words("name", start=r"\s*", end=r"[\s:]+\w").match(before) is not None


def _is_narrated(before: str, after: str) -> bool:
    """Return whether a line tells about a day instead of being dated with it."""
    if _words("other", end="$").search(before) or _words("follows", start=r"\s?").match(after):
        return True
    words = len(re.findall(r"[^\W\d_]+", f"{before} {after}"))
    return _STATEMENT.match(after) is not None or (
        words > _WORDS_OF_STATEMENT and FINAL.search(after) is not None
    )


@cache
def _words(said: str, start: str = "", end: str = "") -> re.Pattern[str]:
    """Return a pattern of the words with this meaning (day_labels.tsv); Latin ones match as whole words."""
    rows = read_rows(Path(__file__).with_name("day_labels.tsv"))
    words = [word for word, says in rows if said in says.split(",")]
    latin, han = (any_of(word for word in words if word.isascii() == ascii_) for ascii_ in (True, False))
    forms = [form for form in (han, rf"(?<![a-z])(?:{latin})(?![a-z])" if latin else "") if form]
    return re.compile(f"{start}(?:{'|'.join(forms)}){end}")
