"""Figures of one quantity have one identity, in any language and wording; other figures have another or none."""

from __future__ import annotations

from datetime import date

import pytest

from bot.figures.extraction import find_figures
from bot.figures.identity import Identity, identify
from bot.figures.stated_periods import StatedPeriod, stated_period
from bot.library.glossary import Glossary
from bot.library.ledger import Quantities
from bot.settings import packaged
from bot.text.normalise import has_han
from bot.text.segment import Segmenter

PUBLISHED = date(2025, 4, 8)
GLOSSARY = Glossary.parse((packaged("seeds") / "topics.toml").read_text("utf-8"))
QUANTITIES = Quantities(GLOSSARY, Segmenter(GLOSSARY.forms.words))


def identities(sentence: str, published: date | None = PUBLISHED) -> list[Identity | None]:
    language = "zh" if has_han(sentence) else "en"
    figures = find_figures(sentence, language, published)
    return [identify(figure, sentence, published, QUANTITIES) for figure in figures]


def first(sentence: str, published: date | None = PUBLISHED) -> Identity | None:
    found = identities(sentence, published)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Global AI investment reached $252.3 billion in 2024.", "2024年，全球AI投资达2523亿美元。"),
        ("Worldwide AI investment was $230 billion in 2024.", "2024年全球人工智能投资为2300亿美元。"),
        ("In 2024, AI investment in China reached $9.3 billion.", "中国大陆的AI投资2024年为93亿美元。"),
        (
            "AI patents rose from 3,833 in 2010 to 122,511 in 2023.",
            "AI专利2010年有3833件，2023年有122511件。",
        ),
        ("GPT-4 has 1.8 trillion parameters.", "GPT-4拥有1.76万亿参数。"),
        ("DeepSeek-V3 has 671 billion parameters.", "DeepSeek V3 拥有 685B 参数。"),
        (
            "Gemini 1.5 Pro has a context window of 1 million tokens.",
            "Gemini 1.5 Pro 的上下文窗口为 200 万 token。",
        ),
        (
            "OpenAI's valuation reached $157 billion in October 2024.",
            "OpenAI 的估值 2024年10月为 1500亿美元。",
        ),
        ("Tesla delivered 1.79 million vehicles in 2024.", "特斯拉2024年交付了178万辆汽车。"),
        ("China's AI investment last year was $9 billion.", "2024年中国AI投资为93亿美元。"),
        ("Claude 3.5 Sonnet scored 49% on SWE-bench.", "Claude 3.5 Sonnet 在 SWE-bench 上得分 50.8%。"),
        ("DeepSeek R1 reached 79.8% on AIME 2024.", "DeepSeek-R1 在 AIME 2024 上取得了 71%。"),
        ("AI21 released the 398B-parameter Jamba-1.5.", "Jamba-1.5 拥有 3980 亿参数。"),
        ("DeepSeek V3 takes off: a 685B-parameter model is out.", "DeepSeek V3 has 671 billion parameters."),
        (
            "Mixtral 8x22B, an open mixture-of-experts model with 176B parameters, is out.",
            "Mixtral 8x22B 是一个拥有 141B 参数的开源模型。",
        ),
        ("GPT-4 is said to have 1.7T parameters after 90 days.", "GPT-4 拥有 1.8 万亿参数。"),
    ],
)
def test_one_quantity_has_one_identity(one: str, other: str) -> None:
    assert first(one) is not None
    assert first(one) == first(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Global AI investment reached $252.3 billion in 2024.",
            "Global AI investment reached $170 billion in 2023.",
        ),
        (
            "Global AI investment reached $252.3 billion in 2024.",
            "US AI investment reached $109.1 billion in 2024.",
        ),
        (
            "Global AI investment reached $252.3 billion in 2024.",
            "Global private AI investment reached $150 billion in 2024.",
        ),
        ("2024年全球AI投资为2523亿美元。", "2024年全球生成式AI投资为339亿美元。"),
        ("2024年全球AI投资为2523亿美元。", "2024年上半年全球AI投资为1100亿美元。"),
        ("OpenAI's revenue reached $3.7 billion in 2024.", "OpenAI's loss reached $5 billion in 2024."),
        ("DeepSeek-V3 has 671 billion parameters.", "DeepSeek-V3 has 37 billion active parameters."),
        ("DeepSeek-V3 has 671 billion parameters.", "DeepSeek-V2 has 236 billion parameters."),
        (
            "Gemini 1.5 Pro cost $1.25 per million input tokens in 2024.",
            "Gemini 1.5 Pro cost $5 per million output tokens in 2024.",
        ),
        ("ChatGPT has 300 million weekly users.", "ChatGPT has 600 million monthly users."),
        (
            "DeepSeek R1 scored 57% on the Aider polyglot benchmark.",
            "DeepSeek R1 scored 57% on Humanity's Last Exam.",
        ),
        ("OpenAI's spending reached $7 billion in 2024.", "OpenAI's investment reached $7 billion in 2024."),
        ("Qwen2.5 Coder was trained on 23.5 trillion tokens.", "Qwen2.5 was trained on 18 trillion tokens."),
        ("Claude 3.5 Sonnet scored 78% on MMLU-Pro.", "Claude 3.5 Sonnet scored 88.7% on MMLU."),
        ("AI papers rose 20% in 2024.", "AI papers fell 20% in 2024."),
        ("Notable AI models rose from 55% in 2023 to 78% in 2024.", "Notable AI models rose 78% in 2024."),
    ],
)
def test_another_quantity_has_another(one: str, other: str) -> None:
    assert first(one) is not None
    assert first(other) is not None
    assert first(one) != first(other)


@pytest.mark.parametrize(
    "sentence",
    [
        "The model has 70 billion parameters.",  # Which model?
        "It raised $40 million.",
        "我们的准确率达到了 95%。",
        "The survey took 5 years.",
        "Investment grew 20%.",  # Of what, and when?
        "Phi-Lthy4 is a pruned version of Phi-4 with 11.9B parameters.",
        "Hermes 3 comes in sizes of 8B, 70B and 405B parameters.",
        "Llama 3.1 推出了 8B、70B 和 405B 参数的版本。",
        "A model with 7B parameters outperforms GPT-4.",
        "一个 250M 参数的模型则击败了 GPT-4。",
        "MosaicLab released a model with 104B parameters.",  # Names a maker, not a model.
        "Claude 3.5 Sonnet improved by 15% on SWE-bench.",
        "GPT-4o scored 88%.",  # On which test?
    ],
)
def test_what_cannot_be_told_has_no_identity(sentence: str) -> None:
    assert set(identities(sentence)) <= {None}


def test_a_number_is_of_the_name_that_it_belongs_to() -> None:
    total, active = identities("DBRX has 132B total parameters and 32B active, says Databricks.")
    assert total
    assert active
    assert (total.subject, active.subject) == (frozenset({"dbrx"}), frozenset({"dbrx", "~active"}))
    own, others = identities("GPT-4.5 scored 45% on Aider polyglot compared to Claude 3.7 Sonnet's 65%.")
    assert own
    assert own.subject == {"4.5 gpt", "aider polyglot"}
    assert others is None or "4.5 gpt" not in others.subject


@pytest.mark.parametrize(
    ("period", "stated"),
    [
        ("2024年", StatedPeriod("2024", 2024)),
        ("in 2024", StatedPeriod("2024", 2024)),
        ("by 2030", StatedPeriod("2030", 2030)),
        ("2008–2024年", StatedPeriod("2008..2024", 2024)),
        ("from 2008 to 2024", StatedPeriod("2008..2024", 2024)),
        ("2024年上半年", StatedPeriod("2024-h1", 2024)),
        ("in the first half of 2024", StatedPeriod("2024-h1", 2024)),
        ("Q3 2024", StatedPeriod("2024-q3", 2024)),
        ("2024年第三季度", StatedPeriod("2024-q3", 2024)),
        ("in March 2024", StatedPeriod("2024-03", 2024)),
        ("2024年3月", StatedPeriod("2024-03", 2024)),
        ("2023年底", StatedPeriod("2023-end", 2023)),
        ("in late 2023", StatedPeriod("2023-end", 2023)),
        ("last year", StatedPeriod("2024", 2024)),
        ("去年", StatedPeriod("2024", 2024)),
        ("over the next five years", StatedPeriod("next 5 year", 2030)),
        ("未来五年", StatedPeriod("next 5 year", 2030)),
        ("每年", StatedPeriod("")),
        ("a year", StatedPeriod("")),
        ("", StatedPeriod("")),
    ],
)
def test_a_stated_time_has_one_name(period: str, stated: StatedPeriod) -> None:
    assert stated_period(period, PUBLISHED) == stated


def test_last_year_is_unknown_where_the_day_of_publication_is() -> None:
    assert stated_period("last year", None) is None
    assert stated_period("去年", None) is None
