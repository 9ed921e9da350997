"""Reads front matter of a Markdown file: YAML, TOML or JSON to plain values. The fields' meaning is left to declared.

YAML scalars stay text as written (a title `Yes` or `2025: the year` remains one), and YAML that is not strict is read
line by line: web clippers write `title: @Operator on cooling` by the thousand.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Final

import yaml

from bot.text.unreadable import Unreadable

LONGEST_FRONT_MATTER: Final = 64 * 1024
"""Most characters of front matter."""

MOST_ALIASES: Final = 100
"""Most references to other values in YAML. Front matter has few or none; thousands are an attack."""

_FENCES: Final = {"---": ("---", "..."), "+++": ("+++",), ";;;": (";;;",)}
_KIND: Final = re.compile(r"(---|\+\+\+|;;;)[ \t]*(yaml|toml|json)?[ \t]*", re.IGNORECASE)
_LINE: Final = re.compile(
    r"([^\W\d_][\w .-]{0,60}?)[ \t]*[:：](?:[ \t]+|(?=[^\s/:：]))(\S.*)|([^\W\d_][\w .-]{0,60}?)[ \t]*[:：]"
)
_COMMENT: Final = re.compile(r"\s#\s.*$")
_SIGNED: Final = re.compile(r"!(?!!)|&")
_LAST_COMMA: Final = re.compile(r",(?=\s*[}\]])")
_READER_HEAD: Final = re.compile(
    r"Title:[ \t]*(?P<title>[^\n]{0,500})\n+URL Source:[ \t]*(?P<url>\S{1,2000})\n+"
    r"(?:Published Time:[ \t]*(?P<published>[^\n]{0,100})\n+)?(?:[A-Z][\w ]{2,40}:[^\n]{0,500}\n+){0,5}?Markdown Content:[ \t]*\n"
)
"""Head that services returning pages as Markdown put before the text."""
_JSON_START: Final = re.compile(r'\{\s*"')

Values = Mapping[str, object]
"""The fields of front matter, by name."""


def split_front_matter(text: str) -> tuple[Values, str]:
    """Return the front matter of `text` (empty if none), and the text with blank lines in its place.

    Raises Unreadable for front matter that exceeds a limit or has no readable field.
    """
    first, _, _ = text.partition("\n")
    if opening := _KIND.fullmatch(first):
        return _fenced(text, opening[1], (opening[2] or "").lower())
    if head := _READER_HEAD.match(text):
        fields = {name: value.strip() for name, value in head.groupdict().items() if value}
        return fields, "\n" * head[0].count("\n") + text[head.end() :]
    return _leading_object(text) if _JSON_START.match(text) else ({}, text)


def _fenced(text: str, fence: str, kind: str) -> tuple[Values, str]:
    """Return the front matter between two fences, and the text with it blanked. Raises Unreadable."""
    lines = text.split("\n")
    end = next((index for index, line in enumerate(lines[1:], 1) if line.rstrip() in _FENCES[fence]), None)
    if end is None:
        return {}, text
    head = "\n".join(lines[1:end])
    if len(head) > LONGEST_FRONT_MATTER and not _LINE.fullmatch(head.lstrip()[:1000].split("\n")[0]):
        return {}, text  # two thematic breaks far apart, no front matter
    if len(head) > LONGEST_FRONT_MATTER:
        raise Unreadable("front_matter_too_long", len(head), LONGEST_FRONT_MATTER)
    kind = kind or {"---": "yaml", "+++": "toml", ";;;": "json"}[fence]
    values = {"yaml": _yaml, "toml": _toml, "json": _json}[kind](head)
    return values, "\n".join([""] * (end + 1) + lines[end + 1 :])


def _leading_object(text: str) -> tuple[Values, str]:
    """Return the JSON object before the text as front matter, and the text with it blanked."""
    head = text[:LONGEST_FRONT_MATTER]
    for source in (head, _LAST_COMMA.sub(_blank, head)):
        try:
            values, end = json.JSONDecoder(strict=False).raw_decode(source)
            break
        except (ValueError, RecursionError):
            continue
    else:
        return {}, text
    rest = text[end:]
    if not rest.lstrip(" \t").startswith("\n") or not rest.strip():
        return {}, text  # an object with text after it on its line, or with none at all, is itself the text
    return values, "\n" * text.count("\n", 0, end) + rest


def _blank(match: re.Match[str]) -> str:
    """Return as many spaces as were matched, so that offsets stay the same."""
    return " " * len(match[0])


def _yaml(head: str) -> Values:
    """Return the fields of YAML, read line by line if it is not strict. Raises Unreadable if that finds none."""
    try:
        _check_aliases(head)
        values = yaml.load(head, Loader=yaml.BaseLoader)  # noqa: S506  # builds only strings, lists and mappings
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, Unreadable):
            raise
        if fields := _by_lines(head):
            return fields
        raise Unreadable("front_matter_yaml", _first_line(error)) from error
    if values is None or values == "":
        return {}
    if isinstance(values, str) and (
        fields := _by_lines(head)
    ):  # 标题：液冷, with a colon that is none in YAML
        return fields
    if not isinstance(values, dict):
        raise Unreadable("front_matter_shape")
    return {str(name): value for name, value in values.items()} | _signed(head)


def _signed(head: str) -> dict[str, object]:
    """Return the fields whose value begins with `!` or `&` as text, which YAML takes for a tag or an anchor."""
    if ": !" not in head and (": &" not in head or "*" in head):
        return {}
    fields = _by_lines(head)
    return {name: value for name, value in fields.items() if _SIGNED.match(str(value))}


def _check_aliases(head: str) -> None:
    """Raise Unreadable for YAML with more than MOST_ALIASES references: their values multiply."""
    if "*" not in head:
        return
    aliases = sum(isinstance(token, yaml.AliasToken) for token in yaml.scan(head, Loader=yaml.BaseLoader))
    if aliases > MOST_ALIASES:
        raise Unreadable("front_matter_aliases", aliases, MOST_ALIASES)


def _by_lines(head: str) -> Values:
    """Return the `name: value` lines of front matter that is not strict YAML, without list items and blocks."""
    fields: dict[str, object] = {}
    inside = False
    for line in head.replace("\t", " ").split("\n"):
        match = _LINE.fullmatch(line.strip())
        if match is None or (inside and line.startswith(" ")):
            continue
        value = (match[2] or "").strip()
        inside = value in {"", "|", ">", "|-", ">-"}
        if not inside:
            fields.setdefault(match[1], _unquoted(value))
    return fields


def _unquoted(value: str) -> str:
    """Return a value without its quotation marks, or without the comment behind it."""
    for mark in ('"', "'"):
        if len(value) > 1 and value.startswith(mark) and value.endswith(mark):
            return value[1:-1].replace(f"\\{mark}", mark)
    return _COMMENT.sub("", value)


def _toml(head: str) -> Values:
    """Return the fields of TOML, read line by line if it is not strict. Raises Unreadable if that finds none."""
    try:
        return tomllib.loads(head)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        lines = "\n".join(re.sub(r"^(\w[\w.-]*)\s*=\s*", r"\1: ", line) for line in head.split("\n"))
        if fields := _by_lines(lines):
            return fields
        raise Unreadable("front_matter_toml", _first_line(error)) from error


def _json(head: str) -> Values:
    """Return the fields of a JSON object, with or without its braces. Raises Unreadable."""
    head = head.strip().rstrip(",")
    try:
        values = json.loads(head if head.startswith("{") else f"{{{head}}}", strict=False)
    except (ValueError, RecursionError) as error:
        raise Unreadable("front_matter_json") from error
    if not isinstance(values, dict):
        raise Unreadable("front_matter_shape")
    return values


def _first_line(error: Exception) -> str:
    """Return the first line of an error's text, without its final punctuation."""
    return str(error).split("\n", maxsplit=1)[0].rstrip(".:")
