"""An alert reports each match once, in the hours that its chat allows, and nothing else."""

from __future__ import annotations

import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from alert_kit import CHAT, AlertedChat
from bot_process import BotProcess, ForkedBot
from library_kit import open_folder
from msgspec.structs import replace
from outbox_kit import sent_more_than
from postgres_kit import OpenState

from bot.alerts.due import AlertFinder, DueAlerts
from bot.alerts.matches import Matches
from bot.alerts.message import News
from bot.alerts.verdict_evidence import VerdictEvidence
from bot.app import App
from bot.intake.ingest import Ingest
from bot.messages import Place, Press
from bot.outbox.fence import Fence
from bot.playground.server import LocalTelegram
from bot.rendering.callbacks import encode
from bot.rendering.renderer import plain_text
from bot.state.alerts import Alert, Quiet
from bot.state.state import State

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)  # 12:00 in Shanghai
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PRICE = "Nvidia lowers the price of its H20 chip by a fifth in China."
SUPPLY = "Nvidia says that its chips are sold out until the summer."
RECALL = (
    (
        "Hartwell Motors recalls 41,000 electric vans over battery fires",
        "Hartwell Motors said on Monday it was recalling 41,000 of its E-Porter electric vans after eleven battery fires.",
    ),
    (
        "Battery fires force Hartwell to recall its E-Porter van",
        "Eleven fires in six months have led Hartwell to recall every E-Porter it built last year, some 41,000 vans.",
    ),
    (
        "Hartwell recalls 41,000 E-Porter vans, shares fall",
        "The recall of 41,000 E-Porter electric vans after eleven battery fires costs Hartwell Motors a tenth of its worth.",
    ),
)
PRICES = (
    "Nvidia cards: the price doubles in Japan before the new year, shops in Akihabara say.",
    "The price of a rented H100 hour falls below two dollars, and Nvidia is not amused.",
    "Brazil taxes imports, and the price of Nvidia laptops rises by a third in Recife.",
    "A court in Paris looks into how Nvidia sets the price of its software licences.",
    "Students get the Nvidia Jetson for half its price if their school orders ten.",
    "Nvidia's price target is raised by a bank in Seoul for the fourth time.",
    "Cloud companies quarrel over the price that Nvidia asks for cables.",
)
AMD = "AMD lowers the price of its accelerators for inference."


@pytest.fixture(scope="module")
def shared(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    app = open_folder(shutil.copytree(seeded, tmp_path_factory.mktemp("alerts"), dirs_exist_ok=True))
    yield app
    app.close()


@pytest.fixture
def own(shared: App, tmp_path: Path) -> Iterator[App]:
    """The bot with a state of the test's own; the shared library holds only the seeds again afterwards."""
    state, before = State(tmp_path / "state.db"), set(shared.library.report_ids())
    ingest = Ingest(
        shared.library, state, shared.glossary, shared.segmenter, tmp_path / "sources", shared.box
    )
    yield replace(shared, state=state, ingest=ingest)
    state.close()
    for report in set(shared.library.report_ids()) - before:
        shared.library.remove(report)


@pytest.fixture
def chat(own: App, tmp_path: Path) -> AlertedChat:
    chat = AlertedChat(own, tmp_path)
    chat.send("/alert Nvidia price", NOON)
    return chat


def told(chat: AlertedChat, now: datetime) -> list[str]:
    chat.tick(now)
    return chat.sent(now)


def test_a_report_with_all_words_is_told_once(chat: AlertedChat) -> None:
    chat.arrives(SUPPLY, NOON + MINUTE)
    chat.arrives(AMD, NOON + MINUTE)
    chat.arrives(PRICE, NOON + MINUTE, publisher="The Daily")
    (text,) = told(chat, NOON + 2 * MINUTE)
    assert text.startswith("Alert: Nvidia price\n")
    assert PRICE in text
    assert "The Daily, 23 Nov 2026" in text
    assert SUPPLY not in text
    assert AMD not in text
    assert told(chat, NOON + 3 * MINUTE) == told(chat, NOON + DAY) == []


@pytest.mark.parametrize(
    ("alert", "title", "text"),
    [
        (
            "Nvidia price",
            "Nvidia's winter",
            "The price of its cards falls by a tenth before the new year comes.",
        ),
        ("Nvidia price", "News", "英伟达表示，H20 的 price 将下调两成，供货不变。"),
        ("英伟达 降价", "今日要闻", "英伟达宣布旗下芯片全线降价，幅度约为两成。"),
        ("Nvidia release", "News", "Nvidia released a small computer for the desk on Monday morning."),
        ('"sold out" chips', "News", SUPPLY),
    ],
)
def test_a_word_may_stand_in_the_title_in_another_form_or_language(
    own: App, tmp_path: Path, alert: str, title: str, text: str
) -> None:
    chat = AlertedChat(own, tmp_path)
    chat.send(f"/alert {alert}", NOON)
    chat.arrives(text, NOON + MINUTE, title=title)
    assert len(told(chat, NOON + 2 * MINUTE)) == 1


def test_words_that_stand_far_from_each_other_are_no_match(chat: AlertedChat) -> None:
    filling = " ".join(f"Item {n} tells of weather, sports and traffic in a town." for n in range(40))
    chat.arrives(f"{SUPPLY}\n\n{filling}\n\nThe price of bread rises by a tenth.", NOON + MINUTE)
    assert told(chat, NOON + 2 * MINUTE) == []


def test_two_items_of_a_daily_are_no_match_but_a_sentence_that_leans_on_another_is(chat: AlertedChat) -> None:
    chat.arrives("Nvidia opens an office in Hanoi. Bakers in Lyon raise the price of bread.", NOON + MINUTE)
    assert told(chat, NOON + 2 * MINUTE) == []
    chat.arrives(
        "Nvidia opens a shop in Hanoi. Its price for a card is the lowest in Asia.", NOON + 3 * MINUTE
    )
    assert len(told(chat, NOON + 4 * MINUTE)) == 1


def test_what_is_left_out_is_not_told(own: App, tmp_path: Path) -> None:
    chat = AlertedChat(own, tmp_path)
    chat.send("/alert Nvidia price -China", NOON)
    chat.arrives(PRICE, NOON + MINUTE)
    assert told(chat, NOON + 2 * MINUTE) == []


def test_a_reprint_of_what_was_told_is_not_told_again(chat: AlertedChat) -> None:
    long = f"{PRICE} {SUPPLY} The new price holds from Monday on, and dealers have been told of it already."
    chat.arrives(long, NOON + MINUTE)
    assert len(told(chat, NOON + 2 * MINUTE)) == 1
    chat.arrives(long, NOON + HOUR, publisher="The Copy", title="The same again")
    assert told(chat, NOON + HOUR + MINUTE) == []


def test_what_was_there_before_the_alert_is_not_told(own: App, tmp_path: Path) -> None:
    chat = AlertedChat(own, tmp_path)
    chat.arrives(PRICE, NOON - MINUTE)
    chat.send("/alert Nvidia price", NOON)
    assert told(chat, NOON + MINUTE) == []


def test_a_night_is_told_in_one_message_after_its_quiet_hours(chat: AlertedChat) -> None:
    night = NOON + 11 * HOUR  # 23:00
    chat.arrives(PRICE, night)
    chat.arrives(PRICES[0], night + HOUR)
    assert told(chat, night + 2 * HOUR) == told(chat, night + 9 * HOUR - MINUTE) == []
    (text,) = told(chat, night + 9 * HOUR)
    assert text.count("• ") == 2


def test_quiet_hours_are_those_of_the_zone_that_the_chat_chose(chat: AlertedChat) -> None:
    chat.app.state.chats.set_timezone(CHAT, "America/New_York")  # where it is 23:00
    chat.arrives(PRICE, NOON + MINUTE)
    assert told(chat, NOON + 2 * MINUTE) == []


def test_other_quiet_hours_and_none(chat: AlertedChat) -> None:
    said = chat.send("/alert quiet 11:00-13:00", NOON)
    assert said.message is not None
    assert "none from 11:00 to 13:00" in said.message.html
    chat.arrives(PRICE, NOON + MINUTE)
    assert told(chat, NOON + 2 * MINUTE) == []
    chat.send("/alert quiet off", NOON + 3 * MINUTE)
    assert len(told(chat, NOON + 4 * MINUTE)) == 1


def test_a_story_is_told_once_with_the_number_of_its_sources(own: App, tmp_path: Path) -> None:
    chat = AlertedChat(own, tmp_path)
    chat.send("/alert Hartwell recall", NOON)
    for number, (title, text) in enumerate(RECALL[:2]):
        chat.arrives(text, NOON + MINUTE, title=title, publisher=f"Paper {number}")
    (text,) = told(chat, NOON + 2 * MINUTE)
    assert text.count("• ") == 1
    assert "(2 sources)" in text
    title, later = RECALL[2]
    chat.arrives(later, NOON + HOUR, title=title, publisher="Paper 3")
    assert told(chat, NOON + HOUR + MINUTE) == []


def test_after_five_messages_of_a_day_the_rest_comes_the_next_morning(chat: AlertedChat) -> None:
    for number in range(7):
        chat.arrives(PRICES[number], NOON + number * HOUR + SECOND)
        sent = told(chat, NOON + number * HOUR + MINUTE)
        assert len(sent) == (number < 5)
    (morning,) = told(chat, NOON + 20 * HOUR)
    assert morning.count("• ") == 2


def test_while_one_waits_for_telegram_the_next_is_held(chat: AlertedChat) -> None:
    chat.arrives(PRICE, NOON + MINUTE)
    assert chat.tick(NOON + 2 * MINUTE) == 1
    chat.arrives(PRICES[0], NOON + 3 * MINUTE)
    assert chat.tick(NOON + 4 * MINUTE) == 0
    assert len(chat.sent(NOON + 5 * MINUTE)) == 1
    assert len(told(chat, NOON + 6 * MINUTE)) == 1


def test_two_alerts_on_one_report_are_one_message_that_tells_it_once(chat: AlertedChat) -> None:
    chat.send("/alert H20", NOON)
    chat.arrives(PRICE, NOON + MINUTE)
    (text,) = told(chat, NOON + 2 * MINUTE)
    assert text.count(PRICE) == 1


def begins_to_rise(chat: AlertedChat, now: datetime) -> None:
    """Ingest a year of other news, and nine papers that begin to report on quantum computing within nine days."""
    for number in range(9):
        day = now - timedelta(days=120 + number * 20)
        chat.arrives(
            f"The harbour of Port {number} opens quay {number} for grain.",
            now,
            date=f"{day:%Y-%m-%d}",
            publisher=f"Paper {number}",
        )
    for number in range(9):
        day = now - timedelta(days=number)
        chat.arrives(
            f"Quantum computing gets a machine with {number + 40} qubits from maker {number}, it says on its stand.",
            now + number * SECOND,
            date=f"{day:%Y-%m-%d}",
            publisher=f"Paper {number}",
        )


def test_a_topic_that_begins_to_rise_is_told_once_with_its_counts_and_what_shows_it(
    own: App, tmp_path: Path
) -> None:
    chat = AlertedChat(own, tmp_path)
    said = chat.send("/alert quantum computing rising", NOON)
    assert said.message is not None
    assert "I write when its verdict becomes “rising” or “new”." in said.message.html
    begins_to_rise(chat, NOON)
    (text,) = told(chat, NOON + 5 * MINUTE)
    assert text.startswith(
        "Alert: quantum computing rising\nNew: all 9 dated reports are from the last 90 days"
    )
    assert "Quantum computing gets a machine with 40 qubits from maker 0, it says on its stand. [1]" in text
    assert "[1] Paper 0, 23 Nov 2026" in text
    chat.arrives("Quantum computing is taught in two schools of Graz.", NOON + HOUR)
    assert told(chat, NOON + 2 * HOUR) == told(chat, NOON + DAY) == []


def test_a_topic_that_has_risen_is_told_when_it_rises_again_and_not_while_it_stays(
    own: App, tmp_path: Path
) -> None:
    chat = AlertedChat(own, tmp_path)
    begins_to_rise(chat, NOON)
    chat.send("/alert quantum computing rising", NOON + MINUTE)
    assert told(chat, NOON + DAY) == []


def test_a_verdict_and_a_report_of_one_night_come_in_one_message_after_it(own: App, tmp_path: Path) -> None:
    chat = AlertedChat(own, tmp_path)
    night, morning = NOON + 11 * HOUR, NOON + 20 * HOUR
    chat.send("/alert quantum computing rising", NOON)
    chat.send("/alert Nvidia price", NOON)
    begins_to_rise(chat, night)
    chat.arrives(PRICE, night)
    assert told(chat, night + HOUR) == []
    (text,) = told(chat, morning)
    assert text.count("Alert: ") == 2
    assert "New: all 9 dated reports" in text
    assert PRICE in text
    assert told(chat, morning + MINUTE) == []


class Poisoned(AlertFinder):
    """Alert finder that fails on one alert."""

    def look(self, alert: Alert, reports: Sequence[str], today: date) -> tuple[News | None, str]:
        if alert.id == "poison":
            raise ValueError(alert.id)
        return super().look(alert, reports, today)


def test_one_that_cannot_be_looked_at_keeps_no_other_from_its_own(
    chat: AlertedChat, caplog: pytest.LogCaptureFixture
) -> None:
    app, second = chat.app, int(NOON.timestamp())
    app.state.alerts.put(alert(8, id="poison", quiet=Quiet(0, 0), created=second, since=second))
    chat.arrives(PRICE, NOON + MINUTE)
    now = NOON + 2 * MINUTE
    fence = Fence(app.state, lambda: now, "here")
    assert fence.acquire()
    matches = Matches(app.library, app.glossary, app.segmenter, app.search)
    evidence = VerdictEvidence(app.library, app.glossary, app.search)
    finder = Poisoned(app.library, matches, evidence, app.glossary, app.segmenter)
    due = DueAlerts(app.state, finder, app.renderer, fence, "UTC", "trend_bot")
    assert due.queue(now) == 1
    assert "Alert poison cannot be looked at" in caplog.text
    assert due.queue(now + MINUTE) == 0, "it is not tried again and again"


def test_an_alert_that_ends_while_its_message_is_made_is_not_told(chat: AlertedChat) -> None:
    (alert,) = chat.app.state.alerts.of_place(Place(CHAT))
    chat.arrives(PRICE, NOON + MINUTE)
    chat.app.state.alerts.remove(alert.id)
    assert told(chat, NOON + 2 * MINUTE) == []


# -- what people see and press -----------------------------------------------------------------------------


def buttons(reply: object) -> dict[str, str]:
    message = getattr(reply, "message", None)
    assert message is not None
    return {b.text: encode(b.action) for row in message.buttons for b in row if isinstance(b.action, Press)}


def test_the_answer_says_what_it_waits_for_and_when_it_writes(own: App, tmp_path: Path) -> None:
    chat = AlertedChat(own, tmp_path)
    english, chinese = chat.send("/alert Nvidia price", NOON), chat.send("/alert 英伟达 降价", NOON)
    assert english.message is not None
    assert chinese.message is not None
    assert plain_text(english.message.html) == (
        "Alert: Nvidia price\nI write when a new report has all of these words.\n"
        "At most 5 messages a day, none from 22:00 to 08:00 (Asia/Shanghai): what comes in then is told together afterwards."
    )
    assert plain_text(chinese.message.html) == (
        "提醒 · 英伟达 降价\n有新报告同时写到这些词，我就发给你。\n"
        "一天最多5条；22:00到08:00（上海时间）不打扰，攒到之后合成一条发。"
    )


def test_a_chat_without_a_zone_is_asked_for_it(own: App, tmp_path: Path) -> None:
    chat = AlertedChat(own, tmp_path, timezone=None)
    reply = chat.send("/alert 英伟达 降价", NOON)
    zones = [label for label in buttons(reply) if ":" in label]
    assert zones[0].startswith("上海")
    chosen = chat.press(buttons(reply)[zones[0]], NOON)
    assert chosen.edit
    assert list(buttons(chosen)) == ["取消提醒"]
    assert chosen.message is not None
    assert "（上海时间）不打扰" in chosen.message.html
    assert own.state.chats.timezone(CHAT) == "Asia/Shanghai"


def test_the_list_ends_one_and_says_what_is_left(chat: AlertedChat) -> None:
    chat.send("/alert DeepSeek rising", NOON + MINUTE)
    listed = chat.send("/alert", NOON)
    assert listed.message is not None
    assert "1. Nvidia price\n2. DeepSeek rising" in listed.message.html
    after = chat.press(buttons(listed)["End alert 1"], NOON)
    assert after.edit
    assert after.message is not None
    assert "1. DeepSeek rising" in after.message.html
    assert [alert.query for alert in chat.app.state.alerts.of_chat(CHAT)] == ["DeepSeek"]


def test_subscriptions_lists_alerts_with_digests(chat: AlertedChat) -> None:
    chat.send("/subscribe 08:00 compute", NOON)
    listed = chat.send("/subscriptions", NOON)
    assert listed.message is not None
    assert "1 digest here" in listed.message.html
    assert "1 alert here" in listed.message.html
    assert chat.press(buttons(listed)["End alert"], NOON).notice == "No more alerts on Nvidia price."
    assert chat.app.state.alerts.of_chat(CHAT) == []


def test_an_alert_leads_to_a_briefing_and_to_its_end(chat: AlertedChat) -> None:
    chat.arrives(PRICE, NOON + MINUTE)
    chat.tick(NOON + 2 * MINUTE)
    (part,) = chat.app.state.outbox.next(2**40, 9)
    assert "Briefing: Nvidia price" in part.payload
    (alert,) = chat.app.state.alerts.of_chat(CHAT)
    briefing = chat.press(f"1.0.en.ab:{alert.id}", NOON)
    assert briefing.message is not None
    assert not briefing.edit
    assert "Nvidia" in briefing.message.html


def test_a_word_of_a_verdict_after_more_than_a_topic_is_a_word_of_reports(own: App, tmp_path: Path) -> None:
    chat = AlertedChat(own, tmp_path)
    chat.send("/alert share price of the maker of chips rising", NOON)
    (alert,) = own.state.alerts.of_chat(CHAT)
    assert (alert.query, alert.watch) == ("share price of the maker of chips rising", "reports")


@pytest.mark.parametrize(
    ("text", "query", "watch"),
    [
        ("alert me when DeepSeek is rising", "DeepSeek", "rising"),
        ("tell me when compute prices fall", "compute prices fall", "reports"),
        ("提醒我 英伟达 降价", "英伟达 降价", "reports"),
        ("提醒 深度求索升温", "深度求索", "rising"),
        ("/alert 关于英伟达 降价", "英伟达 降价", "reports"),
        ("/alert DeepSeek 趋势变化", "DeepSeek", "change"),
        ("/alert 我国 芯片", "我国 芯片", "reports"),
        ("/alert quiet computing rooms", "quiet computing rooms", "reports"),
    ],
)
def test_an_alert_is_asked_for_in_plain_words(
    own: App, tmp_path: Path, text: str, query: str, watch: str
) -> None:
    AlertedChat(own, tmp_path).send(text, NOON)
    (kept,) = own.state.alerts.of_chat(CHAT)
    assert (kept.query, kept.watch) == (query, watch)


def test_the_same_alert_twice_is_one_and_there_is_a_limit(chat: AlertedChat) -> None:
    chat.send("/alert nvidia price", NOON)
    assert len(chat.app.state.alerts.of_chat(CHAT)) == 1
    for number in range(20):
        last = chat.send(f"/alert word{number}", NOON)
    assert len(chat.app.state.alerts.of_chat(CHAT)) == 20
    assert last.message is not None
    assert "This chat has 20 alerts" in last.message.html


def test_only_an_admin_sets_or_ends_a_groups_alert(own: App, tmp_path: Path) -> None:
    group = AlertedChat(own, tmp_path, chat=-100_5)
    refused = group.send("/alert Nvidia price", NOON, admin=False)
    assert refused.message is not None
    assert refused.message.html == "In a group, only an admin can change this."
    reply = group.send("/alert Nvidia price", NOON)
    listed = group.send("/alert", NOON, admin=False)
    assert listed.message is not None
    assert "1. Nvidia price" in listed.message.html
    assert all(group.press(one, NOON, admin=False, user=9).notice for one in buttons(listed).values())
    assert group.press(buttons(reply)["End alert"], NOON, admin=False, user=9).notice
    assert len(own.state.alerts.of_chat(-100_5)) == 1


# -- how they are kept -------------------------------------------------------------------------------------


def alert(chat: int, number: int = 1, **fields: Any) -> Alert:
    values: dict[str, Any] = {
        "id": f"a{chat}{number}", "chat_id": chat, "thread_id": 0, "user_id": 7, "query": f"q{number}", "watch": "reports",
        "verdict": "", "quiet": Quiet(1320, 480), "language": "zh", "created": 5, "since": 5,
    }  # fmt: skip
    return Alert(**values | fields)


def test_alerts_are_kept_moved_with_their_group_and_forgotten_with_their_person(
    open_state: OpenState, tmp_path: Path
) -> None:
    state = open_state(tmp_path / "state.db")
    kept = [alert(7), alert(-1), alert(-1, 2), alert(-2, 2)]
    for one in kept:
        state.alerts.put(one)
    state.alerts.put(alert(7, id="again"))
    assert state.alerts.of_chat(7) == [kept[0]]
    state.alerts.record_check("a71", 99, "rising")
    assert state.alerts.get("a71") == alert(7, since=99, verdict="rising")
    state.alerts.set_quiet(Place(-1), Quiet(0, 0))
    state.migrate_chat(-1, -2)
    assert [(one.query, one.quiet) for one in state.alerts.of_chat(-2)] == [
        ("q1", Quiet(0, 0)),
        ("q2", Quiet(1320, 480)),
    ]
    state.erase.person(7)
    assert state.alerts.of_chat(7) == []
    assert {one.user_id for one in state.alerts.of_chat(-2)} == {0}
    state.chats.close(-2, 9)
    assert state.alerts.all() == []


def test_kills_while_alerts_are_queued_and_sent_lose_none_and_repeat_one_each(
    data: Path, tmp_path: Path
) -> None:
    chats, now = range(10_000, 10_024), datetime.now(UTC)
    app = open_folder(data)
    chat = AlertedChat(app, tmp_path, chat=chats[0])
    begun = int(now.timestamp()) - 120
    for one in chats:
        query, watch = ("quantum computing", "rising") if one % 2 else ("Nvidia price", "reports")
        app.state.alerts.put(
            alert(one, query=query, watch=watch, quiet=Quiet(0, 0), created=begun, since=begun)
        )
    begins_to_rise(chat, now - MINUTE)
    chat.arrives(PRICE, now - MINUTE)
    app.close()
    kills = 4
    with LocalTelegram() as telegram:
        for one in chats:
            telegram.world.chat(one)

        def received() -> Counter[int]:
            sent = (message for message in telegram.messages.values() if message["from"]["is_bot"])
            return Counter(message["chat"]["id"] for message in sent)

        for kill in range(kills):
            before = len(telegram.called("sendMessage"))
            with ForkedBot(data, telegram) as bot:
                telegram.wait(partial(sent_more_than, before + 2, telegram), "some messages")
                time.sleep(kill * 0.03)
                bot.end(signal.SIGKILL)
        with BotProcess(data, telegram) as last:
            last.listening()
            telegram.wait(lambda: set(received()) == set(chats), "the rest")
            assert last.end(signal.SIGTERM) == 0
        assert sum(received().values()) - len(chats) <= kills
