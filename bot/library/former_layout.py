"""Storage formats of passages and texts before migration 14. For migrations only."""

from __future__ import annotations

import json
import zlib
from typing import Final

from bot.library.compressed import compress, dump_rows, expand_terms, pack, unpack

_RAW: Final = -15
_LEVEL: Final = 6


def compress_formerly(text: str) -> bytes:
    """Return `text` as migration 10 stored it."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL, wbits=_RAW)


def dump_formerly(sentences: str, headings: str) -> bytes:
    """Return a passage as migration 10 stored it, from its sentences as JSON, without terms: they were not known."""
    return pack([json.loads(sentences), headings, ""])


def text_anew(blob: bytes) -> bytes:
    """Return a text that compress_formerly() compressed in today's format."""
    return compress(zlib.decompress(blob, wbits=_RAW).decode("utf-8", "surrogatepass"))


def passage_anew(blob: bytes) -> bytes:
    """Return a passage stored in the former format, with or without terms, in today's format."""
    sentences, headings, terms = unpack(blob)
    return dump_rows(sentences, headings, expand_terms(terms))
