"""Ingest: each document once and whole, again from the stored originals, and despite kills and concurrent processes."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from library_kit import NOW, Shelf, editions, open_folder, said, write

from bot.dialogue.events import TextEvent
from bot.intake.reading import files_in
from bot.library.library import Library
from bot.settings import packaged
from bot.state.state import State

AT = int(NOW.timestamp())
FILES = 60
KILLS = 8


def held(data: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return everything that a data folder holds, except rowids and times."""
    db = sqlite3.connect(data / "library.db")
    db.execute("ATTACH ? AS state", (str(data / "state.db"),))
    found = {
        name: db.execute(sql).fetchall()
        for name, sql in {
            "report": "SELECT id, published, inferred, url, origin FROM report ORDER BY id",
            "edition": """SELECT report_id, language, title, publisher, brief, hex(text), content_hash FROM edition
                          ORDER BY report_id, language""",
            "passage": """SELECT p.id, language, position, start, end, hex(content) FROM passage p
                          JOIN edition ON key = edition JOIN passage_index x ON x.rowid = p.rowid
                          ORDER BY report_id, language, position""",
            "mention": """SELECT topic, p.id, language, position, m.sentences FROM mention m
                          JOIN passage p ON p.rowid = m.passage JOIN edition ON key = edition
                          ORDER BY topic, report_id, language, position""",
            "count": "SELECT topic, passages FROM topic_count WHERE passages > 0 ORDER BY topic",
            "cut": """SELECT report_id, language, number, c.text, rule FROM cut_line c JOIN edition ON key = edition
                      ORDER BY report_id, language, number""",
            "source": "SELECT report_id, language, sha256, name FROM source ORDER BY report_id, language",
            "seen": "SELECT report_id FROM first_seen ORDER BY report_id",
        }.items()
    }
    db.close()
    return found


# -- one document --------------------------------------------------------------------------------------


def test_a_file_is_added_then_unchanged_then_replaced(shelf: Shelf, tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", "Compute is scarce.", title="Scarcity", publisher="Us")
    first = shelf.take(path)
    assert (first.status, first.title, first.language, first.passages) == ("added", "Scarcity", "en", 1)
    before = held(shelf.folder)
    assert shelf.take(path).status == "unchanged"
    assert held(shelf.folder) == before
    write(tmp_path, "a.md", "Compute is cheap.", title="Scarcity", publisher="Us")
    assert (shelf.take(path).status, shelf.take(path).id) == ("replaced", first.id)
    assert list(editions(shelf.library)) == [(first.id, "en", "Compute is cheap.")]


def test_a_report_that_never_got_into_the_library_is_news_when_it_does(shelf: Shelf, tmp_path: Path) -> None:
    """The ingest was interrupted or the disk was full, so digests were sent without it."""
    path = write(tmp_path, "a.md", "Compute is scarce.", title="Scarcity", publisher="Us")
    taken = shelf.take(path)
    (first,) = shelf.state.arrivals.after(0)
    shelf.library.close()
    for file in shelf.folder.glob("library.db*"):
        file.unlink()
    again = Shelf(shelf.folder, shelf.glossary, shelf.segmenter)
    later = first[0] + 7_200
    assert [r.status for r in again.ingest.paths([path], later)] == ["added"]
    assert again.state.arrivals.after(0) == [(later, taken.id)]
    assert [r.status for r in again.ingest.paths([path], later + 60)] == ["unchanged"]
    write(tmp_path, "a.md", "Compute is cheap.", title="Scarcity", publisher="Us")
    assert [r.status for r in again.ingest.paths([path], later + 90)] == ["replaced"]
    assert again.state.arrivals.after(0) == [(later, taken.id)]
    again.close()


def test_a_pair_is_one_report_in_whichever_order_it_comes(shelf: Shelf, tmp_path: Path) -> None:
    write(tmp_path, "a.zh.md", "算力紧张。", title="紧张", published="2026-01-02")
    write(tmp_path, "a.en.md", "Compute is scarce.", title="Scarce", translation_of="a.zh.md")
    results = [shelf.take(path) for path in files_in(tmp_path)]
    assert [r.status for r in results] == ["added", "added"]
    assert len({r.id for r in results}) == 1
    assert shelf.library.coverage().reports == 1


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.md", b"", "empty"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        ("a.txt", bytes(range(128, 256)) * 20, "encoding of the file cannot be told"),
        ("a.jsonl", b'{"title": "A", "text": "Compute grew."}\n{', "Line 2"),
        ("a.md", b"---\n- title\n- a\n---\ntext", "front matter"),
        ("a.md", b"---\ntranslation_of: b.md\n---\nText.", "b.md"),
        ("a.exe", b"MZ", ".exe"),
        ("a.txt", "国产精品自拍 | 3天前 |".encode(), "No text is left"),
    ],
)
def test_what_cannot_be_read_is_an_outcome_of_one_sentence(
    name: str, content: bytes, error: str, shelf: Shelf, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    *_, result = shelf.ingest.path(tmp_path / name, AT)
    assert (result.status, result.id, result.title) == ("failed", "", str(tmp_path / name))
    assert error in said(result)
    assert "\n" not in said(result)


def test_of_a_refused_document_nothing_stays_on_the_disk(shelf: Shelf, tmp_path: Path) -> None:
    advert = tmp_path / "in" / "advert.txt"
    advert.parent.mkdir()
    advert.write_text("国产精品自拍 | 3天前 |", "utf-8")
    lines = ["国产精品自拍 | 3天前 |", "Compute is scarce in the north."]
    (tmp_path / "in" / "two.jsonl").write_text(
        "\n".join(json.dumps({"text": line}) for line in lines), "utf-8"
    )
    statuses = [one.status for one in shelf.ingest.paths(files_in(tmp_path / "in"), AT)]
    assert statuses == ["failed", "failed", "added"]
    stored = {original.sha256 for original in shelf.state.originals.all()}
    assert {path.name for path in (shelf.folder / "sources").iterdir()} == stored


def test_a_file_that_is_not_there_is_an_outcome_too(shelf: Shelf, tmp_path: Path) -> None:
    assert shelf.take(tmp_path / "none.md").status == "failed"
    assert shelf.take(tmp_path).status == "failed"


def test_each_line_of_a_jsonl_file_is_a_report_and_a_bad_one_stops_nobody(
    shelf: Shelf, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    lines = [
        '{"title": "A", "text": "Compute grew."}',
        "no",
        '{"text": "Chips fell.", "url": "https://x.org/1"}',
    ]
    path.write_text("\n".join(lines), "utf-8")
    results = list(shelf.ingest.path(path, AT))
    assert [r.status for r in results] == ["added", "failed", "added"]
    assert shelf.library.coverage().reports == 2


@pytest.mark.parametrize("entity", ["&#10;", "&#xA;", "&NewLine;", "&#13;", "&#x2028;", "\\n", "%0A"])
@pytest.mark.parametrize("ending", ["md", "txt", "html", "jsonl"])
def test_an_escaped_line_break_stops_nothing(entity: str, ending: str, shelf: Shelf, tmp_path: Path) -> None:
    text = f"Compute grew{entity}fast, the agency says. {entity} Chips fell by a tenth in {entity} May."
    written = (
        json.dumps({"text": text})
        if ending == "jsonl"
        else f"<html><p>{text * 9}</p></html>"
        if ending == "html"
        else text
    )
    (tmp_path / f"a.{ending}").write_text(written, "utf-8")
    assert shelf.take(tmp_path / f"a.{ending}").status == "added"


def test_half_a_surrogate_pair_is_stored_as_an_unknown_character(shelf: Shelf, tmp_path: Path) -> None:
    line = (
        r'{"title": "Chips \ud800", "publisher": "\udc00 Wire", "text": "Compute grew by a tenth.\n\udfff"}'
    )
    (tmp_path / "a.jsonl").write_text(line, "utf-8")
    result = shelf.take(tmp_path / "a.jsonl")
    assert (result.status, said(result)) == ("added", "")


def test_a_file_may_have_any_bytes_for_a_name(shelf: Shelf, tmp_path: Path) -> None:
    for name in (b"a\xff.md", b"a\xfe.md"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(f"Compute grew. {name!r}", "utf-8")
    results = list(shelf.ingest.paths(files_in(tmp_path), AT))
    assert [result.status for result in results] == ["added", "added"]


def test_only_readable_files_of_a_folder_are_taken_in_a_fixed_order(tmp_path: Path) -> None:
    for name in ("b.md", "a.HTML", "c.pdf", "c.png", "deep/d.txt", "deep/e.jsonl", "README"):
        write(tmp_path, name, "x")
    assert [p.relative_to(tmp_path).as_posix() for p in files_in(tmp_path)] == [
        "a.HTML",
        "b.md",
        "c.pdf",
        "deep/d.txt",
        "deep/e.jsonl",
    ]
    assert files_in(tmp_path / "b.md") == [tmp_path / "b.md"]


def test_what_came_in_is_kept_by_its_hash(shelf: Shelf, tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", "Compute is scarce.")
    shelf.take(path)
    (source,) = shelf.state.originals.all()
    assert (shelf.folder / "sources" / source.sha256).read_bytes() == path.read_bytes()
    assert source.name == str(path.resolve())


# -- rebuilding ----------------------------------------------------------------------------------------


def test_a_rebuild_from_the_kept_bytes_gives_what_was_there_before(data: Path, tmp_path: Path) -> None:
    folder = corpus(tmp_path / "in", 12)
    app = open_folder(data)
    for path in files_in(folder):
        assert {result.status for result in app.ingest.path(path, AT)} == {"added"}
    write(folder, "r001.zh.md", "算力价格下降。", title="报告2", publisher="刊物", published="2026-02-02")
    assert [r.status for r in app.ingest.path(folder / "r001.zh.md", AT)] == ["replaced"]
    app.close()
    before = held(data)
    for path in files_in(folder):
        path.unlink()
    for name in ("library.db", "library.db-wal", "library.db-shm"):
        (data / name).unlink(missing_ok=True)
    again = open_folder(data)
    assert again.library.check() == []
    again.close()
    assert held(data) == before


def test_a_library_of_other_rules_is_built_again(data: Path) -> None:
    with sqlite3.connect(data / "library.db") as db:
        db.execute("UPDATE meta SET value = '{}' WHERE key = 'fingerprint'")
        db.execute("UPDATE edition SET title = 'old'")
    db.close()
    app = open_folder(data)
    titles = [e.title for r in app.library.reports(app.library.report_ids()).values() for e in r.editions]
    app.close()
    assert len(titles) == 10
    assert "old" not in titles


def test_a_kept_file_that_is_gone_is_named_and_the_rest_is_built(shelf: Shelf, tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        shelf.take(write(tmp_path, name, f"Compute is scarce in {name}."))
    lost = next(s for s in shelf.state.originals.all() if s.name.endswith("a.md"))
    (shelf.folder / "sources" / lost.sha256).unlink()
    (tmp_path / "no-seeds").mkdir()
    results = list(shelf.ingest.rebuild(tmp_path / "no-seeds", AT, {"rules": "other"}))
    assert [r.status for r in results] == ["failed", "added"]
    assert any("a.md again" in said(r) for r in results if r.error)


# -- kills and neighbours ------------------------------------------------------------------------------


def corpus(folder: Path, files: int) -> Path:
    """Write `files` files of reports made of the seeds' sentences: pairs of editions, single ones, and a file of JSON lines."""
    chance = random.Random(files)  # noqa: S311  # The same corpus each time.
    said = {
        language: [
            line
            for path in sorted(packaged("seeds").glob(f"*.{language}.md"))
            for line in path.read_text("utf-8").split("---", 2)[2].split("\n")
            if line and not line.startswith("#")
        ]
        for language in ("en", "zh")
    }
    folder.mkdir()
    for number in range(files - 1):
        chinese, english = (chance.sample(said[language], 6) for language in ("zh", "en"))
        name = f"r{number // 2:03}"
        day = f"2026-{1 + number // 2 % 11:02}-{1 + number // 2 % 27:02}"
        if number % 2 == 0:
            write(
                folder,
                f"{name}.zh.md",
                "\n\n".join(chinese),
                title=f"报告{number}",
                publisher="刊物",
                published=day,
            )
        else:
            text = "\n\n".join(english)
            write(folder, f"{name}.en.md", text, title=f"Report {number}", translation_of=f"{name}.zh.md")
    lines = [{"title": f"Line {n}", "text": chance.choice(said["en"])} for n in range(3)]
    (folder / "z.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    return folder


def start(data: Path, *paths: Path) -> subprocess.Popen[str]:
    """Start `trendbot ingest --json` in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "ingest", "--json", *map(str, paths)],
        env=os.environ | {"TRENDBOT_DATA": str(data)},
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> list[str]:
    """Wait for a process, which must succeed without errors, and return the statuses that it printed.

    On a slow machine it also says how far it is.
    """
    out, told = process.communicate(timeout=120)
    errors = [line for line in told.splitlines() if not line.endswith(" MB")]
    assert (process.returncode, errors) == (0, [])
    return [json.loads(line)["status"] for line in out.splitlines()]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[tuple[object, ...]]]]:
    """A folder of reports, and the contents of a data folder that ingested it undisturbed."""
    folder = corpus(tmp_path_factory.mktemp("reports") / "in", FILES)
    data = tmp_path_factory.mktemp("undisturbed")
    statuses = finish(start(data, folder))
    assert statuses == ["added"] * (FILES + 2)
    return folder, held(data)


def test_no_kill_loses_or_doubles_anything(
    undisturbed: tuple[Path, dict[str, list[tuple[object, ...]]]], tmp_path: Path
) -> None:
    folder, expected = undisturbed
    chance = random.Random(9)  # noqa: S311  # The same kills each time.
    for kill in range(KILLS):
        process = start(tmp_path, folder)
        assert process.stdout is not None
        if kill < 3:  # While the library of the seeds is built, or just after.
            time.sleep(chance.uniform(0.4, 1.2))
        else:
            for _ in range(chance.randrange(1, FILES)):
                process.stdout.readline()
            time.sleep(chance.uniform(0, 0.02))
        process.kill()
        process.communicate()
    finish(start(tmp_path, folder))
    assert held(tmp_path) == expected
    library = Library(tmp_path / "library.db")
    assert library.check() == []
    library.close()


def test_two_processes_take_in_at_once_beside_a_reader(
    undisturbed: tuple[Path, dict[str, list[tuple[object, ...]]]], data: Path
) -> None:
    folder, expected = undisturbed
    files = files_in(folder)
    app = open_folder(data)
    conversation = app.router(None)
    processes = [start(data, *files[: FILES // 2 + 5]), start(data, *files[FILES // 2 - 5 :])]
    answers = []
    while any(process.poll() is None for process in processes):
        reply = conversation.answer(TextEvent(1, 1, "/trend compute", private=True), NOW)
        assert reply is not None
        answers.append(reply.message)
    for process in processes:
        finish(process)
    assert len(answers) > 3
    assert app.library.coverage().reports == len(expected["report"])
    app.close()
    assert held(data) == expected


def test_a_process_that_waits_for_the_first_build_finds_it_done(tmp_path: Path) -> None:
    processes = [start(tmp_path, packaged("seeds") / "cww-compute-2025.zh.md") for _ in range(2)]
    for process in processes:
        finish(process)
    state = State(tmp_path / "state.db")
    assert len(state.originals.all()) == 1
    state.close()
