"""A group's talk is kept only as everyone concerned has agreed, and leaves the file when it is erased."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from postgres_kit import OpenState

from bot.state.captures import Capture
from bot.state.recap_schedules import RecapSchedule
from bot.state.state import State
from bot.talk import ChatMessage

HOUR = 3_600
NOW = 1_800_000_000
GROUP, OTHER = -100, -200
ANN, BO = 7, 8


@pytest.fixture
def state(open_state: OpenState, tmp_path: Path) -> Iterator[State]:
    state = open_state(tmp_path / "state.db")
    state.captures.turn_on(Capture(GROUP, 72, ANN, NOW), NOW)
    yield state
    state.close()


def line(number: int, text: str = "words", author: int = ANN, **changes: Any) -> ChatMessage:
    return replace(ChatMessage(number, author, f"A{author}", text, NOW + number), **changes)


def kept(state: State, chat: int = GROUP, thread: int = 0) -> list[ChatMessage]:
    return state.captures.since(chat, thread, 0)


def test_only_a_group_that_agreed_is_kept(state: State) -> None:
    state.captures.keep(GROUP, line(1))
    state.captures.keep(OTHER, line(1))
    assert kept(state) == [line(1)]
    assert kept(state, OTHER) == []


def test_a_message_is_kept_once_and_its_edit_takes_its_place(state: State) -> None:
    state.captures.keep(GROUP, line(1))
    state.captures.keep(GROUP, line(1, "another"))
    state.captures.edit(GROUP, 1, "better")
    state.captures.edit(GROUP, 2, "never heard of")
    state.captures.edit(OTHER, 1, "elsewhere")
    assert kept(state) == [line(1, "better")]
    state.captures.edit(GROUP, 1, "")
    assert kept(state) == []


def test_two_groups_and_two_topics_never_see_each_others_talk(state: State) -> None:
    state.captures.turn_on(Capture(OTHER, 72, ANN, NOW), NOW)
    for chat in (GROUP, OTHER):
        for thread in (0, 5):
            state.captures.keep(chat, line(10 + thread, f"{chat} {thread}", thread_id=thread))
    for chat in (GROUP, OTHER):
        for thread in (0, 5):
            for found in (kept(state, chat, thread), state.captures.newest(chat, thread, 100)):
                assert [m.text for m in found] == [f"{chat} {thread}"]
    state.erase.talk(GROUP)
    assert kept(state) == kept(state, GROUP, 5) == []
    assert len(kept(state, OTHER)) == 1


def test_who_opted_out_is_not_kept_not_even_when_others_pass_it_on(state: State) -> None:
    state.captures.keep(GROUP, line(1))
    state.captures.keep(GROUP, line(2, author=BO))
    state.erase.opt_out(ANN, NOW)
    state.captures.keep(GROUP, line(3))
    state.captures.keep(GROUP, line(4, author=BO), others=[ANN])
    assert [m.id for m in kept(state)] == [2]
    state.erase.person(ANN)
    state.captures.keep(GROUP, line(5))
    assert [m.id for m in kept(state)] == [2], "being forgotten is no consent"
    state.captures.opt_in(ANN)
    state.captures.keep(GROUP, line(6))
    assert [m.id for m in kept(state)] == [2, 6]


def test_a_message_goes_when_its_time_is_over(state: State) -> None:
    state.captures.keep(GROUP, line(0))
    state.captures.keep(GROUP, line(2 * HOUR))
    assert state.captures.expire(NOW + 72 * HOUR) == 0
    assert state.captures.expire(NOW + 72 * HOUR + 1) == 1
    assert [m.id for m in kept(state)] == [2 * HOUR]
    state.captures.turn_on(Capture(GROUP, 24, BO, NOW + 9), NOW + 48 * HOUR)
    assert kept(state) == [], "a shorter time holds at once"
    assert state.captures.of_chat(GROUP) == Capture(GROUP, 24, BO, NOW)


def test_stretches_are_the_newest_messages_oldest_first(state: State) -> None:
    for number in (3, 1, 2, 4):
        state.captures.keep(GROUP, line(number, author=BO if number == 2 else ANN))
    assert [m.id for m in state.captures.newest(GROUP, 0, 3)] == [2, 3, 4]
    assert [m.id for m in state.captures.since(GROUP, 0, NOW + 2)] == [2, 3, 4]
    assert state.captures.last_spoke(GROUP, 0, BO) == NOW + 2
    assert state.captures.last_spoke(GROUP, 0, 9) is None
    assert (state.captures.kept(ANN), state.captures.kept(BO)) == (3, 1)


def test_turning_off_ends_everything_of_that_group(state: State) -> None:
    state.captures.keep(GROUP, line(1))
    state.recaps.mark_covered(GROUP, 0, NOW)
    schedule = RecapSchedule("s", GROUP, 0, ANN, 600, "UTC", "en", True, 20, NOW)
    state.recaps.put(schedule)
    assert state.recaps.all(GROUP) == [schedule]
    state.erase.capture(GROUP)
    assert (kept(state), state.recaps.all(), state.recaps.covered_until(GROUP, 0)) == ([], [], None)
    state.captures.keep(GROUP, line(2))
    assert kept(state) == []


def test_a_supergroup_takes_everything_over_and_its_new_numbers_meet_no_old_ones(state: State) -> None:
    new = -1_001
    state.chats.set_language(GROUP, "zh")
    state.captures.keep(GROUP, line(1))
    state.captures.keep(GROUP, line(2, reply_to=1))
    state.recaps.mark_covered(GROUP, 0, NOW)
    state.recaps.put(RecapSchedule("s", GROUP, 0, ANN, 600, "UTC", "en", True, 20, NOW))
    state.migrate_chat(GROUP, new)
    state.captures.keep(new, line(1, "the first of the supergroup", at=NOW + 9))
    state.migrate_chat(GROUP, new)
    first, second, third = kept(state, new)
    assert [m.text for m in (first, second, third)] == ["words", "words", "the first of the supergroup"]
    assert second.reply_to == first.id < second.id < 0 < third.id
    assert state.captures.of_chat(new) == Capture(new, 72, ANN, NOW)
    assert state.recaps.covered_until(new, 0) == NOW
    assert [s.chat_id for s in state.recaps.all()] == [new]
    assert (state.chats.language(new), state.captures.of_chat(GROUP), kept(state)) == ("zh", None, [])


def test_a_group_that_somebody_made_agree_stays_so_without_their_name(state: State) -> None:
    state.recaps.put(RecapSchedule("s", GROUP, 0, ANN, 600, "UTC", "en", True, 20, NOW))
    state.erase.person(ANN)
    assert state.captures.of_chat(GROUP) == Capture(GROUP, 72, 0, NOW)
    assert [schedule.user_id for schedule in state.recaps.all(GROUP)] == [0]


# -- erased is erased ----------------------------------------------------------------------------------


@pytest.fixture
def file_state(tmp_path: Path) -> Iterator[State]:
    state = State(tmp_path / "state.db")
    state.captures.turn_on(Capture(GROUP, 72, ANN, NOW), NOW)
    yield state
    state.close()


def hits(folder: Path, text: str) -> dict[str, int]:
    """Return how often the bytes of a text occur in each file of a folder, without files that lack it."""
    found = {
        path.name: path.read_bytes().count(text.encode()) for path in folder.rglob("*") if path.is_file()
    }
    return {name: count for name, count in found.items() if count}


@pytest.mark.parametrize("how", ["forget", "opt_out", "purge", "turn_off", "expire", "edit"])
def test_what_is_erased_is_in_no_byte_of_the_file_nor_of_its_log(
    how: str, file_state: State, tmp_path: Path
) -> None:
    """Many pages of mixed sizes, so that SQLite moves rows while the file grows."""
    for number in range(2_000):
        author, text = (ANN, "SECRET 绝密") if number % 3 else (BO, "harmless")
        file_state.captures.keep(GROUP, line(number, f"{text} {number} " * (1 + number % 40), author=author))
    assert hits(tmp_path, "SECRET 绝密")
    captures = file_state.captures
    match how:
        case "forget":
            assert file_state.erase.person(ANN)
        case "opt_out":
            assert file_state.erase.opt_out(ANN, NOW)
        case "purge":
            assert file_state.erase.talk(GROUP)
        case "turn_off":
            assert file_state.erase.capture(GROUP)
        case "expire":
            file_state.expiry.run(NOW + 75 * HOUR)
        case _:
            for number in range(2_000):
                captures.edit(GROUP, number, "better")
            file_state.expiry.run(NOW)
    assert hits(tmp_path, "SECRET 绝密") == {}
    assert hits(tmp_path, "harmless").keys() <= ({"state.db"} if how in {"forget", "opt_out"} else set())


def test_erasing_says_so_while_a_reader_holds_the_log_and_succeeds_afterwards(
    file_state: State, tmp_path: Path
) -> None:
    file_state.captures.keep(GROUP, line(1, "SECRET"))
    with closing(sqlite3.connect(tmp_path / "state.db", isolation_level=None)) as stuck:
        stuck.execute("BEGIN")
        stuck.execute("SELECT count(*) FROM captured").fetchall()
        assert not file_state.erase.person(ANN)
        assert hits(tmp_path, "SECRET")
        file_state.chats.set_language(1, "zh")
        stuck.rollback()
    assert file_state.erase.person(ANN)
    assert hits(tmp_path, "SECRET") == {}


def test_a_reader_that_ends_soon_is_waited_for(file_state: State, tmp_path: Path) -> None:
    file_state.captures.keep(GROUP, line(1, "SECRET"))
    reading, free = threading.Event(), threading.Event()

    def read() -> None:
        with closing(sqlite3.connect(tmp_path / "state.db", isolation_level=None)) as db:
            db.execute("BEGIN")
            db.execute("SELECT count(*) FROM captured").fetchall()
            reading.set()
            free.wait(30)

    reader = threading.Thread(target=read)
    reader.start()
    reading.wait(30)
    threading.Timer(0.3, free.set).start()
    assert file_state.erase.person(ANN)
    reader.join()
    assert hits(tmp_path, "SECRET") == {}
