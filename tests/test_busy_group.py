"""A short run of the busy group: no message is lost or changed, and every question is answered."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from bench.busy_group import measure, talk


@pytest.mark.skipif("TRENDBOT_SHARED" not in os.environ, reason="TRENDBOT_SHARED has the logs")
def test_at_fifty_messages_a_second_every_one_is_kept_and_every_question_answered(data: Path) -> None:
    figures = measure(talk(Path(os.environ["TRENDBOT_SHARED"])), 1_000, 50.0, data)
    assert (figures.said, figures.kept, figures.wrong) == (1_000, 1_000, 0)
    assert figures.asked == len(figures.waits) > 10
    assert figures.recaps >= 1
    assert figures.late < figures.early + 100
