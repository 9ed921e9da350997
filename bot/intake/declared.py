"""Reads the metadata that a source declares in fields: front matter or a JSON line, under whatever names.

The names are data (fields.tsv). Opens no file and infers nothing: a value that is not understood is reported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, tzinfo
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from msgspec import Struct

from bot.cleaning.clean import repair
from bot.cleaning.spam import find_spam, find_suspects
from bot.intake.dates import read_day, zone_of
from bot.languages import language_named
from bot.models import Problem
from bot.text.escapes import join_surrogates
from bot.text.markup import read_emphasis
from bot.text.normalise import to_simplified
from bot.text.rule_data import read_rows

LONGEST_VALUE: Final = 2000
"""Most characters read of a title or a name."""

DEEPEST: Final = 3
"""Levels of nested mappings whose fields are read as the document's own."""

MOST_FIELDS: Final = 1000
"""Most fields of unknown names examined in one document."""

_NAMES: Final = ("name", "title", "text", "rendered", "value", "#text", "_text", "content")
"""Fields in which an object that stands for a title, a publisher or an address has its words."""

_DAY_NAME: Final = re.compile(
    r"(?:^|[\W_])(?:date|datum|day|pub|publish|published|posted|issued)(?:[\W_]|$)|(?<!更新)(?<!修改)(?:日期|时间)$"
)
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_EMPTY: Final = frozenset(["", "null", "none", "~", "n/a"])
_SHOWN: Final = 40
"""Most characters of a value that a remark quotes."""


class Field(Struct, frozen=True):
    """A field with its name and the meaning of the name; `meaning` is "" for an unknown name.

    A low rank is read first.
    """

    name: str
    value: object
    meaning: str
    rank: int


class DeclaredMetadata(Struct, frozen=True):
    """Metadata that a source declares in front matter, a page's head or a JSON line; "" and None mean unknown.

    `title_from` is "heading" for a title from the text's own markup. `inferred`: part of `published` was inferred.
    `translation_of` names the file of the original, `brief` marks Trendbot's own retelling, `note` says what the source
    leaves open. `remarks` name the fields that look like a day and were not understood.
    """

    title: str = ""
    title_from: str = "declared"
    publisher: str = ""
    published: date | None = None
    inferred: bool = False
    language: str = ""
    url: str = ""
    translation_of: str = ""
    brief: bool = False
    note: str = ""
    remarks: tuple[Problem, ...] = ()


def declared_in(values: Mapping[str, object], today: date = date.max) -> DeclaredMetadata:
    """Return the metadata in the fields of front matter or a JSON line; a value of a wrong type is unknown.

    An address in a field for the source is the document's link. `today` bounds the day of publication.
    """
    fields = fields_of(values)
    title = next(_texts(fields, "title"), "")
    name = next(_texts(fields, "name"), "")
    sources = list(_texts(fields, "publisher", *(["name"] if title else [])))
    links = [one_line(values.get("url")), *(t for t in [*_texts(fields, "url"), *sources] if _is_address(t))]
    publisher = next((text for text in sources if not _is_address(text)), "")
    published, remarks = _published(fields, today, zone_of(title or name))
    return DeclaredMetadata(
        title=title or name,
        publisher=publisher,
        published=published,
        inferred=_is_true(values.get("inferred")),
        language=_language(next(_texts(fields, "language"), "")),
        url=next(filter(None, links), ""),
        translation_of=one_line(values.get("translation_of")),
        brief=_is_true(values.get("brief")),
        note=one_line(values.get("note")),
        remarks=remarks,
    )


def fields_of(values: Mapping[str, object]) -> list[Field]:
    """Return the fields of a document and its containers, ordered by rank; within a rank, its own come first."""
    fields: list[Field] = []
    level = [values]
    unknown = MOST_FIELDS
    for _ in range(DEEPEST):
        inner: list[Mapping[str, object]] = []
        for mapping in level:
            for name, value in mapping.items():
                meaning, rank = meaning_of(str(name))
                if meaning == "container" and isinstance(value, Mapping):
                    inner.append(value)
                elif meaning or (unknown := unknown - 1) >= 0:
                    fields.append(Field(str(name), value, meaning, rank))
        level = inner
    return sorted(fields, key=lambda field: field.rank)


@lru_cache(maxsize=1 << 10)
def meaning_of(name: str) -> tuple[str, int]:
    """Return the meaning of a field name, and its rank; ("", 9) for an unknown name."""
    folded = to_simplified(unicodedata.normalize("NFKC", name[:100]).lower())
    for spelling in (folded, re.split("[:.]", folded)[-1]):
        if known := _meanings().get(re.sub(r"[\W_]+", "", spelling)):
            return known
    return "", 9


@cache
def _meanings() -> Mapping[str, tuple[str, int]]:
    """Return the meaning and rank of each known name (fields.tsv)."""
    rows = read_rows(Path(__file__).with_name("fields.tsv"))
    return {name: (meaning, int(rank)) for name, meaning, rank in rows}


def _published(fields: list[Field], today: date, zone: tzinfo) -> tuple[date | None, tuple[Problem, ...]]:
    """Return the day of publication, or None and remarks on up to three fields that look like one but hold none."""
    remarks: list[Problem] = []
    for field in fields:
        if _is_empty(field.value) or _is_flag(field.value):
            continue
        if field.meaning == "day":
            if day := read_day(field.value, today, zone):
                return day, ()
            remarks.append(_not_understood(field))
        elif not field.meaning and _looks_like_day(field, today):
            remarks.append(_not_understood(field))
    return None, tuple(remarks[:3])


def _not_understood(field: Field) -> Problem:
    value = " ".join(str(field.value)[: 2 * _SHOWN].split())
    shown = value if len(value) <= _SHOWN else f"{value[: _SHOWN - 1]}…"
    return Problem("day_not_understood", (field.name[:_SHOWN], shown))


def _looks_like_day(field: Field, today: date) -> bool:
    """Return whether a field of unknown name may hold the day: by its name, or because its text is a day."""
    name = _CAMEL.sub("_", field.name[:100]).lower()
    if isinstance(field.value, str) and read_day(field.value, today) and not field.value.strip().isdigit():
        return True
    return isinstance(field.value, str | int | float) and _DAY_NAME.search(name) is not None


def _is_empty(value: object) -> bool:
    """Return whether a value is empty, or a word for empty."""
    return value is None or (isinstance(value, str) and value.strip().lower() in _EMPTY)


def _is_flag(value: object) -> bool:
    """Return whether a value is a flag: `published: true` is no day."""
    return isinstance(value, bool) or (isinstance(value, str) and value.strip().lower() in {"true", "false"})


def _texts(fields: list[Field], *meanings: str) -> Iterator[str]:
    """Yield the texts of fields with one of `meanings`, each on one line."""
    for field in fields:
        if field.meaning in meanings and (text := one_line(_words_in(field.value))):
            yield text


def _words_in(value: object) -> object:
    """Return the words of a value that may be an object with a name, or a list of one; None if empty."""
    for _ in range(DEEPEST):
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        elif isinstance(value, Mapping):
            value = next((value[name] for name in _NAMES if value.get(name)), None)
    return None if _is_empty(value) else value


def _is_address(text: str) -> bool:
    return text.startswith(("https://", "http://"))


def _is_true(value: object) -> bool:
    """Return whether a field says yes; YAML values are read as text."""
    return value is True or (isinstance(value, str) and value.strip().lower() in {"true", "yes"})


def one_line(value: object) -> str:
    """Return a value that must be text on one line, repaired; "" for any other type, and for spam."""
    if not isinstance(value, str) or not value:
        return ""
    line = " ".join(part.text for part in repair(join_surrogates(value[:LONGEST_VALUE])).blocks if part.text)
    return "" if find_spam([line], find_suspects([line])) else read_emphasis(line)


def _language(tag: str) -> str:
    """Return the language of a language tag, "other" for one that no reader has, "" for an empty tag."""
    return (language_named(tag) or "other") if tag.strip() else ""
