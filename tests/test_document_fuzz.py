"""Whatever a file contains, reading it gives documents or refusals in one sentence, and what is stored is consistent."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from document_kit import ENDINGS, SEEDS, generated, hostile
from library_kit import NOW, Shelf

from bot.intake.readers import FORMATS, read_documents
from bot.models import Document
from bot.rendering.renderer import Renderer
from bot.settings import packaged
from bot.text.unreadable import Unreadable

SECOND = int(NOW.timestamp())
TODAY = date(2026, 11, 22)
RENDERER = Renderer(packaged("templates"))


def outcomes(name: str, raw: bytes) -> list[Document | Unreadable]:
    """Return the outcomes of a file; anything but documents and refusals fails the test."""
    documents = read_documents(name, raw, today=TODAY)
    results: list[Document | Unreadable] = []
    while True:
        try:
            results.append(next(documents))
        except StopIteration:
            return results
        except Unreadable as error:
            results.append(error)


def test_every_format_is_tried() -> None:
    assert {form.endings[0] for form in FORMATS} == set(ENDINGS)
    assert len(SEEDS) == 10


@pytest.mark.parametrize("seed", range(40))
def test_a_document_or_one_sentence_comes_out_of_any_file(seed: int) -> None:
    for name, raw in hostile(Random(seed)):  # noqa: S311 -- makes repeatable documents, no secret
        results = outcomes(name, raw)
        assert results
        for result in results:
            if isinstance(result, Unreadable):
                words = RENDERER.word("problem", "en", result.problem.name, result.problem.values)
                assert words.endswith("."), (seed, name)
                assert "\n" not in words, (seed, name)
            else:
                assert "\n" not in result.title
                assert "\0" not in result.text
                assert result.published is None or date(1990, 1, 1) <= result.published <= date(2026, 11, 23)


def test_what_is_stored_of_any_file_is_whole(shelf: Shelf) -> None:
    taken: set[tuple[str, str]] = set()
    for seed in range(3):
        for name, raw in hostile(Random(seed)):  # noqa: S311 -- makes repeatable documents, no secret
            for result in shelf.ingest.content(f"{seed}-{name}", raw, SECOND, lambda _name: None):
                assert result.status in {"added", "replaced", "unchanged", "failed"}
                assert (result.error is None) == (result.status != "failed")
                if result.id:
                    taken.add((result.id, result.language))
    reports = shelf.library.reports({report for report, _ in taken})
    assert taken
    for report, language in taken:
        edition = reports[report].edition(language)
        passages = shelf.library.passages_at(report, language, range(edition.passages))
        assert len(passages) == edition.passages > 0
        text = shelf.library.text(report, language)
        assert text is not None
        assert all(0 <= passage.start < passage.end <= len(text) for passage in passages)


def test_the_same_file_gives_the_same_documents() -> None:
    for ending in ENDINGS:
        raw = generated(ending, Random(7))  # noqa: S311 -- makes a repeatable document, no secret
        first, second = outcomes(f"a{ending}", raw), outcomes(f"a{ending}", raw)
        assert [str(result) for result in first] == [str(result) for result in second]
