"""A real bot in groups: text that was not agreed to is in none of its files, and erased text is in none any more."""

from __future__ import annotations

import itertools
import json
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from bot_process import BotProcess
from telegram_kit import labels

from bot.playground.server import LocalTelegram

MARK = "ZHQXSECRET"
ADMIN, ANN, BO, STRANGER = 71, 72, 73, 74
GROUPS = itertools.count(-1_007_001, -1)


@pytest.fixture(scope="module")
def telegram() -> Iterator[LocalTelegram]:
    """A local Telegram; at the end it must have refused nothing and lost no markup."""
    with LocalTelegram() as telegram:
        yield telegram
    assert telegram.refused == []
    assert telegram.lost == []


@pytest.fixture(scope="module")
def service(
    telegram: LocalTelegram, seeded: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BotProcess]:
    """A running bot that keeps its temporary files and logs in the same folder as its data."""
    folder = tmp_path_factory.mktemp("privacy")
    (folder / "tmp").mkdir()
    data = shutil.copytree(seeded, folder / "data")
    with BotProcess(data, telegram, TMPDIR=str(folder / "tmp"), TRENDBOT_LOG="DEBUG") as bot:
        yield bot.listening()
        assert bot.end(signal.SIGTERM) == 0
    assert "Traceback" not in bot.err


def hits(bot: BotProcess, text: str = MARK) -> dict[str, int]:
    """Return how often a text occurs in each file of the bot: databases, logs of both kinds, temporary files."""
    files = [path for path in bot.data.parent.rglob("*") if path.is_file()]
    assert {"state.db", "library.db", "data.err"} <= {path.name for path in files}
    found = {path.name: path.read_bytes().count(text.encode()) for path in files}
    return {name: count for name, count in found.items() if count}


def until(condition: Callable[[], object], what: str) -> None:
    """Wait up to a minute until `condition` holds; fail with `what`."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def group(
    telegram: LocalTelegram, *, kind: Literal["group", "supergroup"] = "supergroup", bot_admin: bool = False
) -> int:
    """Create a group in which the bot has sent its greeting; return its id."""
    chat = next(GROUPS) if kind == "supergroup" else next(GROUPS) + 1_000_000
    telegram.create_group(chat, "Team", ADMIN, kind=kind, members=[ANN, BO])
    telegram.add_bot(chat, ADMIN, admin=bot_admin)
    assert "/capture on" in telegram.reply(chat)["text"]
    return chat


def agreed(telegram: LocalTelegram, service: BotProcess, **how: Any) -> int:
    """Create a group that has agreed to recaps, and wait until that is stored; return its id."""
    chat = group(telegram, **how)
    telegram.say(chat, ADMIN, "/capture on")
    assert "From now on I keep" in telegram.reply(chat, 2)["text"]
    service.marked(telegram.last_update)
    return chat


def kept(bot: BotProcess, chat: int) -> list[str]:
    return [
        row[0]
        for row in bot.rows("SELECT text FROM captured WHERE chat_id = ? ORDER BY at, message_id", chat)
    ]


def test_of_a_group_that_did_not_agree_no_byte_is_kept(telegram: LocalTelegram, service: BotProcess) -> None:
    chat = group(telegram)
    first = None
    for number in range(1_000):
        message = telegram.say(chat, (ANN, BO)[number % 2], f"{MARK} number {number} 算力")
        first = first or message
    assert first
    telegram.edit_text(first, f"{MARK} edited")
    telegram.say(chat, ANN, f"/weather {MARK}")
    # A command may reply to another person's message.
    telegram.say(chat, BO, "/trend compute", reply_to=first)
    telegram.reply(chat, 2)
    service.marked(telegram.last_update)
    assert hits(service) == {}
    assert kept(service, chat) == []


def test_what_a_member_said_is_gone_from_every_file_after_forgetme(
    telegram: LocalTelegram, service: BotProcess
) -> None:
    first, second = agreed(telegram, service), agreed(telegram, service)
    for number in range(400):
        telegram.say(first, ANN, f"{MARK} {number} " + "算力 compute " * (number % 30))
        telegram.say((first, second)[number % 2], BO, f"harmless {number} " * (number % 20))
        telegram.say(second, ANN, f"{MARK} {number}")
    service.marked(telegram.last_update)
    assert hits(service).keys() & {"state.db", "state.db-wal"}
    assert len(kept(service, first)) + len(kept(service, second)) == 1_200 - 20, "an empty text is none"
    telegram.say(ANN, ANN, f"/search {MARK}")
    telegram.reply(ANN)
    telegram.say(ANN, ANN, "/forgetme")
    assert "are erased" in telegram.reply(ANN, 2)["text"]
    assert hits(service) == {}
    assert all(text.startswith("harmless") for chat in (first, second) for text in kept(service, chat))
    assert service.rows("SELECT count(*) FROM captured WHERE author_id = ?", BO)[0][0] > 300


def test_edits_opting_out_and_media(telegram: LocalTelegram, service: BotProcess) -> None:
    chat = agreed(telegram, service)
    before = telegram.say(chat, ANN, "before")
    telegram.edit_text(before, "after")
    asked = telegram.say(chat, BO, "/trend compute")
    telegram.reply(chat, 3)
    telegram.edit_text(asked, "/trend chips")
    telegram.upload(chat, BO, f"{MARK}.txt", MARK.encode(), caption="a caption")
    telegram.say(chat, ANN, "/optout@trendtest_bot")
    assert "Nothing you write" in telegram.reply(chat, 4)["text"]
    telegram.say(chat, ANN, f"{MARK} after leaving")
    telegram.say(chat, BO, "still here")
    service.marked(telegram.last_update)
    assert kept(service, chat) == ["a caption", "still here"]
    assert hits(service) == {}
    assert len(telegram.sent(chat)) == 4, "an edited command is not run again"
    telegram.say(ANN, ANN, "/optin")
    service.marked(telegram.last_update)


def test_removal_and_off_erase_the_talk(telegram: LocalTelegram, service: BotProcess) -> None:
    removed, stopped = agreed(telegram, service), agreed(telegram, service)
    for number in range(100):
        telegram.say(removed, ANN, f"{MARK} {number}")
        telegram.say(stopped, ANN, f"{MARK} {number}")
    service.marked(telegram.last_update)
    assert len(kept(service, removed)) == len(kept(service, stopped)) == 100
    telegram.remove_bot(removed, ADMIN)
    telegram.say(stopped, ADMIN, "/capture off")
    assert "Stopped" in telegram.reply(stopped, 3)["text"]
    service.marked(telegram.last_update)
    until(lambda: hits(service) == {}, "all traces to go")
    telegram.say(stopped, ANN, f"{MARK} later")
    service.marked(telegram.last_update)
    assert hits(service) == {}
    assert service.rows("SELECT * FROM capture WHERE chat_id IN (?, ?)", removed, stopped) == []


def test_a_group_moves_with_all_it_has(telegram: LocalTelegram, service: BotProcess) -> None:
    old = agreed(telegram, service, kind="group")
    first = telegram.say(old, ANN, "first")
    telegram.say(old, BO, "second", reply_to=first)
    new = telegram.migrate(old)
    for text in ("third", "fourth", "fifth", "sixth"):
        telegram.say(new, ANN, text)
    service.marked(telegram.last_update)
    assert kept(service, old) == []
    assert kept(service, new) == ["first", "second", "third", "fourth", "fifth", "sixth"]
    telegram.say(new, ADMIN, "/capture")
    assert "kept for 3 days" in telegram.reply(new)["text"]


LINES = [
    "The compute budget doubles next year, finance says.",
    "Who asked for more GPUs, training or inference?",
    "Training asked, inference runs on the old ones.",
    "Power is the bottleneck in the northern data centre.",
    "We decided to move two racks to liquid cooling.",
    "The agents team wants its own cluster for tests.",
    "Their tests use forty percent of compute at night.",
    "So nights are cheap? Then we train at night.",
]


def test_a_recap_opens_in_the_group_and_privately_for_members_alone(
    telegram: LocalTelegram, service: BotProcess
) -> None:
    chat, other = agreed(telegram, service), agreed(telegram, service)
    for line in LINES:
        telegram.say(chat, ANN, line)
        telegram.say(other, BO, f"{line} ELSEWHERE")
    telegram.say(chat, BO, "/recap")
    offer = telegram.reply(chat, 3)
    assert labels(offer)[:2] == ["1 h", "4 h"]
    choose = next(
        b["url"]
        for row in offer["reply_markup"]["inline_keyboard"]
        for b in row
        if "start=r_" in b.get("url", "")
    )
    telegram.press(offer, "1 h", BO)
    recap = telegram.edited(offer)
    assert recap["text"].startswith("Recap: 8 messages")
    assert "User 72" in recap["text"]
    link = next(
        b["url"]
        for row in recap["reply_markup"]["inline_keyboard"]
        for b in row
        if "start=r_" in b.get("url", "")
    )
    payload = link.partition("?start=")[2]
    telegram.start(BO, payload)
    assert telegram.reply(BO)["text"].startswith("Recap: 8 messages")
    telegram.start(STRANGER, payload)
    assert telegram.reply(STRANGER)["text"] == "Only members of that group can read its recaps."
    telegram.start(BO, choose.partition("?start=")[2])
    own = telegram.reply(BO, 2)
    telegram.leave(chat, BO)
    telegram.start(BO, payload)
    assert telegram.reply(BO, 3)["text"] == "Only members of that group can read its recaps."
    query = telegram.press(own, "24 h", BO)
    assert telegram.notice(query) == "Only members of that group can read its recaps."
    assert own["text"] == next(m["text"] for m in telegram.sent(BO) if m["message_id"] == own["message_id"])
    everything = " ".join(m["text"] for c in (chat, BO, STRANGER) for m in telegram.sent(c))
    assert "ELSEWHERE" not in everything
    assert service.running


def test_each_topic_of_a_forum_has_its_own_recap(telegram: LocalTelegram, service: BotProcess) -> None:
    chat = agreed(telegram, service)
    topics = [telegram.create_topic(chat, ADMIN, name) for name in ("Compute", "Other")]
    for number, line in enumerate(LINES):
        telegram.say(chat, ANN, line, thread=topics[0])
        telegram.say(chat, BO, f"{line} Really, {number}?", thread=topics[1])
    telegram.say(chat, BO, "/recap 1h", thread=topics[0])
    recap = telegram.reply(chat, 3)
    assert recap["message_thread_id"] == topics[0]
    assert recap["text"].startswith("Recap: 8 messages by 1 person")
    assert "Really" not in recap["text"]
    assert service.running


def test_it_says_what_it_is_shown(seeded: Path, tmp_path: Path) -> None:
    """In privacy mode a bot that is an admin sees everything, a mere member only what is addressed to it."""
    data = shutil.copytree(seeded, tmp_path / "data")
    with LocalTelegram(privacy=True) as telegram, BotProcess(data, telegram) as bot:
        bot.listening()
        step = "Add Administrator"
        member, admin = group(telegram), group(telegram, bot_admin=True)
        assert step in telegram.reply(member)["text"]
        assert step not in telegram.reply(admin)["text"]
        for chat, shown in ((member, False), (admin, True)):
            telegram.say(chat, ADMIN, "/capture on")
            assert (step in telegram.reply(chat, 2)["text"]) == (not shown)
        telegram.promote_bot(member)
        telegram.say(member, ADMIN, "/capture")
        panel = telegram.reply(member, 3)
        telegram.press(panel, "7 days", ADMIN)
        assert step not in telegram.reply(member, 4)["text"]


def test_an_operator_sends_an_exported_chat_and_nothing_of_it_stays(seeded: Path, tmp_path: Path) -> None:
    talked = [
        {"id": n, "type": "message", "date_unixtime": str(1_795_000_000 + 60 * n), "from": "P", "text": line}
        for n, line in enumerate(LINES, 1)
    ]
    raw = json.dumps({"name": MARK, "messages": talked}).encode()
    data = shutil.copytree(seeded, tmp_path / "data")
    (tmp_path / "tmp").mkdir()
    operators = {"TRENDBOT_OPERATORS": str(ADMIN), "TMPDIR": str(tmp_path / "tmp"), "TRENDBOT_LOG": "DEBUG"}
    with LocalTelegram() as telegram, BotProcess(data, telegram, **operators) as bot:
        bot.listening()
        telegram.upload(ADMIN, ADMIN, "result.json", raw)
        # On a slow machine the bot first says that it is reading.
        telegram.wait(
            lambda: any(one["text"].startswith("Recap: ") for one in telegram.sent(ADMIN)), "the recap"
        )
        telegram.upload(STRANGER, STRANGER, "result.json", raw)
        assert "Only the operator" in telegram.reply(STRANGER)["text"]
        assert bot.end(signal.SIGTERM) == 0
        assert [hits(bot, text) for text in (MARK, *LINES)] == [{}] * (1 + len(LINES))
