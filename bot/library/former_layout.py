"""How passages and texts were kept before migration 14, for the migrations alone."""

from __future__ import annotations

import json
import zlib
from typing import Final

from bot.library.compressed import compress, dump_rows, expand_terms, pack, unpack

_RAW: Final = -15
_LEVEL: Final = 6


def compress_formerly(text: str) -> bytes:
    """A text as migration 10 kept it."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL, wbits=_RAW)


def dump_formerly(sentences: str, headings: str) -> bytes:
    """A passage as migration 10 kept it, of its sentences as JSON; its terms were not known."""
    return pack([json.loads(sentences), headings, ""])


def text_anew(kept: bytes) -> bytes:
    """A text that compress_formerly() kept, as it is kept now."""
    return compress(zlib.decompress(kept, wbits=_RAW).decode("utf-8", "surrogatepass"))


def passage_anew(kept: bytes) -> bytes:
    """A passage that was kept formerly, with its terms or without, as it is kept now."""
    sentences, headings, terms = unpack(kept)
    return dump_rows(sentences, headings, expand_terms(terms))
