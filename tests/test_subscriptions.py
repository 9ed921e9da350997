"""Subscriptions in state.db: stored as chosen, moved with their chat, forgotten with their person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from postgres_kit import OpenState

from bot.messages import Place
from bot.models import Subscription
from bot.state.state import State
from bot.state.subscriptions import Subscriptions

NOW = 1_800_000_000
DAY = 86_400
KEPT = Subscription(
    id="abc123",
    chat_id=7,
    thread_id=0,
    user_id=7,
    queries=("算力", 'chips -"H20 GPU"'),
    minute=480,
    days=0b1111111,
    timezone="Asia/Shanghai",
    language="zh",
    news_only=False,
    silent=True,
    created=NOW,
    since=NOW,
)


@pytest.fixture
def state(open_state: OpenState, tmp_path: Path) -> Iterator[State]:
    state = open_state(tmp_path / "state.db")
    yield state
    state.close()


@pytest.fixture
def kept(state: State) -> Subscriptions:
    state.subscriptions.put(KEPT)
    return state.subscriptions


def test_a_subscription_is_kept_as_it_was_chosen(kept: Subscriptions) -> None:
    assert kept.get("abc123") == KEPT
    assert kept.get("other") is None
    assert kept.all() == kept.of_chat(7) == kept.of_reader(7, 0) == [KEPT]
    assert kept.of_chat(8) == kept.of_reader(7, 5) == []


def test_a_change_keeps_what_digests_have_done(kept: Subscriptions) -> None:
    kept.record_outcome("abc123", "end", NOW + 9, since=NOW + 8, spent=NOW + 9)
    kept.put(replace(KEPT, minute=60, news_only=True, says_quiet=True, created=1, since=2))
    changed = replace(
        KEPT,
        minute=60,
        news_only=True,
        says_quiet=True,
        since=NOW + 8,
        spent=NOW + 9,
        outcome="end",
        outcome_at=NOW + 9,
    )
    assert kept.get("abc123") == changed
    kept.put(replace(KEPT, queries=("compute",)))
    again = kept.get("abc123")
    assert again is not None
    assert (again.spent, again.since) == (None, NOW + 8), "other queries have a backlog of their own"


def test_an_outcome_without_a_digest_leaves_what_counts_as_news(kept: Subscriptions) -> None:
    kept.record_outcome("abc123", "nothing", NOW + DAY)
    assert kept.get("abc123") == replace(KEPT, outcome="nothing", outcome_at=NOW + DAY)


def test_pausing_and_news_only_change_nothing_else(kept: Subscriptions) -> None:
    kept.pause("abc123", NOW + DAY)
    kept.only_news("abc123")
    assert kept.get("abc123") == replace(KEPT, paused_until=NOW + DAY, news_only=True)
    kept.pause("abc123", None)
    assert kept.get("abc123") == replace(KEPT, news_only=True)


def test_a_muted_query_comes_back(state: State) -> None:
    state.mutes.put(KEPT.reader, "算力", NOW + 7 * DAY)
    state.mutes.put(KEPT.reader, "chips", NOW + DAY)
    state.mutes.put(KEPT.reader, "chips", NOW + 2 * DAY)
    assert state.mutes.of_reader(KEPT.reader, NOW) == {"算力": NOW + 7 * DAY, "chips": NOW + 2 * DAY}
    assert state.mutes.of_reader(KEPT.reader, NOW + 2 * DAY) == {"算力": NOW + 7 * DAY}
    assert state.mutes.of_reader(Place(7, 1), NOW) == {}


def test_a_closed_chat_is_left_out_until_it_opens(state: State, kept: Subscriptions) -> None:
    state.chats.close(7, NOW)
    assert kept.all() == []
    assert kept.of_chat(7) == [KEPT], "its owner still sees it"
    state.chats.open(7)
    assert kept.all() == [KEPT]


def test_the_zone_of_a_chat_is_kept_beside_its_language(state: State) -> None:
    assert state.chats.timezone(7) is None
    state.chats.set_language(7, "zh")
    state.chats.set_timezone(7, "Asia/Shanghai")
    state.chats.set_language(7, "en")
    assert (state.chats.timezone(7), state.chats.language(7)) == ("Asia/Shanghai", "en")


def test_a_migrated_chat_takes_everything_with_it(state: State, kept: Subscriptions) -> None:
    kept.put(replace(KEPT, id="group", chat_id=-5, thread_id=3))
    state.chats.set_timezone(-5, "Asia/Tokyo")
    state.chats.set_timezone(-1005, "UTC")
    state.chats.set_language(-5, "zh")
    state.mutes.put(Place(-5, 3), "chips", NOW + DAY)
    state.mutes.put(Place(-1005, 3), "chips", NOW + 2 * DAY)
    state.drafts.put("d", replace(KEPT, chat_id=-5), NOW)
    state.migrate_chat(-5, -1005)
    assert kept.of_chat(-5) == []
    assert kept.of_reader(-1005, 3) == [replace(KEPT, id="group", chat_id=-1005, thread_id=3)]
    assert (state.chats.timezone(-1005), state.chats.language(-1005)) == ("UTC", "zh")
    assert (state.chats.timezone(-5), state.chats.language(-5)) == (None, None)
    assert state.mutes.of_reader(Place(-1005, 3), NOW) == {"chips": NOW + 2 * DAY}
    assert state.drafts.get("d") is None
    assert kept.get("abc123") == KEPT, "other chats stay"


def test_forgetting_a_person_ends_their_own_digests_and_keeps_those_of_groups(
    state: State, kept: Subscriptions
) -> None:
    kept.put(replace(KEPT, id="group", chat_id=-5))
    kept.put(replace(KEPT, id="others", chat_id=8, user_id=8))
    state.mutes.put(KEPT.reader, "chips", NOW + DAY)
    state.drafts.put("own", KEPT, NOW)
    state.drafts.put("in-group", replace(KEPT, chat_id=-5), NOW)
    state.chats.set_timezone(7, "UTC")
    state.erase.person(7)
    assert kept.of_chat(7) == []
    assert kept.of_chat(-5) == [replace(KEPT, id="group", chat_id=-5, user_id=0)]
    assert len(kept.of_chat(8)) == 1
    assert (state.mutes.of_reader(KEPT.reader, NOW), state.chats.timezone(7)) == ({}, None)
    assert (state.drafts.get("own"), state.drafts.get("in-group")) == (None, None)


def test_a_draft_survives_a_restart_and_is_dropped(
    open_state: OpenState, state: State, tmp_path: Path
) -> None:
    draft = replace(KEPT, queries=(), minute=61)
    state.drafts.put("d", draft, NOW)
    again = open_state(tmp_path / "state.db")
    assert again.drafts.get("d") == draft
    assert again.drafts.latest(7, 0, 7, NOW) == "d"
    assert again.drafts.latest(7, 0, 7, NOW + 1) is None
    assert again.drafts.latest(7, 0, 8, NOW) is None
    again.close()
    state.drafts.drop("d")
    assert state.drafts.get("d") is None


def test_a_draft_is_forgotten_after_ninety_days(state: State) -> None:
    state.drafts.put("old", KEPT, NOW)
    state.drafts.put("new", KEPT, NOW + 90 * DAY + 1)
    state.expiry.run(NOW + 90 * DAY + 1)
    assert state.drafts.get("old") is None
    assert state.drafts.get("new") is not None


def test_a_removed_subscription_is_gone(kept: Subscriptions) -> None:
    kept.remove("abc123")
    assert kept.get("abc123") is None
