"""`trendbot ask` imports no more than it needs, and answers in about the time that its libraries take to load."""

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
CODE = f"""
import sys
from bot.cli import main
main(["ask", "/trend compute"])
print([name for name in {UNNEEDED} if name in sys.modules], file=sys.stderr)
"""


def test_a_question_loads_nothing_that_it_does_not_need(data: Path) -> None:
    open_folder(data).close()
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        env=os.environ | {"TRENDBOT_DATA": str(data)},
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "compute" in done.stdout.lower()
    assert done.stderr.strip() == "[]"
