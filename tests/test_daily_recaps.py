"""Daily recaps, where something goes wrong: what a group was promised about its words holds all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from library_kit import NOW

from bot.app import App
from bot.briefings.recap import RecapBriefer
from bot.delivery.recaps import Recaps
from bot.models import ChatMessage
from bot.storage.captures import Capture, RecapSchedule
from bot.storage.state import State

GROUP, OTHER, MEMBER = -1_001_234, -1_005_678, 8
NOON = NOW.replace(hour=12, minute=0, second=0, microsecond=0)
AT = int(NOON.timestamp())
WORDS = "We decided to rent the compute cluster for number {} more months."


@pytest.fixture
def own(app: App, tmp_path: Path) -> Iterator[App]:
    """Two groups that agreed, with a recap at noon and something to tell."""
    found = replace(app, state=State(tmp_path / "state.db"))
    yesterday = AT - 86_400
    for group in (GROUP, OTHER):
        found.state.captures.turn_on(Capture(group, 24, 7, yesterday), yesterday)
        found.state.captures.put_schedule(
            RecapSchedule(f"r{group}", group, 0, 7, 720, "UTC", "en", silent=True, least=5, created=yesterday)
        )
        talk(found.state, group, AT - 3_600)
    yield found
    found.state.close()


def talk(state: State, group: int, since: int) -> None:
    for number in range(20):
        author = MEMBER + number % 3
        message = ChatMessage(number + 1, author, f"P{author}", WORDS.format(number), since + number * 60)
        state.captures.keep(group, message)


def recaps(app: App, made: list[int]) -> Recaps:
    """Of which the first cannot be made."""

    def briefer() -> RecapBriefer:
        made.append(1)
        if len(made) == 1:
            raise ValueError(WORDS)
        return app.recap_briefer()

    return Recaps(app.state, briefer, app.renderer, "trend_bot")


def test_one_that_cannot_be_made_keeps_no_other_from_its_own_and_no_words_too_long(
    own: App, caplog: pytest.LogCaptureFixture
) -> None:
    old = ChatMessage(900, MEMBER, "P", "Old words.", AT - 30 * 3_600)
    own.state.captures.keep(GROUP, old)
    made: list[int] = []
    rounds = recaps(own, made)
    assert rounds.tick(NOON) == 1
    assert old not in own.state.captures.since(GROUP, 0, 0)
    assert [part.chat_id for part in own.state.outbox.next(AT, 9)] in ([GROUP], [OTHER])
    assert WORDS not in caplog.text, "what was said is in no log"
    assert rounds.tick(NOON + timedelta(seconds=15)) == 0
    assert len(made) == 2, "it is not tried again and again"


@pytest.mark.parametrize("how", ["forget", "purge", "turn_off", "drop_schedules"])
def test_what_is_erased_while_its_recap_is_made_is_not_told(how: str, own: App) -> None:
    own.state.captures.turn_off(OTHER)
    captures = own.state.captures

    def briefer() -> RecapBriefer:
        erase = {
            "forget": lambda: captures.forget(MEMBER),
            "purge": lambda: captures.purge(GROUP),
            "turn_off": lambda: captures.turn_off(GROUP),
            "drop_schedules": lambda: captures.drop_schedules(GROUP, 0),
        }
        erase[how]()
        return own.recap_briefer()

    assert Recaps(own.state, briefer, own.renderer, "trend_bot").tick(NOON) == 0
    assert own.state.outbox.next(AT, 9) == []
