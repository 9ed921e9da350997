"""The reports that the bot knows at first start: complete, parallel in both languages, five in all."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import yaml
from seeds_figures import ORIGINALS, rows

from bot.app import App
from bot.intake.readers import read_documents
from bot.models import Edition, Passage, Report
from bot.settings import packaged

SEEDS = packaged("seeds")
FILES = sorted(SEEDS.glob("*.md"))
SLUGS = sorted({path.name.split(".")[0] for path in FILES})


def matter(path: Path) -> dict[str, object]:
    """Return the front matter."""
    _, head, _ = path.read_text("utf-8").split("---\n", 2)
    values = yaml.safe_load(head)
    assert isinstance(values, dict)
    return values


def body(path: Path) -> str:
    """Return the text after the front matter."""
    return path.read_text("utf-8").split("---\n", 2)[2]


def passages(app: App, edition: Edition) -> list[Passage]:
    return app.library.passages_at(edition.report_id, edition.language, range(edition.passages))


@pytest.fixture(scope="module")
def reports(app: App) -> list[Report]:
    return list(app.library.reports(app.library.report_ids()).values())


def test_there_are_five_pairs() -> None:
    assert len(SLUGS) == 5
    assert {path.name for path in FILES} == {
        f"{slug}.{language}.md" for slug in SLUGS for language in ("en", "zh")
    }


def test_ten_editions_are_five_reports_of_five_origins(app: App, reports: list[Report]) -> None:
    assert len(reports) == 5
    assert [sorted(e.language for e in report.editions) for report in reports] == [["en", "zh"]] * 5
    assert len({origin for origin, _ in app.library.report_days(r.id for r in reports)}) == 5


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_front_matter_is_complete(path: Path) -> None:
    values = matter(path)
    language = path.suffixes[0].removeprefix(".")
    assert values["language"] == language
    assert values["brief"] is True
    assert values["title"]
    assert set(values) <= {
        "title",
        "publisher",
        "published",
        "inferred",
        "language",
        "translation_of",
        "brief",
        "note",
        "url",
    }
    assert values.get("translation_of") == (path.name.replace(".en.", ".zh.") if language == "en" else None)
    assert values.get("inferred", True) is True


@pytest.mark.parametrize("slug", SLUGS)
def test_both_languages_state_the_same(slug: str) -> None:
    english, chinese = (matter(SEEDS / f"{slug}.{language}.md") for language in ("en", "zh"))
    for name in ("published", "inferred", "brief", "url"):
        assert english.get(name) == chinese.get(name), name
    for name in ("publisher", "note"):
        assert bool(english.get(name)) == bool(chinese.get(name)), name


@pytest.mark.parametrize("slug", SLUGS)
def test_a_pair_has_the_same_paragraphs_and_page_marks(slug: str) -> None:
    marks = []
    for language in ("en", "zh"):
        lines = [line for line in body(SEEDS / f"{slug}.{language}.md").split("\n") if line.strip()]
        marks.append([(line.startswith("#"), re.findall(r"\[\d+\]", line)) for line in lines])
    assert marks[0] == marks[1]


def test_a_pair_has_the_same_passages_and_sentences(app: App, reports: list[Report]) -> None:
    for report in reports:
        one, other = (passages(app, edition) for edition in report.editions)
        assert len(one) == len(other) > 5
        for first, second in zip(one, other, strict=True):
            assert len(first.sentences) == len(second.sentences), first.text
            assert [s.pages for s in first.sentences] == [s.pages for s in second.sentences]


def test_what_is_stated_is_what_the_library_knows(app: App, reports: list[Report]) -> None:
    for path in FILES:
        values = matter(path)
        (document,) = read_documents(
            path.name, path.read_bytes(), {beside.name: beside.read_bytes() for beside in FILES}
        )
        report = next(r for r in reports if any(e.title == values["title"] for e in r.editions))
        assert app.library.text(report.id, document.language) == document.text
        assert report.published == values.get("published")
        assert report.inferred == values.get("inferred", False)
        edition = report.edition(document.language)
        assert (edition.publisher, edition.brief) == (values.get("publisher", ""), True)
        assert edition.note == values.get("note", "")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_a_source_leaves_open_is_said_in_the_note_alone(path: Path) -> None:
    about_the_source = r"Trendbot|\bsummary\b|does not say|without giving|\bnot (?:stated|named)\b|摘要|未给出|没有(?:说明|写明|注明)|未注明"
    assert not re.findall(about_the_source, body(path))


def test_nothing_of_the_briefs_is_cut_as_dirt(app: App, reports: list[Report]) -> None:
    cut = [app.library.cut_lines(report.id, e.language) for report in reports for e in report.editions]
    assert cut == [[]] * 10


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_brief_can_be_read_in_one_sitting(path: Path) -> None:
    text = body(path)
    words = (
        len(re.findall(r"[A-Za-z0-9]+", text))
        if ".en." in path.name
        else len(re.findall("[一-鿿]", text)) / 1.7
    )
    assert 300 <= words <= 2_000  # Ten minutes of reading; the longest summarises 456 pages.


@pytest.mark.parametrize("slug", SLUGS)
def test_every_percentage_stands_in_both_languages(slug: str) -> None:
    shares = [
        sorted(re.findall(r"\d+(?:\.\d+)?%", body(SEEDS / f"{slug}.{language}.md")))
        for language in ("en", "zh")
    ]
    assert set(shares[0]) == set(shares[1])


def test_every_sentence_fits_on_a_screen(app: App, reports: list[Report]) -> None:
    for report in reports:
        for edition in report.editions:
            for passage in passages(app, edition):
                for sentence in passage.sentences:
                    assert 5 <= len(sentence.text) <= 260, sentence.text
                    assert sentence.text.endswith((".", "。", "）", ")", "”", '."')), sentence.text


@pytest.mark.skipif("TRENDBOT_SHARED" not in os.environ, reason="TRENDBOT_SHARED has the originals")
def test_every_figure_of_the_originals_is_in_a_brief_or_says_why_not() -> None:
    table = list(rows(Path(os.environ["TRENDBOT_SHARED"]) / "seeds", SEEDS))
    assert [(row.slug, row.mark.text, row.said) for row in table if row.is_missing] == []
    assert sum(bool(row.brief) for row in table) > 400


@pytest.mark.parametrize("name", ORIGINALS)
def test_a_figure_that_is_in_no_brief_is_missed(name: str, tmp_path: Path) -> None:
    for original, (slug, language) in ORIGINALS.items():
        (tmp_path / original).write_text(body(SEEDS / f"{slug}.{language}.md"), "utf-8")
    assert not any(row.is_missing for row in rows(tmp_path, SEEDS))
    sentence = {"en": "Compute in Chile grew 76.51% in 2024.", "zh": "2024年，智利的算力增长76.51%。"}
    with (tmp_path / name).open("a", encoding="utf-8") as file:
        file.write(f"\n{sentence[ORIGINALS[name][1]]}\n")
    assert "76.51" in [row.mark.text for row in rows(tmp_path, SEEDS) if row.is_missing]
