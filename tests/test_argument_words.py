"""Words with a fixed meaning in commands' arguments are read in any case, in both scripts, with spaces around them."""

from __future__ import annotations

import pytest

from bot.alerts.hours import NEVER
from bot.dialogue.commands.alert import read_hours
from bot.dialogue.phrases import argument_meaning


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("OFF", "off"),
        (" 關閉 ", "off"),
        ("取消", "off"),
        ("開啟", "on"),
        ("Add", "add"),
        ("删除", "remove"),
        ("繼續", "resume"),
        ("全部", "all"),
    ],
)
def test_a_word_has_its_meaning_in_any_case_and_script(word: str, meaning: str) -> None:
    assert argument_meaning(word) == meaning


@pytest.mark.parametrize("word", ["", "compute", "offline", "开关", "on off"])
def test_any_other_word_has_none(word: str) -> None:
    assert argument_meaning(word) == ""


@pytest.mark.parametrize("word", ["off", "never", "stop", "关闭", "關閉"])
def test_quiet_hours_end_by_any_word_for_off(word: str) -> None:
    assert read_hours(word) == NEVER
