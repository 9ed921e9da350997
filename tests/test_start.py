"""A command imports no more than it needs, and answers in about the time that its libraries take to load."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from library_kit import open_folder

UNNEEDED = (
    "aiohttp",
    "apscheduler",
    "chardet",
    "ftfy",
    "jieba",
    "lxml",
    "rich",
    "rjieba",
    "sentencex",
    "telegram",
    "trafilatura",
    "uvloop",
)
"""Libraries for ingesting documents, drawing bars or talking to Telegram, or only for Chinese questions."""
RULES = (
    "bot.cleaning.clean",
    "bot.cleaning.spam",
    "bot.figures.surroundings",
    "bot.library.indexing",
    "bot.recaps.compose",
    "bot.recaps.words",
    "bot.text.decode",
)
"""Our own modules whose patterns take long to compile, for ingesting documents or reading a group's talk."""
ANSWERING = ("asyncio", "bot.dialogue.router", "bot.trends.briefer", "bot.recaps.compose")
"""What only those need who ask, or serve several at once."""


def run(data: Path, arguments: list[str], unneeded: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """Run a command; on standard error it lists which of the unneeded modules it has imported."""
    code = f"""
import sys
from bot.cli import main
main({arguments})
print([name for name in {unneeded} if name in sys.modules], file=sys.stderr)
"""
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"TRENDBOT_DATA": str(data)},
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )


def test_a_question_loads_nothing_that_it_does_not_need(data: Path) -> None:
    open_folder(data).close()
    done = run(data, ["ask", "/trend compute"], UNNEEDED + RULES)
    assert "compute" in done.stdout.lower()
    assert done.stderr.strip() == "[]"


def test_an_ingest_loads_nothing_that_answers_questions(data: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    report.write_text("# Quarries\n\nThe quarries of the valley grew by 18% in 2025.\n", "utf-8")
    done = run(data, ["ingest", str(report)], ANSWERING)
    assert "added" in done.stdout
    assert done.stderr.strip() == "[]"
