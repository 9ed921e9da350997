"""Splits a file that may be larger than memory into lines, and decodes them. What they hold is left to the formats."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from bot.text.decode import decode
from bot.text.unreadable import Unreadable

LONGEST_LINE = 16 << 20
"""Largest line, in bytes: as much as a text file may have."""
SAMPLE = 64 << 10
"""Number of first bytes by which a file's encoding is judged."""
_BUFFER = 1 << 20


class LineTooLong(Unreadable):
    """A line is longer than LONGEST_LINE."""


def split_lines(file: BinaryIO, encoding: str) -> Iterator[bytes | LineTooLong]:
    """Yield each line of a file, undecoded and without its line break; UTF-16 is recoded to UTF-8."""
    if encoding.startswith("utf_16"):  # half of a character may look like a line break
        reader = io.TextIOWrapper(file, encoding, errors="replace", newline="\n")
        try:
            yield from _wide_lines(reader)
        finally:
            reader.detach()
        return
    while raw := file.readline(LONGEST_LINE + 1):
        if len(raw) > LONGEST_LINE:
            while raw and not raw.endswith(b"\n"):
                raw = file.readline(_BUFFER)
            yield _too_long()
            continue
        yield raw.rstrip(b"\r\n")


def decode_line(raw: bytes, encoding: str) -> str:
    """Return the text of a line from split_lines(). Raises UnreadableEncoding."""
    try:
        text = raw.decode("utf-8" if encoding.startswith("utf_16") else encoding)
        return text.removeprefix("\ufeff")
    except UnicodeDecodeError:
        return decode(raw)


def _wide_lines(reader: io.TextIOWrapper) -> Iterator[bytes | LineTooLong]:
    longest = LONGEST_LINE // 2
    while line := reader.readline(longest + 1):
        if len(line) > longest:
            while line and not line.endswith("\n"):
                line = reader.readline(_BUFFER)
            yield _too_long()
            continue
        yield line.rstrip("\r\n").encode("utf-8", "replace")


def _too_long() -> LineTooLong:
    return LineTooLong("line_too_long", LONGEST_LINE)
