"""Real processes that are killed, asked to stop, or run out of disk lose nothing and repeat almost nothing.

Short runs of the benchmarks in tests/bench, which print their figures.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.outbox_kills import measure
from bot_process import BotProcess
from outbox_kit import arrived, fill, repeated, welcome

from bot.playground.server import LocalTelegram


def test_a_kill_while_digests_are_sent_loses_none_and_repeats_one_at_most(data: Path) -> None:
    figures = measure(data, 8, 5, signal.SIGKILL)
    assert figures.busy > 0, "the kills hit nothing"
    assert (figures.lost, figures.disordered) == (0, 0)
    assert figures.worst <= 1


def test_a_stop_while_digests_are_sent_repeats_none(data: Path) -> None:
    figures = measure(data, 4, 5, signal.SIGTERM)
    assert figures.busy > 0, "there was nothing to do"
    assert (figures.lost, figures.repeated, figures.codes) == (0, 0, (0,))
    assert figures.slowest < 10


def test_a_second_bot_with_the_same_data_stands_back(data: Path) -> None:
    with LocalTelegram() as telegram, BotProcess(data, telegram) as first:
        first.listening()
        second = BotProcess(data, telegram)
        second._out, second._err = data.with_suffix(".second.out"), data.with_suffix(".second.err")
        with second:
            assert second.ended(30) == 1
            assert "Another trendbot runs with" in second.err
        assert first.running


def test_a_second_bot_with_the_same_token_is_told_of_in_both_places(data: Path, tmp_path: Path) -> None:
    other = shutil.copytree(data, tmp_path / "other")
    with (
        LocalTelegram() as telegram,
        BotProcess(data, telegram) as first,
        BotProcess(other, telegram) as second,
    ):
        first.listening()
        second.listening()
        deadline = time.monotonic() + 30
        while "Another process polls with this token" not in first.err + second.err:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert first.running
        assert second.running


@pytest.fixture
def small_disk(data: Path, tmp_path: Path) -> Iterator[Path]:
    """A data folder on a disk of 40 MB; skips the test if none can be mounted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("a small disk can be mounted by root only")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=40m", "tmpfs", disk], capture_output=True, check=False
    )
    if made.returncode != 0:
        pytest.skip(f"no small disk can be mounted here: {made.stderr.decode().strip()}")
    shutil.copytree(data, disk, dirs_exist_ok=True)
    yield disk
    subprocess.run([shutil.which("umount") or "umount", "-l", disk], check=True)


def fill_up(disk: Path) -> Path:
    """Fill a disk to the last byte; return the file that fills it."""
    ballast = disk / "ballast"
    file = os.open(ballast, os.O_CREAT | os.O_WRONLY)
    for size in (1 << 16, 1):
        try:
            while True:
                os.write(file, b"x" * size)
        except OSError:
            pass
    os.close(file)
    return ballast


def test_a_full_disk_stops_no_answer_and_what_was_chosen_is_kept_when_there_is_room(small_disk: Path) -> None:
    with LocalTelegram() as telegram, BotProcess(small_disk, telegram) as bot:
        bot.listening()
        telegram.say(5, 5, "/help")
        telegram.reply(5)
        welcome(telegram, range(20))
        fill(small_disk, range(20), int(time.time()))
        ballast = fill_up(small_disk)
        for chat, text in ((11, "/trend compute"), (12, "/help"), (13, "/search chips"), (14, "/lang zh")):
            telegram.say(chat, chat, text)
            telegram.reply(chat)
        telegram.say(11, 11, "/help")
        telegram.reply(11, 2)
        assert bot.running
        told = Counter(re.findall(r"ERROR (\S+): [^\n]*The disk is full", bot.err))
        # A few bytes may become free meanwhile: a part that could write again has logged it.
        again = Counter(re.findall(r"WARNING (\S+): [^\n]*(?: again|been kept)\.", bot.err))
        assert all(told[part] <= again[part] + 1 for part in told), "each part says it once, not at every try"
        ballast.unlink()
        deadline = time.monotonic() + 60
        while not (
            bot.rows("SELECT 1 FROM chat WHERE chat_id = 14 AND language = 'zh'")
            and len(set(arrived(telegram))) == 20
        ):
            assert time.monotonic() < deadline, bot.err
            time.sleep(0.1)
        assert repeated(telegram) == 0
        assert {chat: len(telegram.sent(chat)) for chat in (11, 12, 13, 14)} == {11: 2, 12: 1, 13: 1, 14: 1}
        assert bot.end(signal.SIGTERM) == 0
        assert bot.rows("PRAGMA integrity_check") == [("ok",)]
        assert "Traceback" not in bot.err
