"""Digests day after day: nothing is repeated, none is empty, and the end of the library's points is announced."""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from digest_kit import Subscribers, points_of, subscription, text_of
from library_kit import NOW

from bot.app import App
from bot.models import Language
from bot.text.normalise import fold
from bot.trends.statements import sentence_id

_DAY = timedelta(days=1)
_BEFORE = timedelta(minutes=30)
# Two sentences that share half of their words are about the same item.
_SAME_WORDS = 0.5


@pytest.mark.parametrize(("language", "query"), [("en", "compute"), ("zh", "算力")])
def test_the_seeds_bring_three_points_a_day_for_a_week_and_then_nothing(
    own_app: App, language: Language, query: str
) -> None:
    """Each day has three other points, introduced as a beginning; after the first week nothing is sent."""
    readers = Subscribers(own_app, subscription("seeds", (query,), NOW, language))
    opening = {
        "en": "No new report since 26 Feb 2026. To begin with, from the library:",
        "zh": "2026-02-26以来没有新报告。先从库里摘几条：",
    }
    told: list[str] = []
    for day in range(1, 7):
        prepared = readers.day(NOW + day * _DAY)["seeds"]
        assert len(points_of(prepared)) == 3
        assert text_of(prepared).startswith(opening[language])
        told += points_of(prepared)
    assert len(told) == len({sentence_id(text) for text in told})
    assert not any(readers.day(NOW + day * _DAY)["seeds"].parts for day in range(7, 40))


@pytest.mark.parametrize(("language", "query"), [("en", "liquid cooling"), ("zh", "液冷")])
def test_what_runs_out_in_the_first_week_says_so_once(own_app: App, language: Language, query: str) -> None:
    readers = Subscribers(own_app, subscription("seeds", (query,), NOW, language))
    ending = {"en": "That is all the library holds on liquid cooling. I will write when", "zh": "就是这些了"}
    said = [text_of(readers.day(NOW + day * _DAY)["seeds"]) for day in range(1, 40)]
    assert sum(ending[language] in text for text in said) == 1
    assert not any(said[6:])


def test_a_rebuilt_library_repeats_nothing(own_app: App) -> None:
    """What was sent is recorded in state.db, not in the library."""
    readers = Subscribers(own_app, subscription("rebuilt", ("compute",), NOW))
    before = points_of(readers.day(NOW + _DAY)["rebuilt"])
    from bot.settings import packaged

    assert list(own_app.ingest.rebuild(packaged("seeds"), int(NOW.timestamp()) + 90_000, {"rules": "other"}))
    prepared = readers.day(NOW + 2 * _DAY)["rebuilt"]
    assert prepared.outcome == "library"
    assert len(points_of(prepared)) == 3
    assert not set(before) & set(points_of(prepared))


# -- a real daily, fed day by day ----------------------------------------------------------------------


@dataclass(frozen=True)
class Issue:
    """One day of the daily: its file in each language."""

    day: date
    files: dict[str, tuple[str, bytes]]


@pytest.fixture(scope="module")
def daily() -> list[Issue]:
    """Return the issues of an AI daily in Chinese and English, oldest first; skip the test without TRENDBOT_SHARED."""
    shared = os.environ.get("TRENDBOT_SHARED")
    archive = Path(shared or ".", "data", "daily", "hextra_cn_en_fr_ja.zip")
    if not shared or not archive.is_file():
        pytest.skip("TRENDBOT_SHARED is not set: the daily is public data that is not part of the project")
    issues: dict[str, dict[str, tuple[str, bytes]]] = {}
    with zipfile.ZipFile(archive) as files:
        for name in sorted(files.namelist()):
            path = Path(name)
            language = next((part for part in path.parts if part in {"cn", "en"}), None)
            if language and path.suffix == ".md" and path.stem[:2] == "20":
                issues.setdefault(path.stem, {})[language] = (name, files.read(name))
    return [Issue(date.fromisoformat(stem), found) for stem, found in sorted(issues.items())]


def _words(app: App, text: str) -> frozenset[str]:
    return frozenset(app.segmenter.terms(fold(text)))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)


def test_a_daily_is_told_without_a_repetition_and_without_an_empty_digest(
    own_app: App, daily: list[Issue]
) -> None:
    """A subscriber gets no sentence twice, and no item twice in nearly the same words."""
    start = datetime.combine(daily[0].day, datetime.min.time(), UTC)
    sets: list[tuple[Language, tuple[str, ...]]] = [
        ("en", ("AI agents",)),
        ("zh", ("智能体",)),
        ("en", ("compute", "large models", "OpenAI")),
        ("zh", ("算力", "大模型", "视频生成", "机器人")),
        ("en", ("open source -GitHub", '"image generation"')),
    ]
    readers = Subscribers(
        own_app,
        *(subscription(f"daily{n}", queries, start - _DAY, lang) for n, (lang, queries) in enumerate(sets)),
    )
    told: dict[str, list[tuple[str, frozenset[str]]]] = {}
    sent = news = 0
    by_day = {issue.day: issue for issue in daily}
    for offset in range((daily[-1].day - daily[0].day).days + 2):
        now = start + offset * _DAY
        issue = by_day.get(now.date())
        for name, raw in issue.files.values() if issue else ():
            second = int((now - _BEFORE).timestamp())
            assert [r.status for r in own_app.ingest.content(name, raw, second, lambda _: None)] == ["added"]
        for own, prepared in readers.day(now).items():
            points = points_of(prepared)
            assert bool(prepared.parts) == bool(points or prepared.spent), text_of(prepared)
            assert (prepared.outcome == "news") <= (issue is not None)
            sent += bool(prepared.parts)
            news += prepared.outcome == "news"
            for point in points:
                words = _words(own_app, point)
                for known, known_words in told.get(own, []):
                    assert sentence_id(point) != sentence_id(known), point
                    assert _alike(words, known_words) < _SAME_WORDS, (known, point)
                told.setdefault(own, []).append((point, words))
    points_told = sum(map(len, told.values()))
    print(f"{len(daily)} issues, {sent} digests, {news} with news, {points_told} points, none twice")
    assert news > 3 * len(daily)
