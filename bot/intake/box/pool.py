"""Keeps workers for parsing, and decides what a worker's death means for the document that it was reading.

    bot ── Pool ── fork server (has loaded the parsers, read nothing) ── fork ─► worker (no files, no network)
            └──────────────────── requests and answers over a socket ────────────────────┘

A worker has a deadline for each document, and is replaced after DOCUMENTS of them. When one dies or is late, the
document that it was reading is refused with a reason; the documents before and after it are still read.
"""

from __future__ import annotations

import logging
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from threading import Lock
from typing import Final

from bot.intake.box import confinement, messages
from bot.intake.box.messages import Answer, Done, FeedRead, Named, Read, Refused, framed, read_answer
from bot.intake.box.server import ForkServer, kill
from bot.intake.document import RawFile
from bot.intake.formats.feed import Feed
from bot.intake.readers import FORMATS, Format, Lines, Outcome
from bot.models import Problem
from bot.text.unreadable import Unreadable

_log = logging.getLogger(__name__)

DOCUMENTS: Final = 200
"""Documents after which a worker is replaced."""

_IDLE: Final = 2
"""Most idle workers kept."""
_PATIENCE: Final = 10
"""Seconds granted beyond the CPU time of a document, as the machine may have other work."""


class _Late(Exception):
    """A worker did not answer before its deadline."""


class _Worker:
    """A worker's connection and process, its format, and how many documents it has read."""

    def __init__(self, connection: socket.socket, process: int, form: str) -> None:
        self.connection = connection
        self.process = process
        self.form = form
        self.documents = 0
        self.reused = False
        self._deadline = 0.0

    def send(self, request: messages.Request, raw: bytes = b"") -> None:
        """Send a request, and the bytes of its file. Raises OSError if the worker has died."""
        self.connection.settimeout(_PATIENCE)
        self.connection.sendall(framed(request))
        self.connection.sendall(raw)

    def answers(self, size: int) -> list[Answer]:
        """Return the answers about the next document, of `size` bytes.

        Raises _Late after the deadline, EOFError or OSError if the worker died, ValueError for bytes that are no
        answer.
        """
        self._deadline = time.monotonic() + confinement.seconds_for(size) + _PATIENCE
        self.documents += 1
        answers: list[Answer] = []
        while not isinstance(answer := read_answer(self._receive), Done):
            answers.append(answer)
        return answers

    @property
    def alive(self) -> bool:
        """Whether the worker still waits for a request. Leaves the connection in non-blocking mode."""
        self.connection.setblocking(False)
        try:
            self.connection.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def _receive(self, size: int) -> bytes:
        """Return `size` bytes, or fewer if the worker has ended. Raises _Late after the deadline."""
        parts: list[bytes] = []
        while size:
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise _Late
            self.connection.settimeout(left)
            try:
                part = self.connection.recv(min(size, 1 << 20))
            except TimeoutError as error:
                raise _Late from error
            if not part:
                break
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


class Pool:
    """Parser that reads documents in sandboxed workers. Thread-safe: each call has a worker of its own."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._server: ForkServer | None = None
        self._idle: list[_Worker] = []

    def siblings(self, form: Format, name: str, raw: bytes) -> tuple[str, ...]:
        """See readers.Parser."""
        answers = self._request(form, messages.Siblings(form.name, name, len(raw)), raw)
        return next((answer.names for answer in answers if isinstance(answer, Named)), ())

    def file(self, form: Format, file: RawFile, siblings: Mapping[str, bytes]) -> Iterator[Outcome]:
        """See readers.Parser."""
        request = messages.File(form.name, file.name, file.today, dict(siblings), len(file.raw))
        return map(_outcome, self._request(form, request, file.raw))

    def encoding(self, form: Format, sample: bytes) -> str | Unreadable:
        """See readers.Parser."""
        for answer in self._request(form, messages.Encoding(form.name, sample)):
            return answer.names[0] if isinstance(answer, Named) else _refusal(answer)
        return Unreadable("parser_died")

    def feed(self, raw: bytes, charset: str) -> Feed | Unreadable:
        """See readers.Parser."""
        form = next(form for form in FORMATS if form.name == "feed")
        for answer in self._request(form, messages.FeedFile(charset, len(raw)), raw):
            return answer.feed if isinstance(answer, FeedRead) else _refusal(answer)
        return Unreadable("parser_died")

    def lines(self, batch: Lines) -> Iterator[Outcome]:
        """See readers.Parser.

        A line that kills its worker is refused; the lines after it are read by another worker.
        """
        form = next(form for form in FORMATS if form.name == batch.format)
        left = list(batch.lines)
        fresh = False
        while left:
            worker = self._take(form, fresh=fresh)
            outcomes: list[Outcome] = []
            first = left[0]
            try:
                worker.send(
                    messages.Batch(batch.format, batch.name, batch.encoding, batch.today, tuple(left))
                )
                while left:
                    _, line = left[0]
                    outcomes += map(_outcome, worker.answers(len(line)))
                    del left[0]
            except (_Late, EOFError, OSError, ValueError) as error:
                fresh = worker.reused and left[0] is first
                problem = self._end_failed(worker, error)
                if not fresh or problem.name == "too_much_time":
                    outcomes.append(Unreadable("line", left.pop(0)[0], problem))
            else:
                self._give_back(worker)
            yield from outcomes

    def close(self) -> None:
        """End every worker and the fork server."""
        with self._lock:
            workers, self._idle = self._idle, []
            server, self._server = self._server, None
        for worker in workers:
            worker.connection.close()
        if server is not None:
            server.close()

    def _request(self, form: Format, request: messages.Request, raw: bytes = b"") -> list[Answer]:
        """Return the answers about one document; if its worker died, the last answer is the refusal.

        A worker reused from an earlier document may have died of something else: then a new one is asked, once.
        """
        return self._request_once(form, request, raw, fresh=False) or self._request_once(
            form, request, raw, fresh=True
        )

    def _request_once(
        self, form: Format, request: messages.Request, raw: bytes, *, fresh: bool
    ) -> list[Answer]:
        """Return the answers of one worker; none if it was reused and died of anything but lack of time."""
        worker = self._take(form, fresh=fresh)
        reused = worker.reused
        try:
            worker.send(request, raw)
            answers = worker.answers(0 if isinstance(request, messages.FeedFile) else len(raw))
        except (_Late, EOFError, OSError, ValueError) as error:
            problem = self._end_failed(worker, error)
            return [] if reused and problem.name != "too_much_time" else [Refused(problem)]
        self._give_back(worker)
        return answers

    def _take(self, form: Format, *, fresh: bool) -> _Worker:
        """Return an idle worker of a format, or a new one, always new if `fresh`.

        Raises OSError if none can be started.
        """
        with self._lock:
            for worker in [one for one in self._idle if one.form == form.name and not fresh]:
                self._idle.remove(worker)
                if worker.alive:
                    return worker
                self._end(worker)
            return self._new_worker(form)

    def _new_worker(self, form: Format) -> _Worker:
        number = FORMATS.index(form)
        if self._server is not None:
            try:
                return _Worker(*self._server.fork(number), form.name)
            except OSError:  # the fork server has died, or the system has killed it
                self._server.close()
        self._server = ForkServer()
        return _Worker(*self._server.fork(number), form.name)

    def _give_back(self, worker: _Worker) -> None:
        """Keep a worker for the next document, or end it after DOCUMENTS; end the oldest of too many idle ones."""
        with self._lock:
            worker.reused = True
            if worker.documents < DOCUMENTS:
                self._idle.append(worker)
            for old in [worker] if worker.documents >= DOCUMENTS else self._idle[:-_IDLE]:
                self._end(old)
            self._idle = self._idle[-_IDLE:]

    def _end(self, worker: _Worker) -> int:
        """Close a worker's connection; return the signal that ended it, 0 if none or unknown."""
        worker.connection.close()
        try:
            return self._server.wait(worker.process) if self._server is not None else 0
        except OSError:
            return 0

    def _end_failed(self, worker: _Worker, error: Exception) -> Problem:
        """End a worker that died, was late or sent nonsense; return why its document is refused."""
        if not isinstance(error, EOFError | OSError):
            kill(worker.process)
        with self._lock:
            died_of = self._end(worker)
        _log.debug("A worker on %s ended: %r, signal %d.", worker.form, error, died_of)
        if isinstance(error, _Late) or died_of == signal.SIGXCPU:
            return Problem("too_much_time")
        if died_of == signal.SIGKILL and isinstance(error, EOFError | OSError):
            return Problem("too_much_memory", (confinement.MEMORY >> 20,))
        return Problem("parser_died")


def _outcome(answer: Answer) -> Outcome:
    """Return an answer as a document or a refusal."""
    return answer.document if isinstance(answer, Read) else _refusal(answer)


def _refusal(answer: Answer) -> Unreadable:
    if not isinstance(answer, Refused):
        return Unreadable("parser_died")
    if answer.trace:
        _log.debug("A document cannot be read.\n%s", answer.trace)
    return Unreadable(answer.problem.name, *answer.problem.values)
