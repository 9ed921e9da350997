"""library.db: what is stored comes back, whole editions at a time, in the order of their days."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from library_kit import Shelf, blocks_of
from msgspec.structs import replace

from bot.app import App
from bot.intake.identity import new_report_id
from bot.library.indexing import index_document
from bot.library.library import Library
from bot.library.terms import term_of
from bot.models import NAMED_IN_HEAD, NAMED_IN_TITLE, CutLine, Document
from bot.sqlite.errors import StorageError

LONG = "\n\n".join(f"Compute grew in year {year}. Chips were scarce in {year}." for year in range(2001, 2021))


def rows(shelf: Shelf, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(shelf.folder / "library.db") as db:
        found = db.execute(sql).fetchall()
    db.close()
    return found


def dump(shelf: Shelf) -> dict[str, list[tuple[object, ...]]]:
    """Return everything stored, except rowids."""
    return {
        "report": rows(shelf, "SELECT * FROM report ORDER BY id"),
        "edition": rows(
            shelf,
            "SELECT report_id, language, title, hex(text), passages FROM edition ORDER BY report_id, language",
        ),
        "passage": rows(
            shelf,
            """SELECT p.id, language, position, start, end, hex(content) FROM passage p
               JOIN edition ON key = edition ORDER BY p.id, language, position""",
        ),
        "mention": rows(
            shelf,
            "SELECT topic, id, m.sentences FROM mention m JOIN passage p ON p.rowid = m.passage ORDER BY 1, 2, 3",
        ),
        "topics": rows(shelf, "SELECT topic, report_id, named_in FROM report_topic ORDER BY 1, 2"),
        "topics of editions": rows(
            shelf,
            """SELECT report_id, language, topic, named_in FROM edition_topic
               JOIN edition ON key = edition ORDER BY 1, 2, 3""",
        ),
        "counts": rows(shelf, "SELECT topic, passages FROM topic_count WHERE passages > 0 ORDER BY 1"),
    }


def assert_sound(shelf: Shelf) -> None:
    """Assert that the stored counts equal a recount, no row is orphaned, and the index matches."""
    assert shelf.library.check() == []
    recount = rows(shelf, "SELECT topic, count(*) FROM mention WHERE sentences <> 0 GROUP BY topic")
    passages = rows(shelf, "SELECT count(*) FROM passage")[0][0]
    assert dict(recount) | {"": passages} == {"": 0} | shelf.library.topic_counts()
    for table, column in (("passage_index", "rowid"), ("mention", "passage")):
        orphans = f"SELECT {column} FROM {table} WHERE {column} NOT IN (SELECT rowid FROM passage)"  # noqa: S608  # Names from this test.
        assert rows(shelf, orphans) == []
    assert rows(shelf, "SELECT count(*) FROM passage") == rows(shelf, "SELECT count(*) FROM passage_index")
    assert rows(shelf, "SELECT count(*) FROM edition") == rows(shelf, "SELECT count(*) FROM edition_index")
    assert rows(shelf, "PRAGMA foreign_key_check") == []
    misplaced = """SELECT p.rowid FROM passage p JOIN edition ON key = edition JOIN report r ON r.id = report_id
                   WHERE p.rowid >> 24 <> coalesce(r.published, 0)"""
    assert rows(shelf, misplaced) == []


def test_what_goes_in_comes_out(shelf: Shelf) -> None:
    text = "Compute grew 30% in 2025[3][4]. Chips did not.\nTea rose."
    document = Document(
        "key",
        "Title <b>",
        blocks_of(text),
        "en",
        "Publisher",
        date(2025, 5, 1),
        inferred=True,
        url="https://example.org/a",
        brief=True,
        cut=(CutLine(3, "Share this", "furniture"),),
    )
    edition = index_document(document, new_report_id("key"), shelf.glossary, shelf.segmenter)
    shelf.library.put(edition)
    report = shelf.library.reports([edition.report_id])[edition.report_id]
    assert (report.published, report.inferred, report.url) == (
        date(2025, 5, 1),
        True,
        "https://example.org/a",
    )
    (stored,) = report.editions
    assert (stored.title, stored.publisher, stored.brief, stored.passages) == (
        "Title <b>",
        "Publisher",
        True,
        2,
    )
    assert shelf.library.text(report.id, "en") == text
    assert shelf.library.cut_lines(report.id, "en") == list(document.cut)
    for indexed in edition.passages:
        assert shelf.library.passage(indexed.passage.id) == indexed.passage
    assert edition.passages[0].passage.sentences[0].pages == (3, 4)
    assert edition.passages[0].passage.sentences[0].figures[0].value == 30
    assert_sound(shelf)


def test_storing_the_same_again_changes_nothing(shelf: Shelf) -> None:
    shelf.put("a", LONG, published=date(2026, 1, 1))
    before = dump(shelf)
    shelf.put("a", LONG, published=date(2026, 1, 1))
    assert dump(shelf) == before
    assert_sound(shelf)


def test_a_changed_edition_replaces_the_old_one_entirely(shelf: Shelf) -> None:
    shelf.put("a", LONG, published=date(2026, 1, 1))
    shelf.put("a", "Tea rose.", published=date(2026, 2, 1))
    changed = dump(shelf)
    assert shelf.texts("compute") == set()
    assert shelf.texts("tea") == {"Tea rose."}
    assert shelf.library.topic_counts() == {"": 1}
    assert_sound(shelf)
    other = Shelf(shelf.folder / "fresh", shelf.glossary, shelf.segmenter)
    other.put("a", "Tea rose.", published=date(2026, 2, 1))
    assert dump(other) == changed, "what was replaced leaves traces"
    other.close()


def test_a_report_that_loses_its_date_is_undated(shelf: Shelf) -> None:
    report = shelf.put("a", "Tea rose.", published=date(2026, 2, 1))
    shelf.put("a", "Tea rose.")
    assert shelf.library.reports([report])[report].published is None
    assert_sound(shelf)


def test_one_edition_is_replaced_and_the_other_stays(shelf: Shelf) -> None:
    report = shelf.put("a", "Compute is scarce.", "en", date(2026, 1, 1))
    shelf.put("a", "算力紧张。", "zh")
    shelf.put("a", "Tea is scarce.", "en", date(2026, 1, 1))
    assert shelf.library.text(report, "zh") == "算力紧张。"
    assert shelf.library.topic_counts() == {"": 2, "compute": 1, "compute-shortage": 1}
    assert_sound(shelf)


def test_a_translation_adds_what_its_original_left_out_and_changes_nothing_else(shelf: Shelf) -> None:
    report = shelf.put("a", "Compute is scarce.", "en")
    assert shelf.library.coverage().first is None
    shelf.put("a", "算力紧张。", "zh", date(2026, 1, 1))
    assert_sound(shelf)
    assert shelf.library.reports([report])[report].published == date(2026, 1, 1)
    assert [e.language for e in shelf.library.reports([report])[report].editions] == ["en", "zh"]
    assert shelf.library.coverage().reports == 1


def test_where_a_report_names_a_topic_is_known_over_all_its_editions(shelf: Shelf) -> None:
    far = "Tea is served at four. " * 60 + "\n\n"
    ids = {
        "title": shelf.put("title", "Tea. Compute is scarce.", title="Compute"),
        "beginning": shelf.put("beginning", "Compute is scarce.", title="Tea"),
        "heading": shelf.put("heading", far + "## Compute\n\nIt is scarce.", title="Tea"),
        "body": shelf.put("body", far + "Compute is scarce.", title="Tea"),
        "translation": shelf.put("translation", far + "Compute is scarce.", title="Tea"),
    }
    shelf.put("translation", "算力紧张。", "zh", title="算力")
    naming = shelf.library.naming
    assert naming(["compute"], None, NAMED_IN_HEAD) == set(ids.values()) - {ids["body"]}
    assert naming(["compute"], None, NAMED_IN_TITLE) == {ids["title"], ids["translation"]}
    for place in (NAMED_IN_HEAD, NAMED_IN_TITLE):
        assert naming([], term_of("compute"), place) >= naming(["compute"], None, place) - {
            ids["translation"]
        }
    shelf.put("title", "Tea. Compute is scarce.", title="Tea")
    assert naming(["compute"], None, NAMED_IN_TITLE) == {ids["translation"]}
    assert_sound(shelf)


def test_a_later_day_moves_the_passages_of_every_edition(shelf: Shelf) -> None:
    for number in range(3):
        shelf.put(f"other{number}", LONG, "en", date(2026, 1, 2))
    shelf.put("a", LONG, "en")
    shelf.put("a", "算力紧张。", "zh", date(2026, 1, 2))
    assert_sound(shelf)
    shelf.put("a", "算力紧张。", "zh", date(2025, 1, 2))
    assert_sound(shelf)
    assert shelf.library.counterparts(shelf.library.mentioning(["compute"], 1_000)) == []


def test_a_failure_in_the_middle_leaves_the_old_edition(shelf: Shelf) -> None:
    shelf.put("a", LONG)
    before = dump(shelf)
    edition = shelf.index("a", "Tea rose. " * 30)
    *sound, last = edition.passages
    nameless: dict[Any, int] = {None: 1}
    broken = replace(edition, passages=(*sound, replace(last, mentions=nameless)))
    with pytest.raises(sqlite3.IntegrityError):
        shelf.library.put(broken)
    assert dump(shelf) == before
    assert_sound(shelf)


def test_a_failure_in_a_rebuild_leaves_the_old_library(shelf: Shelf) -> None:
    shelf.put("a", LONG)
    before = dump(shelf)

    def rebuild() -> None:
        with shelf.library.rebuilding({"rules": "new"}, 1):
            shelf.put("b", "Tea rose.")
            assert shelf.library.report_ids() == [new_report_id("a")], (
                "readers see the old one until all is in"
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        rebuild()
    assert dump(shelf) == before
    assert shelf.library.built() is None


def test_passages_come_newest_first_and_in_reading_order_within_a_day(shelf: Shelf) -> None:
    days = [date(2025, 3, 1), date(2026, 3, 1), None, date(2025, 12, 31), date(2026, 3, 1)]
    for number, day in enumerate(days):
        shelf.put(f"r{number}", LONG, "en", day)
    rowids = shelf.library.mentioning(["compute"], 1_000)
    assert rowids == sorted(rowids, reverse=True)
    found = [indexed.passage for indexed in shelf.library.passages(rowids).values()]
    order = list(dict.fromkeys(passage.report_id for passage in found))
    assert order == [new_report_id(f"r{number}") for number in (4, 1, 3, 0, 2)]
    assert shelf.library.mentioning(["compute"], 3) == rowids[:3]
    assert shelf.library.match_newest('"compute"', 1_000) == rowids


def test_reports_are_listed_newest_first(shelf: Shelf) -> None:
    for number, day in enumerate([None, date(2025, 3, 1), date(2026, 3, 1)]):
        shelf.put(f"r{number}", "Tea rose.", "en", day)
    ids = [new_report_id(f"r{number}") for number in (2, 1, 0)]
    assert shelf.library.report_ids() == ids
    assert shelf.library.report_ids(ids[1][:6]) == [ids[1]]
    assert shelf.library.report_ids("%") == []


def test_reprints_are_one_origin(shelf: Shelf) -> None:
    shelf.put("a", "“Compute” is scarce.\n\nTea rose.", "en", date(2026, 1, 1))
    shelf.put("reprint", '"COMPUTE" is  scarce. Tea rose.', "en", date(2026, 1, 5))
    shelf.put("other", "Compute is cheap.", "en", date(2026, 1, 5))
    days = [day for _, _, day in shelf.library.dated_origins()]
    assert days == [date(2026, 1, 1).toordinal(), date(2026, 1, 5).toordinal()]
    assert len({origin for origin, _ in shelf.library.topic_days(["compute"])}) == 2


def test_a_text_that_changes_is_no_reprint_any_more(shelf: Shelf) -> None:
    for key in ("a", "b"):
        shelf.put(key, "Compute is scarce.", "en", date(2026, 1, 1))
    shelf.put("b", "Compute is cheap.", "en", date(2026, 1, 1))
    assert len({origin for origin, _ in shelf.library.topic_days(["compute"])}) == 2


def test_the_neighbours_of_a_passage_are_found_by_place(shelf: Shelf) -> None:
    report = shelf.put("a", LONG)
    assert [p.position for p in shelf.library.passages_at(report, "en", [-1, 0, 1])] == [0, 1]
    assert [p.position for p in shelf.library.passages_at(report, "en", [5, 3])] == [3, 5]
    assert shelf.library.passages_at(report, "zh", [0]) == []
    assert shelf.library.passages_at(report, "en", []) == []


def test_more_rows_are_read_than_sqlite_takes_parameters(shelf: Shelf) -> None:
    shelf.put("a", "\n\n".join(f"Compute sentence number {n}." for n in range(1_300)))
    rowids = shelf.library.mentioning(["compute"], 5_000)
    assert len(rowids) == 1_300
    assert list(shelf.library.passages(rowids)) == rowids
    assert len(shelf.library.reports(new_report_id(str(n)) for n in range(2_000))) == 0


def test_a_second_writer_waits_for_the_first(shelf: Shelf) -> None:
    """Deferred transactions would fail at once with "database is locked"."""
    other = Library(shelf.folder / "library.db")
    editions = [[shelf.index(f"{who}{n}", LONG) for n in range(15)] for who in "ab"]
    errors: list[Exception] = []

    def store(library: Library, number: int) -> Callable[[], None]:
        def run() -> None:
            try:
                for edition in editions[number]:
                    library.put(edition)
            except sqlite3.Error as error:
                errors.append(error)

        return run

    threads = [threading.Thread(target=store(library, n)) for n, library in enumerate([shelf.library, other])]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert len(shelf.library.reports(shelf.library.report_ids())) <= 30, "a reader beside the writers"
    other.close()
    assert errors == []
    assert len(shelf.library.report_ids()) == 30
    assert_sound(shelf)


def test_a_reader_in_another_process_sees_the_change_at_once(shelf: Shelf) -> None:
    other = Library(shelf.folder / "library.db")
    assert other.coverage().reports == 0
    assert other.topic_counts() == {}
    shelf.put("a", "Compute is scarce.", published=date(2026, 1, 1))
    assert other.coverage().reports == 1
    assert other.topic_counts() == {"": 1, "compute": 1}
    other.close()


def test_check_names_an_index_that_does_not_match(shelf: Shelf) -> None:
    shelf.put("a", LONG)
    assert shelf.library.check() == []
    with sqlite3.connect(shelf.folder / "library.db") as db:
        db.execute("DELETE FROM passage_index_data WHERE id > 10")
    db.close()
    assert any("passage_index" in problem for problem in shelf.library.check())


@pytest.mark.parametrize(
    "content", [b"not a database, but long enough to be looked at" * 50, b"SQLite format 3\0"]
)
def test_a_file_that_is_no_database_is_named(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(content)
    with pytest.raises(StorageError, match=r"library\.db is damaged .* delete it"):
        Library(path)
    assert path.read_bytes() == content


def test_the_seeds_are_five_reports_of_two_editions(app: App) -> None:
    coverage = app.library.coverage()
    assert (coverage.reports, set(coverage.languages)) == (5, {"en", "zh"})
    assert app.library.check() == []
