"""A number in a briefing is quoted with what it is about."""

from __future__ import annotations

import pytest

from bot.figures.extraction import find_figures
from bot.models import Figure
from bot.trends.quotes import clause_with_subject

BEGIN = "Zorblax的识别系统在展会上亮相并邀请各地观众试用了整整一个下午，"
LED_UP_TO = BEGIN + "成为领先的开源识别系统，在票据提取方面实现了约75%的准确率。"
FAR = BEGIN + "观众从各地赶来排队等候试用并且写下了自己的感想，" * 4 + "在票据提取方面实现了约75%的准确率。"
NAMED = BEGIN + "Vendix在会上提出收购，Quorbo董事会坚决拒绝了974亿美元的报价。"
SHORT = "Zorblax修好了37个漏洞。"


def _figure(sentence: str) -> Figure:
    return find_figures(sentence, "zh", None)[-1]


@pytest.mark.parametrize(
    ("sentence", "quoted"),
    [
        (LED_UP_TO, LED_UP_TO),
        (FAR, ""),
        (NAMED, "Quorbo董事会坚决拒绝了974亿美元的报价。"),
        (SHORT, SHORT),
    ],
)
def test_a_clause_is_quoted_with_its_subject_or_not_at_all(sentence: str, quoted: str) -> None:
    assert clause_with_subject(sentence, _figure(sentence)).rstrip("。") == quoted.rstrip("。")
