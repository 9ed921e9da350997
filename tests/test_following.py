"""What one machine ingests reaches the libraries of all machines that share its state, whichever process dies meanwhile."""

from __future__ import annotations

import hashlib
import io
import json
import multiprocessing
import random
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from library_kit import NOW, Shelf, editions, write
from postgres_kit import Server

from bot.library.glossary import Glossary
from bot.settings import packaged
from bot.state.state import State
from bot.state.stored_files import LARGEST
from bot.text.segment import Segmenter

SECOND = int(NOW.timestamp())
PARTS = {"rules": "1"}


@pytest.fixture
def url(server_18: Server) -> str:
    return server_18.database()


@pytest.fixture
def machine(
    url: str, tmp_path: Path, glossary: Glossary, segmenter: Segmenter
) -> Iterator[Callable[[str], Shelf]]:
    """A function that sets up a machine: a data folder of its own, and the shared state."""
    shelves: list[Shelf] = []

    def set_up(name: str) -> Shelf:
        shelves.append(Shelf(tmp_path / name, glossary, segmenter, State(url)))
        return shelves[-1]

    yield set_up
    for shelf in shelves:
        shelf.close()


def follow(shelf: Shelf) -> None:
    """Ingest what the others have ingested, as a running bot does every few seconds."""
    following = shelf.ingest.following()
    while following.step(SECOND) or following.step(SECOND):
        pass


def held(shelf: Shelf) -> list[tuple[str, str, str]]:
    return sorted(editions(shelf.library))


def kept(shelf: Shelf) -> set[str]:
    """Return the names of the files in a machine's sources."""
    return {path.name for path in (shelf.folder / "sources").glob("*")}


def test_documents_of_one_machine_are_in_the_library_of_the_other(
    machine: Callable[[str], Shelf], tmp_path: Path
) -> None:
    first, second = machine("first"), machine("second")
    lines = [{"title": f"Chips {n}", "text": f"Chip number {n} costs {n} dollars."} for n in range(60)]
    (tmp_path / "items.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    first.take(write(tmp_path, "power.md", "Data centres need power.", title="Power", publisher="Daily"))
    list(first.ingest.path(tmp_path / "items.jsonl", SECOND))
    second.take(write(tmp_path, "cooling.txt", "Data centres with liquid cooling save a third."))
    follow(first)
    follow(second)
    assert len(held(first)) == 62
    assert held(first) == held(second)
    assert kept(first) == kept(second)
    assert first.library.reports(first.library.report_ids()) == second.library.reports(
        second.library.report_ids()
    )
    assert len(first.texts("data centres")) == 2
    assert first.texts("data centres") == second.texts("data centres")


def test_what_was_said_of_a_folder_and_beside_a_file_holds_on_the_other_machine_too(
    machine: Callable[[str], Shelf], tmp_path: Path
) -> None:
    first, second = machine("first"), machine("second")
    write(tmp_path, "in/trendbot.toml", 'publisher = "The Works"')
    original = write(tmp_path, "in/plan.zh.md", "算力是新的石油。", title="算力", published="2026-01-09")
    translation = write(
        tmp_path, "in/plan.en.md", "Compute is the new oil.", title="Compute", translation_of="plan.zh.md"
    )
    first.take(original)
    first.take(translation)
    follow(second)
    (report,) = second.library.reports(second.library.report_ids()).values()
    assert {edition.publisher for edition in report.editions} == {"The Works"}
    assert held(first) == held(second)


def test_a_later_version_takes_the_place_of_the_earlier_one_on_every_machine(
    machine: Callable[[str], Shelf], tmp_path: Path
) -> None:
    first, second = machine("first"), machine("second")
    first.take(write(tmp_path, "power.md", "Data centres need power.", title="Power"))
    follow(second)
    second.take(write(tmp_path, "power.md", "Data centres need twice the power.", title="Power"))
    follow(first)
    assert [text for _, _, text in held(first)] == ["Data centres need twice the power."]
    assert held(first) == held(second)


def test_what_is_taken_out_is_gone_from_every_machine_with_its_file(
    machine: Callable[[str], Shelf], tmp_path: Path, url: str
) -> None:
    first, second = machine("first"), machine("second")
    stays = first.take(write(tmp_path, "power.md", "Data centres need power.", title="Power"))
    goes = first.take(write(tmp_path, "noise.md", "Buy gold now.", title="Noise"))
    follow(second)
    first.ingest.take_out(goes.id)
    follow(second)
    for shelf in (first, second):
        assert shelf.library.report_ids() == [stays.id]
        assert len(kept(shelf)) == 1
    with psycopg.connect(url) as db:
        assert db.execute("SELECT count(*) FROM stored_file").fetchone() == (1,)


def test_nothing_is_read_again_that_the_library_holds(
    machine: Callable[[str], Shelf], tmp_path: Path
) -> None:
    first = machine("first")
    first.take(write(tmp_path, "power.md", "Data centres need power.", title="Power"))
    (report,) = first.library.report_ids()
    before = first.library.passages_at(report, "en", [0])
    for path in (first.folder / "sources").glob("*"):
        path.write_bytes(b"never to be read")
    follow(first)
    assert first.library.passages_at(report, "en", [0]) == before != []
    assert first.library.missing() == []


def test_a_new_machine_builds_its_library_from_what_the_others_took_in(
    machine: Callable[[str], Shelf], tmp_path: Path
) -> None:
    first = machine("first")
    for number in range(5):
        first.take(write(tmp_path, f"{number}.md", f"Chip {number} is faster.", title=f"Chip {number}"))
    second = machine("second")
    list(second.ingest.rebuild(packaged("seeds"), SECOND, PARTS))
    assert set(held(first)) <= set(held(second))
    assert second.library.missing() == []
    assert second.library.versions() == first.library.versions() == second.state.originals.versions()


def test_a_rebuild_leaves_alone_what_another_machine_takes_in_meanwhile(
    machine: Callable[[str], Shelf], tmp_path: Path
) -> None:
    first, second = machine("first"), machine("second")
    before = first.take(write(tmp_path, "power.md", "Data centres need power.", title="Power"))
    rebuilding = second.ingest.rebuild(packaged("seeds"), SECOND, PARTS)
    next(rebuilding)
    changed = first.take(write(tmp_path, "power.md", "Data centres need more power.", title="Power"))
    added = first.take(write(tmp_path, "chips.md", "Chips are scarce.", title="Chips"))
    list(rebuilding)
    assert {original.report_id for original in first.state.originals.all()} == {before.id, added.id}
    follow(second)
    assert set(held(first)) <= set(held(second))
    assert changed.id == before.id
    again = first.take(write(tmp_path, "chips.md", "Chips are plenty.", title="Chips"))
    assert again.id == added.id, "its key is still known"


def test_a_file_that_nobody_has_is_named_and_taken_in_when_it_is_there(
    machine: Callable[[str], Shelf], tmp_path: Path, url: str
) -> None:
    first, second = machine("first"), machine("second")
    first.take(write(tmp_path, "power.md", "Data centres need power.", title="Power"))
    with psycopg.connect(url) as db:
        db.execute("DELETE FROM stored_file")
    follow(second)
    assert [one.problem.name for one in second.library.missing()] == ["source_missing"]
    follow(first)  # It starts, and shares the files that the others lack.
    follow(second)
    assert second.library.missing() == []
    assert held(first) == held(second)


def test_a_machine_is_late_until_it_holds_what_was_announced(
    machine: Callable[[str], Shelf], tmp_path: Path
) -> None:
    seconds = [100.0]
    first, second = machine("first"), machine("second")
    following = second.ingest.following(lambda: seconds[0])
    assert following.late(), "it has looked at nothing yet"
    following.step(SECOND)
    assert not following.late()
    first.take(write(tmp_path, "power.md", "Data centres need power.", title="Power"))
    seconds[0] += 60
    assert following.late()
    following.step(SECOND)
    following.step(SECOND)
    assert not following.late()
    assert held(first) == held(second)


def _work(folder: Path, documents: Path, url: str, begun: Callable[[], None]) -> None:
    """Ingest a folder and follow the others until killed."""
    glossary = Glossary.parse((packaged("seeds") / "topics.toml").read_text("utf-8"))
    shelf = Shelf(folder, glossary, Segmenter(glossary.forms.words, cache=folder), State(url))
    following = shelf.ingest.following()
    begun()
    for path in sorted(documents.iterdir()):
        shelf.take(path)
        following.step(SECOND)
    while True:
        following.step(SECOND)


def test_machines_that_are_killed_at_any_moment_hold_the_same_at_last(
    machine: Callable[[str], Shelf], tmp_path: Path, url: str
) -> None:
    chance = random.Random(3)  # noqa: S311  # The same kills each time.
    names = ("first", "second")
    for name in names:
        for number in range(12):
            write(
                tmp_path,
                f"in-{name}/{number}.md",
                f"{name} {number} is faster. " * 40,
                title=f"{name} {number}",
            )
    start = multiprocessing.get_context("forkserver")
    start.set_forkserver_preload(["test_following"])
    for _ in range(3):
        begun = [start.Event() for _ in names]
        working = [
            start.Process(target=_work, args=(tmp_path / name, tmp_path / f"in-{name}", url, event.set))
            for name, event in zip(names, begun, strict=True)
        ]
        for process, event in zip(working, begun, strict=True):
            process.start()
            event.wait(60)
        for process in working:
            process.join(chance.random() * 0.5)
            process.kill()
            process.join()
    first, second = (machine(name) for name in names)
    for shelf, name in ((first, "first"), (second, "second")):
        for path in sorted((tmp_path / f"in-{name}").iterdir()):
            shelf.take(path)
    follow(first)
    follow(second)
    assert len(held(first)) == 24
    assert held(first) == held(second)
    assert first.library.check() == second.library.check() == []
    assert first.library.missing() == second.library.missing() == []


# -- the bytes ---------------------------------------------------------------------------------------


def test_a_file_of_several_pieces_arrives_whole(url: str, tmp_path: Path) -> None:
    raw = random.Random(1).randbytes((2 << 20) + 5)  # noqa: S311  # The same bytes each time.
    digest = hashlib.sha256(raw).hexdigest()
    with closing(State(url)) as state:
        state.files.put(digest, io.BytesIO(raw))
        assert state.files.fetch(digest, tmp_path / "there")
        assert (tmp_path / "there").read_bytes() == raw
        state.files.remove(digest)
        assert not state.files.fetch(digest, tmp_path / "gone")
    assert not (tmp_path / "gone").exists()


def test_a_file_that_was_cut_off_is_not_there_until_it_is_stored_again(url: str, tmp_path: Path) -> None:
    raw = bytes(3 << 20)
    digest = hashlib.sha256(raw).hexdigest()
    with closing(State(url)) as state:
        state.files.put(digest, io.BytesIO(raw))
        state.database.change("DELETE FROM stored_file WHERE piece > 0")
        assert not state.files.fetch(digest, tmp_path / "there")
        state.files.put(digest, io.BytesIO(raw))
        assert state.files.fetch(digest, tmp_path / "there")


def test_a_file_that_is_damaged_in_the_database_is_not_taken(url: str, tmp_path: Path) -> None:
    digest = hashlib.sha256(b"power").hexdigest()
    with closing(State(url)) as state:
        state.files.put(digest, io.BytesIO(b"power"))
        state.database.change("UPDATE stored_file SET body = ?", b"Power")
        assert not state.files.fetch(digest, tmp_path / "there")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_too_large_stays_where_it_is(url: str, tmp_path: Path) -> None:
    with closing(State(url)) as state, (tmp_path / "large").open("w+b") as file:
        file.truncate(LARGEST + 1)
        state.files.put("large", file)
        assert not state.files.has("large")


def test_a_state_of_one_machine_keeps_no_bytes(tmp_path: Path) -> None:
    with closing(State(tmp_path / "state.db")) as state:
        state.files.put("digest", io.BytesIO(b"power"))
        assert not state.files.has("digest")
