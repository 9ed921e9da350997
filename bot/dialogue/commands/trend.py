"""/trend: a briefing on a question, and the handlers of its buttons.

route the text -> parse the query -> make a briefing from the library -> render it with its buttons
-> store a view, so that More, Figures, Sources, citations and related topics find the question again
-> on a press, load the view, make the briefing again and edit the message
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from bot.dialogue.context import Command, Context, new_id
from bot.dialogue.effects import OpenView
from bot.dialogue.histories import ShowChart, ShowTimeline
from bot.dialogue.pages import (
    OpenTopic,
    citation_buttons,
    did_you_mean,
    edited,
    nothing_found,
    offered_topics,
    passage_message,
    topic_rows,
)
from bot.dialogue.panel import StartSubscription
from bot.dialogue.reply import Reply
from bot.dialogue.retelling import retelling_of, with_retelling
from bot.languages import other_language
from bot.library.query import Query
from bot.messages import Button, Message, Press, Rights, Rows
from bot.models import Language
from bot.rendering.attachment import Attachment
from bot.rendering.renderer import deep_links, fits
from bot.state.views import View
from bot.text.normalise import fold
from bot.trends.briefing import Briefing

if TYPE_CHECKING:
    from bot.rewriting.material import Retelling

Shown = Literal["first", "more", "figures", "sources", "original"]
"""Parts of a briefing; "original" is the first part without a retelling."""

_OTHERS: tuple[Shown, ...] = ("more", "figures", "sources")
_FORMS = 2
# Fewer reports make no useful chart.
_CHARTED = 8
# Telegram shows eight buttons in a row and no more.
_PER_ROW = 8


class ShowBriefing(Press, frozen=True):
    """Button: shows a part of the briefing on the view's question; the part's name is its code."""

    shown: Shown

    code: ClassVar[str] = ""


class OpenCitation(Press, frozen=True):
    """Button: opens a passage that the briefing cites, by its number."""

    number: int

    code: ClassVar[str] = "c"


class OpenCitedIn(Press, frozen=True):
    """Button: opens a cited passage from a part of the briefing, to which Back returns."""

    shown: Shown
    number: int

    code: ClassVar[str] = "ci"


class SaveBriefing(Press, frozen=True):
    """Button: sends the whole briefing as a file."""

    code: ClassVar[str] = "save"


def answer(context: Context, text: str) -> Reply:
    """Answer a question with a briefing, or offer topics to choose from."""
    query = context.services.understand(text)
    view = context.new_view(query.text)
    # A rare word beside others may be meant as typed, a rare name hardly.
    doubtful = query.words if len(query.words) == 1 and not query.topics else query.names
    if doubtful and (asked := did_you_mean(context, doubtful, view.id)):
        return Reply(asked, effects=(OpenView(view),))
    briefing = _brief(context, query)
    if query.empty:
        message = offered_topics(context, "ask_topic", view.id)
    elif briefing is None:
        message = nothing_found(context, query, view.id)
    else:
        message = _briefing_message(context, briefing, view.id, "first")
    reply = Reply(message, effects=(OpenView(view),))
    return with_retelling(context, reply, briefing, ShowBriefing(view.id, context.language, "first"))


def _open_topic(context: Context, press: OpenTopic) -> Reply:
    return open_briefing(context, press.topic)


def open_briefing(context: Context, text: str) -> Reply:
    """Replace the pressed message by a briefing with a view of its own, so that its buttons refer to it."""
    origin = context.view
    asker = origin.user_id if origin else context.event.user_id
    briefing = _brief(context, context.services.understand(text))
    if briefing is None:
        return context.refuse("stale")
    came_from = origin.id if origin and origin.query else ""
    view = View(new_id(), context.event.chat_id, asker, text, came_from=came_from)
    message = _briefing_message(context, briefing, view.id, "first", came_from)
    reply = Reply(message, edit=True, effects=(OpenView(view),))
    return with_retelling(context, reply, briefing, ShowBriefing(view.id, context.language, "first"))


def _show(context: Context, press: ShowBriefing) -> Reply:
    briefing = _asked_again(context)
    if briefing is None:
        return edited(context, _offered_again(context, press))
    came_from = context.view.came_from if context.view else ""
    reply = edited(context, _briefing_message(context, briefing, press.view, press.shown, came_from))
    return with_retelling(context, reply, briefing, press) if press.shown == "first" else reply


def _save(context: Context, _: SaveBriefing) -> Reply:
    """Send the briefing on the view's question with all its parts as a Markdown file."""
    briefing = _asked_again(context)
    if briefing is None:
        return context.refuse("stale")
    heading = _heading(context, briefing)
    renderer = context.services.renderer
    text = renderer.plain(
        "publish/briefing.md", context.language, b=briefing, heading=heading, day=context.today
    )
    return Reply(files=(Attachment(f"briefing-{context.today}.md", text),))


def _offered_again(context: Context, press: ShowBriefing) -> Message | None:
    """Return the topics offered for an unanswered question, to which Back returns."""
    query = context.viewed_query
    return nothing_found(context, query, press.view) if query.text and press.shown == "first" else None


def _open_citation(context: Context, press: OpenCitation) -> Reply:
    return _cited(context, press, press.number, "first")


def _open_cited_in(context: Context, press: OpenCitedIn) -> Reply:
    return _cited(context, press, press.number, press.shown)


def _cited(context: Context, press: Press, number: int, shown: Shown) -> Reply:
    """Open the passage that the briefing cites as `number`; Back returns to the part `shown`."""
    briefing = _asked_again(context)
    if briefing is None or not 0 < number <= len(briefing.citations):
        return context.refuse("stale")
    back = ShowBriefing(press.view, press.language, shown)
    passage = briefing.citations[number - 1]
    return edited(context, passage_message(context, passage, number, back))


def show_again(context: Context, view: View, part: Shown) -> Reply | None:
    """Send `part` of the briefing on an earlier question as a message of its own; None if there is no briefing now."""
    briefing = _brief(context, context.services.understand(view.query))
    return Reply(_briefing_message(context, briefing, view.id, part, view.came_from)) if briefing else None


def _asked_again(context: Context) -> Briefing | None:
    """Make the briefing on the question of the pressed button again; None if there is none now."""
    return _brief(context, context.viewed_query)


def _brief(context: Context, query: Query) -> Briefing | None:
    return context.services.briefer.brief(query, context.language, context.today)


# -- the message -------------------------------------------------------------------------------------------


def _briefing_message(
    context: Context, briefing: Briefing, view: str, shown: Shown, came_from: str = ""
) -> Message:
    """Return the message of a briefing with the part `shown` open; lines that do not fit are left to the other parts."""
    retelling = retelling_of(context, briefing) if shown == "first" else None
    rows = _rows(context, briefing, view, shown, came_from)
    if retelling:
        original = context.button(ShowBriefing(view, context.language, "original"), "button_original")
        rows = (*rows[:-1], (*rows[-1], original))
    while True:
        message = Message(_text(context, briefing, shown, retelling), rows)
        if fits(message) or (shorter := briefing.shortened()) is None:
            return message
        briefing = shorter


def _text(context: Context, briefing: Briefing, shown: Shown, retelling: Retelling | None) -> str:
    whole = "briefing" if briefing.query.names_one_topic else "answer"
    parts = {} if shown in _OTHERS else {"retelling": retelling}
    return context.services.renderer.message(
        shown if shown in _OTHERS else whole,
        context.language,
        **parts,
        b=briefing,
        heading=_heading(context, briefing),
        forms=_other_forms(briefing, context.language),
        links=deep_links(context.services.profile.username, briefing.citations),
        first_citations=max([p.citation for p in briefing.points] + [f.citation for f in briefing.figures]),
    )


def _heading(context: Context, briefing: Briefing) -> str:
    if len(briefing.topics) != 1 or not briefing.query.plain:
        return briefing.query.text
    return context.word("topic_heading", dict(briefing.topics[0].names))


def _rows(context: Context, briefing: Briefing, view: str, shown: Shown, came_from: str) -> Rows:
    """Return the buttons under a briefing; `came_from` is the view of the briefing that Back returns to, or ""."""
    language = context.language
    translated = context.button(ShowBriefing(view, other_language(language), shown), "button_other_language")
    last: list[Button] = [translated]
    back = view if shown != "first" else came_from
    if back:
        last.insert(0, context.button(ShowBriefing(back, language, "first"), "button_back"))
    if shown == "first" and context.event.private:  # Only admins configure a group.
        last.append(context.button(StartSubscription(view, language), "button_daily"))
    if shown == "sources":
        last.append(context.button(SaveBriefing(view, language), "button_save"))
    related = topic_rows(context, briefing.related, view) if shown == "first" else ()
    rows = (_citation_row(context, briefing, view, shown), _part_row(context, briefing, view, shown))
    return tuple(row for row in (*rows, *related, tuple(last)) if row)


def _citation_row(context: Context, briefing: Briefing, view: str, shown: Shown) -> tuple[Button, ...]:
    cited = {number: briefing.citations[number - 1] for number in _cited_by(briefing, shown)[:_PER_ROW]}
    if shown == "first":
        return tuple(citation_buttons(context, cited, lambda n: OpenCitation(view, context.language, n)))
    return tuple(citation_buttons(context, cited, lambda n: OpenCitedIn(view, context.language, shown, n)))


def _part_row(context: Context, briefing: Briefing, view: str, shown: Shown) -> tuple[Button, ...]:
    """Return buttons to the other parts of a briefing, each with its number of lines; empty parts have none."""
    counts = {
        "more": len(briefing.more_points),
        "figures": len(briefing.figures) + len(briefing.more_figures),
        "sources": len(briefing.sources),
    }
    parts = [
        context.button(ShowBriefing(view, context.language, name), f"button_{name}", counts[name])
        for name in _OTHERS
        if name != shown and counts[name]
    ]
    if shown == "first" and briefing.verdict.dated >= _CHARTED and briefing.query.names_one_topic:
        parts.append(context.button(ShowChart(view, context.language, "publisher", "month"), "button_chart"))
        parts.append(context.button(ShowTimeline(view, context.language), "button_timeline"))
    return tuple(parts)


def _cited_by(briefing: Briefing, shown: Shown) -> list[int]:
    """Return the citation numbers of the open part of a briefing in order; of its points if it also has figures."""
    if shown == "figures":
        numbers = [line.citation for line in (*briefing.figures, *briefing.more_figures)]
    else:
        points = {"sources": (), "more": briefing.more_points}.get(shown, briefing.points)
        numbers = [point.citation for point in points]
    return sorted(set(numbers))


def _other_forms(briefing: Briefing, language: Language) -> list[str]:
    """Return the most common forms, per language, that were searched for in addition to those typed."""
    query = briefing.query
    known = {*query.typed, *query.dropped}
    usual = [
        form
        for topic in briefing.topics
        for own in (language, *(other for other in topic.forms if other != language))
        for form in topic.forms[own][:_FORMS]
    ]
    return [form for form in dict.fromkeys(usual) if fold(form) not in known]


COMMAND = Command(
    name="trend",
    words=("趋势", "简报"),
    handle=answer,
    order=10,
    rights=Rights.ANYONE,
    takes=True,
    buttons={
        OpenTopic: _open_topic,
        ShowBriefing: _show,
        SaveBriefing: _save,
        OpenCitation: _open_citation,
        OpenCitedIn: _open_cited_in,
    },
)
