"""What a question means, in either language and script, however it is spelled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library.glossary import Glossary
from bot.library.query import MAX_CHARACTERS, MAX_TERMS, Query, understand
from bot.library.terms import term_of
from bot.text.segment import Segmenter

HOSTILE = st.text(
    alphabet=st.sampled_from("\"'“”「」-*^(){}[]:.,，。！? \n\t\0\u200b\u202e\ud800aAiI算力智芯片gpuGPU0９ﷺ𝗚")
)


class Understand:
    """Understands questions with the shipped glossary."""

    def __init__(self, glossary: Glossary, segmenter: Segmenter) -> None:
        self._parts = glossary, segmenter

    def __call__(self, text: str) -> Query:
        return understand(text, *self._parts)


@pytest.fixture(scope="module")
def read(glossary: Glossary, segmenter: Segmenter) -> Understand:
    return Understand(glossary, segmenter)


@pytest.mark.parametrize(
    "text",
    [
        "compute",
        "Compute",
        "  COMPUTE \n",
        "computing power",
        "compute?",
        "算力",
        "算力。",
        "智算",
        "what about compute",
        "What's the latest news on compute?",
        "how is compute doing these days",
        "算力最近怎么样？",
        "请问最近算力的发展情况",
        "请介绍一下算力的趋势",
        "ｃｏｍｐｕｔｅ",
        "算\u200b力",
        "com\u00adpute",
        "\ufeffcompute",
        "𝗰𝗼𝗺𝗽𝘂𝘁𝗲",
        "compute 算力",
        "算力 算力 算力",
    ],
)
def test_every_spelling_of_a_topic_asks_for_the_topic_alone(text: str, read: Understand) -> None:
    query = read(text)
    assert query.topics == ("compute",)
    assert query.plain


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("智能體", "智能体"),
        ("大語言模型", "大语言模型"),
        ("數據中心", "数据中心"),
        ("發電廠漲價", "发电厂涨价"),
    ],
)
def test_traditional_script_is_read_as_simplified(
    traditional: str, simplified: str, read: Understand
) -> None:
    one, other = read(traditional), read(simplified)
    assert (one.topics, one.rest, one.literal) == (other.topics, other.rest, other.literal)


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("deep seek 最新模型", {"deepseek"}),
        ("Chat GPT有多少用户", {"chatgpt"}),
        ("Open AI", {"openai"}),
        ("the deep mind team", {"deepmind"}),
        ("hugging face", {"hugging-face"}),
        ("open source AI", {"open-source", "ai"}),
        ("Meta AI", {"meta", "ai"}),
    ],
)
def test_a_name_written_apart_is_the_name(text: str, topics: set[str], read: Understand) -> None:
    assert set(read(text).topics) == topics


def test_several_topics_are_all_asked_for(read: Understand) -> None:
    assert read("compute and chips").topics == ("compute", "chips")
    assert read("算力和芯片").topics == ("compute", "chips")
    assert read("算力和芯片").plain


def test_the_longest_topic_is_meant(read: Understand) -> None:
    assert read("AI agents").topics == ("agents",)
    assert read("算力互联网").topics == ("computing-network",)


def test_what_is_neither_topic_nor_stop_word_must_be_found_too(read: Understand) -> None:
    query = read("what is the speed of compute in Shanghai")
    assert query.topics == ("compute",)
    assert query.words == ("speed", "shanghai")
    assert query.rest == ("speed", "shanghai")
    assert query.content == ("speed", "shanghai")
    assert not query.plain
    assert "compute" in query.literal
    assert "the" not in query.literal
    chinese = read("上海的算力怎么样")
    assert (chinese.topics, chinese.words) == (("compute",), ("上海",))


def test_a_form_that_is_narrower_than_its_topic_keeps_its_words(read: Understand) -> None:
    assert read("硬件成本").topics == ("ai-costs",)
    assert read("硬件成本").content == ("硬件", "成本")
    assert read("硬件成本").is_narrow
    assert not read("costs").is_narrow
    assert not read("ai-costs").is_narrow, "the id, as a button of the topic asks"
    assert read("how fast do hardware costs fall?").content[-2:] == ("hardware", "costs")


def test_one_topic_is_told_and_all_else_is_answered(read: Understand) -> None:
    assert read("compute").names_one_topic
    assert read("compute -cloud").names_one_topic
    assert not read("compute in Shanghai").names_one_topic
    assert not read("US vs China compute").names_one_topic


def test_a_quoted_phrase_must_stand_together(read: Understand) -> None:
    for text in ('compute "East  Data"', "compute “east data”", "compute 「East Data」"):
        query = read(text)
        assert query.phrases == ("east data",), text
        assert query.topics == ("compute",)
    assert read('"compute"').phrases == ("compute",)
    assert read('compute "').phrases == ()
    assert read('compute ""').phrases == ()


def test_an_exclusion_of_a_form_of_the_topic_drops_the_form(read: Understand) -> None:
    query = read("compute -智算")
    assert query.topics == ("compute",)
    assert (query.dropped, query.excluded) == (("智算",), ())
    assert read('compute -"computing power"').dropped == ("computing power",)


def test_an_exclusion_of_any_other_word_excludes_passages(read: Understand) -> None:
    query = read("算力 -电力 -Nvidia, -“行业大模型”")
    assert query.topics == ("compute",)
    assert (query.dropped, query.excluded) == ((), ("行业大模型", "电力", "nvidia"))
    assert read("gpt-4").excluded == ()
    assert read("- compute -").excluded == ()


@pytest.mark.parametrize(
    "text",
    [
        "compute NOT power",
        "compute AND NOT power",
        "COMPUTE NOT POWER",
        "compute !power",
        "compute –power",
        "compute --power",
        "compute −power",
        "compute without power",
        "compute, but not power",
        "compute not power",
        "compute except for power",
        "compute excluding power",
        "compute other than the power",
        "compute apart from power",
        "compute, no power",
        "compute (not power)",
        "compute w/o power",
        "算力 非电力",
        "算力（除电力）",
        "算力，电力除外",
        "算力 跳过电力",
        "算力 不谈电力",
        "算力 忽略电力",
        "算力 !电力",
        "算力 ！电力",
        "算力 –电力",
        "算力 —电力",
        "算力，不含电力",
        "算力不含电力",
        "算力 不包括 电力",
        "算力不要电力",
        "算力 而不是 电力",
        "算力 除了电力",
        "除了电力的算力",
        "除了電力以外的算力怎麼樣",
        "除电力外的算力",
        "算力（排除电力）",
    ],
)
def test_every_way_of_leaving_a_topic_out_leaves_it_out(text: str, read: Understand) -> None:
    query = read(text)
    assert (query.topics, query.rest, query.barred) == (("compute",), (), ("power",)), text
    assert set(query.excluded) <= {"power", "电力"}


def test_several_things_are_left_out_together(read: Understand) -> None:
    assert read("算力，除了电力和芯片").barred == ("power", "chips")
    assert read("compute without data centres and chips").barred == ("data-centers", "chips")
    assert read('compute without "east data", gpus').excluded == ("east data",)
    assert read("算力 除了股票").excluded == ("股票",)


@pytest.mark.parametrize(
    "text",
    [
        "why is compute not growing",
        "why is there no compute",
        "不提供算力的公司",
        "要不要买芯片",
        "为什么不看好算力",
        "政府不要求算力达标吗",
        "是谁删除了算力数据",
        "除此之外算力如何",
        "除了算力还有哪些需求",
        "除芯片之外什么产品需要算力",
        "apart from compute, what else is scarce",
        "在不需要人手的情况下算力如何",
        "compute – a trend",
        "is compute rising?!",
    ],
)
def test_what_only_sounds_like_an_exclusion_is_none(text: str, read: Understand) -> None:
    query = read(text)
    assert (query.excluded, query.barred, query.dropped) == ((), (), ())
    assert query.topics


@pytest.mark.parametrize(
    "text", ["", " ", "the", "what is new?", "最近怎么样？", "-compute", '""', "?!", "\u200b"]
)
def test_a_question_that_names_nothing_is_empty(text: str, read: Understand) -> None:
    assert read(text).empty


def test_only_stop_words_are_still_searched_for(read: Understand) -> None:
    assert read("what is new").literal == ("what", "is", "new")


def test_the_id_of_a_topic_asks_for_it(read: Understand) -> None:
    assert read("data-centers").topics == ("data-centers",)


def test_what_is_shown_again_is_what_was_typed_but_for_what_cannot_be_shown(read: Understand) -> None:
    assert read("  What about\u202e COMPUTE \ud800?\0 ").text == "What about COMPUTE ?"
    assert read("算力\n算力").text == "算力 算力"


@pytest.mark.parametrize(
    "text", ["gpu " * 1_023, "算力芯片电力" * 700, "\ufdfa" * 4_000, '"a b" ' * 800, "-x" * 2_000]
)
def test_caps_hold(text: str, read: Understand) -> None:
    query = read(text)
    assert len(query.text) <= MAX_CHARACTERS
    assert len(query.literal) <= MAX_TERMS
    assert len(query.rest) <= MAX_TERMS
    assert sum(map(len, query.phrases)) <= 2 * MAX_CHARACTERS


@given(st.text(max_size=600) | HOSTILE)
def test_nothing_that_is_typed_raises(read: Understand, text: str) -> None:
    query = read(text)
    assert len(query.text) <= MAX_CHARACTERS
    assert len(query.literal) <= MAX_TERMS
    query.text.encode()
    assert not any(term != term.casefold() for term in query.literal)


@given(HOSTILE)
def test_what_is_shown_again_asks_the_same_again(read: Understand, text: str) -> None:
    """A button of an old message asks the stored question again."""
    query = read(text)
    assert read(query.text) == query


@pytest.mark.parametrize(
    "text",
    ["除了算力还有什么", "除了算力，还有哪些话题？", "apart from compute, what else is there?"],
)
def test_what_else_there_is_names_nothing_but_what_it_leaves_out(text: str, read: Understand) -> None:
    query = read(text)
    assert query.barred == ("compute",)
    assert query.empty


def test_a_form_is_known_without_its_hyphens(read: Understand) -> None:
    query = read("text to video")
    assert query.topics == ("video-generation",)
    assert query.typed == ("text-to-video",)


@pytest.mark.parametrize(
    "text", ["what happened to Zorblax AI?", "Tell me about Zorblax AI", "Any news on Zorblax AI lately?"]
)
def test_a_general_question_about_a_capitalised_name_is_about_the_whole_name(
    text: str, read: Understand
) -> None:
    assert read(text).name == term_of("zorblax ai")


@pytest.mark.parametrize(
    "text",
    ["what happened to Zorblax AI in Paris?", "did Zorblax AI sell shares?", "what does Zorblax cost?"],
)
def test_a_question_that_asks_for_more_than_a_name_has_none(text: str, read: Understand) -> None:
    assert read(text).name is None
