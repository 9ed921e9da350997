"""A weekly or monthly digest says first which of its topics rose and fell in that time."""

from __future__ import annotations

import asyncio
import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from digest_kit import Subscribers, subscription, text_of
from library_kit import write
from msgspec.structs import replace
from sender_kit import FastClock, empty, sending

from bot.app import App
from bot.digests.due import DueDigests
from bot.digests.news import NewsSnapshot
from bot.digests.schedule import MONTHLY
from bot.messages import Image, Message, Place
from bot.models import Language
from bot.outbox.fence import Fence
from bot.outbox.payload import dump
from bot.playground.server import LocalTelegram
from bot.rendering.preview import as_text

MONDAY = datetime(2026, 11, 23, 0, tzinfo=UTC)  # 08:00 in Shanghai
DAY = timedelta(days=1)
KINDS = (
    "bridge",
    "ferry",
    "harbour",
    "tunnel",
    "railway",
    "airport",
    "canal",
    "road",
    "tram",
    "dam",
    "port",
    "mill",
)


def bring(app: App, folder: Path, topic: str, ages: list[int]) -> None:
    """Ingest, as of yesterday, a report on a topic for each age in days."""
    path = folder / f"{topic}.jsonl"
    lines = [
        {
            "title": f"{KINDS[n % 12].title()} plan number {n} in town {n * 7}",
            "text": f"The {KINDS[n % 12]} company of town {n * 7} says that {topic} matters more for plan {n} than cost.",
            "published": f"{MONDAY - age * DAY:%Y-%m-%d}",
            "publisher": f"Paper {n % 5}",
        }
        for n, age in enumerate(ages)
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    assert {one.status for one in app.ingest.path(path, int((MONDAY - DAY).timestamp()))} == {"added"}


@pytest.fixture
def library(own_app: App, tmp_path: Path) -> App:
    """The bot over a library with many reports on quantum computing this week and on robots earlier."""
    bring(own_app, tmp_path, "quantum computing", [n % 6 for n in range(14)] + [10, 20, 30])
    bring(own_app, tmp_path, "humanoid robots", [3] + [8 + n % 26 for n in range(24)])
    return own_app


@pytest.mark.parametrize(
    ("language", "head"),
    [
        (
            "en",
            (
                "[picture]\n"
                "Your week, since 16 Nov 2026\n"
                "Rising: quantum computing (14 reports this week, 3 in the 4 weeks before)\n"
                "Fading: humanoid robots (1 report this week, 24 in the 4 weeks before)\n"
                "News of the week\n"
            ),
        ),
        (
            "zh",
            (
                "[picture]\n"
                "周报 · 2026-11-16以来\n"
                "升温：量子计算（本周14份报告，此前4周3份）\n"
                "降温：人形机器人（本周1份报告，此前4周24份）\n"
                "本周要闻\n"
            ),
        ),
    ],
)
def test_the_week_begins_with_what_rose_and_fell(library: App, language: Language, head: str) -> None:
    queries = ("humanoid robots", "quantum computing")
    weekly = subscription("w", queries, MONDAY - 7 * DAY, language, days=1)
    prepared = Subscribers(library, weekly).day(MONDAY)["w"]
    assert prepared.outcome == "news"
    assert text_of(prepared).startswith(head)


@pytest.fixture
def daily(own_app: App, tmp_path: Path) -> App:
    """The bot over a daily of 20 items, of which this week more are on quantum computing and fewer on robots."""
    letters = random.Random(7)  # noqa: S311  # texts that are no reprints of each other
    for age in range(1, 90):
        quantum, robots = (12, 1) if age < 8 else (1 + age % 2, 5 + age % 2)
        items = []
        for n in range(20):
            matter = ["quantum computing", "humanoid robots", "a crane"][
                0 if n < quantum else 1 if n >= 20 - robots else 2
            ]
            words = " ".join("".join(letters.choices("adeilmnorst", k=6)) for _ in range(9))
            items.append(f"## Town {n} buys {matter}\n\nThe town of {words} bought {matter} for its hall.")
        day = f"{MONDAY - age * DAY:%Y-%m-%d}"
        text = "\n\n".join(items)
        path = write(tmp_path, f"{age:03}.md", text, title=f"Day {age}", publisher="Daily", date=day)
        assert [one.status for one in own_app.ingest.path(path, int((MONDAY - DAY).timestamp()))] == ["added"]
    return own_app


@pytest.mark.parametrize(
    ("language", "rises", "fades"),
    [
        ("en", "Rising: quantum computing (84 items this week", "Fading: humanoid robots (7 items this week"),
        ("zh", "升温：量子计算（本周84条", "降温：人形机器人（本周7条"),
    ],
)
def test_a_week_of_a_daily_is_judged_by_its_items(
    daily: App, language: Language, rises: str, fades: str
) -> None:
    queries = ("humanoid robots", "quantum computing")
    weekly = subscription("w", queries, MONDAY - 7 * DAY, language, days=1)
    text = text_of(Subscribers(daily, weekly).day(MONDAY)["w"])
    assert rises in text
    assert text.count(fades) == 1
    assert text.count("umanoid robots (") + text.count("人形机器人（") == 1
    assert text.count("uantum computing (") + text.count("量子计算（") == 1


def test_a_month_tells_of_the_month(library: App) -> None:
    begun = MONDAY - 20 * DAY
    readers = Subscribers(library, subscription("month", ("quantum computing",), begun, days=23 * MONTHLY))
    assert text_of(readers.day(MONDAY)["month"]).startswith("Your month, since 3 Nov 2026\n")


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Rising: quantum computing (14 reports this week, about 2 expected)"),
        ("zh", "升温：量子计算（本周14份报告，照此前约2份）"),
    ],
)
def test_a_day_says_in_a_line_what_rises_on_its_topics(library: App, language: Language, line: str) -> None:
    queries = ("humanoid robots", "quantum computing")
    daily = subscription("day", queries, MONDAY - DAY, language)
    prepared = Subscribers(library, daily).day(MONDAY)["day"]
    assert line in text_of(prepared).split("\n")


def test_what_rises_on_other_topics_is_not_told(library: App) -> None:
    daily = subscription("day", ("humanoid robots",), MONDAY - 7 * DAY)
    prepared = Subscribers(library, daily).day(MONDAY)["day"]
    assert prepared.outcome == "news"
    assert "Rising" not in text_of(prepared)


@pytest.mark.parametrize(
    ("language", "head"), [("en", "Numbers of the week"), ("zh", "本周数字")], ids=["en", "zh"]
)
def test_the_numbers_of_a_week_are_called_so(own_app: App, language: Language, head: str) -> None:
    assert own_app.renderer.word("digest_numbers", language, "week") == head


STORIES = {
    "Delft opens a chip lab": "Delft opened a laboratory for quantum computing chips cooled by liquid helium on Tuesday.",
    "Bank tests fraud search": "A bank in Lagos tried quantum computing against card fraud and stopped after nine weeks.",
    "Chile buys a machine": "Chile bought its first machine for quantum computing, with 54 qubits, for an observatory.",
    "Court rules on patents": "A court in Munich ruled that patents on quantum computing software need a physical effect.",
    "Students strike in Turin": "Students in Turin went on strike because lectures on quantum computing were moved online.",
    "Airline drops a contract": "An airline from Oslo dropped its contract on quantum computing for crew rosters.",
    "Helium runs short": "A shortage of helium delays projects in quantum computing across Korea until spring.",
}


def test_a_week_tells_five_stories_on_a_topic_and_a_day_three(own_app: App, tmp_path: Path) -> None:
    lines = [
        {
            "title": title,
            "text": text,
            "published": f"{MONDAY - (n % 6 + 1) * DAY:%Y-%m-%d}",
            "publisher": f"Paper {n}",
        }
        for n, (title, text) in enumerate(STORIES.items())
    ]
    path = tmp_path / "stories.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    assert len(list(own_app.ingest.path(path, int((MONDAY - DAY).timestamp())))) == len(STORIES)
    begun = MONDAY - 7 * DAY
    weekly = subscription("week", ("quantum computing",), begun, days=1)
    daily = subscription("day", ("quantum computing",), begun)
    prepared = Subscribers(own_app, weekly, daily).day(MONDAY)
    told = {
        name: sum(title in text_of(one) or text in text_of(one) for title, text in STORIES.items())
        for name, one in prepared.items()
    }
    assert told == {"week": 5, "day": 3}


def test_the_panel_and_the_list_say_when_a_monthly_digest_comes(own_app: App) -> None:
    monthly = subscription("m", ("compute",), MONDAY, days=31 * MONTHLY)
    said = own_app.renderer.notice("subscription_when", "en", monthly.days, monthly.minute, monthly.timezone)
    assert as_text(Message(said)) == "When: on the last day of each month at 08:00, Asia/Shanghai"
    assert own_app.renderer.word("days_inside", "zh", 15 * MONTHLY) == "每月15日"


async def _send(app: App, telegram: LocalTelegram) -> None:
    async with sending(app.state, telegram, FastClock()):
        await empty(app.state)


def test_the_picture_of_a_week_comes_once_before_its_news_and_is_uploaded_once(library: App) -> None:
    queries = ("humanoid robots", "quantum computing")
    readers = [subscription(name, queries, MONDAY - 7 * DAY, days=1) for name in ("anna", "bert")]
    for one in readers:
        library.state.subscriptions.put(one)
    fence = Fence(library.state, lambda: MONDAY, "here")
    assert fence.acquire()
    due = DueDigests(library.state, library.digests("trend_bot"), fence)
    with LocalTelegram() as telegram:
        for one in readers:
            telegram.say(one.chat_id, one.chat_id, "hello")
        assert due.queue(MONDAY) == 2
        assert due.queue(MONDAY) == 0
        asyncio.run(_send(library, telegram))
        anna, bert = (telegram.sent(one.chat_id) for one in readers)
        assert len(telegram.files) == 1
    picture, *news = anna
    assert picture["caption"].startswith(
        "Your week, since 16 Nov 2026\nRising: quantum computing (14 reports"
    )
    assert news[0]["text"].startswith("News of the week\n")
    assert "reply_markup" not in picture
    assert news[-1]["reply_markup"]
    assert bert[0]["photo"] == picture["photo"]
    assert len(bert) == len(anna)


def test_a_picture_that_cannot_be_drawn_leaves_what_rose_and_fell(library: App) -> None:
    weekly = subscription("w", ("quantum computing",), MONDAY - 7 * DAY, days=1)
    picture, *others = Subscribers(library, weekly).day(MONDAY)["w"].parts
    assert others
    broken = replace(picture, image=Image("<svg"))
    with LocalTelegram() as telegram:
        telegram.say(weekly.chat_id, weekly.chat_id, "hello")
        place = Place(weekly.chat_id)
        library.state.outbox.put("d", place, [dump(broken)], int(MONDAY.timestamp()), silent=True)
        asyncio.run(_send(library, telegram))
        (message,) = telegram.sent(weekly.chat_id)
    assert message["text"].startswith("Your week, since 16 Nov 2026\nRising: quantum computing (14 reports")


@pytest.mark.parametrize(("back", "days"), [(1, 1), (7, 7), (30, 30), (400, 31)])
def test_a_digest_looks_at_all_days_of_its_week_or_month(own_app: App, back: int, days: int) -> None:
    now, after = int(MONDAY.timestamp()), int((MONDAY - back * DAY).timestamp())
    assert NewsSnapshot(own_app.state, own_app.library, [], now, after).window(after).days == days


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Still quiet: nothing new on quantum computing since 16 Nov 2026."),
        ("zh", "2026-11-16以来，quantum computing没有新内容。"),
    ],
)
@pytest.mark.parametrize("days", [1, 127], ids=["weekly", "daily"])
def test_a_quiet_week_is_said_in_one_line_on_wish(
    own_app: App, days: int, language: Language, line: str
) -> None:
    quiet = subscription(
        "q", ("quantum computing",), MONDAY - 7 * DAY, language, days=days, news_only=True, says_quiet=True
    )
    readers = Subscribers(own_app, quiet)
    assert readers.day(MONDAY - DAY)["q"].outcome == "nothing"
    prepared = readers.day(MONDAY)["q"]
    assert (prepared.outcome, text_of(prepared)) == ("quiet", line)
    assert [readers.day(MONDAY + n * DAY)["q"].outcome for n in (1, 6, 7)] == ["nothing", "nothing", "quiet"]


def test_a_quiet_week_is_not_told_of_unless_wished(own_app: App) -> None:
    readers = Subscribers(
        own_app, subscription("q", ("quantum computing",), MONDAY - 7 * DAY, days=1, news_only=True)
    )
    assert readers.day(MONDAY)["q"].parts == ()
