"""Words hyphenated at the end of a line are joined again; the hyphen of a compound stays."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from library_kit import Shelf, write

from bot.cleaning.clean import clean
from bot.intake.readers import read_documents

HALLS = """Operators of large halls say that immersion cool-
ing cuts their power bill by a fifth, and that the sav-
ings pay for the tanks within four years. The tech-
nology needs a floor that carries two tonnes per ra-
ck, which most old halls do not have. A state-of-
the-art hall costs 12 million dollars per mega-
watt, up from 9 million in 2021.

Regulators want every hall to publish its effi-
ciency from 2027 on. Environ-
mental groups ask for an earlier date."""


def test_a_report_with_broken_words_is_read_found_and_quoted_whole(tmp_path: Path, shelf: Shelf) -> None:
    head = "Hall operators and their cooling loops\n\nSource: Loop Weekly\n3 March 2025\n\n"
    report = shelf.take(write(tmp_path, "halls.txt", head + HALLS)).id
    assert shelf.library.text(report, "en") == (
        "Operators of large halls say that immersion cooling cuts their power bill by a fifth, and that the savings pay "
        "for the tanks within four years. The technology needs a floor that carries two tonnes per rack, which most old "
        "halls do not have. A state-of-the-art hall costs 12 million dollars per megawatt, up from 9 million in 2021.\n"
        "Regulators want every hall to publish its efficiency from 2027 on. Environmental groups ask for an earlier date."
    )
    for question in ("megawatt", "technology", "efficiency"):
        assert [p.report_id for p, _ in shelf.search.by_report(shelf.query(question), 5)] == [report]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The old infra\u00ad\nstructure costs too much.", "The old infrastructure costs too much."),
        ("Write an e-\nmail to the operator of the hall.", "Write an e-mail to the operator of the hall."),
        (
            "The aid for halls that was promised for 2023-\n2024 was paid.",
            "The aid for halls that was promised for 2023-2024 was paid.",
        ),
        (
            "Prices rose with the new tariffs in the US-\nChina trade.",
            "Prices rose with the new tariffs in the US-China trade.",
        ),
        ("The infor-\nmation is public.", "The information is public."),
        ("Its develop-\nment took years.", "Its development took years."),
        ("Micro-\nsoft and Goo-\ngle agreed.", "Microsoft and Google agreed."),
        (
            "How-\never, with-\nout it, any-\none would under-\nstand.",
            "However, without it, anyone would understand.",
        ),
        ("An ac-\nceler-\nated plan.", "An accelerated plan."),
        ("A long-\nterm plan.", "A long-term plan."),
        ("A cloud-\nbased, AI-\npowered tool.", "A cloud-based, AI-powered tool."),
        ("GPU-\naccelerated work.", "GPU-accelerated work."),
        ("A self-\ndriving car.", "A self-driving car."),
        ("An end-to-\nend test.", "An end-to-end test."),
        ("It is co-design. Their co-\ndesign won.", "It is co-design. Their co-design won."),
        ("It is codesign. Their co-\ndesign won.", "It is codesign. Their codesign won."),
        ("The ef\u2010\nfect is large.", "The effect is large."),
    ],
)
def test_a_broken_word_is_joined_as_it_is_written(text: str, expected: str) -> None:
    assert clean(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "Range 10-\n20 units were sold in that year.",
        "It fell -\nthen it rose again in the summer.",
        "Prices of 2024-\nNext chapter of the report begins.",
        "It took the two-\nand three-year plans.",
        "See https://example.com/a-\nb and more of the same kind.",
    ],
)
def test_what_is_no_broken_word_stays(text: str) -> None:
    assert clean(text).text == text


def test_a_word_that_markdown_breaks_is_joined() -> None:
    source = "# Halls\n\nLarge halls say that immersion cool-\ning cuts the bill, and the well-\nknown plans stay two-\nand three-year plans."
    expected = "Large halls say that immersion cooling cuts the bill, and the well-known plans stay two- and three-year plans."
    assert next(read_documents("a.md", source.encode())).text == expected


def test_ten_thousand_broken_lines_take_no_longer_for_each() -> None:
    start = time.process_time()
    clean("\n".join(["the tech-", "nology of the cool-", "ing in the"] * 3_000))
    assert time.process_time() - start < 5
