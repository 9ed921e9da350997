"""What the bot and a worker say to each other: typed values as MessagePack, each behind its length. Opens nothing.

    request, then the bytes of its file, if it has one   →   worker
    answers, then Done                                   ←   worker

A value of another form than is written here is an error: what comes out of the box was made beside hostile bytes.
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
"""Bytes of one answer: a document of 16 MiB with all that was cut from it is smaller."""

_LENGTH: Final = struct.Struct("<I")


class Siblings(msgspec.Struct, frozen=True, tag=True):
    """Asks which files beside one are needed to read it. Its bytes follow; the answer is Named."""

    format: str
    name: str
    size: int


class File(msgspec.Struct, frozen=True, tag=True):
    """Asks for the documents of a file, whose bytes follow."""

    format: str
    name: str
    today: date
    siblings: dict[str, bytes]
    size: int


class Encoding(msgspec.Struct, frozen=True, tag=True):
    """Asks for the encoding of a file of lines; the answer is Named or Refused."""

    format: str
    sample: bytes


class Batch(msgspec.Struct, frozen=True, tag=True):
    """Asks for the documents of some lines; after what there is of each comes a Done."""

    format: str
    name: str
    encoding: str
    today: date
    lines: tuple[tuple[int, bytes], ...]


class FeedFile(msgspec.Struct, frozen=True, tag=True):
    """Asks for the feed in bytes that follow; the answer is FeedRead or Refused."""

    charset: str
    size: int


Request = Siblings | File | Encoding | Batch | FeedFile


class Named(msgspec.Struct, frozen=True, tag=True):
    """Names of files, or of an encoding."""

    names: tuple[str, ...]


class Read(msgspec.Struct, frozen=True, tag=True):
    """A document."""

    document: Document


class FeedRead(msgspec.Struct, frozen=True, tag=True):
    """A feed."""

    feed: Feed


class Refused(msgspec.Struct, frozen=True, tag=True):
    """Why a document could not be read; `trace` is where a rule of Trendbot failed, "" where none did."""

    problem: Problem
    trace: str = ""


class Done(msgspec.Struct, frozen=True, tag=True):
    """The end of the answers to a request, or to a line of it."""


Answer = Named | Read | FeedRead | Refused | Done

_ENCODER: Final = msgspec.msgpack.Encoder()
_REQUESTS: Final = msgspec.msgpack.Decoder(Request)
_ANSWERS: Final = msgspec.msgpack.Decoder(Answer)


def framed(message: Request | Answer) -> bytes:
    """A message as bytes that tell where it ends. Raises UnicodeEncodeError for half a character."""
    content = _ENCODER.encode(message)
    return _LENGTH.pack(len(content)) + content


def read_request(read: Callable[[int], bytes]) -> Request | None:
    """The next request; None when there are no more. `read` gives so many bytes, fewer only at the end."""
    length = read(_LENGTH.size)
    if len(length) < _LENGTH.size:
        return None
    request: Request = _REQUESTS.decode(read(_LENGTH.unpack(length)[0]))
    return request


def read_answer(read: Callable[[int], bytes]) -> Answer:
    """The next answer. Raises EOFError where the worker ended, ValueError for what is no answer."""
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
