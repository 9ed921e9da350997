"""/sources: the reports that answers come from, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.dialogue.context import Command, Context
from bot.dialogue.effects import OpenView, Reply
from bot.dialogue.pages import HIGHEST_PAGE, edited, longest_fitting, page_rows
from bot.models import Message, Press, Rights

_REPORTS = 6


@dataclass(frozen=True, slots=True)
class ReportPage(Press):
    """Another page of reports, from 0."""

    page: int

    code: ClassVar[str] = "rp"


def _answer(context: Context, _: str) -> Reply:
    view = context.new_view()
    message = _page(context, 0, view.id) or context.message("library_empty")
    return Reply(message, effects=(OpenView(view),))


def _turn(context: Context, press: ReportPage) -> Reply:
    return edited(context, _page(context, press.page, press.view))


def _page(context: Context, page: int, view: str) -> Message | None:
    """A page of the library's reports, None when there is no such page."""
    library, language = context.services.library, context.language
    ids = library.report_ids(limit=_REPORTS + 1, offset=page * _REPORTS) if page <= HIGHEST_PAGE else []
    if not ids:
        return None
    reports = library.reports(ids[:_REPORTS])
    listed = [reports[report] for report in ids[:_REPORTS] if report in reports]
    rows = page_rows(
        context, page, lambda number: ReportPage(view, language, number), more=len(ids) > _REPORTS
    )
    coverage = library.coverage()

    def shown(count: int) -> Message:
        text = context.services.renderer.message(
            "library", language, reports=listed[:count], coverage=coverage
        )
        return Message(text, rows)

    return longest_fitting(shown, len(listed))


COMMAND = Command(
    name="sources",
    words=("来源", "报告"),
    handle=_answer,
    order=40,
    rights=Rights.ANYONE,
    buttons={ReportPage: _turn},
)
