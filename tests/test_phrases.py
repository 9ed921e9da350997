"""Phrases of a text, and the terms of a document."""

from __future__ import annotations

from bot.library.document_terms import Item, count_terms
from bot.text.normalise import fold
from bot.text.phrases import END, repeated_phrases, running_words, written
from bot.text.segment import Segmenter


def _running(text: str, segmenter: Segmenter) -> list[str]:
    folded = fold(text)
    return running_words(folded, segmenter.words(folded))


def _item(segmenter: Segmenter, *sentences: str, topics: tuple[str, ...] = ()) -> Item:
    words = [word for sentence in sentences for word in (*_running(sentence, segmenter), END)]
    return Item(list(sentences), words, set(topics))


def _counts(items: list[Item], title: list[str] | None = None) -> dict[str, int]:
    return dict(count_terms(title or [], items, lambda _: False))


def test_running_words_end_at_punctuation_and_at_words_that_only_join(segmenter: Segmenter) -> None:
    assert _running("Llama-3.1 of Meta, free", segmenter) == ["llama", "3.1", END, "meta", END, "free"]
    assert _running("大S在东京", segmenter) == ["大", "s", END, "东京"]


def test_a_long_word_stands_without_its_parts(segmenter: Segmenter) -> None:
    assert "人工智能" in _running("人工智能的芯片", segmenter)
    assert "人工" not in _running("人工智能的芯片", segmenter)


def test_a_phrase_stands_twice_and_not_only_inside_a_longer_one(segmenter: Segmenter) -> None:
    words = _running("果蔬保鲜技术很多。研究果蔬保鲜技术。保鲜技术的价格。", segmenter)
    phrases = {written(phrase): count for phrase, count in repeated_phrases([words]).items()}
    assert phrases == {"果蔬保鲜技术": 2, "保鲜技术": 3}


def test_phrases_of_several_texts_are_counted_by_texts(segmenter: Segmenter) -> None:
    one, two = (_running(text, segmenter) for text in ("果蔬保鲜，果蔬保鲜", "果蔬保鲜降价"))
    assert repeated_phrases([one, two]) == {("果蔬", "保鲜"): 2}
    assert not repeated_phrases([one, _running("降价", segmenter)])


def test_latin_names_count_and_other_latin_words_do_not(segmenter: Segmenter) -> None:
    told = _counts([
        _item(segmenter, "We tried DeepSeek R1 and the Model Context Protocol, which was fast."),
        _item(segmenter, "Discussions of DeepSeek were long, deepseek says.", "They say o3 is a model."),
    ])  # fmt: skip
    assert told[""] == 2
    assert told["deepseek r1"] == 1
    assert told["deepseek"] == 2
    assert told["model context protocol"] == 1
    assert told["o3"] == 1
    assert not told.keys() & {"fast", "discussions", "tried", "long", "which"}


def test_a_label_with_capitals_makes_no_names(segmenter: Segmenter) -> None:
    told = _counts([_item(segmenter, "Members Tell Of Woes: all of them were told.")] * 2)
    assert told == {"": 2}


def test_a_topic_counts_by_its_id_and_not_by_its_forms(segmenter: Segmenter) -> None:
    items = [_item(segmenter, "The Nvidia Corp shares fell.", topics=("nvidia",))]
    told = dict(count_terms([], items, lambda term: term == "nvidia"))
    assert told["#nvidia"] == 1
    assert "nvidia" not in told


def test_the_runs_of_a_title_count_without_being_said_again(segmenter: Segmenter) -> None:
    told = _counts([], _running("西藏定日县发生地震", segmenter))
    assert {"西藏", "地震", "定日县"} <= told.keys()
    assert set(told.values()) == {1}
