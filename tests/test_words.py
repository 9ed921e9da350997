"""Spellings of one word are one word, in the index and in queries: regions, numbers, names typed without their hyphen."""

from __future__ import annotations

from pathlib import Path

import pytest
from library_kit import Shelf

from bot.library.glossary import Glossary
from bot.library.query import understand
from bot.text import normalise
from bot.text.normalise import fold, to_simplified
from bot.text.phrases import running_words
from bot.text.rule_data import read_table
from bot.text.segment import Segmenter, latin_words, name_spellings, singular

TAIWAN = read_table(Path(normalise.__file__).with_name("taiwan_words.tsv"))


def finds(shelf: Shelf, text: str, question: str) -> bool:
    """Return whether `question` finds `text` before another report, by search and for a briefing."""
    report = shelf.put("wanted", text, "zh" if any("一" <= c <= "鿿" for c in text) else "en")
    shelf.put("other", "Nothing of that stands here, in any spelling.")
    hits = shelf.search.by_report(shelf.query(question), 5)
    return bool(hits) and hits[0][0].report_id == report and bool(shelf.texts(question))


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("固態硬碟價格上漲，記憶體也漲價。", "内存"),
        ("固態硬碟價格上漲，記憶體也漲價。", "固态硬盘"),
        ("計程車隊測試自駕車，光達成本下降。", "激光雷达"),
        ("計程車隊測試自駕車，光達成本下降。", "出租车"),
        ("電信業者擴建行動網路，頻寬增加一倍。", "带宽"),
        ("電信業者擴建行動網路，頻寬增加一倍。", "移动网络"),
        ("川普訪問沙烏地阿拉伯。", "特朗普"),
        ("川普訪問沙烏地阿拉伯。", "沙特"),
        ("這家公司賣滑鼠與印表機。", "鼠标"),
        ("離岸風電與核融合的投資增加。", "海上风电"),
        ("離岸風電與核融合的投資增加。", "核聚变"),
        ("太空人進入太空站。", "空间站"),
        ("柴契爾與柯林頓的演講。", "撒切尔"),
        ("儲存裝置與試算表軟體。", "存储设备"),
        ("程式設計師上傳影片。", "程序员"),
        ("程式設計師上傳影片。", "视频"),
        ("企業導入雲端運算與資料庫。", "云计算"),
        ("执行机构上调了内存价格。", "記憶體"),
        ("出租车队测试激光雷达。", "計程車"),
        ("出租车队测试激光雷达。", "光達"),
        ("特朗普谈美联储。", "聯準會"),
        ("英伟达发布新品。", "輝達"),
    ],
)
def test_taiwans_word_and_the_mainlands_find_each_other(text: str, question: str, shelf: Shelf) -> None:
    assert finds(shelf, text, question)


@pytest.mark.parametrize("text", ["人工智慧", "人工智慧的發展", "人工智慧最近怎麼樣"])
def test_taiwans_word_for_a_topic_asks_for_the_topic(
    text: str, glossary: Glossary, segmenter: Segmenter
) -> None:
    mainland = understand("人工智能", glossary, segmenter)
    assert understand(text, glossary, segmenter).topics == mainland.topics != ()


@pytest.mark.parametrize("mainland", sorted(set(TAIWAN.values())))
def test_a_word_of_the_mainland_stays_what_it_is(mainland: str) -> None:
    assert fold(mainland) == mainland


@pytest.mark.parametrize(
    "text",
    [
        "解方程式",
        "目光达成一致",
        "四川普通话",
        "改变数据分布",
        "很快取代人类",
        "软体动物",
        "局域网路由器",
        "光辉达到顶点",
        "投资安全",
        "视频宽高比",
        "一笔电费",
        "越南韩国",
        "快捷运输",
        "可再生能源",
        "厄瓜多尔",
    ],
)
def test_what_only_looks_like_a_word_of_taiwan_stays(text: str) -> None:
    assert fold(text) == text


PRICES = "OpenAI cut the price of GPT-4o by 30 percent in May. The RTX 4090 can no longer be exported."
NETWORKS = "运营商试点5G-A网络，部署了DeepSeek-R1模型。"


@pytest.mark.parametrize(
    ("text", "question"),
    [
        *((PRICES, q) for q in ("gpt4o", "GPT 4o", "GPT-4o", "rtx4090", "RTX-4090", "RTX 4090")),
        *((NETWORKS, q) for q in ("5GA", "5G-A", "deepseekr1", "DeepSeek R1", "deepseek-r1")),
        ("Users like Claude 3.5 Sonnet.", "claude3.5"),
        ("The iPhone 16 sold well.", "iphone16"),
        ("小米发布了SU-7汽车。", "su7"),
        ("They trained it on rtx5090 cards.", "RTX-5090"),
        ("The Llama-3.1-405B model is open.", "llama3.1"),
        ("Qwen2.5 Max was shown.", "Qwen 2.5"),
    ],
)
def test_a_product_is_found_however_its_name_is_joined(text: str, question: str, shelf: Shelf) -> None:
    assert finds(shelf, text, question)


@pytest.mark.parametrize("question", ["gpt4o", "rtx4090", "RTX 4090", "crisis", "criterion"])
def test_a_name_or_a_word_found_in_another_spelling_is_answered_with_its_sentence(
    question: str, shelf: Shelf
) -> None:
    shelf.put("a", PRICES + " The crises ended. The criteria are new. Nothing else was said.", "en")
    briefing = shelf.brief(question)
    assert briefing is not None
    assert briefing.points[0].text in {
        *PRICES.replace("May. ", "May.|").split("|"),
        "The crises ended.",
        "The criteria are new.",
    }


def test_a_name_that_begins_with_a_full_stop_is_another_word(shelf: Shelf) -> None:
    shelf.put("a", "The net effect is small.")
    shelf.put("b", "微软发布了.NET 10，启动时间缩短一半。", "zh")
    assert [p.text for p, _ in shelf.search.by_report(shelf.query(".NET"), 5)] == [
        "微软发布了.NET 10，启动时间缩短一半。"
    ]


def test_a_year_after_a_word_makes_no_name(segmenter: Segmenter) -> None:
    assert "plan2025" not in segmenter.terms("the plan 2025 was kept in 2025")


PLURALS = (
    "Two analyses of the grid disagree on cost. Both crises hit the vertices of the network, and new criteria are due. "
    "The matrices, hypotheses, phenomena and nuclei were shown to women and children."
)


@pytest.mark.parametrize(
    "question",
    "analysis crisis vertex criterion matrix hypothesis phenomenon nucleus woman child analyses criteria".split(),
)
def test_an_irregular_plural_and_its_singular_find_each_other(question: str, shelf: Shelf) -> None:
    assert finds(shelf, PLURALS, question)


def test_a_plural_finds_its_singular(shelf: Shelf) -> None:
    assert finds(shelf, "The analysis of one crisis names a criterion.", "analyses crises criteria")


@pytest.mark.parametrize(
    "word", ["prices", "services", "cases", "data", "media", "buses", "process", "bases"]
)
def test_a_regular_plural_is_left_to_its_rule(word: str) -> None:
    assert singular(word) == {
        "prices": "price",
        "services": "service",
        "cases": "case",
        "buses": "bus",
        "bases": "base",
    }.get(word, word)


@pytest.mark.parametrize(
    "text",
    [
        "gpt-4o, c++ and c# on .net 8.0.1",
        "a.b .5 x_y _z 3.14.15 node.js",
        "e-mail - or mail? (v2.5+)",
        "...net ,.net a.net\t#1 100%",
        "rtx 4090 & deepseekr1; @home [12] $5",
    ],
)
def test_a_text_has_the_same_words_whether_or_not_it_is_ascii(text: str, segmenter: Segmenter) -> None:
    other = f"{text} 、"
    assert latin_words(text) == latin_words(other)
    assert segmenter.words(text) == segmenter.words(other)
    assert [*running_words(text, []), ""] == running_words(other, [])


@pytest.mark.parametrize(
    ("text", "spellings"),
    [
        ("rtx 4090 and gpt 4 turbo", ["rtx4090", "gpt4"]),
        ("gpt4o", ["gpt", "4o"]),
        ("deepseekr1", ["deepseekr", "1", "deepseek", "r1"]),
        ("iphone 16 or mi14 of may 2024", ["iphone16", "mi", "14"]),
        ("gpt-4o-mini", ["gpt4omini", "gpt4o", "4omini"]),
        ("x1 v.b2 in 2024", []),
    ],
)
def test_a_name_with_a_number_is_found_together_apart_and_without_its_hyphens(
    text: str, spellings: list[str]
) -> None:
    assert name_spellings(text) == spellings


def test_rare_characters_are_simplified_too() -> None:
    assert to_simplified("\U0002005e") == "\U0002003e"
    assert to_simplified("\U00020bb7野家漲價") == "\U00020bb7野家涨价"
    text = "\U00020bb7野家"
    assert to_simplified(text) is text
