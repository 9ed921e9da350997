"""A digest tells events, not sentences: each once, with who reports it, by its headline; and talk is no news."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from digest_kit import Subscribers, points_of, subscription, text_of
from library_kit import write

from bot.app import App
from bot.digests.news_value import LEAST, news_value

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
NOW = datetime(2025, 3, 10, tzinfo=UTC)

PLANT = (
    (
        "Chipmaker Tarn raises $1.2 billion for a plant in Ohio",
        (
            "Tarn, which designs AI chips for inference, raised $1.2 billion led by Fenwick Capital. "
            "The money goes to a packaging plant near Dayton, Ohio, with 900 jobs."
        ),
    ),
    (
        "Tarn to build Ohio packaging plant after $1.2bn round",
        (
            "A $1.2 billion round led by Fenwick Capital pays for Tarn's first plant of its own near Dayton. "
            "It will package the AI chips that Tarn designs and employ 900 people."
        ),
    ),
    (
        "AI chipmaker Tarn raises $1.2 billion, builds plant in Ohio",
        "Fenwick Capital leads a round of $1.2 billion in Tarn, whose AI chips will be packaged near Dayton from 2027 on.",
    ),
)
OTHERS = (
    "Samsung started to sell AI chips for cars that were made in its factory in Texas.",
    "Huawei presented AI chips that need a fifth less power than those of last year.",
    "Intel closed its laboratory for AI chips in Dresden and moved ninety engineers to Oregon.",
)

Bring = Callable[..., None]


@pytest.fixture
def bring(own_app: App, tmp_path: Path) -> Bring:
    """Takes a report in: bring(at, name, title, text, publisher)."""

    def report(at: datetime, name: str, title: str, text: str, publisher: str) -> None:
        path = write(
            tmp_path, f"{name}.md", text, title=title, date=at.date().isoformat(), publisher=publisher
        )
        assert [one.status for one in own_app.ingest.path(path, int(at.timestamp()))] == ["added"]

    return report


def test_one_event_of_three_papers_is_one_line_with_the_title_most_of_them_share(
    own_app: App, bring: Bring
) -> None:
    for n, (title, text) in enumerate(PLANT):
        bring(NOW + HOUR, f"plant-{n}", title, text, f"Paper {n}")
    readers = Subscribers(own_app, subscription("s", ("AI chips",), NOW))
    prepared = readers.day(NOW + DAY)["s"]
    first, *further = [line for line in text_of(prepared).split("\n") if "[" in line and "•" in line]
    assert first == f"• {PLANT[0][0]} [1] 3 sources"
    assert 1 <= len(further) <= 2
    assert "<blockquote expandable>" in prepared.parts[0].html


def test_what_goes_on_with_a_story_is_an_update(own_app: App, bring: Bring) -> None:
    readers = Subscribers(own_app, subscription("s", ("AI chips",), NOW))
    bring(NOW + HOUR, "first", *PLANT[0], "Paper 0")
    assert "Update:" not in text_of(readers.day(NOW + DAY)["s"])
    bring(NOW + DAY + HOUR, "second", *PLANT[1], "Paper 1")
    told = text_of(readers.day(NOW + 2 * DAY)["s"])
    assert "• Update: " in told
    assert PLANT[0][0] not in told


def test_of_one_source_two_are_told_where_others_have_news(own_app: App, bring: Bring) -> None:
    for n, text in enumerate(OTHERS):
        bring(NOW + HOUR, f"own-{n}", f"Report {n}", text, "The Loud Daily")
    readers = Subscribers(own_app, subscription("s", ("AI chips",), NOW))
    alone = own_app.digests(None).now(subscription("x", ("AI chips",), NOW), NOW + DAY)
    assert len(points_of(alone)) == 3
    quiet = "Nvidia opened a factory for AI chips in Arizona and hired two thousand people."
    bring(NOW + HOUR, "quiet", "Report", quiet, "The Quiet Weekly")
    told = points_of(readers.day(NOW + DAY)["s"])
    assert quiet in told
    assert len(set(told) & set(OTHERS)) == 2


def test_an_old_report_that_comes_in_now_is_no_news(own_app: App, tmp_path: Path) -> None:
    readers = Subscribers(own_app, subscription("s", ("AI chips",), NOW, news_only=True))
    for text, day in ((OTHERS[0], NOW - 30 * DAY), (OTHERS[1], NOW)):
        path = write(tmp_path, f"{day.date()}.md", text, title="Chips", date=day.date().isoformat())
        list(own_app.ingest.path(path, int((NOW + HOUR).timestamp())))
    assert points_of(readers.day(NOW + DAY)["s"]) == [OTHERS[1]]


@pytest.mark.parametrize(
    "text",
    [
        "Users of the forum discussed whether Tarn's chips are worth their price.",
        "A member asked for tips on how to cool Tarn's chips in summer.",
        "Chip prices: several users report that Tarn launched nothing for months.",
        "Is Tarn about to launch its own phone?",
        "Tarn releases its new chip (score: 412, comments: 88).",
        "Tarn will release the T5 chip on April 27, 2023.",
        "Tarn 将于2023年4月27日发布 T5 芯片。",
        "网友讨论了 Tarn 的芯片值不值这个价。",
        "Reviewers and commentators noted that Tarn released the T5 late.",
        "批评者提到 Tarn 发布的芯片比旧款慢。",
        "一位成员询问夏天怎么给 Tarn 的芯片散热。",
    ],
)
def test_talk_questions_counters_and_past_forecasts_are_no_news(text: str) -> None:
    assert news_value(text, date(2025, 3, 10)) < LEAST


@pytest.mark.parametrize(
    "text",
    [
        "Tarn launched the T5 chip for $400.",
        "Tarn will release the T5 chip on April 27, 2025.",
        "Tarn 发布 T5 芯片，售价2999元。",
        "Factories in Shenzhen have put twelve thousand robots to work.",
        "Fenwick bought a third of Tarn, whose users were not asked.",
    ],
)
def test_what_happened_is_news(text: str) -> None:
    assert news_value(text, date(2025, 3, 10)) >= LEAST


def test_an_item_is_told_without_its_number(own_app: App, bring: Bring) -> None:
    bring(NOW + HOUR, "daily", "The day", f"1. {OTHERS[0]}", "The Daily")
    prepared = Subscribers(own_app, subscription("s", ("AI chips",), NOW)).day(NOW + DAY)["s"]
    assert points_of(prepared) == [OTHERS[0]]
