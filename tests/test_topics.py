"""The glossary: which topics a text is about, in both languages, and the shipped one."""

from __future__ import annotations

import re

import pytest

from bot.library.glossary import Glossary
from bot.library.topic_forms import GlossaryError
from bot.settings import packaged
from bot.text.normalise import fold
from bot.text.segment import Segmenter

SMALL = """
[ai]
en = "AI"
zh = "人工智能"

[compute]
en = "Compute"
zh = "算力"
aliases_en = ["computing power"]
aliases_zh = ["智算"]

[going-out]
en = "Overseas"
zh = "出海"
match_names = false
aliases_zh = ["企业出海"]
"""


def topics_in(text: str, glossary: Glossary, segmenter: Segmenter) -> set[str]:
    folded = fold(text)
    return {mention.topic for mention in glossary.forms.find(folded, lambda: segmenter.words(folded))}


@pytest.mark.parametrize(
    "text",
    ["OpenAI raised money.", "AIGC注册量上升", "Air quality", "in Shanghai", "the AI2 institute", "said"],
)
def test_ai_is_a_word_of_its_own(text: str, glossary: Glossary, segmenter: Segmenter) -> None:
    assert "ai" not in topics_in(text, glossary, segmenter)


@pytest.mark.parametrize(
    "text", ["AI", "用AI写作", "(AI)", "AI-based tools", "AI's rise", "“ＡＩ”", "人工智能"]
)
def test_ai_is_found_wherever_it_is_one(text: str, glossary: Glossary, segmenter: Segmenter) -> None:
    assert "ai" in topics_in(text, glossary, segmenter)


@pytest.mark.parametrize("text", ["理智算法更可靠", "这种理智算法"])
def test_a_form_in_chinese_begins_and_ends_with_a_word(
    text: str, glossary: Glossary, segmenter: Segmenter
) -> None:
    assert "compute" not in topics_in(text, glossary, segmenter)


@pytest.mark.parametrize(
    "text", ["compute", "Computing Power", "全国的算力很紧张", "智算", "算\u200b力", "COMPUTE,", "提升算力。"]
)
def test_every_form_of_a_topic_is_found(text: str, glossary: Glossary, segmenter: Segmenter) -> None:
    assert "compute" in topics_in(text, glossary, segmenter)


@pytest.mark.parametrize(
    ("traditional", "topic"),
    [("數據中心", "data-centers"), ("智能體", "agents"), ("大語言模型", "large-models")],
)
def test_forms_are_found_in_traditional_script(
    traditional: str, topic: str, glossary: Glossary, segmenter: Segmenter
) -> None:
    assert topic in topics_in(f"新的{traditional}很多", glossary, segmenter)


def test_a_mention_says_where_it_is(glossary: Glossary, segmenter: Segmenter) -> None:
    folded = fold("New Compute, 新算力")
    found = [m for m in glossary.forms.find(folded, lambda: segmenter.words(folded)) if m.topic == "compute"]
    assert [folded[m.start : m.end] for m in found] == ["compute", "算力"]
    assert [m.form for m in found] == ["compute", "算力"]


def test_text_without_han_is_not_cut_into_words(glossary: Glossary) -> None:
    def never() -> list[tuple[str, int, int]]:
        raise AssertionError("the dictionary was loaded for nothing")

    assert [m.topic for m in glossary.forms.find("compute", never)] == ["compute"]


def test_a_name_that_says_too_much_can_be_for_buttons_only(segmenter: Segmenter) -> None:
    small = Glossary.parse(SMALL)
    assert topics_in("周末出海钓鱼", small, segmenter) == set()
    assert small.topics["going-out"].names == {"en": "Overseas", "zh": "出海"}
    assert small.topics["going-out"].written("zh") == ("企业出海",)


def test_the_readers_forms_lead() -> None:
    topic = Glossary.parse(SMALL).topics["compute"]
    assert topic.written("zh") == ("算力", "智算", "Compute", "computing power")
    assert topic.written("en") == ("Compute", "computing power", "算力", "智算")


@pytest.mark.parametrize("form", ["算力", "COMPUTE", "ｃｏｍｐｕｔｅ"])
def test_one_form_cannot_belong_to_two_topics(form: str) -> None:
    with pytest.raises(GlossaryError, match="compute and other"):
        Glossary.parse(f'{SMALL}\n[other]\nen = "Other"\nzh = "其他"\naliases_en = ["{form}"]\n')


@pytest.mark.parametrize(
    "text", ["[a", '[a]\nen = "A"', '[a]\nen = "A"\nzh = "B"\naliases_en = "C"', "a = 1"]
)
def test_a_glossary_that_cannot_be_read_says_so(text: str) -> None:
    with pytest.raises(GlossaryError, match=r"^topics\.toml cannot be read"):
        Glossary.parse(text)


# -- the one that ships --------------------------------------------------------------------------------


def test_the_shipped_glossary_names_over_a_hundred_topics_in_both_languages(glossary: Glossary) -> None:
    assert len(glossary.topics) >= 100
    for topic in glossary.topics.values():
        assert set(topic.names) == {"en", "zh"}
        assert all(name.strip() == name != "" for name in topic.names.values()), topic.id
        assert all(len(name) <= 24 for name in topic.names.values()), f"{topic.id}: too long for a button"
        assert all(form.strip() == form != "" for form in topic.written("en")), topic.id
        assert topic.forms["en"] or topic.forms["zh"], topic.id


def test_ids_fit_deep_links_and_buttons(glossary: Glossary) -> None:
    """A start parameter has at most 64 characters of A-Z a-z 0-9 _ - (Telegram, deep links)."""
    for topic in glossary.topics:
        assert re.fullmatch(r"[a-z0-9-]{1,24}", topic), topic
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", f"trend_{topic}")


def test_forms_are_unique_and_an_id_is_no_other_topics_form(glossary: Glossary) -> None:
    owners: dict[str, str] = {}
    for topic in glossary.topics.values():
        for form in topic.written("en"):
            assert owners.setdefault(fold(form), topic.id) == topic.id, form
    assert [topic for topic in glossary.topics if owners.get(topic, topic) != topic] == []


def test_every_form_is_found_in_a_sentence(glossary: Glossary, segmenter: Segmenter) -> None:
    missed = [
        (topic.id, form)
        for topic in glossary.topics.values()
        for form in topic.written("en")
        if topic.id not in topics_in(f"，{form}，", glossary, segmenter)
    ]
    assert missed == []


def test_the_glossary_file_writes_each_topic_once() -> None:
    text = (packaged("seeds") / "topics.toml").read_text("utf-8")
    assert len(re.findall(r"(?m)^\[[a-z0-9-]+\]$", text)) == len(Glossary.parse(text).topics)


def test_topics_narrower_than_narrower_ones_are_narrower_too_each_once(glossary: Glossary) -> None:
    ids = glossary.with_narrower("chips")
    assert ids[0] == "chips"
    assert {"ai-chips", "gpu", "nvidia-gpus", "nvidia"} <= set(ids)
    assert len(ids) == len(set(ids))
    assert glossary.with_narrower("nvidia") == ("nvidia",)


def test_two_topics_may_each_be_narrower_than_the_other() -> None:
    tied = SMALL.replace('en = "AI"', 'en = "AI"\nnarrower = ["compute"]')
    tied = tied.replace('en = "Compute"', 'en = "Compute"\nnarrower = ["ai"]')
    assert Glossary.parse(tied).with_narrower("ai") == ("ai", "compute")


def test_a_narrower_topic_that_does_not_exist_is_named() -> None:
    with pytest.raises(GlossaryError, match="ai is related to chess, which is no topic"):
        Glossary.parse(SMALL.replace('en = "AI"', 'en = "AI"\nnarrower = ["chess"]'))
