"""/sources: the library's reports, newest first, each with its text, and the sources they come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import ClassVar

from msgspec.structs import replace

from bot.dialogue.context import Command, Context
from bot.dialogue.effects import DeleteReport, OpenView
from bot.dialogue.pages import HIGHEST_PAGE, edited, longest_fitting, page_rows
from bot.dialogue.reply import Reply
from bot.messages import Button, Message, Press, Rights
from bot.models import Edition, Language, Report
from bot.rendering.callbacks import NO_VIEW, rows_of
from bot.rendering.renderer import Renderer

_REPORTS = 6
_NAMED = 12
_PAGE_CHARACTERS = 2_400
"""Characters of a report's text per page; leaves room for the heading in a message of 4,096."""
_CUT_LINES = 40


class ReportPage(Press, frozen=True):
    """Button: shows a page of reports, counted from 0."""

    page: int

    code: ClassVar[str] = "rp"


class ReportText(Press, frozen=True):
    """Button: shows a page (from 0) of a report's text."""

    report: str
    page: int

    code: ClassVar[str] = "rt"
    rights: ClassVar[Rights] = Rights.ANYONE
    needs_view: ClassVar[bool] = False


class OpenReport(Press, frozen=True):
    """Button: sends a report's text as a new message, so that the list with the button stays."""

    report: str

    code: ClassVar[str] = "ro"
    rights: ClassVar[Rights] = Rights.OPERATOR
    needs_view: ClassVar[bool] = False


class ReportCut(Press, frozen=True):
    """Button: shows which lines were cut from a report, and why."""

    report: str

    code: ClassVar[str] = "rc"
    rights: ClassVar[Rights] = Rights.OPERATOR
    needs_view: ClassVar[bool] = False


class RemoveReport(Press, frozen=True):
    """Button: removes a report from the library."""

    report: str

    code: ClassVar[str] = "rx"
    rights: ClassVar[Rights] = Rights.OPERATOR
    needs_view: ClassVar[bool] = False


def _answer(context: Context, _: str) -> Reply:
    view = context.new_view()
    message = _page(context, 0, view.id) or context.message("library_empty")
    return Reply(message, effects=(OpenView(view),))


def _turn(context: Context, press: ReportPage) -> Reply:
    return edited(context, _page(context, press.page, press.view))


def _page(context: Context, page: int, view: str) -> Message | None:
    """Return a page of the library's reports, or None if there is no such page."""
    library, language = context.services.library, context.language
    ids = library.report_ids(limit=_REPORTS + 1, offset=page * _REPORTS) if page <= HIGHEST_PAGE else []
    if not ids:
        return None
    reports = library.reports(ids[:_REPORTS])
    listed = [reports[report] for report in ids[:_REPORTS] if report in reports]
    rows = page_rows(
        context, page, lambda number: ReportPage(view, language, number), more=len(ids) > _REPORTS
    )
    coverage, first = library.coverage(), page * _REPORTS + 1
    names = [one.title for one in context.services.state.sources.all() if one.title and one.reports]

    def shown(count: int) -> Message:
        text = context.services.renderer.message(
            "library",
            language,
            reports=listed[:count],
            coverage=coverage,
            first=first,
            names=names[:_NAMED],
            unnamed=max(0, len(names) - _NAMED),
        )
        numbers = [
            Button(str(first + place), ReportText(view, language, report.id, 0))
            for place, report in enumerate(listed[:count])
        ]
        return Message(text, (*rows_of(numbers, _REPORTS), *rows))

    return longest_fitting(shown, len(listed))


# -- one report --------------------------------------------------------------------------------------------


def _read(context: Context, press: ReportText) -> Reply:
    """Show a page of a report's text, in the chat's language if it has that edition."""
    stored = _found(context, press.report)
    if stored is None:
        return context.refuse("report_gone")
    report, edition = stored
    pages = _pages_of(context.services.library.text(report.id, edition.language) or "")
    page = min(press.page, len(pages) - 1)
    text = context.services.renderer.message(
        "report", context.language, report=report, edition=edition, text=pages[page], page=page, of=len(pages)
    )

    def turned(number: int) -> Press:
        return ReportText(press.view, context.language, report.id, number)

    rows = page_rows(context, page, turned, more=page + 1 < len(pages))
    return Reply(Message(text, (*rows, *_back(context, press.view), *_removal(context, press))), edit=True)


def _open(context: Context, press: OpenReport) -> Reply:
    """Send the first page of a report's text, with the buttons that an operator has for it."""
    return replace(_read(context, ReportText(press.view, press.language, press.report, 0)), edit=False)


def _removal(context: Context, press: ReportText) -> tuple[tuple[Button, ...], ...]:
    """Return an operator's button that removes the report whose text is shown."""
    operator = context.event.private and context.event.user_id in context.services.operators
    if not operator or not context.services.state.originals.of_report(press.report):
        return ()
    remove = RemoveReport(press.view, context.language, press.report)
    return ((context.button(remove, "button_report_remove"),),)


def _cut(context: Context, press: ReportCut) -> Reply:
    """Show line numbers and rules of what was cut, never its text, which may be spam.

    Cuts from a PDF or Word file have no line numbers; then show how many lines each rule cut.
    """
    stored = _found(context, press.report)
    if stored is None:
        return context.refuse("report_gone")
    report, edition = stored
    lines = context.services.library.cut_lines(report.id, edition.language)
    numbered = all(line.number for line in lines)
    rules = [] if numbered else Counter(line.rule for line in lines).most_common()
    shown = lines[:_CUT_LINES] if numbered else []
    text = context.services.renderer.message(
        "cut", context.language, edition=edition, lines=shown, rules=rules, total=len(lines)
    )
    return Reply(
        Message(
            text, (tuple(report_buttons(context.services.renderer, context.language, report.id, cut=False)),)
        ),
        edit=True,
    )


def _remove(context: Context, press: RemoveReport) -> Reply:
    report = _found(context, press.report)
    if report is None:
        return context.refuse("report_gone")
    if not context.services.state.originals.of_report(press.report):
        return context.refuse("report_packaged")
    message = Message(context.notice("report_removed", report[1].shown_title), _back(context, press.view))
    return Reply(message, edit=True, effects=(DeleteReport(press.report),))


def report_buttons(renderer: Renderer, language: Language, report: str, *, cut: bool) -> Iterable[Button]:
    """Yield an operator's buttons for a report: read it, see what was cut, remove it."""

    def button(press: Press, name: str) -> Button:
        return Button(renderer.word(name, language), press)

    yield button(ReportText(NO_VIEW, language, report, 0), "button_report_text")
    if cut:
        yield button(ReportCut(NO_VIEW, language, report), "button_report_cut")
    yield button(RemoveReport(NO_VIEW, language, report), "button_report_remove")


def _pages_of(text: str) -> list[str]:
    """Split a text into one or more pages, at line ends where possible."""
    pages, rest = [], text.strip()
    while len(rest) > _PAGE_CHARACTERS:
        end = rest.rfind("\n", _PAGE_CHARACTERS // 2, _PAGE_CHARACTERS)
        end = end if end > 0 else _PAGE_CHARACTERS
        pages.append(rest[:end].rstrip())
        rest = rest[end:].lstrip("\n")
    return [*pages, rest]


def _found(context: Context, report: str) -> tuple[Report, Edition] | None:
    """Return a report and its edition in the chat's language, or None."""
    found = context.services.library.reports([report]).get(report)
    return (found, found.edition(context.language)) if found else None


def _back(context: Context, view: str) -> tuple[tuple[Button, ...], ...]:
    """Return the button back to the list that a report was opened from, if any."""
    if view == NO_VIEW:
        return ()
    return ((context.button(ReportPage(view, context.language, 0), "button_library"),),)


COMMAND = Command(
    name="sources",
    words=("来源", "报告"),
    handle=_answer,
    order=40,
    rights=Rights.ANYONE,
    buttons={ReportPage: _turn, ReportText: _read, OpenReport: _open, ReportCut: _cut, RemoveReport: _remove},
)
