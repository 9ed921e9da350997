"""/compare: two topics side by side, in one chart and in words: who leads since when, what they share.

split "DeepSeek vs Qwen", 算力和芯片对比     # by the words between them; whether both are subjects is seen later
-> parse each half as a question -> read both histories -> draw a chart with its caption
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import ClassVar

from msgspec import Struct

from bot.dialogue.context import Command, Context
from bot.dialogue.effects import OpenView
from bot.dialogue.histories import BUTTONS, Each, drawn, event_links, heading_of, history_reader
from bot.dialogue.pages import OpenTopic, citation_buttons, edited, nothing_found, passage_message
from bot.dialogue.reply import Reply
from bot.languages import other_language
from bot.library.query import Query
from bot.messages import Button, Message, Press, Rights, Rows
from bot.rendering.renderer import fits
from bot.text.rule_data import read_rows
from bot.trends.comparison import Comparison, compare
from bot.trends.concepts import asking
from bot.trends.events import Subject

_AROUND = " .,!?…。，！？:：、"
_OF = "的"
_SPACE = re.compile(r"\s+")
_HERE = Path(__file__).parent


_LONGEST = 200


def pair_in(text: str, sound: Callable[[str], bool]) -> tuple[str, str] | None:
    """Return the two things that `text` explicitly compares, or None. Both must satisfy `sound`.

    "and" separates them only if other words state the comparison ("compare A and B"). What is said of both behind the
    second is said of each: 百度和阿里的芯片 are 百度的芯片 and 阿里的芯片.
    """
    asked = _without(text, "ask")
    bare = _bare(asked)
    compared = bare != asked
    return _pair(bare, sound, _parting("between", "and") if compared else _parting("between"))


def pair_after(text: str, sound: Callable[[str], bool]) -> tuple[str, str] | None:
    """Return the two things named after /compare, preferring a split where both satisfy `sound`.

    If no word separates them, a space between two that do is enough.
    """
    bare, parting = _bare(_without(text, "ask")), _parting("between", "and")
    return _pair(bare, sound, parting) or next(_halves(bare, parting), None) or _pair(bare, sound, _SPACE)


def _pair(text: str, sound: Callable[[str], bool], parting: re.Pattern[str]) -> tuple[str, str] | None:
    shared = (_with_shared_noun(one, other) for one, other in _halves(text, parting))
    return next(((one, other) for one, other in shared if sound(one) and sound(other)), None)


def _with_shared_noun(one: str, other: str) -> tuple[str, str]:
    """Return the halves, the first one with what stands behind 的 in the second."""
    noun = "" if _OF in one else other.partition(_OF)[2]
    return (f"{one}{_OF}{noun}", other) if noun else (one, other)


def _halves(text: str, parting: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield the text on either side of each separator."""
    for match in parting.finditer(text):
        one, other = text[: match.start()].strip(_AROUND), text[match.end() :].strip(_AROUND)
        if one and other:
            yield one, other


def _bare(text: str) -> str:
    """Return the text without the words that only ask for a comparison: a leading 对比一下, a trailing 哪个好."""
    begun = _without(text, "begin")
    return re.sub(rf"(?:{_words('end')})$", "", begun, count=1, flags=re.IGNORECASE).strip(_AROUND)


def _without(text: str, kind: str) -> str:
    """Return the text without words of a kind at its beginning."""
    shown = text.strip(_AROUND)
    return re.sub(rf"^(?:{_words(kind)})", "", shown, count=1, flags=re.IGNORECASE).strip(_AROUND)


@cache
def _parting(*kinds: str) -> re.Pattern[str]:
    return re.compile("|".join(_words(kind) for kind in kinds), re.IGNORECASE)


@cache
def _words(kind: str) -> str:
    """Return a pattern of the words of a kind, longest first; Latin ones stand between spaces, or before a comma or colon."""
    words = sorted(
        (word for word, kinds in read_rows(_HERE / "comparison_words.tsv") if kind in kinds.split(",")),
        key=len,
        reverse=True,
    )
    return "|".join(
        rf"(?<!\S){re.escape(w)}(?![^\s,:])" if w.isascii() and w[0].isalpha() else re.escape(w)
        for w in words
    )


class ShowComparison(Press, frozen=True):
    """Button: shows the comparison of the view's question by week or by month."""

    each: Each

    code: ClassVar[str] = "cm"


class OpenComparedEvent(Press, frozen=True):
    """Button: opens the passage behind an event of a comparison, by its number."""

    number: int

    code: ClassVar[str] = "co"


class _Compared(Struct, frozen=True):
    """Two queries with their names and their comparison."""

    queries: tuple[Query, Query]
    names: tuple[str, str]
    comparison: Comparison


def _answer(context: Context, text: str) -> Reply:
    pair = pair_after(text, lambda half: _subject(context, half) is not None)
    view = context.new_view(text if pair else "")
    if pair is None:
        return context.say("ask_compare")
    return Reply(_compared_message(context, pair, view.id), effects=(OpenView(view),))


def typed_alone(context: Context, text: str) -> Reply | None:
    """Answer a comparison typed without a command, such as "DeepSeek vs Qwen"; None for any other text.

    None too for one that reports answer themselves: which is better, how they differ, what each costs.
    """
    pair = pair_in(text, lambda half: _subject(context, half) is not None)
    if pair is None or _is_told(context, text) or _compared(context, pair, "month") is None:
        return None
    view = context.new_view(text)
    return Reply(_compared_message(context, pair, view.id), effects=(OpenView(view),))


def _is_told(context: Context, text: str) -> bool:
    services = context.services
    return services.briefer.answers_by_day(services.understand(text), context.language, context.today)


def _compared_message(context: Context, pair: tuple[str, str], view: str) -> Message:
    """Return the comparison of a pair, or why it cannot be made: an unknown half, or the same name twice."""
    compared = _compared(context, pair, "month")
    if compared is not None:
        return _message(context, compared, view, "month")
    lacking = next((half for half in pair if _subject(context, half) is None), None)
    if lacking is None:
        return context.message("ask_compare")
    return nothing_found(context, context.services.understand(lacking), view)


def _show(context: Context, press: ShowComparison) -> Reply:
    compared = _asked_again(context, press.each)
    shown = _message(context, compared, press.view, press.each) if compared else None
    return edited(context, shown)


def _open(context: Context, press: OpenComparedEvent) -> Reply:
    compared = _asked_again(context, "month")
    events = compared.comparison.events if compared else ()
    if not 0 < press.number <= len(events):
        return context.refuse("stale")
    return edited(context, passage_message(context, events[press.number - 1].passage, press.number))


def _asked_again(context: Context, each: Each) -> _Compared | None:
    pair = (
        pair_after(context.view.query, lambda half: _subject(context, half) is not None)
        if context.view
        else None
    )
    return _compared(context, pair, each) if pair else None


def _subject(context: Context, text: str) -> Subject | None:
    """Return the topic or name of one half, or None if it is neither or no report mentions it.

    A name that is no topic has a capital letter or a digit: "agents vs humans" is a question. A name and what of it is
    compared (百度的大模型) are one subject.
    """
    query = context.services.understand(text)
    named = query.name and any(character.isupper() or character.isdigit() for character in text)
    proper = {context.services.glossary.topics[topic].proper for topic in query.topics}
    of_name = query.plain and proper == {True, False} and not asking(text).kinds
    if not (query.names_one_topic or named or of_name):
        return None
    subject = history_reader(context).subject_of(query)
    return (
        subject if subject and context.services.library.is_mentioned(subject.topics, subject.term) else None
    )


def _compared(context: Context, pair: tuple[str, str], each: Each) -> _Compared | None:
    """Compare a pair; None if a half is no topic or has no dated report."""
    one, other = (_subject(context, half) for half in pair)
    if one is None or other is None or one == other:
        return None
    first, second = (context.services.understand(half) for half in pair)
    reader = history_reader(context)

    def named(query: Query) -> str:  # what of a name is compared is told as it was typed: 百度的大模型
        return query.text if query.topics[1:] else heading_of(context, query, reader)

    with context.services.library.snapshot():
        span = reader.span(second if second.period else first, context.today)
        comparison = compare(
            context.services.library, reader, (one, other), context.language, span, weekly=each == "week"
        )
    if comparison is None:
        return None
    return _Compared((first, second), (named(first), named(second)), comparison)


def _message(context: Context, compared: _Compared, view: str, each: Each) -> Message:
    comparison, names = compared.comparison, compared.names
    picture = drawn(
        context, comparison.chart, context.word("compared", *names), {"0": names[0], "1": names[1]}
    )
    topics = context.services.glossary.topics
    longest = _LONGEST
    while True:
        caption = context.services.renderer.message(
            "compare",
            context.language,
            c=comparison,
            names=names,
            shared=[topics[topic].names[context.language] for topic in comparison.shared if topic in topics],
            events=comparison.events,
            links=event_links(context, comparison.events),
            longest=longest,
            missing=picture.missing,
        )
        message = Message(caption, _rows(context, compared, view, each), picture.image)
        if fits(message) or longest < 60:
            return message
        longest -= 40


def _rows(context: Context, compared: _Compared, view: str, each: Each) -> Rows:
    language, topics = context.language, context.services.glossary.topics
    passages = {number: event.passage for number, event in enumerate(compared.comparison.events, 1)}
    other: Each = "week" if each == "month" else "month"
    named = [query.topics[0] for query in compared.queries if len(query.topics) == 1]
    return (
        tuple(citation_buttons(context, passages, lambda n: OpenComparedEvent(view, language, n))),
        tuple(Button(topics[topic].names[language], OpenTopic(view, language, topic)) for topic in named),
        (
            context.button(ShowComparison(view, language, other), BUTTONS[other]),
            context.button(ShowComparison(view, other_language(language), each), "button_other_language"),
        ),
    )


COMMAND = Command(
    name="compare",
    words=("对比", "比较"),
    handle=_answer,
    order=14,
    rights=Rights.ANYONE,
    takes=True,
    buttons={ShowComparison: _show, OpenComparedEvent: _open},
)
