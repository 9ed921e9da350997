"""Quality floors of recaps on public meetings; tests/bench/recap.py has the measures."""

from __future__ import annotations

import os
import statistics
from pathlib import Path

import pytest
from bench.recap import CHARACTERS, compare, interval, link_quality, meetings

from bot.app import App

needs_shared = pytest.mark.skipif(
    "TRENDBOT_SHARED" not in os.environ, reason="needs the shared data: set TRENDBOT_SHARED to its folder"
)


@needs_shared
def test_recaps_of_meetings_say_more_than_lexrank_and_quote_what_people_highlighted(app: App) -> None:
    talks = meetings(Path(os.environ["TRENDBOT_SHARED"]))
    scores = compare(app, talks, CHARACTERS)
    rouge, marked = (statistics.fmean(values) for values in zip(*scores["Trendbot"], strict=True))
    assert len(talks) == 135
    assert rouge >= 30.3
    assert marked >= 36.5
    for name in ("LexRank", "TextRank", "first", "random"):
        for part in (0, 1):
            own = zip(scores["Trendbot"], scores[name], strict=True)
            assert interval([ours[part] - theirs[part] for ours, theirs in own])[0] > 0


@needs_shared
def test_links_between_messages_of_a_busy_channel_are_found_far_above_chance(app: App) -> None:
    found, before = link_quality(Path(os.environ["TRENDBOT_SHARED"]), app.segmenter)
    assert found >= 48.0
    assert before < 30.0
