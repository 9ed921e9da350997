"""Outside content is parsed in processes that may do nothing else; when one dies, nothing else is lost."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import TypeVar

import pytest
from document_kit import hostile
from library_kit import in_words
from pdf_kit import paragraphs_of, typeset
from process_kit import children

from bot.intake.box import confinement
from bot.intake.box.box import Box
from bot.intake.box.pool import DOCUMENTS
from bot.intake.readers import IN_PROCESS, Outcome, Parser, read_stream
from bot.models import Document
from bot.text.unreadable import Unreadable

T = TypeVar("T")
ROOT = Path(__file__).parent.parent
TODAY = date(2026, 11, 22)
BODY = "Liquid cooling cut the power bill of the new hall by 18% in its first year, the operator said."


@pytest.fixture
def box() -> Iterator[Box]:
    box = Box()
    yield box
    box.close()


def read(parser: Parser, name: str, raw: bytes) -> list[Outcome]:
    """Return the outcomes of parsing one file."""
    return list(read_stream(parser, name, io.BytesIO(raw), lambda _name: None, TODAY))


def told(outcomes: list[Outcome]) -> list[object]:
    """Return outcomes as comparable values."""
    return [one.problem if isinstance(one, Unreadable) else one for one in outcomes]


def said(outcome: Outcome) -> str:
    """Return why a document could not be read."""
    assert isinstance(outcome, Unreadable)
    return in_words(outcome.problem)


def server(box: Box) -> int:
    """Return the process id of a box's fork server."""
    assert box._pool is not None
    assert box._pool._server is not None
    return box._pool._server._process.pid


def workers(box: Box) -> list[int]:
    """Return the process ids of a box's workers."""
    return children(server(box))


def lines(count: int) -> bytes:
    return "\n".join(json.dumps({"title": f"No. {n}", "text": BODY}) for n in range(count)).encode()


BOOK = "\n".join(f"{BODY} It opened in room {n}." for n in range(49_000)).encode()
"""A text that takes a few seconds to read."""


class TestReading:
    def test_gives_what_a_parser_gives_outside(self, box: Box) -> None:
        for seed in range(4):
            for name, raw in hostile(Random(seed)):  # noqa: S311 -- makes repeatable documents, no secret
                assert told(read(box, name, raw)) == told(read(IN_PROCESS, name, raw)), (seed, name)

    @pytest.mark.parametrize(("language", "font"), [("en", "Times-Roman"), ("zh", "STSong-Light")])
    def test_reads_reports_of_many_pages(self, language: str, font: str, box: Box) -> None:
        made = typeset(paragraphs_of("stanford", language), font=font, head="Annual report")
        (document,) = read(box, "a.pdf", made.raw)
        assert isinstance(document, Document)
        assert [document] == read(IN_PROCESS, "a.pdf", made.raw)
        assert len({block.page for block in document.blocks}) > 1

    def test_reads_a_translation_with_what_it_translates(self, box: Box) -> None:
        pair = {path.name: path.read_bytes() for path in (ROOT / "seeds").glob("cww*.md")}
        for name, raw in pair.items():
            boxed = list(read_stream(box, name, io.BytesIO(raw), pair.get, TODAY))
            assert boxed == list(read_stream(IN_PROCESS, name, io.BytesIO(raw), pair.get, TODAY))
            assert isinstance(boxed[0], Document)

    def test_gives_every_line_its_outcome_in_order(self, box: Box) -> None:
        raw = lines(300).replace(b'{"title": "No. 7",', b"{", 1).replace(b'{"title": "No. 9"', b'"', 1)
        outcomes = read(box, "a.jsonl", raw)
        assert len(outcomes) == 300
        assert told(outcomes) == told(read(IN_PROCESS, "a.jsonl", raw))
        assert said(outcomes[9]).startswith("Line 10: ")

    def test_serves_several_threads_at_once(self, box: Box) -> None:
        results: dict[int, list[Outcome]] = {}

        def one(number: int) -> None:
            results[number] = read(box, f"{number}.jsonl", lines(80))

        threads = [Thread(target=one, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [len(results[number]) for number in range(4)] == [80] * 4


class TestWorkers:
    def test_outlive_the_thread_that_asked_for_the_first(self, box: Box) -> None:
        first = Thread(target=read, args=(box, "a.txt", BODY.encode()))
        first.start()
        first.join()
        before = server(box), workers(box)
        time.sleep(0.2)  # Nothing signals the end of the thread.
        assert isinstance(read(box, "a.txt", BODY.encode())[0], Document)
        assert (server(box), workers(box)) == before

    def test_none_runs_before_the_first_document(self, box: Box) -> None:
        before = children(os.getpid())
        box.close()
        assert children(os.getpid()) == before

    def test_a_question_starts_none_and_loads_nothing_of_them(self, data: Path) -> None:
        code = (
            "import sys; from bot.cli import main; main(['ask', 'compute']); "
            "print([name for name in sys.modules if name in ('bot.intake.box.pool', 'bot.intake.readers')])"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "TRENDBOT_DATA": str(data)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.splitlines()[-1] == "[]"

    def test_see_nothing_of_the_environment(self, box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TRENDBOT_TOKEN", "1:secret")
        read(box, "a.txt", BODY.encode())
        assert workers(box)
        for worker in workers(box):
            assert b"TRENDBOT" not in Path(f"/proc/{worker}/environ").read_bytes()

    def test_give_their_place_to_new_ones_after_their_share(self, box: Box) -> None:
        read(box, "a.jsonl", lines(DOCUMENTS - 70))
        first = workers(box)
        read(box, "a.jsonl", lines(100))
        read(box, "a.jsonl", lines(10))
        second = workers(box)
        assert first
        assert second
        assert not set(first) & set(second)

    def test_and_the_server_may_be_killed_between_documents(self, box: Box) -> None:
        read(box, "a.txt", BODY.encode())
        for worker in workers(box):
            _kill(worker)
        assert isinstance(read(box, "a.txt", BODY.encode())[0], Document)
        _kill(server(box))
        assert isinstance(read(box, "a.txt", BODY.encode())[0], Document)

    def test_leave_nothing_behind(self, box: Box) -> None:
        before = set(children(os.getpid()))
        for number in range(5):
            read(box, f"{number}.txt", BODY.encode())
            read(box, f"{number}.md", BODY.encode())
            read(box, f"{number}.jsonl", BODY.encode())
        left = workers(box)
        assert len(left) <= 2
        box.close()
        assert set(children(os.getpid())) == before
        assert not any(_runs(worker) for worker in left)

    def test_end_with_a_bot_that_is_killed(self, tmp_path: Path) -> None:
        path = tmp_path / "book.txt"
        path.write_bytes(BOOK)
        bot = subprocess.Popen(
            [sys.executable, "-m", "bot", "ingest", str(path)],
            cwd=ROOT,
            env={**os.environ, "TRENDBOT_DATA": str(tmp_path / "data")},
        )
        started = _awaited(lambda: [w for s in children(bot.pid) for w in children(s)])
        both = children(bot.pid) + started
        bot.kill()
        bot.wait()
        _awaited(lambda: not any(_runs(process) for process in both))


class TestADeath:
    def test_is_told_in_words_and_the_next_document_is_read(self, box: Box) -> None:
        read(box, "a.txt", BODY.encode())
        with killing(box, signal.SIGABRT):
            (outcome,) = read(box, "book.txt", BOOK)
        assert said(outcome) == "What reads such files crashed on it; it is too large or broken."
        assert isinstance(read(box, "a.txt", BODY.encode())[0], Document)

    def test_by_its_time_limit_is_told_as_that(self, box: Box) -> None:
        read(box, "a.txt", BODY.encode())
        with killing(box, signal.SIGXCPU):
            (outcome,) = read(box, "book.txt", BOOK)
        assert said(outcome) == "Reading it took too long; it is too large or broken."

    def test_on_a_line_costs_the_other_lines_nothing(self, box: Box) -> None:
        raw = b"\n".join([lines(5), json.dumps({"text": BOOK.decode()}).encode(), lines(5)])
        read(box, "a.jsonl", lines(1))
        with killing(box, signal.SIGKILL):
            outcomes = read(box, "a.jsonl", raw)
        assert len(outcomes) == 11
        assert said(outcomes[5]).startswith("Line 6: Reading it took more than 700 MiB of memory")
        assert all(isinstance(one, Document) for one in outcomes[:5] + outcomes[6:])


CONFINED = """
import os, pathlib, socket, sys, ctypes
sys.path.insert(0, sys.argv[1])
from bot.intake.box import confinement
parent = os.getppid()
confinement.limit_resources()
confinement.give_up_rights()
tries = {
    "read": lambda: open(sys.argv[2]).read(),
    "passwords": lambda: open("/etc/passwd").read(),
    "environment": lambda: open(f"/proc/{parent}/environ", "rb").read(),
    "list": lambda: os.listdir("/"),
    "write": lambda: open("/tmp/trendbot-box", "w"),
    "write code": lambda: open(os.__file__, "a"),
    "remove": lambda: os.unlink(sys.argv[2]),
    "run": lambda: os.execv("/bin/true", ["true"]),
    "tcp": lambda: socket.create_connection(("127.0.0.1", int(sys.argv[3])), 2),
    "udp": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9)),
    "unix": lambda: socket.socket(socket.AF_UNIX),
    "signal": lambda: os.kill(parent, 0),
    "memory": lambda: bytearray(confinement.MEMORY),
    "trace": lambda: 1 / (ctypes.CDLL(None).ptrace(16, parent, 0, 0) + 1),
}
for name, attempt in tries.items():
    try:
        attempt()
    except (OSError, MemoryError, ZeroDivisionError):
        continue
    print(name)
import colorsys
print("done", colorsys.rgb_to_hsv(1, 1, 1))
"""


@pytest.mark.skipif(bool(confinement.missing()), reason="this kernel has no Landlock")
def test_what_is_confined_can_do_nothing_but_read_code(tmp_path: Path) -> None:
    secret = tmp_path / "state.db"
    secret.write_text("precious")
    with socket.create_server(("127.0.0.1", 0)) as server:
        arguments = [str(ROOT), str(secret), str(server.getsockname()[1])]
        done = subprocess.run(
            [sys.executable, "-I", "-c", CONFINED, *arguments], capture_output=True, text=True, check=False
        )
    assert done.stdout == "done (0.0, 0.0, 1)\n", done.stderr
    assert secret.read_text() == "precious"


def test_what_takes_too_long_is_ended_by_the_system() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom bot.intake.box import confinement\n"
        "confinement.limit_time(0)\nwhile True: pass"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, check=False, timeout=60)
    assert done.returncode == -signal.SIGXCPU


def _awaited(look: Callable[[], T]) -> T:
    """Wait up to a minute until `look` returns a non-empty value, and return it."""
    end = time.monotonic() + 60
    while not (value := look()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return value


def _runs(process: int) -> bool:
    """Return whether a process exists and has not ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _kill(process: int) -> None:
    """Kill a process and wait for its end."""
    os.kill(process, signal.SIGKILL)
    _awaited(lambda: not _runs(process))


@contextmanager
def killing(box: Box, by: int) -> Iterator[None]:
    """Send signal `by` to every worker that has used half a second of CPU time."""
    ended = Event()

    def kill() -> None:
        before: dict[int, float] = {}
        while not ended.wait(0.01):
            for worker in workers(box):
                with suppress(FileNotFoundError, ProcessLookupError):
                    if _cpu(worker) > before.setdefault(worker, _cpu(worker)) + 0.5:
                        os.kill(worker, by)

    killer = Thread(target=kill)
    killer.start()
    try:
        yield
    finally:
        ended.set()
        killer.join()


def _cpu(process: int) -> float:
    """Return the CPU seconds that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
