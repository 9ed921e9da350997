"""What a document's source states of it outside its text, in whichever names. Opens no file and infers nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.cleaning.clean import repair
from bot.cleaning.spam import find_spam, find_suspects
from bot.intake.bylines import parse_day

LONGEST_VALUE = 2000
"""Characters of a title or a name that are read."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a document's source says in front matter, a page's head or a JSON line; "" and None are unknown.

    `translation_of` names the file of the original, `brief` marks Trendbot's own retelling. `inferred` says that part
    of `published` was worked out.
    """

    title: str = ""
    publisher: str = ""
    published: date | None = None
    inferred: bool = False
    language: str = ""
    url: str = ""
    translation_of: str = ""
    brief: bool = False


def stated_in(values: Mapping[str, object]) -> Stated:
    """The known names of front matter or a JSON line; values of a wrong type count as unknown.

    Site generators and clippers say date, lang, link and source, the last of an address or of a publisher.
    """
    source = one_line(values.get("source"))
    linked = source.startswith(("https://", "http://"))
    return Stated(
        title=one_line(values.get("title")),
        publisher=one_line(values.get("publisher")) or ("" if linked else source),
        published=_day(values.get("published")) or _day(values.get("date")),
        inferred=values.get("inferred") is True,
        language=_language(values.get("language") or values.get("lang")),
        url=one_line(values.get("url")) or one_line(values.get("link")) or (source if linked else ""),
        translation_of=one_line(values.get("translation_of")),
        brief=values.get("brief") is True,
    )


def _day(value: object) -> date | None:
    """A day given as a YAML date or as text; anything else is unknown."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return parse_day(value) if isinstance(value, str) else None


def one_line(value: object) -> str:
    """A value that must be one line of text, repaired; "" for anything else, and for spam."""
    if not isinstance(value, str) or not value:
        return ""
    line = " ".join(part.text for part in repair(value[:LONGEST_VALUE]).lines if part.text)
    return "" if find_spam([line], find_suspects([line])) else line


def _language(value: object) -> str:
    """en, zh or other for a language tag, "" for none."""
    base = value.strip().lower().replace("_", "-").split("-")[0] if isinstance(value, str) else ""
    return base if base in {"en", "zh", ""} else "other"
