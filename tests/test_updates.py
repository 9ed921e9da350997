"""An update is parsed once: into a typed event, nothing, or poison; and nothing that a user sends raises."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.events import (
    ButtonEvent,
    Event,
    FileEvent,
    MalformedUpdate,
    MemberEvent,
    OtherEvent,
    PostEvent,
    TextEvent,
)
from bot.inbound.receiver import PRESSES, QUESTIONS, Admission
from bot.inbound.updates import dump, load, read

BOT = "trend_bot"
ANN = {"id": 7, "is_bot": False, "first_name": "Ann", "language_code": "zh-hans"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ann"}
GROUP = {"id": -1001, "type": "supergroup", "title": "Team"}
TEXT: dict[str, Any] = {
    "update_id": 1,
    "message": {"message_id": 5, "date": 90, "chat": PRIVATE, "from": ANN, "text": "算力"},
}
TOPIC = {"is_topic_message": True, "message_thread_id": 44, "text": "/trend 算力"}
FORUM: dict[str, Any] = {"update_id": 2, "message": TEXT["message"] | {"chat": GROUP} | TOPIC}
FILE = {"file_id": "F", "file_unique_id": "U", "file_name": "a.md", "file_size": 12}
DOCUMENT = {
    "update_id": 3,
    "message": {"message_id": 6, "date": 90, "chat": PRIVATE, "from": ANN, "document": FILE},
}
PRESS = {
    "update_id": 4,
    "callback_query": {
        "id": "99",
        "from": ANN,
        "chat_instance": "x",
        "data": "1.a.en.first",
        "message": {"message_id": 9, "date": 90, "chat": GROUP, "text": "others' words"},
    },
}
ADDED = {
    "update_id": 5,
    "my_chat_member": {
        "chat": GROUP,
        "from": ANN,
        "date": 90,
        "old_chat_member": {"status": "left", "user": ANN},
        "new_chat_member": {"status": "administrator", "user": ANN},
    },
}
GENUINE: tuple[dict[str, Any], ...] = (TEXT, FORUM, DOCUMENT, PRESS, ADDED)


@pytest.mark.parametrize(
    ("update", "event"),
    [
        (TEXT, TextEvent(7, 7, "算力", True, "zh-hans", message_id=5)),
        (
            FORUM,
            TextEvent(-1001, 7, "/trend 算力", False, "zh-hans", admin=False, thread_id=44, message_id=5),
        ),
        (DOCUMENT, FileEvent(7, 7, "F", "a.md", 12, "zh-hans", 0, 6)),
        (
            PRESS,
            ButtonEvent(
                -1001, 7, "1.a.en.first", False, language_code="zh-hans", query_id="99", message_id=9
            ),
        ),
        (ADDED, MemberEvent(-1001, 7, True, "Team", False, True, True, "zh-hans")),
    ],
)
def test_each_kind_of_update_is_a_typed_event(update: dict[str, Any], event: Event) -> None:
    assert read(update, BOT) == event
    assert load(dump(event), BOT) == event


def test_a_photo_asks_what_its_caption_says_and_without_one_is_a_file_that_nothing_reads() -> None:
    photo = TEXT["message"] | {"text": "", "photo": [{"file_id": "P"}]}
    assert read({"update_id": 1, "message": photo | {"caption": "算力"}}, BOT) == read(TEXT, BOT)
    assert read({"update_id": 1, "message": photo}, BOT) == FileEvent(7, 7, "", "", 0, "zh-hans", 0, 5)


def test_what_asks_for_nothing_is_nothing() -> None:
    sticker = TEXT["message"] | {"text": "", "sticker": {}}
    assert read({"update_id": 1, "message": sticker}, BOT) == OtherEvent(7)
    assert read({"update_id": 1, "edited_message": TEXT["message"]}, BOT) is None
    assert read({"update_id": 1, "poll": {}}, BOT) is None
    talk = FORUM["message"] | {"text": "hello"}
    assert read({"update_id": 1, "message": talk}, BOT) is None


def test_what_an_earlier_version_kept_whole_is_read_too() -> None:
    import json

    for update in GENUINE:
        assert load(json.dumps(update), BOT) == read(update, BOT)


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", "7", '"x"', '{"event": "Nothing"}', '{"event": "TextEvent"}', "[" * 100_000],
)
def test_a_damaged_row_is_poison(body: str) -> None:
    assert isinstance(load(body, BOT), MalformedUpdate)


WRONG: tuple[Any, ...] = (
    None,
    True,
    -1.5,
    1 << 70,
    "\ud800",
    "x" * 20_000,
    [],
    {},
    [[]],
    {"id": None},
)


def broken(update: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Return an update with one part replaced by a value of another type, or left out."""
    update = copy.deepcopy(update)
    holder = update
    while True:
        name = chance.choice([key for key in holder if key != "update_id"])
        if isinstance(holder[name], dict) and holder[name] and chance.random() < 0.7:
            holder = holder[name]
            continue
        if chance.random() < 0.2:
            del holder[name]
        else:
            holder[name] = chance.choice(WRONG)
        return update


def test_a_wrongly_typed_part_is_poison_or_was_not_needed_and_never_raises() -> None:
    chance = random.Random(4)  # noqa: S311  # The same updates each time.
    poison = 0
    for _ in range(20_000):
        event = read(broken(chance.choice(GENUINE), chance), BOT)
        poison += isinstance(event, MalformedUpdate)
        if event is None or isinstance(event, MalformedUpdate):
            continue
        stored = load(dump(event), BOT)
        assert stored == event, "what is kept is what was read"
        assert abs(event.chat_id) < 1 << 63
        dump(event).encode()
    assert poison > 5_000


@given(st.dictionaries(st.sampled_from(["message", "callback_query", "my_chat_member"]), st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.sampled_from(["chat", "id", "from", "type", "text", "message", "data"]), inner, max_size=4),
    max_leaves=8,
)))  # fmt: skip
def test_nothing_raises(update: dict[str, Any]) -> None:
    event = read(update, BOT)
    assert event is None or isinstance(event.chat_id, int)


@pytest.mark.parametrize(
    ("update", "part"),
    [
        ({"message": None}, "message"),
        ({"message": {"message_id": 1, "date": 1, "chat": None}}, "chat"),
        ({"message": {"message_id": 1, "date": 1, "chat": {"id": "7", "type": "private"}}}, "id"),
        ({"callback_query": {"id": "1", "data": "x"}}, "from"),
        ({"my_chat_member": {"chat": GROUP, "from": ANN, "old_chat_member": []}}, "old_chat_member"),
    ],
)
def test_poison_names_the_part_and_never_its_content(update: dict[str, Any], part: str) -> None:
    event = read(update, BOT)
    assert isinstance(event, MalformedUpdate)
    assert event.reason.startswith(f"{part} is no ")


# -- how much one sender may ask -------------------------------------------------------------------------


def question(user: int, chat: int) -> TextEvent:
    return TextEvent(chat, user, "/trend compute", private=chat > 0)


def test_of_six_hundred_questions_a_minutes_quota_and_one_wait_are_kept() -> None:
    admission = Admission()
    kept = [event for _ in range(600) if (event := admission.admit(question(7, 7), 1.0))]
    assert len(kept) == QUESTIONS + 1
    last = kept[-1]
    assert isinstance(last, TextEvent)
    assert (last.slow_down, last.wait) == ("slow_down", 60.0)
    assert admission.admit(question(8, 8), 1.0) == question(8, 8), "others are asked nothing"
    assert admission.admit(question(7, 7), 61.5) == question(7, 7)


def test_of_six_hundred_presses_a_minutes_quota_and_one_notice_are_kept() -> None:
    admission = Admission()
    press = ButtonEvent(7, 7, "1.a.en.first", private=True)
    kept = [event for _ in range(600) if (event := admission.admit(press, 1.0))]
    assert len(kept) == PRESSES + 1
    last = kept[-1]
    assert isinstance(last, ButtonEvent)
    assert last.slow_down == "press_slower"


def test_an_operator_sends_a_whole_folder_at_once_and_nobody_else_does() -> None:
    admission = Admission(frozenset({7}))
    file, foreign = (FileEvent(user, user, "F", "a.md", 12) for user in (7, 8))
    post = PostEvent(7, 7, -100, "Oslo News", "oslo_news", 42, "Airships", 1, direct=False)
    for event, kept in ((file, 100), (post, 100), (foreign, QUESTIONS)):
        assert sum(admission.admit(event, 1.0) is not None for _ in range(100)) == kept


def test_a_group_is_told_once_whoever_asks_and_its_members_are_heard_elsewhere() -> None:
    admission = Admission()
    events = [admission.admit(question(user, -5), 1.0) for user in range(1, 40)]
    waits = [event for event in events if isinstance(event, TextEvent) and event.slow_down]
    assert [event.slow_down for event in waits] == ["slow_down_group"]
    assert admission.admit(question(39, 39), 1.0) == question(39, 39)


def test_a_group_is_greeted_once_a_minute_however_often_the_bot_is_added() -> None:
    admission = Admission()
    added = MemberEvent(-5, 7, True, "", False, True, False)
    greeted = [admission.admit(added, 1.0) == added for _ in range(20)]
    assert greeted == [True, *[False] * 19]


def test_what_says_where_the_bot_is_never_counts() -> None:
    admission = Admission()
    left = MemberEvent(-5, 7, True, "", True, False, False)
    assert all(admission.admit(left, 1.0) for _ in range(100))
