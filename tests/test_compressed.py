"""Compressed values decompress unchanged: texts, sentences, figures, and terms to the letter."""

from __future__ import annotations

import bz2
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from library_kit import Shelf, blocks_of
from msgspec.structs import replace
from sqlite_utils import Database

from bot.library.compressed import compress, decompress, dump_passage, load_passage, load_terms, load_texts
from bot.library.former_layout import compress_formerly, dump_formerly, passage_anew, text_anew
from bot.library.indexing import index_document
from bot.library.schema import MIGRATIONS
from bot.models import Document, IndexedPassage, Passage, Sentence
from bot.sqlite.connection import Store
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


@pytest.mark.parametrize(
    "heading",
    [
        "2 Claude 3 Sonnet",
        "人工智能与GPT-4o的训练",
        "Mice and Han 算力\n第二章 RTX 4090",
        "Été ＦＵＬＬ 機器",
    ],
)
def test_terms_of_headings_come_back_to_the_letter(heading: str, shelf: Shelf) -> None:
    (indexed,) = passages(shelf, CHINESE)
    folded = fold(heading.replace("\n", " "))
    terms = f"{indexed.terms.rpartition(chr(10))[0]}\n{' '.join(shelf.segmenter.own_words(folded, shelf.segmenter.words(folded)))}\t{' '.join(finding_terms(folded))}"
    under = IndexedPassage(replace(indexed.passage, headings=heading), terms, {})
    assert load_passage(dump_passage(under)) == (indexed.passage.sentences, heading, terms)


@given(MIXED, MIXED, MIXED)
def test_terms_that_do_not_follow_from_their_headings_come_back_too(
    heading: str, words: str, text: str
) -> None:
    terms = f"算力\t算力\n{' '.join(words.split())}\t{' '.join(finding_terms(fold(text)))}"
    passage = Passage("id", "0123456789ab", "zh", 0, 0, 2, (Sentence("算力"),), heading)
    assert load_terms(dump_passage(IndexedPassage(passage, terms, {}))) == terms


def test_a_passage_and_a_text_that_were_kept_before_come_back() -> None:
    sentences = [["算力中心明年投产。", [3], [], True], ["成本下降了。", [], [], False]]
    kept = passage_anew(dump_formerly(json.dumps(sentences), "第二章"))
    assert load_passage(kept) == (
        (Sentence("算力中心明年投产。", (3,)), Sentence("成本下降了。", whole=False)),
        "第二章",
        "",
    )
    assert decompress(text_anew(compress_formerly(CHINESE))) == CHINESE


def test_the_log_says_when_a_file_from_before_is_changed_and_nothing_of_a_new_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "library.db"
    older = Database(path)
    MIGRATIONS.apply(older, stop_before="m014_smaller_passages_and_texts")
    older.close()
    for file in (path, path, tmp_path / "new.db"):
        Store(file, MIGRATIONS, durable=False).close()
    assert caplog.messages == [
        "library.db gets the layout of this version; a large one takes minutes.",
        "library.db has the layout of this version.",
    ]


def test_a_library_from_before_says_what_it_said() -> None:
    db = Database(memory=True)
    MIGRATIONS.apply(db, stop_before="m014_smaller_passages_and_texts")
    kept = dump_formerly(json.dumps([[CHINESE, [], [], True]]), "第二章")
    db.execute("INSERT INTO report VALUES ('r', NULL, 0, '', 'o')")
    db.execute(
        "INSERT INTO edition (report_id, language, title, publisher, brief, text, passages, content_hash, rest_terms)"
        " VALUES ('r', 'zh', '', '', 0, ?, 1, '', ?)",
        (compress_formerly(CHINESE), compress_formerly("算力")),
    )
    db.execute("INSERT INTO passage VALUES (1, 'p', 1, 0, 0, 9, ?)", (kept,))
    MIGRATIONS.apply(db)
    (content,) = db.execute("SELECT content FROM passage").fetchone()
    assert load_passage(content) == ((Sentence(CHINESE),), "第二章", "")
    assert [decompress(one) for one in db.execute("SELECT text, rest_terms FROM edition").fetchone()] == [
        CHINESE,
        "算力",
    ]


def test_a_long_text_and_one_that_an_earlier_version_kept_come_back() -> None:
    long = "\n".join(f"{CHINESE}{number}" for number in range(100))
    assert decompress(compress(long)) == long
    assert decompress(bz2.compress(CHINESE.encode())) == CHINESE
