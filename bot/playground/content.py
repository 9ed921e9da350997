"""Reads a message's text and entities from a call's parameters, and detects the entities that Telegram finds in a
text by itself.
"""

from __future__ import annotations

import re

from bot.playground.cleaning import Entity, clean, trimmed, units
from bot.playground.markup import CannotParse, parse
from bot.playground.refusals import Json, bad, own_refusal

MAX_TEXT, MAX_CAPTION, MAX_BYTES = 4096, 1024, 32_768

_KINDS = frozenset(
    "mention hashtag cashtag bot_command url email phone_number bold italic underline strikethrough spoiler "
    "blockquote expandable_blockquote code pre text_link text_mention custom_emoji date_time".split()
)
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"'，。；：！？（）【】《》「」]+|t\.me/[A-Za-z0-9_/?=&%+-]+)"
    r"|(?<![\w/@])(?P<mention>@[A-Za-z][A-Za-z0-9_]{2,31})(?!\w)"
    r"|(?<![\w/<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z][A-Za-z0-9_]{2,31})?)(?![\w/<>])"
    r"|(?<![\w#])(?P<hashtag>#(?=\w*[^\W\d])\w{1,256})"
)
_LIKELY = re.compile(r"[@/#]|t\.me")


def found_entities(text: str) -> list[Entity]:
    """Return the URLs, mentions, commands and hashtags in a plain text as entities."""
    if not _LIKELY.search(text):
        return []
    entities: list[Entity] = []
    for match in _FOUND.finditer(text):
        shown = match[0].rstrip(".,;:!?)") if match.lastgroup == "url" else match[0]
        place = {"offset": units(text[: match.start()]), "length": units(shown)}
        entities.append({"type": match.lastgroup} | place)
    return entities


def read_text(given: Json, lost: list[str], field: str = "text") -> tuple[str, list[Entity]]:
    """Return the text (or caption) and its entities as they will be shown.

    Raises Refused after checks in Telegram's order: bytes, markup, emptiness, length. Notes in `lost` what is dropped.
    """
    raw = str(given.get(field, ""))
    caption = field == "caption"
    if not raw and not caption:
        raise bad("message text is empty")
    if len(raw) * 4 > MAX_BYTES and len(raw.encode()) > MAX_BYTES:
        raise bad("Text is too long")
    text, entities = _parsed(raw, given, lost, "caption_entities" if caption else "entities")
    text, entities = trimmed(text, entities)
    if not text and not caption:
        raise bad("text must be non-empty")
    if units(text) > (MAX_CAPTION if caption else MAX_TEXT):
        raise bad("message caption is too long" if caption else "message is too long")
    covered = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in _OPAQUE]
    more = [
        e
        for e in found_entities(text)
        if not any(a < e["offset"] + e["length"] and e["offset"] < b for a, b in covered)
    ]
    return text, sorted([*entities, *more], key=lambda entity: (entity["offset"], -entity["length"]))


_OPAQUE = frozenset({"code", "pre", "text_link", "text_mention", "mention", "url", "bot_command", "hashtag"})


def _parsed(raw: str, given: Json, lost: list[str], name: str) -> tuple[str, list[Entity]]:
    mode = str(given.get("parse_mode", "")).lower()
    if mode == "html":
        try:
            parsed = parse(raw)
        except CannotParse as error:
            raise bad(str(error)) from None
        lost.extend(parsed.lost)
        return parsed.text, list(parsed.entities)
    if mode in {"markdown", "markdownv2"}:
        raise own_refusal("Markdown is not read by this server, HTML is")
    if mode not in {"", "none"}:
        raise bad("unsupported parse_mode")
    text = clean(raw)
    return text, [_entity(entity, units(text)) for entity in given.get(name) or []]


def _entity(given: Json, length: int) -> Entity:
    kind, start, size = given["type"], given["offset"], given["length"]
    if kind not in _KINDS:
        raise bad("can't parse MessageEntity: Unsupported type specified")
    for needed, whose in (
        ("url", "text_link"),
        ("user", "text_mention"),
        ("custom_emoji_id", "custom_emoji"),
    ):
        if kind == whose and needed not in given:
            raise bad(f"can't parse MessageEntity: Can't find field \"{needed}\"")
    if start < 0:
        raise bad(f"receive an entity with incorrect offset {start}")
    if size < 0:
        raise bad(f"receive an entity with incorrect length {size}")
    if start >= length:
        raise bad(f"entity begins after the end of the text at UTF-16 offset {start}")
    if start + size > length:
        raise bad(
            f"entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {start + size}"
        )
    return given
