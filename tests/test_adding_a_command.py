"""Adding a command takes one module and its words: proved in a copy of the checkout, over a local Telegram."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bot_process import ROOT, BotProcess

from bot.dialogue.registry import COMMANDS, missing_parts
from bot.playground.server import LocalTelegram
from bot.rendering.renderer import Renderer
from bot.settings import packaged

MODULE = '''"""/echo: says again what was said; it shows how little a command is."""

from __future__ import annotations

from bot.dialogue.context import Command, Context
from bot.dialogue.reply import Reply
from bot.messages import Message, Rights


def _answer(context: Context, text: str) -> Reply:
    return Reply(Message(context.notice("command_echo") + ": " + text))


COMMAND = Command(name="echo", words=("回声",), handle=_answer, order=35, rights=Rights.ANYONE, takes=True)
'''
WORDS = {"en": "says it again", "zh": "再说一遍"}


def test_every_command_has_its_words_a_route_and_rights() -> None:
    assert missing_parts(COMMANDS, Renderer(packaged("templates"))) == []


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of the checkout without its tests."""
    for name in ("bot", "templates", "seeds", "fonts"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def add(checkout: Path, module: str = MODULE, **words: str) -> None:
    (checkout / "bot/dialogue/commands/echo.py").write_text(module, "utf-8")
    for language, word in words.items():
        with (checkout / f"templates/{language}/words.html").open("a", encoding="utf-8") as file:
            file.write("\n{% macro command_echo() %}" + word + "{% endmacro %}\n")


def check(checkout: Path) -> str:
    """Return what the check prints in that checkout, "" if nothing is missing."""
    code = (
        "from bot.dialogue.registry import COMMANDS, missing_parts; from bot.rendering.renderer import Renderer; "
        "from bot.settings import packaged; print(*missing_parts(COMMANDS, Renderer(packaged('templates'))), sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=checkout,
        env={"PYTHONPATH": str(checkout), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return (done.stdout + done.stderr).strip()


@contextmanager
def running(checkout: Path, data: Path, telegram: LocalTelegram) -> Iterator[BotProcess]:
    with BotProcess(data, telegram, root=checkout, PYTHONPATH=str(checkout)) as bot:
        yield bot.listening()


def test_one_module_and_two_words_are_a_command(checkout: Path, seeded: Path, tmp_path: Path) -> None:
    add(checkout, **WORDS)
    assert check(checkout) == ""
    data = shutil.copytree(seeded, tmp_path / "data")
    with LocalTelegram() as telegram, running(checkout, data, telegram):
        telegram.say(7, 7, "/echo good morning")
        assert telegram.reply(7)["text"] == "says it again: good morning"
        telegram.say(8, 8, "回声：早上好")
        assert telegram.reply(8)["text"] == "再说一遍: 早上好"
        telegram.say(8, 8, "/help")
        assert "/echo" in telegram.reply(8, 2)["text"]

        def menus() -> list[list[str]]:
            calls = telegram.called("setMyCommands")
            return (
                [[c["command"] for c in call.parameters["commands"]] for call in calls]
                if len(calls) == 4
                else []
            )

        for menu in telegram.wait(menus, "the menus"):
            assert menu.index("topics") + 1 == menu.index("echo") == menu.index("sources") - 1
        assert telegram.refused == []


def test_a_command_without_its_words_is_told_where_to_add_them(checkout: Path) -> None:
    add(checkout, en="says it again")
    assert check(checkout) == (
        "templates/zh/words.html: add the macro command_echo(), a line of /help and of the menu."
    )


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        (", rights=Rights.ANYONE", "bot/dialogue/commands/echo.py has no complete COMMAND: "),
        (", handle=_answer", "bot/dialogue/commands/echo.py has no complete COMMAND: "),
        ('words=("回声",)', "bot/dialogue/commands/echo.py has no complete COMMAND: "),
    ],
)
def test_a_command_without_rights_route_or_words_is_told_what_is_missing(
    left_out: str, said: str, checkout: Path
) -> None:
    add(checkout, MODULE.replace(left_out, "").replace(", , ", ", "), **WORDS)
    answer = check(checkout)
    assert said in answer
    assert f"Missing required argument '{left_out.strip(', ').partition('=')[0]}'" in answer


def test_two_commands_cannot_share_a_word_or_a_place(checkout: Path) -> None:
    add(checkout, MODULE.replace("回声", "趋势").replace("order=35", "order=10"), **WORDS)
    said = check(checkout).splitlines()
    assert "2 commands claim the word 趋势; each must be unique." in said
    assert "2 commands claim the order 10; each must be unique." in said
