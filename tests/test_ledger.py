"""The ledger of figures: newest first, each quantity once, with conflicting reports and forecasts that came due."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from library_kit import Shelf

from bot.app import App
from bot.library.ledger import LedgerRow
from bot.trends.conflicts import conflicts
from bot.trends.ledger import FigureLedger, FigureLedgers

TODAY = date(2026, 11, 22)
OLD, NEW = date(2025, 1, 10), date(2025, 4, 8)


def ledgers(shelf: Shelf) -> FigureLedgers:
    return FigureLedgers(shelf.library, shelf.search)


def ledger_of(shelf: Shelf, text: str, today: date = TODAY) -> FigureLedger:
    return ledgers(shelf).ledger(shelf.query(text), "en", today)


def clauses(shelf: Shelf, rows: tuple[LedgerRow, ...]) -> list[str]:
    return [entry.figure.clause for entry in ledgers(shelf).entries(rows)]


def told(shelf: Shelf, text: str) -> list[list[str]]:
    """Return the numbers of each conflict on `text`."""
    return [[entry.figure.text for entry in c.entries] for c in ledger_of(shelf, text).conflicts]


def test_figures_stand_newest_first_and_undated_last(shelf: Shelf) -> None:
    shelf.put("old", "Nvidia sold 20% more GPUs.", published=OLD)
    shelf.put("undated", "Nvidia sold 40% more GPUs.")
    shelf.put("new", "Nvidia sold 30% more GPUs.", published=NEW)
    rows = ledger_of(shelf, "Nvidia").rows
    assert [row.value for row in rows] == [30, 20, 40]


def test_a_figure_belongs_to_what_its_own_sentence_names(shelf: Shelf) -> None:
    shelf.put("report", "Nvidia sold 30% more. Intel sold 12% less.", published=NEW)
    assert clauses(shelf, ledger_of(shelf, "Intel").rows) == ["Intel sold 12% less"]


def test_a_name_that_is_no_topic_has_a_ledger_too(shelf: Shelf) -> None:
    shelf.put("report", "Zorblax Systems raised $40 million in 2024.", published=NEW)
    assert [row.value for row in ledger_of(shelf, "Zorblax").rows] == [40_000_000]


def test_a_small_bare_count_is_no_entry(shelf: Shelf) -> None:
    shelf.put("report", "Nvidia showed 3 robots.", published=NEW)
    assert ledger_of(shelf, "Nvidia").rows == ()


def test_both_editions_of_a_report_are_one_source(shelf: Shelf) -> None:
    shelf.put("report", "Global AI investment reached $252.3 billion in 2024.", published=NEW)
    shelf.put("report", "2024年，全球AI投资达2523亿美元。", "zh", published=NEW)
    rows = ledger_of(shelf, "AI investment").rows
    assert [row.language for row in rows] == ["en"]
    assert told(shelf, "AI investment") == []


def test_two_reports_that_tell_one_quantity_differently_are_a_conflict_across_languages(shelf: Shelf) -> None:
    shelf.put("one", "Global AI investment reached $252.3 billion in 2024.", published=NEW)
    shelf.put("other", "2024年，全球AI投资为2300亿美元。", "zh", published=OLD)
    assert told(shelf, "investment") == [["$252.3 billion", "2300亿美元"]]


@pytest.mark.parametrize(
    "other",
    [
        "Global AI investment reached $252 billion in 2024.",  # Rounded.
        "Global AI investment reached more than $250 billion in 2024.",  # A bound.
        "Global AI investment reached $230 billion in 2023.",  # Another year.
        "US AI investment reached $109.1 billion in 2024.",  # Another place.
        "Global AI investment will reach $300 billion in 2024.",  # A forecast.
        "Global AI investment reached $252.3 billion in 2024, or $230 billion in 2024 without mergers.",
    ],
)
def test_what_is_another_quantity_or_can_also_be_right_is_none(shelf: Shelf, other: str) -> None:
    shelf.put("one", "Global AI investment reached $252.3 billion in 2024.", published=NEW)
    shelf.put("other", other, published=OLD)
    assert told(shelf, "investment") == []


def test_a_reprint_contradicts_nobody(shelf: Shelf) -> None:
    text = "Global AI investment reached {} in 2024. " + " ".join(
        f"Reader {n} of the survey wrote line {n * 7} about it." for n in range(20)
    )
    shelf.put("one", text.format("$252.3 billion"), published=NEW)
    shelf.put("other", text.format("$230 billion"), published=OLD)
    assert told(shelf, "investment") == []


DAILY = """---
title: The daily of models
date: 2025-04-08
---
## New models

DeepSeek-V3 has 671 billion parameters and is open to everybody who wants to try it.

## What members say

DeepSeek-V3 has 685 billion parameters{}, says a member who has read all of the files.
"""


def test_an_item_of_a_compilation_speaks_for_itself(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "daily.md").write_text(DAILY.format(". No, DeepSeek-V3 has 600 billion parameters"), "utf-8")
    shelf.take(tmp_path / "daily.md")
    shelf.put("other", "DeepSeek V3 拥有 685B 参数。", "zh", published=OLD)
    assert told(shelf, "DeepSeek-V3") == [["671 billion parameters", "685B 参数"]]


def test_two_items_of_one_report_are_no_conflict(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "daily.md").write_text(DAILY.format(""), "utf-8")
    shelf.take(tmp_path / "daily.md")
    assert told(shelf, "DeepSeek-V3") == []


def test_a_family_of_several_sizes_has_none(shelf: Shelf) -> None:
    shelf.put("one", "Gemma 2 has 27 billion parameters.", published=NEW)
    shelf.put("other", "Gemma 2 has 9 billion parameters.", published=OLD)
    shelf.put("third", "Gemma 2 has 2 billion parameters.", published=OLD)
    assert told(shelf, "Gemma") == []


def test_a_number_within_a_longer_one_is_not_marked(shelf: Shelf) -> None:
    shelf.put("report", "In 2024 the model read 132% and then 32% of it all, says Nvidia.", published=NEW)
    ledger = ledger_of(shelf, "Nvidia")
    (line,) = ledgers(shelf).lines([ledger.rows[1:]])
    assert line.pieces[0] == ("In 2024 the model read 132% and then ", False)


def test_what_changes_is_the_same_quantity_within_a_month_only(shelf: Shelf) -> None:
    shelf.put("first", "OpenAI's valuation is $135 billion.", published=date(2024, 9, 12))
    shelf.put("second", "OpenAI's valuation is $157 billion.", published=date(2024, 10, 2))
    shelf.put("third", "OpenAI's valuation is $300 billion.", published=date(2025, 3, 31))
    assert told(shelf, "OpenAI") == [["$157 billion", "$135 billion"]]


def test_what_is_steady_is_compared_whenever_it_is_told(shelf: Shelf) -> None:
    shelf.put("first", "DeepSeek-V3 has 685 billion parameters.", published=date(2024, 12, 26))
    shelf.put("second", "DeepSeek V3 拥有 671B 参数。", "zh", published=date(2026, 2, 1))
    assert told(shelf, "DeepSeek-V3") == [["671B 参数", "685 billion parameters"]]


def test_a_forecast_has_come_due_when_its_year_is_over(shelf: Shelf) -> None:
    shelf.put("forecast", "Global AI investment will reach $200 billion in 2025.", published=OLD)
    shelf.put("later", "Global AI investment was $310 billion in 2025.", published=date(2026, 3, 1))
    assert ledger_of(shelf, "investment", date(2025, 12, 31)).due == ()
    due = ledger_of(shelf, "investment", date(2026, 1, 1)).due
    assert [[row.due for row in rows] for rows in due] == [[2025]]
    (entry,) = ledgers(shelf).with_reports_since(due)
    assert [line.entries[0].figure.text for line in entry.others] == ["$310 billion"]


def test_a_forecast_for_a_quarter_has_come_due_when_the_quarter_is_over(shelf: Shelf) -> None:
    shelf.put(
        "forecast", "Global AI investment will reach $50 billion in the first quarter of 2026.", published=OLD
    )
    assert ledger_of(shelf, "investment", date(2026, 3, 31)).due == ()
    assert len(ledger_of(shelf, "investment", date(2026, 4, 1)).due) == 1


def test_forecasts_of_one_sentence_come_due_together(shelf: Shelf) -> None:
    shelf.put(
        "forecast", "Analysts expect AI agents in 20% of firms and 40% of banks in 2025.", published=OLD
    )
    due = ledger_of(shelf, "AI agents").due
    assert [[row.value for row in rows] for rows in due] == [[20, 40]]
    assert [line.text for line in ledgers(shelf).lines(due)] == [
        "Analysts expect AI agents in 20% of firms and 40% of banks in 2025"
    ]


def test_a_report_that_is_removed_or_put_again_leaves_no_figure_behind(shelf: Shelf) -> None:
    report = shelf.put("report", "Nvidia sold 30% more.", published=NEW)
    shelf.put("report", "Nvidia sold 31% more.", published=NEW)
    assert [row.value for row in ledger_of(shelf, "Nvidia").rows] == [31]
    shelf.library.remove(report)
    assert ledger_of(shelf, "Nvidia").rows == ()


def test_a_translation_that_gives_the_day_moves_the_figures_along(shelf: Shelf) -> None:
    shelf.put("report", "Nvidia sold 30% more.")
    shelf.put("report", "英伟达多卖了30%。", "zh", published=NEW)
    assert [row.published for row in ledger_of(shelf, "Nvidia").rows] == [NEW.toordinal()]


def test_as_of_a_day_later_figures_are_not_seen(shelf: Shelf) -> None:
    shelf.put("old", "Nvidia sold 20% more.", published=OLD)
    shelf.put("new", "Nvidia sold 30% more.", published=NEW)
    shelf.library.see_until(OLD)
    assert [row.value for row in ledger_of(shelf, "Nvidia").rows] == [20]


def seed_rows() -> list[list[str]]:
    text = Path(__file__).with_name("seeds_conflicts.tsv").read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


def test_the_seeds_conflicts_are_those_that_were_listed_by_hand(app: App) -> None:
    rows = [row for topic in app.glossary.topics for row in app.library.figures_on([topic], 1_000)]
    found = conflicts(FigureLedgers(app.library, app.search).entries(dict.fromkeys(rows)))
    told = sorted(
        sorted(entry.figure.clause for entry in one.entries if entry.language == "en") for one in found
    )
    assert told == sorted(sorted(row[1:3]) for row in seed_rows() if row[0] == "conflict")


def test_what_only_looks_like_a_conflict_stands_in_the_seeds(app: App) -> None:
    texts = "\n".join(app.library.text(report, "en") or "" for report in app.library.report_ids())
    rows = seed_rows()
    assert len(rows) > 10
    assert [part for row in rows for part in row[1:3] if part not in texts] == []
