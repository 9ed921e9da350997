"""Reports that say the same count once, however they were shortened, framed, edited or retitled."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from random import Random

import pytest
from library_kit import NOW, Shelf

from bot.app import App
from bot.cleaning.clean import clean
from bot.library.reprints import find_origin, is_reprint, kept_runs, put_runs, runs_of
from bot.settings import packaged
from bot.text.sentences import sentence_spans
from bot.trends.passages import cited_passage

PLACES = (
    "Lyon",
    "Porto",
    "Graz",
    "Turku",
    "Gdansk",
    "Bergen",
    "Cork",
    "Tartu",
    "Malmo",
    "Basel",
    "Ghent",
    "Split",
)
THINGS = (
    "cooling loop",
    "power line",
    "test bench",
    "server hall",
    "solar roof",
    "data cable",
    "water pump",
    "gas turbine",
)
DEEDS = (
    "was opened by the mayor",
    "cost a third less than planned",
    "stood still for two weeks",
    "doubled its output",
)
WHEN = (
    "in spring",
    "after a long dispute",
    "before the deadline",
    "with help from abroad",
    "at the second attempt",
)
HAN_PLACES = ("苏州", "成都", "贵阳", "兰州", "厦门", "沈阳", "南宁", "西安", "合肥", "长春", "昆明", "福州")
HAN_THINGS = ("液冷机房", "输电线路", "芯片产线", "储能电站", "测试平台", "光缆干线", "算力中心", "备用机组")
HAN_DEEDS = ("上月正式投入运行", "比预算节省了三成", "停工两周之后复产", "产量比去年翻了一番")
HAN_WHEN = ("项目负责人表示满意", "当地居民反应不一", "为此筹备了整整三年", "专家仍然建议观望")


def english(chance: Random, sentences: int = 14) -> str:
    return " ".join(
        f"The new {chance.choice(THINGS)} in {chance.choice(PLACES)} {chance.choice(DEEDS)} {chance.choice(WHEN)}, and "
        f"{chance.randint(11, 99)} of {chance.randint(100, 999)} people who were asked there call it {chance.choice(THINGS)} number {chance.randint(1, 40)}."
        for _ in range(sentences)
    )


def chinese(chance: Random, sentences: int = 14) -> str:
    return "".join(
        f"{chance.choice(HAN_PLACES)}的{chance.choice(HAN_THINGS)}{chance.choice(HAN_DEEDS)}，{chance.choice(HAN_WHEN)}，"
        f"受访的{chance.randint(100, 999)}人里有{chance.randint(11, 99)}人提到{chance.choice(HAN_PLACES)}{chance.choice(HAN_THINGS)}。"
        for _ in range(sentences)
    )


def copies(text: str, language: str, chance: Random) -> Iterator[str]:
    """Yield copies as other publishers print them."""
    sentences = [text[start:end] for start, end in sentence_spans(text, language)]
    yield ("" if language == "zh" else " ").join(sentences[: len(sentences) // 2])
    yield f"Sign up for our newsletter today.\n{text}\nAll rights reserved."
    gap = chance.randrange(len(sentences))
    yield ("" if language == "zh" else " ").join(sentences[:gap] + sentences[gap + 1 :])
    letters = list(text)
    for index in chance.sample(range(len(letters)), len(letters) // 60):
        letters[index] = chance.choice(letters)
    yield "".join(letters)


def test_copies_are_found_and_unrelated_texts_are_not() -> None:
    """1,000 copies, and 100,000 pairs of other texts made of the same words."""
    chance = Random(3)  # noqa: S311 -- makes texts, no secret
    texts = [*((english(chance), "en") for _ in range(250)), *((chinese(chance), "zh") for _ in range(250))]
    runs = [runs_of(text) for text, _ in texts]
    found = [
        is_reprint(own, runs_of(clean(copy).text))
        for (text, language), own in list(zip(texts, runs, strict=True))[::2]
        for copy in copies(text, language, chance)
    ]
    assert len(found) == 1_000
    assert sum(found) >= 980
    pairs = [(a, b) for a in range(500) for b in range(a)][:100_000]
    assert len(pairs) == 100_000
    assert not any(is_reprint(runs[a], runs[b]) for a, b in pairs)


@pytest.mark.parametrize(("language", "write"), [("en", english), ("zh", chinese)])
def test_they_have_one_origin_in_the_library(language: str, write: object, shelf: Shelf) -> None:
    assert callable(write)
    chance = Random(5)  # noqa: S311 -- makes texts, no secret
    text = write(chance)
    first = shelf.put("first", text, language)
    others = [
        shelf.put(f"copy {n}", clean(copy).text, language)
        for n, copy in enumerate(copies(text, language, chance))
    ]
    own = shelf.put("own", write(chance), language)
    assert sorted(shelf.library.reprints(first)) == sorted(others)
    assert shelf.library.reprints(own) == []
    assert len({origin for origin, _ in shelf.library.report_days([first, *others, own])}) == 2


@pytest.mark.parametrize("shortened_first", [True, False])
def test_a_third_of_a_book_is_found_although_few_of_its_runs_are_kept(
    *, shortened_first: bool, shelf: Shelf
) -> None:
    book = english(Random(17), sentences=600)  # noqa: S311 -- makes a text, no secret
    third = book[: len(book) // 3]
    first, second = (third, book) if shortened_first else (book, third)
    ids = [shelf.put("first", first), shelf.put("second", second)]
    assert shelf.library.reprints(ids[1]) == ids[:1]


def test_a_digest_that_quotes_many_reports_makes_no_reprints_of_them(shelf: Shelf) -> None:
    chance = Random(7)  # noqa: S311 -- makes texts, no secret
    texts = [" ".join("".join(chance.choices("abcdefgh", k=6)) for _ in range(90)) + "." for _ in range(8)]
    ids = [shelf.put(f"report {n}", text) for n, text in enumerate(texts)]
    daily = shelf.put("daily", "\n\n".join(texts))
    assert all(shelf.library.reprints(report) == [] for report in [*ids, daily])


def test_a_report_that_is_read_anew_leaves_nothing_behind(shelf: Shelf) -> None:
    chance = Random(9)  # noqa: S311 -- makes texts, no secret
    text = english(chance)
    first = shelf.put("first", text)
    shelf.put("first", english(chance))
    copy = shelf.put("copy", text)
    assert shelf.library.reprints(copy) == []
    assert shelf.library.reprints(first) == []


def test_a_short_text_is_a_reprint_of_none(shelf: Shelf) -> None:
    sentence = "Compute grew by a fifth in 2025, the agency says in its new report on the sector."
    shelf.put("first", sentence)
    copy = shelf.put("copy", f"{sentence} Nobody was surprised.")
    assert shelf.library.reprints(copy) == []


@pytest.mark.parametrize("signs", [10, 3_000, 30_000])
def test_signs_before_a_text_do_not_change_what_it_is_found_by(signs: int) -> None:
    text = "".join(chr(Random(7).randrange(0x4E00, 0x9000) + place) for place in range(400))  # noqa: S311
    assert kept_runs("* " * signs + text) == kept_runs(text)
    assert len(kept_runs(text)) > 20


def test_a_footer_that_thousands_share_costs_no_more_than_one_that_hundreds_share(shelf: Shelf) -> None:
    chance = Random(19)  # noqa: S311 -- makes texts, no secret
    footer = english(chance, sentences=1)
    document = shelf.index("new", f"{english(chance)}\n\n{footer}")
    kept = kept_runs(document.document.text)

    def steps(db: sqlite3.Connection) -> int:
        """Return the steps that SQLite takes to look for the document's origin."""
        taken: list[None] = []
        db.set_progress_handler(lambda: taken.append(None), 1)
        assert find_origin(db, document, kept) is None
        db.set_progress_handler(None, 1)
        return len(taken)

    with closing(sqlite3.connect(shelf.folder / "library.db")) as db:
        costs = []
        for editions in (range(200), range(200, 5_000)):
            for edition in editions:
                put_runs(db, edition, kept_runs(footer))
            costs.append(steps(db))
    assert costs[1] < 1.2 * costs[0]


def test_the_three_hundredth_reprint_is_still_found(shelf: Shelf) -> None:
    text = english(Random(21))  # noqa: S311 -- makes a text, no secret
    ids = [shelf.put(f"report {n}", text) for n in range(300)]
    assert len(shelf.library.reprints(ids[-1])) == 299


def test_a_rebuild_finds_them_again(own_app: App) -> None:
    chance = Random(11)  # noqa: S311 -- makes texts, no secret
    text = english(chance)
    now = int(NOW.timestamp())
    for name, content in (("a.txt", text), ("b.txt", f"Another title\n\n{text[: len(text) * 2 // 3]}")):
        (outcome,) = own_app.ingest.content(name, content.encode(), now, lambda _name: None)
    before = own_app.library.reprints(outcome.id)
    assert len(before) == 1
    list(own_app.ingest.rebuild(packaged("seeds"), now, {"rules": "other"}))
    assert own_app.library.reprints(outcome.id) == before


def test_a_cited_passage_names_who_else_has_it(shelf: Shelf) -> None:
    text = english(Random(13))  # noqa: S311 -- makes a text, no secret
    first = shelf.put("first", text)
    shelf.put("second", text)
    (passage,) = shelf.library.passages_at(first, "en", [0])
    cited = cited_passage(shelf.library, passage.id)
    assert cited is not None
    assert cited.reprints == ("Publisher",)
