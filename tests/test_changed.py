"""`tests/check.sh fast` runs the tests that a change affects, and no browser."""

from __future__ import annotations

from changed import ALWAYS, GOLDEN, called_for

TESTS = {
    "tests/test_ranking.py": "from bot.trends.ranking import rank",
    "tests/test_trend.py": "from bot.trends import briefing, ranking",
    "tests/test_service.py": "from bot.trends.briefing import TrendBriefer",
}


def test_a_test_calls_for_itself_and_the_architecture_is_always_looked_at() -> None:
    assert called_for(["tests/test_trend.py", "README.md"], TESTS) == [ALWAYS, "tests/test_trend.py"]


def test_a_module_calls_for_the_test_that_is_named_for_it() -> None:
    assert called_for(["bot/trends/ranking.py"], TESTS) == [ALWAYS, "tests/test_ranking.py"]


def test_a_module_without_one_calls_for_those_that_import_it_but_for_no_whole_service() -> None:
    assert called_for(["bot/trends/briefing.py"], TESTS) == [ALWAYS, "tests/test_trend.py"]


def test_words_and_rules_call_for_the_golden_replies() -> None:
    assert called_for(["templates/en/words.html"], TESTS) == sorted({ALWAYS, *GOLDEN})
