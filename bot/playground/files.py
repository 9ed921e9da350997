"""Accepts documents and photos, uploaded or named by the id of a stored file."""

from __future__ import annotations

import mimetypes
import struct
from collections.abc import Iterator
from typing import Any

from bot.playground.content import read_text
from bot.playground.readers import Upload
from bot.playground.refusals import Json, bad, own_refusal
from bot.playground.world import World

MAX_UPLOAD, MAX_PHOTO = 50 << 20, 10 << 20
_LIMITS = {"document": MAX_UPLOAD, "photo": MAX_PHOTO}
# Bot API, sendPhoto: width and height must not exceed 10000 in total, and their ratio must be at most 20.
_SIDES, _RATIO = 10_000, 20
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8"


def media_field(world: World, given: Any, kind: str) -> Json:
    """Return the Message field for a file of a kind, "document" or "photo". Raises Refused.

    A photo must be a PNG or a JPEG. It is listed in one size only, its own, read from its header.
    """
    name, upload = _file(world, given, kind)
    if kind == "document":
        return {kind: name | {"file_name": upload.name, "mime_type": upload.mime}}
    width, height = _size(upload.content)
    return {kind: [name | {"width": width, "height": height}]}


def caption_fields(world: World, given: Json) -> Json:
    """Return the Message fields for a file's caption."""
    caption, entities = read_text(given, world.lost, "caption")
    return ({"caption": caption} if caption else {}) | ({"caption_entities": entities} if entities else {})


def _file(world: World, given: Any, kind: str) -> tuple[Json, Upload]:
    if isinstance(given, str):
        known = world.files.get(given)
        if known is None and given.startswith(("http://", "https://")):
            raise own_refusal("this server fetches nothing from elsewhere; upload the file")
        if known is None:
            raise bad("wrong remote file identifier specified: Wrong padding in the string")
        if known.kind != kind:
            raise bad(f"can't use file of type {known.kind.capitalize()} as {kind.capitalize()}")
        return {"file_id": given, "file_unique_id": f"u{given}", "file_size": len(known.content)}, known
    upload: Upload = given
    if not upload.content:
        raise bad("file must be non-empty")
    if len(upload.content) > _LIMITS[kind]:
        raise bad(f"file is too big for a {kind} (local)")
    if kind == "photo":
        _size(upload.content)
    mime = mimetypes.guess_type(upload.name)[0] or upload.mime or "application/octet-stream"
    upload = upload._replace(mime=mime, kind=kind)
    return world.store_file(upload), upload


def _size(content: bytes) -> tuple[int, int]:
    """Return a picture's width and height. Raises Refused if it is no picture or Telegram rejects its dimensions."""
    size = _png_size(content) or next(_jpeg_sizes(content), None)
    if size is None:
        raise bad("IMAGE_PROCESS_FAILED")
    if sum(size) > _SIDES or not 0 < max(size) <= _RATIO * min(size):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return size


def _png_size(content: bytes) -> tuple[int, int] | None:
    if not content.startswith(_PNG) or len(content) < 24:
        return None
    width, height = struct.unpack_from(">II", content, 16)
    return width, height


def _jpeg_sizes(content: bytes) -> Iterator[tuple[int, int]]:
    """Yield the (width, height) that each frame of a JPEG declares."""
    place = len(_JPEG)
    while content.startswith(_JPEG) and place + 9 <= len(content):
        marker, length = content[place + 1], struct.unpack_from(">H", content, place + 2)[0]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack_from(">HH", content, place + 5)
            yield width, height
        place += 2 + length
