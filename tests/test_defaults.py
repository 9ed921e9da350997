"""What an operator declares for a folder holds for documents that declare nothing themselves, also in a rebuild."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_kit import Command, values
from library_kit import NOW, Shelf, said, settings_of, write

from bot.app import open_app
from bot.intake.defaults import Defaults
from bot.intake.ingest import no_siblings

AT = int(NOW.timestamp())
TEXT = "Compute grew by a tenth in May, and power became the bottleneck of every region."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "in/deep/a.md", f"# Compute\n\n{TEXT}")
    write(tmp_path, "in/b.md", f"# Power\n\nSource: The Wire\n\n{TEXT}")
    write(tmp_path, "in/c.md", TEXT, title="Chips", publisher="Own Press", language="fr")
    return tmp_path / "in"


def publishers(shelf: Shelf, folder: Path, given: Defaults | None = None) -> dict[str, tuple[str, str]]:
    """Ingest a folder; return the publisher and language of each title."""
    paths = sorted(folder.rglob("*.md"))
    results = shelf.ingest.paths(paths, AT, given=given) if given else shelf.ingest.paths(paths, AT)
    return {result.title: (result.publisher, result.language) for result in results}


def test_a_folder_names_the_publisher_of_what_is_in_it_and_below(shelf: Shelf, folder: Path) -> None:
    (folder / "trendbot.toml").write_text('publisher = "The Weekly"\nlanguage = "en"\n', "utf-8")
    assert publishers(shelf, folder) == {
        "Compute": ("The Weekly", "en"),
        "Power": ("The Weekly", "en"),
        "Chips": ("Own Press", "other"),
    }


def test_the_nearest_folder_says_it_and_what_is_given_goes_before(shelf: Shelf, folder: Path) -> None:
    (folder / "trendbot.toml").write_text('publisher = "The Weekly"', "utf-8")
    (folder / "deep/trendbot.toml").write_text('publisher = "The Daily"', "utf-8")
    assert publishers(shelf, folder)["Compute"] == ("The Daily", "en")
    assert publishers(shelf, folder, Defaults("The Hourly"))["Compute"] == ("The Hourly", "en")


@pytest.mark.parametrize("content", ["publisher: x", 'editor = "x"', "publisher = 3"])
def test_one_that_cannot_be_used_is_named_for_each_file(content: str, shelf: Shelf, folder: Path) -> None:
    (folder / "trendbot.toml").write_text(content, "utf-8")
    result = shelf.take(folder / "b.md")
    assert result.status == "failed"
    assert said(result).startswith(f"{folder / 'trendbot.toml'} cannot be used (")


def test_issues_of_one_name_by_one_publisher_stay_several(shelf: Shelf, tmp_path: Path) -> None:
    for day in (1, 2):
        write(tmp_path, f"2024-05-0{day}.md", f"# The week\n\n{TEXT} It was day {day}.")
    results = list(shelf.ingest.paths(sorted(tmp_path.glob("*.md")), AT, given=Defaults("The Weekly")))
    assert len({result.id for result in results}) == 2


def test_a_rebuild_knows_it(trendbot: Command, data: Path, folder: Path) -> None:
    code, out, _ = trendbot("ingest", "--json", "--publisher", "The Weekly", str(folder / "deep"))
    (taken,) = values(out)
    assert (code, taken["publisher"]) == (0, "The Weekly")
    (data / "library.db").unlink()
    open_app(settings_of(data)).close()
    (shown,) = values(trendbot("show", "--json", taken["id"])[1])
    assert shown["publisher"] == "The Weekly"


def test_show_says_where_title_publisher_and_day_stand(trendbot: Command, tmp_path: Path) -> None:
    path = write(tmp_path, "2024-05-17.md", f"# Compute\n\n{TEXT}")
    (taken,) = values(trendbot("ingest", "--json", "--publisher", "The Weekly", str(path))[1])
    (shown,) = values(trendbot("show", "--json", taken["id"])[1])
    assert shown["provenance"] == {
        "title": "heading",
        "publisher": "operator",
        "published": "name",
        "language": "text",
    }
    assert "published: the name of its file\n" in trendbot("show", taken["id"])[1]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("100-无忧孩童", "100-无忧孩童"),
        ("the-week-in-chips", "the week in chips"),
        ("The week in chips", "The week in chips"),
        ("notes", ""),
        ("2024-05-17", ""),
        ("000_0f991769ccaf2fcb", ""),
        ("page-12", ""),
    ],
)
def test_a_name_of_words_is_the_title_of_a_text_without_one(
    name: str, title: str, shelf: Shelf, tmp_path: Path
) -> None:
    assert shelf.take(write(tmp_path, f"{name}.txt", f"{TEXT}\n{TEXT}")).title == title


def test_a_given_language_is_that_of_a_text_which_declares_none(trendbot: Command, tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", TEXT)
    outcome = json.loads(trendbot("ingest", "--json", "--language", "zh-CN", str(path))[1])
    assert outcome["language"] == "zh"


def test_title_and_day_of_a_channels_file_complete_what_it_does_not_say(shelf: Shelf) -> None:
    given = Defaults("@oslo_news", title="Mail by air", published="2026-11-18")
    (bare,) = shelf.ingest.content(
        "https://t.me/a/1?single#file.txt", b"Zeppelins carried mail.", AT, no_siblings, given
    )
    assert (bare.title, bare.publisher, bare.published) == ("Mail by air", "@oslo_news", "2026-11-18")
    said = b"---\ntitle: Airships\npublisher: The Weekly\ndate: 2025-03-04\n---\nAirships carried nobody on Sunday."
    (full,) = shelf.ingest.content("https://t.me/a/2?single#file.md", said, AT, no_siblings, given)
    assert (full.title, full.publisher, full.published) == ("Airships", "The Weekly", "2025-03-04")
