"""A worker process: gives up its rights, then answers requests until its connection is closed."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from io import BufferedReader
from socket import socket
from typing import Final

from bot.intake.box import confinement
from bot.intake.box.messages import (
    Answer,
    Batch,
    Done,
    Encoding,
    FeedFile,
    FeedRead,
    File,
    Named,
    Read,
    Refused,
    Request,
    Siblings,
    framed,
    read_request,
)
from bot.intake.collection import collect_seldom
from bot.intake.document import RawFile
from bot.intake.readers import FORMATS, IN_PROCESS, Lines, Outcome
from bot.models import Problem
from bot.text.unreadable import Unreadable

_BY_NAME: Final = {form.name: form for form in FORMATS}


def work(connection: socket) -> None:
    """Give up this process's rights, then answer the requests of `connection` until it is closed.

    Raises OSError if Landlock refuses.
    """
    collect_seldom()
    confinement.limit_resources()
    confinement.give_up_rights()
    with connection.makefile("rb") as incoming:
        while (request := read_request(incoming.read)) is not None:
            for answer in _answers(request, incoming):
                connection.sendall(_framed(answer))


def _answers(request: Request, incoming: BufferedReader) -> Iterator[Answer]:
    """Yield the answers to a request, whose file is read from `incoming`. Limits the CPU time of each document."""
    if isinstance(request, Batch):
        for number, line in request.lines:
            confinement.limit_time(confinement.seconds_for(len(line)))
            one = Lines(request.format, request.name, request.encoding, request.today, ((number, line),))
            yield from _as_answers(IN_PROCESS.lines(one), number)
            yield Done()
        return
    if isinstance(request, FeedFile):
        confinement.limit_time(confinement.seconds_for(0))  # honest feeds take a tenth of a second
        yield from _feed(incoming.read(request.size), request.charset)
        yield Done()
        return
    form = _BY_NAME[request.format]
    if isinstance(request, Encoding):
        confinement.limit_time(confinement.seconds_for(len(request.sample)))
        encoding = IN_PROCESS.encoding(form, request.sample)
        yield Refused(encoding.problem) if isinstance(encoding, Unreadable) else Named((encoding,))
    elif isinstance(request, Siblings):
        confinement.limit_time(confinement.seconds_for(request.size))
        yield Named(IN_PROCESS.siblings(form, request.name, incoming.read(request.size)))
    elif isinstance(request, File):
        confinement.limit_time(confinement.seconds_for(request.size))
        file = RawFile(request.name, incoming.read(request.size), request.today)
        yield from _as_answers(IN_PROCESS.file(form, file, request.siblings))
    yield Done()


def _feed(raw: bytes, charset: str) -> Iterator[Answer]:
    try:
        outcome = IN_PROCESS.feed(raw, charset)
        yield Refused(outcome.problem) if isinstance(outcome, Unreadable) else FeedRead(outcome)
    except Exception:  # noqa: BLE001  # whatever a parser raises, the bytes are no feed
        yield Refused(Problem("no_feed"), traceback.format_exc())


def _as_answers(outcomes: Iterator[Outcome], line: int = 0) -> Iterator[Answer]:
    """Yield documents and refusals as answers.

    An exception of a parser becomes a refusal, which names `line` unless it is 0.
    """
    try:
        for outcome in outcomes:
            yield Refused(outcome.problem) if isinstance(outcome, Unreadable) else Read(outcome)
    except MemoryError:
        yield Refused(_on(line, Problem("too_much_memory", (confinement.MEMORY >> 20,))))
    except Exception as error:  # noqa: BLE001  # whatever a parser raises, the next document is read
        yield Refused(_on(line, Problem("unexpected", (type(error).__name__,))), traceback.format_exc())


def _on(line: int, problem: Problem) -> Problem:
    return Problem("line", (line, problem)) if line else problem


def _framed(answer: Answer) -> bytes:
    """Return the bytes of an answer; a document with a lone surrogate becomes a refusal."""
    try:
        return framed(answer)
    except UnicodeEncodeError as error:
        return framed(Refused(Problem("unexpected", (type(error).__name__,))))
