"""What an operator's monitoring reads: health with each part, metrics without personal data, logs as JSON lines."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from bot_process import ROOT, BotProcess, trendbot

from bot.playground.server import LocalTelegram
from bot.telemetry import BOUNDS, Durations, Telemetry

DEPLOY = ROOT / "deploy"
PERSON, GROUP = 987_654_321, -1_009_876_543_210
_HOLD = """
import sqlite3, sys, time
sqlite3.connect(sys.argv[1]).execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(60)
"""
WORDS = ("Nachtigall", "compute", "liquid cooling", "8 Uhr", "算力")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(port: int, path: str) -> tuple[int, str]:
    """Return the status and the body of the bot's answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@contextmanager
def busy_bot(folder: Path, port: int) -> Iterator[tuple[BotProcess, LocalTelegram]]:
    """Run a bot that people have used in a private chat and in a group; yield it and its Telegram."""
    with LocalTelegram() as telegram:
        telegram.create_group(GROUP, "Nachtigall", PERSON)
        telegram.add_bot(GROUP, PERSON)
        with BotProcess(
            folder, telegram, TRENDBOT_LISTEN=f"127.0.0.1:{port}", TRENDBOT_LOG="INFO,json"
        ) as bot:
            bot.listening()
            texts = ("/trend compute", "算力", "/subscribe 08:00 liquid cooling", "Nachtigall?", "/digest")
            for number, text in enumerate(texts, 1):
                telegram.say(PERSON, PERSON, text)
                telegram.reply(PERSON, number)
            telegram.say(GROUP, PERSON, "/trend chips")
            telegram.reply(GROUP)
            telegram.push_malformed()
            yield bot, telegram


def test_health_names_each_part_and_is_bad_before_telegram_is_there(tmp_path: Path) -> None:
    port = free_port()
    with BotProcess(
        tmp_path / "data", f"http://127.0.0.1:{free_port()}", TRENDBOT_LISTEN=f"127.0.0.1:{port}"
    ) as bot:
        bot.saying("cannot be reached")
        status, body = get(port, "/healthz")
    assert status == 503
    parts = json.loads(body)["parts"]
    assert {name: part["ok"] for name, part in parts.items()} == {
        "telegram": False,
        "state": True,
        "library": True,
        "disk": True,
    }


def test_health_is_good_once_telegram_is_there_and_bad_when_the_state_cannot_be_written(
    tmp_path: Path,
) -> None:
    port = free_port()
    with busy_bot(tmp_path / "data", port) as (bot, _):
        status, body = get(port, "/healthz")
        assert (status, json.loads(body)["ok"]) == (200, True)
        command = [sys.executable, "-c", _HOLD, str(bot.data / "state.db")]
        locked = subprocess.Popen(command, stdout=subprocess.PIPE)
        try:
            assert locked.stdout is not None
            locked.stdout.readline()
            status, body = get(port, "/healthz")
        finally:
            locked.kill()
            locked.communicate()
        assert status == 503
        assert not json.loads(body)["parts"]["state"]["ok"]


@pytest.mark.parametrize("table", ["inbox", "outbox", "subscription"])
def test_a_damaged_page_is_told_once_by_the_log_and_with_its_remedy_by_health_and_doctor(
    tmp_path: Path, table: str
) -> None:
    port = free_port()
    with (
        LocalTelegram() as telegram,
        BotProcess(tmp_path, telegram, TRENDBOT_LISTEN=f"127.0.0.1:{port}") as bot,
    ):
        bot.listening()
        telegram.say(PERSON, PERSON, "/help")
        telegram.reply(PERSON)
        telegram.wait(lambda: list((tmp_path / "backups").glob("trendbot-*")), "a backup")
        (backup,) = (tmp_path / "backups").glob("trendbot-*")
        _damage(tmp_path / "state.db", table)
        telegram.say(PERSON, PERSON, "compute")
        bot.saying("database disk image is malformed")
        status, body = get(port, "/healthz")
        time.sleep(3)  # what failed is tried again each second or two
    assert status == 503
    assert "run trendbot doctor" in json.loads(body)["parts"]["state"]["text"]
    assert "Traceback" not in bot.err
    texts = re.findall(r"ERROR (bot\.[a-z_.]+: [\w ]+)", bot.err)
    assert len(set(texts)) == len(texts)
    examined = trendbot(tmp_path, "doctor")
    assert "state.db is damaged" in examined.stdout
    assert f"then: trendbot restore {backup}\n" in examined.stdout


def _damage(file: Path, table: str) -> None:
    """Overwrite the first page of a table and of each of its indexes, as a bad disk does."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ((size,),) = db.execute("PRAGMA page_size")
        pages = [
            row[0] for row in db.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name = ?", (table,))
        ]
    with file.open("r+b") as written:
        for page in filter(None, pages):
            written.seek((page - 1) * size)
            written.write(b"\xff" * size)


def test_an_address_that_is_taken_ends_the_start_with_one_sentence(tmp_path: Path) -> None:
    with LocalTelegram() as telegram, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with BotProcess(tmp_path / "data", telegram, TRENDBOT_LISTEN=address) as bot:
            assert bot.ended() == 1
            assert f"TRENDBOT_LISTEN {address} cannot be listened at" in bot.err


def test_no_metric_tells_who_used_the_bot_or_what_they_said(tmp_path: Path) -> None:
    port = free_port()
    with busy_bot(tmp_path / "data", port):
        expected = (
            'trendbot_answer_seconds_count{kind="trend"} 2.0',
            'trendbot_answer_seconds_count{kind="question"}',
            'trendbot_inbox_updates{state="poison"} 1.0',
        )
        text = ""
        deadline = time.monotonic() + 30
        while not all(line in text for line in expected) and time.monotonic() < deadline:
            _, text = get(
                port, "/metrics"
            )  # An answer is counted once it is marked, a moment after it arrives.
    for line in expected:
        assert line in text
    for told in (str(PERSON), str(-GROUP), str(GROUP), *WORDS):
        assert told not in text
    labels = set(re.findall(r'(\w+)="', text))
    assert labels <= {
        "kind",
        "le",
        "outcome",
        "state",
        "file",
        "version",
        "implementation",
        "major",
        "minor",
        "patchlevel",
    }


def test_every_line_of_the_log_is_json_and_none_tells_who_asked_or_what_they_said(tmp_path: Path) -> None:
    with busy_bot(tmp_path / "data", free_port()) as (bot, _):
        bot.saying("cannot be read")
        assert bot.end(signal.SIGTERM) == 0
        lines = [json.loads(line) for line in bot.err.splitlines()]
    assert any("cannot be read" in line["text"] for line in lines)
    assert all(set(line) == {"time", "level", "logger", "text"} for line in lines)
    for told in (str(PERSON), str(-GROUP), *WORDS):
        assert told not in bot.err


def test_durations_are_counted_by_class_and_summed() -> None:
    durations = Durations()
    for seconds in (0.0, BOUNDS[0], BOUNDS[0] + 0.001, 99.0):
        durations.add(seconds)
    assert durations.counts[0] == 2
    assert durations.counts[1] == 1
    assert durations.counts[-1] == 1
    assert durations.total == pytest.approx(99.0 + 2 * BOUNDS[0] + 0.001)


def test_telemetry_is_of_one_process_and_begins_at_nothing() -> None:
    one, other = Telemetry(), Telemetry()
    one.answered("trend", 0.1)
    one.flooded(3)
    assert not other.answers
    assert (one.floods, one.flood_seconds, other.floods) == (1, 3, 0)


# -- the files in deploy/ ----------------------------------------------------------------------------------

prometheus = pytest.mark.skipif(
    not shutil.which("prometheus") and os.environ.get("TRENDBOT_TESTS") != "all",
    reason="prometheus is not installed",
)


def _found(name: str) -> str:
    path = shutil.which(name)
    assert path, f"{name} is missing"
    return path


@prometheus
def test_every_panel_of_the_dashboard_has_data_and_the_rules_are_sound(tmp_path: Path) -> None:
    port, own = free_port(), free_port()
    for name in ("prometheus.yml", "alerts.yml"):
        shutil.copy(DEPLOY / name, tmp_path)
    config = (tmp_path / "prometheus.yml").read_text("utf-8")
    config = config.replace("127.0.0.1:8081", f"127.0.0.1:{port}").replace("15s", "1s")
    (tmp_path / "prometheus.yml").write_text(config, "utf-8")
    checked = subprocess.run(
        [_found("promtool"), "check", "config", tmp_path / "prometheus.yml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    assert "4 rules found" in checked.stdout
    panels = json.loads((DEPLOY / "grafana-dashboard.json").read_text("utf-8"))["panels"]
    queries = [target["expr"] for panel in panels for target in panel["targets"]]
    assert len(queries) > 10
    with busy_bot(tmp_path / "data", port) as (_, telegram), _prometheus(tmp_path, own):
        left = queries
        deadline = time.monotonic() + 60
        while (left := [query for query in left if not _series(own, query)]) and time.monotonic() < deadline:
            telegram.say(PERSON, PERSON, "/about")  # A rate needs something to happen.
            time.sleep(0.5)
        assert left == []


@contextmanager
def _prometheus(folder: Path, port: int) -> Iterator[None]:
    arguments = [
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    process = subprocess.Popen(
        [_found("prometheus"), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _series(port: int, query: str) -> list[Any]:
    """Return the series of a query that have a number now; none while Prometheus is starting."""
    try:
        status, body = get(port, f"/api/v1/query?query={quote(query)}")
    except OSError:
        return []
    assert status in {200, 503}, body
    result = json.loads(body)["data"]["result"] if status == 200 else []
    return [series for series in result if series["value"][1] != "NaN"]
