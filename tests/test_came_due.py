"""A digest reports which forecasts on its topics came due since the last one, and what was reported since."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from digest_kit import Subscribers, subscription, text_of

from bot.app import App
from bot.digests.came_due import ended_months
from bot.models import Figure, Language, Modality
from bot.trends.ledger import due_day

FIRST = datetime(2027, 4, 1, 0, tzinfo=UTC)  # 08:00 in Shanghai
DAY = timedelta(days=1)
FORECAST = {
    "en": "Global spending on quantum computing will reach $40 billion by March 2027.",
    "zh": "研究院预计，到2027年第一季度，全国量子计算投资规模将达到400亿元。",
}
REPORTED = "Global spending on quantum computing was $31 billion in March 2027."
NEWS = {
    "en": "Delft opened a laboratory for quantum computing chips cooled by liquid helium on Tuesday.",
    "zh": "代尔夫特周二启用了一座量子计算芯片实验室，用液氦冷却。",
}

STORIES = (
    "A bank in Lagos tried quantum computing against card fraud and stopped after nine weeks.",
    "Chile bought its first machine for quantum computing, with 54 qubits, for an observatory.",
    "A court in Munich ruled that patents on quantum computing software need a physical effect.",
)


def bring(app: App, folder: Path, name: str, text: str, published: date, arrived: datetime) -> None:
    path = folder / f"{name}.jsonl"
    line = {"title": name, "text": text, "published": f"{published}", "publisher": f"The {name} Paper"}
    path.write_text(json.dumps(line), "utf-8")
    assert {one.status for one in app.ingest.path(path, int(arrived.timestamp()))} == {"added"}


@pytest.mark.parametrize(
    ("period", "modality", "last"),
    [
        ("by March 2027", "forecast", date(2027, 3, 31)),
        ("到2027年第一季度", "forecast", date(2027, 3, 31)),
        ("in Q3 2027", "plan", date(2027, 9, 30)),
        ("2027年上半年", "plan", date(2027, 6, 30)),
        ("2027年2月", "forecast", date(2027, 2, 28)),
        ("by the end of 2027", "forecast", date(2027, 12, 31)),
        ("2027年底", "plan", date(2027, 12, 31)),
        ("by 2027", "forecast", date(2027, 12, 31)),
        ("early 2027", "forecast", date(2027, 6, 30)),
        ("next year", "forecast", date(2027, 12, 31)),
        ("明年", "plan", date(2027, 12, 31)),
        ("2024–2027", "forecast", date(2027, 12, 31)),
        ("", "forecast", None),
        ("by March 2027", "reported", None),
    ],
)
def test_a_forecast_is_due_when_the_time_that_it_names_is_over(
    period: str, modality: Modality, last: date | None
) -> None:
    figure = Figure(40e9, "USD", "$40 billion", "Spending reaches $40 billion", period, "", modality)
    assert due_day(figure, date(2026, 5, 1)) == last


@pytest.mark.parametrize(
    ("first", "today", "ended"),
    [
        (date(2027, 3, 31), date(2027, 4, 1), (date(2027, 3, 31), date(2027, 3, 31))),
        (date(2027, 3, 30), date(2027, 3, 31), None),
        (date(2027, 4, 1), date(2027, 4, 2), None),
        (date(2026, 12, 31), date(2027, 3, 5), (date(2026, 12, 31), date(2027, 2, 28))),
    ],
)
def test_a_month_has_ended_once_the_next_one_has_begun(
    first: date, today: date, ended: tuple[date, date] | None
) -> None:
    assert ended_months(first, today) == ended


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "Came due\n• Global spending on quantum computing will reach $40 billion by March 2027 (forecast)",
        ),
        ("zh", "到期的预测\n• 研究院预计，到2027年第一季度，全国量子计算投资规模将达到400亿元"),
    ],
)
def test_what_came_due_is_told_on_the_first_morning_after_it(
    own_app: App, tmp_path: Path, language: Language, said: str
) -> None:
    bring(own_app, tmp_path, "Forecast", FORECAST[language], date(2026, 5, 1), FIRST - 90 * DAY)
    bring(own_app, tmp_path, "News", NEWS[language], date(2027, 3, 31), FIRST - DAY / 2)
    readers = Subscribers(own_app, subscription("d", ("quantum computing",), FIRST - DAY, language))
    text = text_of(readers.day(FIRST)["d"])
    assert said in text
    assert ("nothing reported since" if language == "en" else "之后没有相关报道") in text
    assert "The Forecast Paper" in text.split("Sources" if language == "en" else "来源")[1]


def test_what_came_due_is_told_with_what_was_reported_since(own_app: App, tmp_path: Path) -> None:
    bring(own_app, tmp_path, "Forecast", FORECAST["en"], date(2026, 5, 1), FIRST - 90 * DAY)
    bring(own_app, tmp_path, "Balance", REPORTED, date(2027, 3, 30), FIRST - 2 * DAY)
    bring(own_app, tmp_path, "News", NEWS["en"], date(2027, 3, 31), FIRST - DAY / 2)
    readers = Subscribers(own_app, subscription("d", ("quantum computing",), FIRST - DAY))
    due = text_of(readers.day(FIRST)["d"]).split("Came due\n")[1]
    assert "reported since: Global spending on quantum computing was $31 billion" in due


def test_what_came_due_is_told_once(own_app: App, tmp_path: Path) -> None:
    bring(own_app, tmp_path, "Forecast", FORECAST["en"], date(2026, 5, 1), FIRST - 90 * DAY)
    readers = Subscribers(own_app, subscription("d", ("quantum computing",), FIRST - 2 * DAY))
    told = []
    for n, news in enumerate(STORIES, -1):
        bring(own_app, tmp_path, f"Day {n}", news, FIRST.date() + (n - 1) * DAY, FIRST + (n - 0.5) * DAY)
        prepared = readers.day(FIRST + n * DAY)["d"]
        assert prepared.outcome == "news"
        told.append("Came due" in text_of(prepared))
    assert told == [False, True, False]
