"""The READMEs show what the bot prints, in both languages, and name only files, commands and settings that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from golden.rewrite import LANGUAGES
from readme import README, ROOT, block, parts

from bot import cli
from bot.models import Language


@pytest.mark.parametrize("language", LANGUAGES)
def test_replies_and_commands_are_what_the_bot_prints(language: Language, data: Path) -> None:
    """If this fails, run `python tests/readme.py --write` and read the diff."""
    text = README[language].read_text("utf-8")
    for name, wanted in parts(data, language).items():
        assert block(text, name)[1] == f"{wanted}\n", name


@pytest.mark.parametrize("language", LANGUAGES)
def test_linked_files_exist(language: Language) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README[language].read_text("utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_both_readmes_name_the_same_commands_and_settings() -> None:
    for pattern in (r"TRENDBOT_[A-Z_]+", r"trendbot [a-z]+", r"requirements[a-z-]*\.txt"):
        english, chinese = (set(re.findall(pattern, path.read_text("utf-8"))) for path in README.values())
        assert english == chinese


def test_every_command_line_in_the_readme_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    known = set(re.findall(r"^ {4}([a-z]+) ", capsys.readouterr().out, re.MULTILINE))
    named = set(re.findall(r"trendbot ([a-z]+)", README["en"].read_text("utf-8")))
    assert {"run", "ask", "ingest"} <= named <= known


def test_every_setting_is_read() -> None:
    read = (ROOT / "bot" / "settings.py").read_text("utf-8")
    named = set(re.findall(r"TRENDBOT_[A-Z_]+", README["en"].read_text("utf-8")))
    assert named == set(re.findall(r'"(TRENDBOT_[A-Z_]+)"', read))
