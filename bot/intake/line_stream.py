"""The lines of a file that may be larger than memory, one by one. Knows nothing of what they hold."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from bot.text.decode import decode, encoding_of
from bot.text.unreadable import Unreadable, UnreadableEncoding

LONGEST_LINE = 16 << 20
"""Bytes of one line: what a text file may have too."""
SAMPLE = 64 << 10
"""Bytes by which the encoding of a file is judged."""
_BUFFER = 1 << 20


class LineTooLong(Unreadable):
    """A line over the limit."""


def read_lines(file: BinaryIO) -> Iterator[str | Unreadable]:
    """Each line of a seekable file without its end, or the error that stands for it.

    The encoding is judged by the first lines; a line that is no UTF-8 in a file of UTF-8 is judged by itself.
    Raises UnreadableEncoding where the file is no text at all. Holds one line in memory.
    """
    encoding = encoding_of(file.read(SAMPLE))
    file.seek(0)
    for line in split_lines(file, encoding):
        try:
            yield line if isinstance(line, Unreadable) else decode_line(line, encoding)
        except UnreadableEncoding as error:
            yield error


def split_lines(file: BinaryIO, encoding: str) -> Iterator[bytes | LineTooLong]:
    """Each line of a file, not decoded and without its end; those of UTF-16 are written anew in UTF-8."""
    if encoding.startswith("utf_16"):  # half of a character may look like the end of a line
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
    """The text of a line of split_lines(). Raises UnreadableEncoding."""
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
