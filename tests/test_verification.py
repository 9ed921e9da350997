"""A model's sentence is shown only if its sources say it; the fault of any other is named."""

from __future__ import annotations

import random

import pytest
from rewriting_kit import PUBLISHERS, SEED, Made, Maker, paraphrases

from bot.languages import LANGUAGES
from bot.library.glossary import Glossary
from bot.models import Language
from bot.rewriting.material import Evidence
from bot.rewriting.numbers import find_numbers
from bot.rewriting.reading import Reader
from bot.rewriting.verification import Fault, Verifier
from bot.text.segment import Segmenter

EACH = 40
ROBOTS = Evidence(
    1, "China installed 276,300 industrial robots in 2023, more than Japan, which installed 46,100.", "en"
)
SUPPLY = Evidence(2, "Supply of compute did not match demand in 2024 and may fall further, CWW wrote.", "en")
SHARE = Evidence(3, "2023年，中国的份额从20.8%升至约51.1%，没有超过60%。", "zh")
EVIDENCE = (ROBOTS, SUPPLY, SHARE)


@pytest.fixture(scope="module")
def reader(glossary: Glossary, segmenter: Segmenter) -> Reader:
    """A reader of sentences with the seeds' glossary."""
    return Reader(glossary, segmenter, PUBLISHERS)


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("In 2023, China installed 276,300 industrial robots and Japan installed 46,100.", 1),
        ("CWW wrote that in 2024 compute supply did not match demand and may fall further.", 2),
        ("In 2024 supply of compute did not match demand and may fall further, in CWW's words.", 2),
        ("中国的份额2023年从20.8%升至约51.1%，没有超过60%。", 3),
    ],
)
def test_what_a_source_says_may_be_said_in_other_words(reader: Reader, sentence: str, number: int) -> None:
    assert Verifier(reader, EVIDENCE).fault(sentence, [number]) is None


@pytest.mark.parametrize(
    ("sentence", "numbers", "fault"),
    [
        ("China installed 276,300 industrial robots in 2023.", [], Fault.STRUCTURE),
        ("China installed 276,300 industrial robots in 2023.", [9], Fault.STRUCTURE),
        ("", [1], Fault.STRUCTURE),
        ("China installed 280,000 industrial robots in 2023.", [1], Fault.NUMBER),
        ("China installed 276,300 industrial robots in 2024.", [1], Fault.NUMBER),
        ("China installed twice as many industrial robots in 2023.", [1], Fault.NUMBER),
        ("China installed 276,300 industrial robots in 2023, more than Germany.", [1], Fault.NAME),
        ("China installed 276,300 “smart” industrial robots in 2023.", [1], Fault.NAME),
        ("China installed 276,300 industrial robots in 2023, and wages fell.", [1], Fault.CONTENT),
        ("China installed 276,300 industrial robots in 2023 after a lawsuit.", [1], Fault.CONTENT),
        ("China illegally installed 276,300 industrial robots in 2023.", [1], Fault.CONTENT),
        ("Supply of compute did not match demand in 2024.", [1], Fault.NUMBER),
        ("Supply of compute matched demand in 2024, CWW wrote.", [2], Fault.NEGATION),
        ("Supply of compute did not match demand and will fall further, CWW wrote.", [2], Fault.HEDGE),
        ("Supply of compute did not match demand and may rise further, CWW wrote.", [2], Fault.SIDE),
        ("China installed 46,100 industrial robots in 2023, more than Japan, which installed 276,300.", [1], Fault.PLACE),
        ("Japan installed 276,300 industrial robots in 2023, more than China, which installed 46,100.", [1], Fault.PLACE),
        ("2023年，中国的份额从20.8%升至51.1%，没有超过60%。", [3], Fault.HEDGE),
        ("2023年，中国的份额从51.1%升至约20.8%，没有超过60%。", [3], Fault.HEDGE),
        ("2023年，中国的份额从20.8%升至约51.1%，超过60%。", [3], Fault.NEGATION),
        ("2023年，日本的份额从20.8%升至约51.1%，没有超过60%。", [3], Fault.NAME),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(reader: Reader, sentence: str, numbers: list[int], fault: Fault) -> None:
    assert Verifier(reader, EVIDENCE).fault(sentence, numbers) is fault


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_source_may_be_repeated(reader: Reader, language: Language) -> None:
    maker = Maker(language)
    assert [s for i, s in enumerate(maker.sources) if Made(s, (1,), maker.evidence(i)).fault(reader)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_honest_paraphrases_are_kept(reader: Reader, language: Language) -> None:
    faults = [made.fault(reader) for made in Maker(language).honest()]
    assert len(faults) > 100
    assert faults.count(None) / len(faults) >= 0.85


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("invented_numbers", 1.0),
        ("exchanged_numbers", 1.0),
        ("exchanged_names", 1.0),
        ("wrong_names", 1.0),
        ("wrong_ids", 1.0),
        ("dropped_negations", 0.95),
        ("added_facts", 0.9),
        ("added_words", 0.9),
    ],
)
def test_what_a_model_gets_wrong_is_caught(
    reader: Reader, language: Language, kind: str, least: float
) -> None:
    every = list(getattr(Maker(language), kind)())
    made = random.Random(SEED).sample(every, min(EACH, len(every)))  # noqa: S311  # The same sentences each time, no secret.
    caught = [one for one in made if one.fault(reader)]
    assert made
    assert len(caught) >= least * len(made), [one.sentence for one in made if one not in caught]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "kind", ["invented_numbers", "exchanged_numbers", "exchanged_names", "wrong_names", "wrong_ids"]
)
def test_nothing_wrong_comes_from_the_other_language(reader: Reader, language: Language, kind: str) -> None:
    """Most honest translations are refused too, since two languages share little."""
    every = list(getattr(Maker(language, translated=True), kind)())
    made = random.Random(SEED).sample(every, min(EACH, len(every)))  # noqa: S311  # The same sentences each time, no secret.
    assert [one.sentence for one in made if one.fault(reader) is None] == []


@pytest.mark.parametrize(("language", "least"), [("en", 0.28), ("zh", 0.18)])
def test_translations_are_kept_where_two_languages_share_enough(
    reader: Reader, language: Language, least: float
) -> None:
    faults = [made.fault(reader) for made in Maker(language, translated=True).honest()]
    assert faults.count(None) >= least * len(faults)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fact_that_is_added_to_a_translation_is_caught(reader: Reader, language: Language) -> None:
    faults = [made.fault(reader) for made in Maker(language, translated=True).added_facts()]
    assert faults.count(None) <= 0.025 * len(faults)


NEWS = (
    Evidence(1, "清华大学2023年培养了1549名人工智能研究生，2024年培养了2300名。", "zh"),
    Evidence(2, "The white paper says that 4% of factories had solar roofs in 2023 and 72% in 2024.", "en"),
)


@pytest.mark.parametrize(
    ("sentence", "number", "fault"),
    [
        ("Tsinghua University trained 1,549 AI graduate students in 2023 and 2,300 in 2024.", 1, None),
        ("Peking University trained 1,549 AI graduate students in 2023 and 2,300 in 2024.", 1, Fault.NAME),
        ("The university trained 1,549 AI graduate students in 2023 and 2,300 in 2024.", 1, None),
        ("The university trained 2,300 AI graduate students in 2023 and 1,549 in 2024.", 1, Fault.PLACE),
        ("The university trained 1,549 AI graduate students in 2024 and 2,300 in 2023.", 1, Fault.PLACE),
        (
            "The university trained 1,549 AI graduate students in 2023 and 2,300 in 2024 after a royal visit.",
            1,
            Fault.CONTENT,
        ),
        ("白皮书说，2023年有4%的工厂有太阳能屋顶，2024年为72%。", 2, None),
        ("白皮书说，2023年有72%的工厂有太阳能屋顶，2024年为4%。", 2, Fault.PLACE),
        ("白皮书说，2023年有4%的工厂有太阳能屋顶，2024年为72%，医生都很高兴。", 2, Fault.NAME),
    ],
)
def test_a_translation_is_read_by_a_dictionary(
    reader: Reader, sentence: str, number: int, fault: Fault | None
) -> None:
    assert Verifier(reader, NEWS).fault(sentence, [number]) is fault


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paraphrase_is_none_of_its_source(language: Language) -> None:
    assert [told for source, told in paraphrases(language) if told == source] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("276,300 robots", "27.63万台"),
        ("$69 billion", "690亿美元"),
        ("35 percent", "百分之三十五"),
        ("6 times", "六倍"),
        ("in 2023", "2023年"),
        ("in January", "1月"),
        ("30% of them", "三成"),
        ("100,000 cards", "十万卡"),
        ("two thirds", "三分之二"),
        ("the second", "第二"),
        ("the first", "第一"),
    ],
)
def test_a_number_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert [n.key for n in find_numbers(one)] == [n.key for n in find_numbers(other)]


def test_a_name_of_a_translation_does_not_stand_in_the_place_of_another(reader: Reader) -> None:
    share = Evidence(1, "2013年超过日本以来，中国大陆工业机器人安装量的全球占比从20.8%升到51.1%。", "zh")
    told = "Mainland {}'s share of world robot installations has risen from 20.8% to 51.1% since 2013, when it overtook Japan."
    assert Verifier(reader, [share]).fault(told.format("China"), [1]) is None
    assert Verifier(reader, [share]).fault(told.format("Japan"), [1]) is Fault.PLACE


def test_over_says_more_of_an_amount_and_how_long_of_a_time(reader: Reader) -> None:
    plan = Evidence(1, "美国计划五年内投入约690亿美元，用于人工智能和量子研究。", "zh")
    told = "The US plans about $69 billion over {} for AI and quantum research."
    assert Verifier(reader, [plan]).fault(told.format("five years"), [1]) is None
    assert Verifier(reader, [plan]).fault(told.format("five projects"), [1]) is Fault.HEDGE


def test_both_ends_of_a_range_are_numbers() -> None:
    assert [n.value for n in find_numbers("20%到50%，$5-10 billion")] == [20, 50, 5e9, 1e10]


YEARS = (
    Evidence(1, "1969年的《简体字表》又称502字表，共收502个字，五年内用电量不断上升。", "zh"),
    Evidence(2, "近年来，数据中心的用电量不断上升，供给没有跟上。", "zh"),
)


@pytest.mark.parametrize(
    ("sentence", "number", "fault"),
    [
        ("《简体字表》收502个字，又称502字表。", 1, None),
        ("502年的《简体字表》共收502个字。", 1, Fault.PLACE),
        ("数据中心的用电量不断上升，供给没有跟上。", 2, None),
        ("近年来，数据中心的用电量断上升，供给没有跟上。", 2, Fault.NEGATION),
        ("近年来，数据中心的用电量不断上升，供给有跟上。", 2, Fault.NEGATION),
    ],
)
def test_a_year_stays_a_year_and_no_character_that_denies_is_left_out(
    reader: Reader, sentence: str, number: int, fault: Fault | None
) -> None:
    assert Verifier(reader, YEARS).fault(sentence, [number]) is fault


def test_names_are_found_by_either_dictionary() -> None:
    for fast in (True, False):
        assert "熊小明" in Segmenter(fast=fast).names("中国电信研究院的熊小明预计算力增长")
