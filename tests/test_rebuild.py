"""No upgrade damages a library: every original keeps its id, and one that cannot be ingested again is named.

The changes are made in a copy of the installed package, and every command is a process of its own.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterable
from contextlib import closing
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from bot_process import ROOT, environment
from library_kit import NOW, open_folder
from msgspec.structs import replace

from bot.dialogue.events import TextEvent
from bot.library import fingerprint as measured
from bot.library.compressed import decompress
from bot.library.fingerprint import LIBRARIES, fingerprint
from bot.models import Problem
from bot.rendering.renderer import plain_text
from bot.settings import packaged

LANDED = Path(__file__).parent / "landed-4da0aa8.tar.xz"
"""A data folder of the first landed version: eight documents from four files, chats and subscriptions."""


class Installation:
    """A copy of the package that can be changed, over a data folder."""

    def __init__(self, folder: Path) -> None:
        self.bot, self.data = folder / "bot", folder / "data"
        shutil.copytree(ROOT / "bot", self.bot, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("templates", "seeds"):
            shutil.copytree(packaged(name), self.bot / name)
        self._folder = folder

    def run(self, *arguments: str, code: int = 0, stdin: str | None = None, **variables: str) -> str:
        """Return what a command prints on both streams; its exit code must be `code`."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=self._folder,
            env=environment(self.data, **variables),
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def ingest(self, *paths: Path) -> list[dict[str, str]]:
        """Return the outcomes of `trendbot ingest --json`."""
        return [json.loads(line) for line in self.run("ingest", "--json", *map(str, paths)).splitlines()]

    def show(self, report: str) -> list[dict[str, str]]:
        """Return the editions of a report that are in the library since the last command."""
        with closing(sqlite3.connect(self.data / "library.db")) as db:
            rows = db.execute("SELECT title, language, text FROM edition WHERE report_id = ?", (report,))
            return [
                {"title": title, "language": language, "text": decompress(text)}
                for title, language, text in rows
            ]

    def opened(self, passages: Iterable[str]) -> dict[str, str]:
        """Return what the links to passages show."""
        asked = "".join(f"/start p_{passage}\n" for passage in passages)
        answers = map(json.loads, self.run("ask", "-", stdin=asked).splitlines())
        return {answer["query"].removeprefix("/start p_"): answer["text"] for answer in answers}

    def append(self, module: str, code: str) -> None:
        """Change a module as a new version might."""
        with (self.bot / module).open("a", encoding="utf-8") as file:
            file.write(f"\n{code}\n")

    def finding(self, subject: str) -> str:
        """Return the line of doctor about one subject."""
        done = self.run("doctor", code=1)  # No token is set.
        (line,) = [line for line in done.splitlines() if line[6:].startswith(f"{subject}: ")]
        return line


@pytest.fixture
def installed(tmp_path: Path) -> Installation:
    return Installation(tmp_path)


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    page = "机器人走进工厂\n\n来源：丙日报\n2026年2月3日\n\n{}\n"
    folder.joinpath("a.txt").write_text(
        page.format("工业机器人产量增长26%。多家工厂引入人形机器人。"), "utf-8"
    )
    folder.joinpath("b.txt").write_text("Power for compute\n\nGrid operators plan 40 GW by 2030.\n", "utf-8")
    lines = [
        {"title": "Chip exports fall", "publisher": "Wire", "text": "Exports of chips fell by 12%."},
        {"title": "Agents at work", "text": "Half of the firms tried AI agents in 2025."},
    ]
    folder.joinpath("c.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    return folder


# A possible new version: another title for every document, hence another key, and other passages.
OTHER_TITLES = """
from msgspec.structs import replace as _replace


def _other(document: Document) -> Document:
    title = document.title + " (revised)"
    return _replace(document, title=title, source_key="new rules: " + title)


def _with_other_titles(read):
    def outcomes(*arguments):
        for outcome in read(*arguments):
            yield outcome if isinstance(outcome, Unreadable) else _other(outcome)

    return outcomes


InProcess.file = _with_other_titles(InProcess.file)
InProcess.lines = _with_other_titles(InProcess.lines)
"""


# -- identity ------------------------------------------------------------------------------------------


def test_another_title_by_new_rules_loses_no_report_and_no_id(
    installed: Installation, documents: Path
) -> None:
    before = {result["id"]: result["title"] for result in installed.ingest(documents)}
    assert len(before) == 4
    held = installed.run("doctor", code=1)
    installed.append("intake/readers.py", OTHER_TITLES)
    installed.run("search", "compute")
    for report, title in before.items():
        assert [edition["title"] for edition in installed.show(report)] == [f"{title} (revised)"]
    assert re.findall(r"^.*library: .*$", held, re.MULTILINE) == [installed.finding("library")]
    finding = installed.finding("originals")
    assert finding.startswith("ok")
    assert "since its rules changed" in finding
    assert "none is missing" in finding
    again = installed.ingest(documents)
    assert {result["id"] for result in again} == set(before)
    assert {result["status"] for result in again} == {"unchanged"}


def test_what_new_rules_cannot_read_is_named_and_comes_back_with_the_next(
    installed: Installation, documents: Path
) -> None:
    before = {result["title"]: result["id"] for result in installed.ingest(documents)}
    readers = installed.bot / "intake" / "readers.py"
    sound = readers.read_text("utf-8")
    refuse = OTHER_TITLES.replace(
        'title = document.title + " (revised)"',
        'if "Agents" in document.title or "机器人" in document.title: raise KeyError(document.title)\n'
        "    title = document.title",
    )
    installed.append("intake/readers.py", refuse)
    shown = installed.run("ask", "/trend compute")
    assert "a.txt" in shown
    assert "could not be taken in again" in shown
    finding = installed.finding("originals")
    assert finding.startswith("FAIL")
    assert "2 could not be taken in again" in finding
    assert "c.jsonl" in finding
    assert "KeyError" in finding
    readers.write_text(sound, "utf-8")
    assert installed.finding("originals").startswith("ok")
    for title, report in before.items():
        assert [edition["title"] for edition in installed.show(report)] == [title]


def test_a_language_read_anew_is_kept_as_far_as_it_is_free(installed: Installation, documents: Path) -> None:
    documents.joinpath("d.zh.md").write_text("---\ntitle: 紧张\n---\n\n算力紧张。电力也紧张。\n", "utf-8")
    english = "---\ntitle: Scarce\ntranslation_of: d.zh.md\n---\n\nCompute is scarce. So is power.\n"
    documents.joinpath("d.en.md").write_text(english, "utf-8")
    results = installed.ingest(documents)
    pair = next(result["id"] for result in results if result["title"] == "Scarce")
    installed.append(
        "intake/readers.py",
        OTHER_TITLES.replace('title=title, source_key="new rules: " + title', 'language="other"'),
    )
    finding = installed.finding("originals")
    assert "1 could not be taken in again" in finding
    assert "another text of the same report" in finding
    assert [edition["language"] for edition in installed.show(pair)] == ["other"]
    for result in results:
        assert installed.show(result["id"])


def test_two_documents_that_new_rules_give_one_key_stay_two(installed: Installation, documents: Path) -> None:
    before = {result["id"] for result in installed.ingest(documents)}
    one_key = OTHER_TITLES.replace('source_key="new rules: " + title', 'source_key="the same for all"')
    installed.append("intake/readers.py", one_key)
    assert installed.finding("originals").startswith("ok")
    for report in before:
        assert len(installed.show(report)) == 1


def test_a_report_with_the_former_key_of_another_takes_nothing_from_it(
    installed: Installation, documents: Path
) -> None:
    first = next(one for one in installed.ingest(documents) if one["title"] == "Chip exports fall")
    installed.append(
        "intake/readers.py",
        OTHER_TITLES.replace('document.title + " (revised)"', "document.title").replace(
            '"new rules: " + title',
            '"new rules: " + title if "12%" in document.text else document.source_key',
        ),
    )
    line = {"title": "Chip exports fall", "publisher": "Wire", "text": "Exports of chips fell by 15%."}
    later = documents / "later.jsonl"
    later.write_text(json.dumps(line), "utf-8")
    (second,) = installed.ingest(later)
    assert second["status"] == "added"
    assert second["id"] != first["id"]
    assert "12%" in installed.show(first["id"])[0]["text"]
    assert "15%" in installed.show(second["id"])[0]["text"]
    assert installed.ingest(later)[0]["id"] == second["id"]


def test_status_names_what_is_missing_in_the_operators_language(data: Path) -> None:
    app = open_folder(data)
    lost = Problem("source_missing", ("sources/ab", "/docs/power.txt"))
    app.library.put_missing("0" * 12, "en", "/docs/power.txt", lost)
    router = replace(app, settings=replace(app.settings, operators=frozenset({7}))).router(None)
    for code, heading, name in (
        (
            "en",
            "1 report text could not be taken into the library again",
            "/docs/power.txt: sources/ab is missing",
        ),
        ("zh", "有1篇没能重新收进库", "/docs/power.txt：sources/ab"),
    ):
        reply = router.answer(TextEvent(7, 7, "/status", private=True, language_code=code), NOW)
        assert reply is not None
        assert reply.message is not None
        assert heading in plain_text(reply.message.html)
        assert name in plain_text(reply.message.html)
    app.close()


# -- one document never stops the rest -----------------------------------------------------------------

FAULTS = {
    "a reader": ("intake/document.py", "to_document"),
    "a cleaning rule": ("cleaning/clean.py", "clean"),
    "the index": ("library/indexing.py", "_sentence"),
    "the library": ("library/editions.py", "_put_edition"),
}
# Raises for the document that contains the word; a rule that is imported by name is changed where it is defined.
FAULT = """
_sound_{name} = {name}


def _faulty_{name}(*arguments, **named):
    result = _sound_{name}(*arguments, **named)
    if "Dublin" in repr((result, arguments)):
        raise ValueError("a fault of a rule")
    return result


{name} = _faulty_{name}
"""


@pytest.mark.parametrize("where", FAULTS)
def test_whatever_a_rule_raises_is_that_documents_error(
    where: str, installed: Installation, documents: Path
) -> None:
    documents.joinpath("ab.txt").write_text("Batteries\n\nThe first opened near Dublin.\n", "utf-8")
    module, name = FAULTS[where]
    installed.append(module, FAULT.format(name=name))
    done = installed.run("ingest", str(documents), code=1)
    (line,) = [line for line in done.splitlines() if "Dublin" in line or "ab.txt" in line]
    assert line.startswith(f"{documents / 'ab.txt'}: ")
    assert "ValueError" in line
    assert "Traceback" not in done
    assert done.count("  added  ") == 4, "the others are taken in"
    logged = installed.run("ingest", str(documents / "ab.txt"), code=1, TRENDBOT_LOG="DEBUG")
    assert "a fault of a rule" in logged
    told = installed.run("ingest", "--json", str(documents / "ab.txt"), code=1, TRENDBOT_LANGUAGE="zh")
    outcome = json.loads(told)
    assert (outcome["status"], outcome["id"]) == ("failed", "")
    assert "内部出错" in outcome["error"]
    assert "index: sound" in installed.run("doctor", code=1)
    assert "Dublin" not in installed.run("search", "Dublin")


# -- what is measured ----------------------------------------------------------------------------------


def test_a_change_of_any_file_that_shapes_the_library_is_measured(tmp_path: Path) -> None:
    """Code and data of each room; the fingerprint itself runs in a copy of the package."""
    package = Installation(tmp_path).bot
    code = f"""
import json, sys
sys.path.insert(0, {str(tmp_path)!r})
from pathlib import Path
from bot.library.fingerprint import fingerprint
package = Path({str(package)!r})
before, unnoticed = fingerprint(package / "seeds", "jieba"), []
for room in ("cleaning", "figures", "intake", "library", "text", "seeds"):
    for path in (p for p in (package / room).rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        if path.parent.as_posix().endswith(("intake/fetch", "intake/sources")):
            continue  # asks for documents and shapes none
        raw = path.read_bytes()
        path.write_bytes(raw + b"#")
        if fingerprint(package / "seeds", "jieba") == before:
            unnoticed.append(str(path))
        path.write_bytes(raw)
print(json.dumps(unnoticed), fingerprint(package / "seeds", "jieba") == before)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[] True\n"


def test_changed_data_and_seeds_are_noticed_and_nothing_else(installed: Installation) -> None:
    installed.run("ask", "/trend compute")
    first = installed.finding("originals")
    installed.append("dialogue/router.py", "# not a rule of the library")
    installed.append("templates/en/words.html", "")
    assert installed.finding("originals") == first
    installed.append("seeds/topics.toml", "# another topic")
    assert "since its seeds changed" in installed.finding("originals")
    (installed.bot / "cleaning" / "new_words.txt").write_text("# words\nspam\n", "utf-8")
    assert "since its rules changed" in installed.finding("originals")


def test_another_version_of_a_library_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = packaged("seeds")
    before = fingerprint(seeds, "jieba")
    assert before == fingerprint(seeds, "jieba")
    assert {name for name in before if before[name] != fingerprint(seeds, "rjieba")[name]} == {"libraries"}
    monkeypatch.setattr(measured, "LIBRARIES", LIBRARIES[1:])
    assert {name for name in before if before[name] != fingerprint(seeds, "jieba")[name]} == {"libraries"}


def test_every_package_that_a_rule_imports_is_measured() -> None:
    names = packages_distributions()
    imported = {
        match[1]
        for room in measured._ROOMS
        for path in (ROOT / "bot" / room).rglob("*.py")
        if not path.parent.as_posix().endswith(measured._ASIDE)
        for match in re.finditer(r"^\s*(?:import|from) (\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    used = {_normal(name) for module in imported - {"bot"} for name in names.get(module, [])}
    # These modules pass documents on without shaping them.
    carriers = {"sqlite-utils", "msgspec", "aiohttp", "aiohttp-socks", "multidict", "protego", "yarl"}
    assert {"ftfy", "trafilatura", "opencc"} <= used
    assert used - carriers <= set(map(_normal, LIBRARIES))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# -- the version that landed first ---------------------------------------------------------------------


@pytest.fixture
def landed(installed: Installation) -> Installation:
    with tarfile.open(LANDED) as archive:
        archive.extractall(installed.data, filter="data")
    return installed


REPORTS = {
    "725191358b7e": "量子计算的现状",
    "ee118daa5b49": "Power for compute",
    "20492a0cd3c5": "Compute Is Scarce",
    "1f824754075c": "Chip exports fall",
    "abe823c9ff16": "Agents at work",
    "1c8a256dd0e3": "",
    "9a6f5ff6bc49": "机器人走进工厂",
}
CITED = {
    "274c6f482db8d570": "Norway used 9 TWh",
    "db418115aa15884c": "Half of the surveyed firms",
    "1d8ce77b6ed23960": "量子计算机的纠错取得进展",
    "e3a2268033b1840f": "算力不能只追求高性能",
    "b6d4d5815fb6c5f0": "35% of compute by 2025",
}


def test_a_library_of_the_landed_version_opens_with_every_id_and_link(landed: Installation) -> None:
    assert "since its version changed; none is missing" in landed.finding("originals")
    for report, title in REPORTS.items():
        assert title in {edition["title"] for edition in landed.show(report)}
    assert len(landed.show("20492a0cd3c5")) == 2
    for passage, shown in landed.opened(CITED).items():
        assert CITED[passage] in shown
    assert "Compute" in landed.run("ask", "/trend compute")


def test_its_links_stay_open_when_sentences_are_cut_otherwise_later(landed: Installation) -> None:
    landed.run("ask", "/trend compute")
    landed.append(
        "text/sentences.py",
        "_landed_groups = passage_groups\n"
        "def passage_groups(spans):\n"
        "    return [[span] for group in _landed_groups(spans) for span in group]\n",
    )
    for _ in range(2):
        for passage, shown in landed.opened(CITED).items():
            assert CITED[passage] in shown
        landed.append("text/segment.py", "# rebuilt once more")


def test_its_documents_are_found_by_their_text_where_rules_changed_their_keys(landed: Installation) -> None:
    """The landed version did not number the documents of a file: their keys changed, their texts are the same."""
    landed.append("intake/readers.py", OTHER_TITLES)
    assert "none is missing" in landed.finding("originals")
    for report, title in REPORTS.items():
        assert f"{title} (revised)" in {edition["title"] for edition in landed.show(report)}
