"""The protocol between the bot and a worker: typed values in MessagePack, each behind its length. Opens nothing.

    request, then the bytes of its file if it has one   →   worker
    answers, then Done                                  ←   worker

A value of any other shape is an error: what comes out of the sandbox was made next to hostile bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import date
from typing import Final

import msgspec

from bot.intake.formats.feed import Feed
from bot.models import Document, Problem

LARGEST_ANSWER: Final = 128 << 20
"""Largest answer, in bytes: a document of 16 MiB with everything cut from it is smaller."""

_LENGTH: Final = struct.Struct("<I")


class Siblings(msgspec.Struct, frozen=True, tag=True):
    """Request: which files beside this one are needed to read it? Its bytes follow; the answer is Named."""

    format: str
    name: str
    size: int


class File(msgspec.Struct, frozen=True, tag=True):
    """Request: the documents of a file, whose bytes follow. Each is answered by Read or Refused."""

    format: str
    name: str
    today: date
    siblings: dict[str, bytes]
    size: int


class Encoding(msgspec.Struct, frozen=True, tag=True):
    """Request: the encoding of a file of lines. The answer is Named or Refused."""

    format: str
    sample: bytes


class Batch(msgspec.Struct, frozen=True, tag=True):
    """Request: the documents of numbered lines. The answers to each line end with a Done."""

    format: str
    name: str
    encoding: str
    today: date
    lines: tuple[tuple[int, bytes], ...]


class FeedFile(msgspec.Struct, frozen=True, tag=True):
    """Request: the feed in the bytes that follow. The answer is FeedRead or Refused."""

    charset: str
    size: int


Request = Siblings | File | Encoding | Batch | FeedFile


class Named(msgspec.Struct, frozen=True, tag=True):
    """Answer: names of files, or of an encoding."""

    names: tuple[str, ...]


class Read(msgspec.Struct, frozen=True, tag=True):
    """Answer: a document."""

    document: Document


class FeedRead(msgspec.Struct, frozen=True, tag=True):
    """Answer: a feed."""

    feed: Feed


class Refused(msgspec.Struct, frozen=True, tag=True):
    """Answer: why a document could not be read; `trace` is an unexpected error's traceback, "" for none."""

    problem: Problem
    trace: str = ""


class Done(msgspec.Struct, frozen=True, tag=True):
    """Answer: the end of the answers to a request, or to one line of a Batch."""


Answer = Named | Read | FeedRead | Refused | Done

_ENCODER: Final = msgspec.msgpack.Encoder()
_REQUESTS: Final = msgspec.msgpack.Decoder(Request)
_ANSWERS: Final = msgspec.msgpack.Decoder(Answer)


def framed(message: Request | Answer) -> bytes:
    """Return a message as bytes with its length in front. Raises UnicodeEncodeError for a lone surrogate."""
    content = _ENCODER.encode(message)
    return _LENGTH.pack(len(content)) + content


def read_request(read: Callable[[int], bytes]) -> Request | None:
    """Return the next request; None at the end. `read(n)` returns n bytes, fewer only at the end."""
    length = read(_LENGTH.size)
    if len(length) < _LENGTH.size:
        return None
    request: Request = _REQUESTS.decode(read(_LENGTH.unpack(length)[0]))
    return request


def read_answer(read: Callable[[int], bytes]) -> Answer:
    """Return the next answer. Raises EOFError if the worker has ended, ValueError for bytes that are no answer."""
    head = read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    if length > LARGEST_ANSWER:
        raise ValueError("an answer is too long")
    content = read(length)
    if len(content) < length:
        raise EOFError
    answer: Answer = _ANSWERS.decode(content)
    return answer
