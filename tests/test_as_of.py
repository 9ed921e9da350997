"""As of a day: no report that was published later, or is undated, is found, counted, listed or quoted."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from library_kit import Shelf, write

from bot.cli import main

EARLY, DAY, LATE = date(2025, 1, 10), date(2025, 1, 20), date(2025, 2, 1)
DAYS = [timedelta(days=number) for number in range(201)]
REPORTS = {
    "early": ("OpenAI showed a first robot in a factory.", EARLY),
    "same day": ("OpenAI opened a robot laboratory in Paris.", DAY),
    "late": ("OpenAI closed its robot laboratory again.", LATE),
    "undated": ("OpenAI plans a robot for the kitchen.", None),
}


@pytest.fixture
def past(shelf: Shelf) -> Shelf:
    """A library of four reports as of DAY, two of them published by then."""
    for key, (text, published) in REPORTS.items():
        shelf.put(key, text, published=published)
    shelf.library.see_until(DAY)
    return shelf


def test_what_was_published_later_or_is_undated_is_not_found(past: Shelf) -> None:
    seen = {REPORTS["early"][0], REPORTS["same day"][0]}
    for query in ("OpenAI", "robot laboratory", "kitchen robot", '"robot"'):
        assert past.texts(query) <= seen
    assert past.texts("OpenAI") == seen
    assert not past.texts("kitchen")


def test_what_was_published_later_is_not_counted(past: Shelf) -> None:
    coverage = past.library.coverage()
    assert (coverage.reports, coverage.first, coverage.last) == (2, EARLY, DAY)
    assert past.library.topic_counts()["openai"] == past.library.topic_counts()[""] == 2
    assert past.library.topic_reports()["openai"] == 2
    assert len(past.library.topic_days(["openai"])) == 2
    assert past.library.word_counts(["laboratory"]) == {"laboratory": 1}
    assert len(past.library.report_ids()) == 2


def test_a_later_day_shows_more_and_writing_goes_on(past: Shelf) -> None:
    assert past.library.coverage().reports == 2
    past.library.see_until(LATE)
    assert past.library.coverage().reports == 3
    past.put("another", "Anthropic opened an office in Tokyo.", published=LATE)
    assert past.library.coverage().reports == 4


def test_a_report_is_read_in_as_few_steps_as_without_a_day(shelf: Shelf) -> None:
    for number in range(200):
        shelf.put(
            f"report {number}", f"OpenAI hired engineer number {number}.", published=EARLY + DAYS[number]
        )
    last = shelf.put("last", "OpenAI hired its chief.", published=DAY + DAYS[200])
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return 0

    def steps_of_reading() -> int:
        store = shelf.library._store
        store.read().set_progress_handler(count, 1)
        steps[0] = 0
        day = (DAY + DAYS[200]).toordinal()
        assert len(shelf.library.passages_on(last, day, ["openai"], None, ["en"], 5)) == 1
        store.read().set_progress_handler(None, 1)
        return steps[0]

    now = steps_of_reading()
    shelf.library.see_until(DAY + DAYS[200])
    assert steps_of_reading() < 2 * now


def _asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


def test_ask_and_the_digest_of_a_day_know_nothing_later(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRENDBOT_DATA", str(data))
    for key, (text, published) in REPORTS.items():
        day = {"date": published.isoformat()} if published else {}
        path = write(tmp_path, f"{key}.md", f"# Title of {key}\n\n{text}", publisher="Robot News", **day)
        _asked(capsys, "ingest", str(path))
    told = _asked(capsys, "ask", "--as-of", "2025-01-20", "OpenAI robot")
    assert "Paris" in told
    assert "closed" not in told
    assert "kitchen" not in told
    digest = ("digest", "--preview", "--topics", "OpenAI", "--date")
    assert "Paris" in _asked(capsys, *digest, "2025-01-21")
    assert "Paris" not in _asked(capsys, *digest, "2025-01-20")
    assert "closed" in _asked(capsys, *digest, "2025-02-02")
