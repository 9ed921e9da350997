"""When a daily recap fails, the promises made to a group about its words still hold."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from bot_process import BotProcess
from library_kit import NOW
from msgspec.structs import replace

from bot.app import App
from bot.playground.server import LocalTelegram
from bot.recaps.compose import RecapBriefer
from bot.recaps.due import Recaps
from bot.state.captures import Capture
from bot.state.recap_schedules import RecapSchedule
from bot.state.state import State
from bot.talk import ChatMessage

GROUP, OTHER, ADMIN, MEMBER = -1_001_234, -1_005_678, 7, 8
NOON = NOW.replace(hour=12, minute=0, second=0, microsecond=0)
AT = int(NOON.timestamp())
SAID = [
    "How much does computing power cost us this quarter?",
    "The GPU cluster is fully booked, training waits three days.",
    "We decided to rent compute for two more months.",
    "Inference costs fell by half since spring, says the vendor.",
    "Should the agents team move to the smaller model?",
    "The smaller model answers as well as the large one in our tests.",
    "Power supply limits the new data centre, not the chips.",
    "I asked the vendor about liquid cooling for the racks.",
    "Liquid cooling pays off above forty kilowatts per rack.",
    "Then we decided: the order for racks goes out on Friday.",
]


@pytest.fixture
def own(app: App, tmp_path: Path) -> Iterator[App]:
    """The bot with two groups that have agreed to capture, have something to recap, and get recaps at noon."""
    found = replace(app, state=State(tmp_path / "state.db"))
    yesterday = AT - 86_400
    for group in (GROUP, OTHER):
        found.state.captures.turn_on(Capture(group, 24, 7, yesterday), yesterday)
        found.state.recaps.put(
            RecapSchedule(f"r{group}", group, 0, 7, 720, "UTC", "en", silent=True, least=5, created=yesterday)
        )
        talk(found.state, group, AT - 3_600)
    yield found
    found.state.close()


def talk(state: State, group: int, since: int) -> None:
    for number, text in enumerate(SAID):
        author = MEMBER + number % 2
        message = ChatMessage(number + 1, author, f"P{author}", text, since + number * 60)
        state.captures.keep(group, message)


def recaps(app: App, made: list[int]) -> Recaps:
    """Return recaps of which the first cannot be made; `made` counts the attempts."""

    def briefer() -> RecapBriefer:
        made.append(1)
        if len(made) == 1:
            raise ValueError(SAID[0])
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
    assert SAID[0] not in caplog.text, "what was said is in no log"
    assert rounds.tick(NOON + timedelta(seconds=15)) == 0
    assert len(made) == 2, "it is not tried again and again"


@pytest.mark.parametrize("how", ["nothing", "forget", "purge", "turn_off", "drop_schedules"])
def test_what_is_erased_while_its_recap_is_made_is_not_told(how: str, own: App) -> None:
    own.state.erase.capture(OTHER)

    def briefer() -> RecapBriefer:
        erase: dict[str, Callable[[], object]] = {
            "nothing": lambda: None,
            "forget": lambda: own.state.erase.person(MEMBER),
            "purge": lambda: own.state.erase.talk(GROUP),
            "turn_off": lambda: own.state.erase.capture(GROUP),
            "drop_schedules": lambda: own.state.recaps.drop(GROUP, 0),
        }
        erase[how]()
        return own.recap_briefer()

    assert Recaps(own.state, briefer, own.renderer, "trend_bot").tick(NOON) == (how == "nothing")
    assert len(own.state.outbox.next(AT, 9)) == (how == "nothing")


@pytest.mark.parametrize("how", ["nothing", "forget", "opt_out", "purge", "turn_off"])
def test_a_recap_that_waits_to_be_sent_goes_with_the_talk(how: str, own: App) -> None:
    assert Recaps(own.state, own.recap_briefer, own.renderer, "trend_bot").tick(NOON) == 2
    waiting = {part.chat_id for part in own.state.outbox.next(AT, 9)}
    assert waiting == {GROUP, OTHER}
    erase: dict[str, Callable[[], object]] = {
        "nothing": lambda: None,
        "forget": lambda: own.state.erase.person(MEMBER),
        "opt_out": lambda: own.state.erase.opt_out(MEMBER, AT),
        "purge": lambda: own.state.erase.talk(GROUP),
        "turn_off": lambda: own.state.erase.capture(GROUP),
    }
    erase[how]()
    gone = {"nothing": set[int](), "forget": {GROUP, OTHER}, "opt_out": {GROUP, OTHER}}.get(how, {GROUP})
    assert {part.chat_id for part in own.state.outbox.next(AT, 9)} == waiting - gone


def test_a_recap_that_did_not_arrive_is_not_the_last_recap(seeded: Path, tmp_path: Path) -> None:
    data = shutil.copytree(seeded, tmp_path / "data")
    with LocalTelegram() as telegram, BotProcess(data, telegram) as bot:
        bot.listening()
        telegram.create_group(GROUP, "Team", ADMIN, kind="supergroup", members=[MEMBER])
        telegram.add_bot(GROUP, ADMIN)
        telegram.reply(GROUP)
        telegram.say(GROUP, ADMIN, "/capture on")
        telegram.reply(GROUP, 2)
        bot.marked(telegram.last_update)  # From here on its talk is kept.
        for line in SAID:
            telegram.say(GROUP, MEMBER, line)
        telegram.fail_next("sendMessage", 400)
        telegram.say(GROUP, MEMBER, "/recap 4h")
        assert "went wrong" in telegram.reply(GROUP, 3)["text"]
        assert bot.rows("SELECT at FROM recapped") == []
        telegram.say(GROUP, MEMBER, "/recap 4h")
        assert telegram.reply(GROUP, 4)["text"].startswith("Recap")
        bot.marked(telegram.last_update)
        assert bot.rows("SELECT at FROM recapped")
