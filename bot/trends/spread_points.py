"""Chooses the points of a briefing on a topic: the latest first, then spread over the months that its verdict speaks of. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from msgspec.structs import replace

from bot.models import Language
from bot.trends.evidence import Evidence
from bot.trends.hearsay import is_hearsay
from bot.trends.news_value import LEAST, news_value_of
from bot.trends.ranking import Ranked, near_duplicates, tell_of_one_event
from bot.trends.salience import MONTHS, WeighedReport, crowding, latest_of
from bot.trends.standalone import depends_on_previous, with_lead
from bot.trends.statements import Wording

_LATEST = 2
_OF_REPORT = 3
# Sentences of a report whose news value is read, which takes longer than all else that is weighed.
_READ_OF_REPORT = 3
# A sentence that begins with what was asked for weighs this much more than one that only has it in its first half.
_FIRST = 2.0
# Added to the news value of a sentence, so that where nothing happened something is said.
_ANY = 0.2
# Least news value of a sentence that tells an event and is no talk; with a name and a number, one without reaches less.
_EVENT = 1.0


def _is_one_report(one: Ranked, other: Ranked) -> bool:
    """Return whether two statements are of one report or say the same."""
    return one.statement.report.id == other.statement.report.id or near_duplicates(one, other)


def _is_one_event(one: Ranked, other: Ranked) -> bool:
    """Return whether two statements are of one item of a report or about one event."""
    return _item_of(one) == _item_of(other) or tell_of_one_event(one, other)


def _item_of(one: Ranked) -> tuple[str, str]:
    """Return the report of a statement and the headings above it."""
    wording = next(iter(one.statement.wordings.values()))
    return one.statement.report.id, wording.passage.headings


def choose_spread(
    ranked: Sequence[Ranked],
    count: int,
    evidence: Evidence,
    language: Language,
    chosen: Sequence[Ranked] = (),
) -> list[Ranked]:
    """Return the next `count` points after those already `chosen`: one per report, no repeats, spread over time.

    The order of choice, of news that begins with what was asked for, before anything else:

    1. one whose report's title names in its first half what was asked for: from the latest days if a report of
       them says much on it, else from the newest month
    2. from the reports of the latest days, until there are two points; one report may have both, on two events
       under two headings; if they have none, one from the newest month
    3. one from each earlier month of the verdict's window
    4. the best of the rest; then what is no such news, of each earlier month and of all; then hearsay and what cannot
       be read alone; then sentences in other languages

    The first of them that tells an event, or is of a report on what was asked for, leads.
    """
    read = _best_of_each_report(ranked, _READ_OF_REPORT)
    best = _best_of_each_report([_as_news(one, evidence, language) for one in read], _OF_REPORT)
    latest = latest_of(evidence.sources.values())
    readable = [one for one in best if language in one.statement.wordings]
    own = [one for one in readable if _is_own_report(one.statement.wording_for(language))]
    news = [one for one in own if evidence.is_about(one) and news_value_of(one, language) >= LEAST]
    points = list(chosen)
    most = len(chosen) + count
    newest, *earlier = (_of_month(news, month, evidence) for month in range(MONTHS))
    of_latest = [one for one in news if one.statement.report.id in latest]
    leads = of_latest if any(map(evidence.says_much, latest)) else newest
    titled = (one for one in leads if evidence.is_titled(one, language))
    _add_spread(points, titled, min(most, 1), evidence)
    _add_spread(points, of_latest, min(most, _LATEST), evidence, repeats=_is_one_event)
    _add_spread(points, newest, min(most, 1), evidence)
    for of_month in earlier:
        _add_spread(points, of_month, min(most, len(points) + 1), evidence)
    foreign = [one for one in best if language not in one.statement.wordings]
    _add_spread(points, news, most, evidence)
    for month in range(1, MONTHS):
        _add_spread(points, _of_month(own, month, evidence), min(most, len(points) + 1), evidence)
    for pool in (own, readable, foreign):
        _add_spread(points, pool, most, evidence)
    return points[len(chosen) :] if chosen else _event_first(points, evidence, language)


def _event_first(points: list[Ranked], evidence: Evidence, language: Language) -> list[Ranked]:
    """Return the points, led by the first that tells an event or is of a report on it, so that no mention in passing leads.

    One from before the verdict's window leads only if the others are from before it, too.
    """

    def can_lead(one: Ranked) -> bool:
        if is_recent and evidence.month_of(one.statement.report.id) is None:
            return False
        is_event = evidence.begins_with_it(one) and news_value_of(one, language) >= _EVENT
        return is_event or evidence.is_titled(one, language)

    is_recent = any(evidence.month_of(one.statement.report.id) is not None for one in points)
    lead = next(filter(can_lead, points), None)
    return [lead, *(one for one in points if one is not lead)] if lead else points


def _of_month(ranked: Iterable[Ranked], month: int, evidence: Evidence) -> list[Ranked]:
    """Return the statements of a month of the verdict's window, 0 the newest."""
    return [one for one in ranked if evidence.month_of(one.statement.report.id) == month]


def _as_news(one: Ranked, evidence: Evidence, language: Language) -> Ranked:
    """Return a statement reweighed by how much it is news on what was asked for, and whether it begins with that."""
    if not evidence.is_about(one):
        return replace(one, weight=one.weight * _ANY)
    first = _FIRST if evidence.begins_with_it(one) else 1.0
    return replace(one, weight=one.weight * first * (_ANY + news_value_of(one, language)))


def _is_own_report(wording: Wording) -> bool:
    """Return whether a sentence is no hearsay and, with those quoted before it, can be read alone."""
    return not is_hearsay(wording.sentence.text) and not depends_on_previous(with_lead(wording)[0].text)


def _add_spread(
    points: list[Ranked],
    pool: Iterable[Ranked],
    most: int,
    evidence: Evidence,
    repeats: Callable[[Ranked, Ranked], bool] = _is_one_report,
) -> None:
    """Append the best of `pool` to `points` until there are `most`, lowering those of days that already have points.

    Leaves out what, by `repeats`, repeats a point.
    """
    waiting = list(pool)
    while waiting and len(points) < most:
        told = {one.statement.report.id for one in points}
        days = [evidence.sources[report] for report in told if report in evidence.sources]
        best = max(waiting, key=lambda one: one.weight * _crowding(one, evidence, days))
        waiting.remove(best)
        if not any(repeats(best, one) for one in points):
            points.append(best)


def _crowding(one: Ranked, evidence: Evidence, chosen: Iterable[WeighedReport]) -> float:
    source = evidence.sources.get(one.statement.report.id)
    return crowding(source.day, chosen) if source else 1.0


def _best_of_each_report(ranked: Sequence[Ranked], most: int) -> list[Ranked]:
    """Return the best sentences of each report, at most `most`."""
    by_report = sorted(ranked, key=lambda one: (one.statement.report.id, -one.weight))
    groups = groupby(by_report, key=lambda one: one.statement.report.id)
    return [one for _, group in groups for one in list(group)[:most]]
