"""What is kept compressed comes back as it was: texts, sentences, figures, and terms to the letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from library_kit import Shelf, blocks_of

from bot.library.compressed import compress, decompress, dump_passage, load_passage, load_terms, load_texts
from bot.library.indexing import index_document
from bot.models import Document, IndexedPassage, Passage, Sentence
from bot.text.normalise import fold
from bot.text.segment import finding_terms

ANY = st.text(max_size=60)
MIXED = st.text("人工智能大模型算力ab 갤럭시カタカナ㐀𠀀12.+-", max_size=40)
CHINESE = "人工智能大模型的训练成本下降了30%，DeepSeek-V3用了671B参数。算力中心明年投产。"
ENGLISH = "Nvidia sold 30% more chips in 2024. The GPT-4o model costs $5 million."


@given(ANY)
def test_a_text_comes_back(text: str) -> None:
    assert decompress(compress(text)) == text


def passages(shelf: Shelf, *lines: str, language: str = "zh") -> tuple[IndexedPassage, ...]:
    document = Document("key", "标题", blocks_of("\n".join(lines)), language)
    return index_document(document, "0123456789ab", shelf.glossary, shelf.segmenter).passages


@pytest.mark.parametrize("text", [CHINESE, ENGLISH, CHINESE + ENGLISH])
def test_a_passage_comes_back_with_its_figures_and_terms(text: str, shelf: Shelf) -> None:
    (indexed,) = passages(shelf, text)
    kept = dump_passage(indexed)
    assert load_passage(kept) == (indexed.passage.sentences, indexed.passage.headings, indexed.terms)
    assert load_texts(kept) == [sentence.text for sentence in indexed.passage.sentences]
    assert any(sentence.figures for sentence in indexed.passage.sentences)


@given(st.lists(st.tuples(MIXED, MIXED), min_size=1, max_size=4))
def test_terms_of_any_script_come_back_to_the_letter(lines: list[tuple[str, str]]) -> None:
    terms = "\n".join(
        f"{' '.join(words.split())}\t{' '.join(finding_terms(fold(text)))}" for words, text in lines
    )
    passage = Passage("id", "0123456789ab", "zh", 0, 0, 2, (Sentence("算力"),))
    assert load_terms(dump_passage(IndexedPassage(passage, terms, {}))) == terms


def test_what_has_no_tabs_is_left_alone(shelf: Shelf) -> None:
    (indexed,) = passages(shelf, CHINESE)
    assert load_terms(dump_passage(IndexedPassage(indexed.passage, "", {}))) == ""


def test_chinese_takes_less_room_than_its_terms(shelf: Shelf) -> None:
    (indexed,) = passages(shelf, CHINESE)
    assert len(dump_passage(indexed)) < len(indexed.terms.encode())
