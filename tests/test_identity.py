"""Which report a document is: the issues of a daily are different reports; a corrected or edited issue is the same one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from library_kit import NOW, Shelf, editions, write

DAYS = ("2026-01-05", "2026-01-06", "2026-01-07")
AT = int(NOW.timestamp())
TEXTS = {
    "en": ("Compute grew by 3%.", "A court stopped the merger.", "Chips from Taiwan arrive late."),
    "zh": ("算力增长了百分之三。", "法院叫停了这起合并。", "台湾的芯片晚到了。"),
}


def daily(folder: Path, number: int, language: str = "en", **matter: str) -> Path:
    """Write an issue of a daily whose title is the same each day, and return its path."""
    matter = {"title": "Morning news", "publisher": "The Daily", "published": DAYS[number], **matter}
    return write(folder, f"{number}.{language}.md", TEXTS[language][number], **matter)


def held(shelf: Shelf) -> dict[str, str]:
    """Return the stored texts by their days."""
    days = {
        report.id: str(report.published)
        for report in shelf.library.reports(shelf.library.report_ids()).values()
    }
    return {days[report]: text for report, _, text in editions(shelf.library)}


def all_issues(language: str = "en") -> dict[str, str]:
    """Return the texts of all issues by their days."""
    return dict(zip(DAYS, TEXTS[language], strict=True))


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_each_issue_of_a_daily_is_a_report_of_its_own(
    order: tuple[int, ...], shelf: Shelf, tmp_path: Path
) -> None:
    results = [shelf.take(daily(tmp_path, number)) for number in order]
    assert [result.status for result in results] == ["added"] * 3
    assert held(shelf) == all_issues()
    again = [shelf.take(daily(tmp_path, number)) for number in reversed(order)]
    assert [result.status for result in again] == ["unchanged"] * 3
    assert [result.id for result in again] == [result.id for result in reversed(results)]


def test_issues_that_come_in_together_are_kept_too(shelf: Shelf, tmp_path: Path) -> None:
    lines = [
        {"title": "早报", "publisher": "日报", "published": day, "text": text}
        for day, text in zip(DAYS, TEXTS["zh"], strict=True)
    ]
    path = tmp_path / "daily.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in [*lines, *lines]), "utf-8")
    statuses = [result.status for result in shelf.ingest.path(path, AT)]
    assert statuses == ["added"] * 3 + ["unchanged"] * 3
    assert held(shelf) == all_issues("zh")


def test_a_file_that_is_written_over_each_day_is_a_report_each_day(shelf: Shelf, tmp_path: Path) -> None:
    for day, text in zip(DAYS, TEXTS["en"], strict=True):
        shelf.take(
            write(tmp_path, "today.md", text, title="Morning news", publisher="The Daily", published=day)
        )
    assert held(shelf) == all_issues()


def test_an_edited_issue_is_replaced_under_its_id(shelf: Shelf, tmp_path: Path) -> None:
    ids = [shelf.take(daily(tmp_path, number)).id for number in range(3)]
    edited = write(tmp_path, "1.en.md", "A judge let it pass.", title="Morning news", publisher="The Daily",
                   published=DAYS[1])  # fmt: skip
    result = shelf.take(edited)
    assert (result.status, result.id) == ("replaced", ids[1])
    assert held(shelf) == all_issues() | {DAYS[1]: "A judge let it pass."}


def test_a_corrected_day_is_the_day_of_the_same_report(shelf: Shelf, tmp_path: Path) -> None:
    first = shelf.take(daily(tmp_path, 0))
    corrected = shelf.take(daily(tmp_path, 0, published="2026-01-04"))
    assert (corrected.status, corrected.id) == ("replaced", first.id)
    assert held(shelf) == {"2026-01-04": TEXTS["en"][0]}


def test_a_day_that_is_added_to_a_file_is_that_of_its_report(shelf: Shelf, tmp_path: Path) -> None:
    write(tmp_path, "0.en.md", TEXTS["en"][0], title="Morning news", publisher="The Daily")
    first = shelf.take(tmp_path / "0.en.md")
    assert shelf.take(daily(tmp_path, 0)).id == first.id
    assert held(shelf) == {DAYS[0]: TEXTS["en"][0]}


def test_a_translation_belongs_to_the_issue_that_it_names(shelf: Shelf, tmp_path: Path) -> None:
    originals = [shelf.take(daily(tmp_path, number)).id for number in range(3)]
    translations = [
        shelf.take(
            write(
                tmp_path,
                f"{number}.zh.md",
                TEXTS["zh"][number],
                title="早报",
                translation_of=f"{number}.en.md",
            )
        )
        for number in (2, 0, 1)
    ]
    assert [result.id for result in translations] == [originals[number] for number in (2, 0, 1)]
    assert {result.status for result in translations} == {"added"}


def test_a_page_at_one_address_is_one_report_whatever_its_day(shelf: Shelf, tmp_path: Path) -> None:
    for number in range(3):
        shelf.take(daily(tmp_path, number, url="https://daily.example/today"))
    assert held(shelf) == {DAYS[2]: TEXTS["en"][2]}


def test_issues_keep_their_ids_when_the_library_is_filled_anew(shelf: Shelf, tmp_path: Path) -> None:
    ids = [shelf.take(daily(tmp_path, number)).id for number in (1, 0, 2)]
    empty = tmp_path / "seeds"
    empty.mkdir()
    for _ in shelf.ingest.rebuild(empty, AT, {}):
        pass
    assert held(shelf) == all_issues()
    again = [shelf.take(daily(tmp_path, number)) for number in (1, 0, 2)]
    assert [(result.id, result.status) for result in again] == [(one, "unchanged") for one in ids]
