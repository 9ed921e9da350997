"""An undeclared translation is the same report as its original, whichever comes in first, and counts once."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from library_kit import NOW, Shelf, blocks_of, write

from bot.intake.identity import Candidate, translated_report
from bot.models import Document

ENGLISH = """Anthropic released Claude 3.7 Sonnet on Monday, with 128,000 tokens of output.

It scores 70.3% on SWE-bench Verified, where OpenAI o1 has 48.9% and DeepSeek R1 has 49.2%.

Claude Code, a tool for the terminal, comes with it. A million tokens cost $15, as with Claude 3.5 Sonnet."""

CHINESE = """Anthropic 周一发布了 Claude 3.7 Sonnet，输出可达 128,000 个 token。

它在 SWE-bench Verified 上得分 70.3%，OpenAI o1 为 48.9%，DeepSeek R1 为 49.2%。

随之推出的还有终端工具 Claude Code。每百万 token 收费 15 美元，与 Claude 3.5 Sonnet 相同。"""

OTHER = """OpenAI 发布了 GPT-4.5，价格为每百万 token 75 美元，仅向 Pro 用户开放。

Sam Altman 表示公司缺少 GPU，下周将增加 10,000 块。

DeepSeek 则在同一天开源了 DeepEP，Anthropic 与 Claude 未作回应，训练费用约为 5.57 亿美元。"""

TEXTS = {
    "a": ("Claude 3.7 Sonnet is out", ENGLISH, "en"),
    "b": ("Claude 3.7 Sonnet 发布", CHINESE, "zh"),
    "c": ("GPT-4.5 发布", OTHER, "zh"),
}


def _write(folder: Path, name: str, day: str = "2025-02-24") -> Path:
    title, text, language = TEXTS[name]
    return write(
        folder, f"{name}.md", f"# {title}\n\n{text}", date=day, language=language, publisher="AI Wire"
    )


@pytest.mark.parametrize("order", list(permutations("abc")))
@pytest.mark.parametrize("together", [True, False])
def test_a_translation_is_one_report_with_its_original(
    shelf: Shelf, tmp_path: Path, order: tuple[str, ...], together: bool
) -> None:
    folder = tmp_path / "in"
    if together:
        for place, name in enumerate(order):
            _write(folder, name).rename(folder / f"{place}.md")
        results = list(shelf.ingest.paths(sorted(folder.iterdir()), int(NOW.timestamp())))
    else:
        results = [shelf.take(_write(folder, name)) for name in order]
    ids = dict(zip(order, (result.id for result in results), strict=True))
    assert [result.status for result in results] == ["added"] * 3
    assert ids["a"] == ids["b"] != ids["c"]
    told = shelf.brief("Claude 3.7 Sonnet", "zh")
    assert told
    assert told.verdict.dated == 1


def test_it_stays_that_when_it_comes_in_again_and_after_a_rebuild(shelf: Shelf, tmp_path: Path) -> None:
    first = [shelf.take(_write(tmp_path, name)) for name in "ab"]
    again = [shelf.take(_write(tmp_path, name)) for name in "ab"]
    assert [result.status for result in again] == ["unchanged"] * 2
    assert {result.id for result in (*first, *again)} == {first[0].id}
    (tmp_path / "seeds").mkdir()
    list(shelf.ingest.rebuild(tmp_path / "seeds", int(NOW.timestamp()), {}))
    assert shelf.library.report_ids() == [first[0].id]
    assert len(shelf.library.reports([first[0].id])[first[0].id].editions) == 2


def test_what_says_the_same_on_another_day_is_a_report_of_its_own(shelf: Shelf, tmp_path: Path) -> None:
    first = shelf.take(_write(tmp_path, "a"))
    second = shelf.take(_write(tmp_path, "b", day="2025-02-25"))
    assert first.id != second.id


def test_of_two_that_fit_equally_none_is_taken() -> None:
    document = Document("k", "Title", blocks_of(CHINESE), "zh")
    one, other = (Candidate(report, "en", ENGLISH) for report in ("one", "other"))
    assert translated_report(document, [one]) == "one"
    assert translated_report(document, [one, other]) is None


def test_an_address_that_ends_alike_says_that_much_more() -> None:
    changed = (
        ENGLISH.replace("128,000", "64,000").replace("48.9", "47").replace("$15", "$20").replace("70.3", "60")
    )
    document = Document(
        "k", "Title", blocks_of(CHINESE), "zh", url="https://example.org/zh/claude-37-sonnet/"
    )
    assert translated_report(document, [Candidate("one", "en", changed)]) is None
    assert translated_report(
        document, [Candidate("one", "en", changed, "https://example.org/claude-37-sonnet.html")]
    )
