"""Reads the sentences that answer a question by the days of their reports: of an event, of releases, of who acted, of amounts,
prices and ranks. In a period that the question names, its reports tell, else what names the period, else all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import zip_longest
from typing import NamedTuple

from msgspec.structs import replace

from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query
from bot.models import IndexedPassage, Language, Report
from bot.text.normalise import fold
from bot.text.periods import Period, split_period
from bot.trends.actions import actions_of
from bot.trends.amounts import amount_asked, newest_amounts, passages_with_amounts, states_amount
from bot.trends.answering import of_versions
from bot.trends.concepts import actions_asked, asks_of_actor
from bot.trends.contrasts import contrast_asked, passages_with_contrasts, states_contrast
from bot.trends.event_days import by_day, event_asked, is_on, passages_on, tells_of
from bot.trends.news_value import newest_first
from bot.trends.prices import PriceAsked, newest_prices, passages_with_prices, price_asked, states_price
from bot.trends.ranking import Ranked, rank, tell_of_one_event
from bot.trends.releases import Maker, maker_asked, newest_releases, passages_with_releases, tells_of_release
from bot.trends.statements import Statement, statements
from bot.trends.superlatives import passages_with_superlatives, states_superlative, superlative_asked

# Sentences that compare what two things cost, before the prices of each.
_ON_PRICE = 3


_Answers = tuple[list[Ranked], dict[str, Report]]
_Days = tuple[date, date] | None


class PeriodAsked(NamedTuple):
    """A question without the words of the period or year that it names, that period, and its words as typed."""

    query: Query
    period: Period
    typed: str


class DatedAnswers(NamedTuple):
    """Sentences that answer a question, in the order of their days, the reports that were searched, and the question as answered."""

    ranked: list[Ranked]
    reports: dict[str, Report]
    query: Query


class DatedAnswerReader:
    """Reader of answers by day from one library."""

    def __init__(self, library: Library, glossary: Glossary) -> None:
        self._library = library
        self._glossary = glossary

    def by_day(self, query: Query, language: Language, today: date) -> DatedAnswers:
        """Return the sentences that answer a question by the days of their reports.

        They tell of an event whose day is asked, the first day's first; of what a maker released until `today`, of who acted
        in a period, of an amount, of a price, of the best or of which is better, the newest first. Empty for other questions.
        """
        if maker := maker_asked(query, self._glossary):
            return DatedAnswers(*self._releases(maker, query, language, today), query)
        event = event_asked(query, self._glossary)
        if event is None:
            return self._newest(query, language, today)
        passages = passages_on(event, self._library)
        ranked, reports = self._ranked(
            passages, query, language, lambda one: tells_of(event, one, language) and is_on(event, one)
        )
        return DatedAnswers(by_day(ranked, event, language), reports, query)

    def _newest(self, query: Query, language: Language, today: date) -> DatedAnswers:
        """Return the sentences that tell an amount, a price or a rank, or in a period who acted."""
        dated = period_asked(query, today)
        if dated and (told := self._of_period(self._acts, dated, query, language, today)).ranked:
            # Of a month, what is reported in it says more than who acted at other times.
            return told if told.query is query or dated.period.unit == "year" else DatedAnswers([], {}, query)
        if dated and dated.period.has_figures:  # of a quarter the reports of the next one tell
            dated = None
        for answers in (self._contrasts, self._amounts, self._prices, self._superlatives):
            told = (
                self._of_period(answers, dated, query, language, today)
                if dated
                else DatedAnswers(*answers(query, language, None), query)
            )
            if told.ranked:
                return told
        return DatedAnswers([], {}, query)

    def _of_period(
        self,
        answers: Callable[[Query, Language, _Days], _Answers],
        dated: PeriodAsked,
        query: Query,
        language: Language,
        today: date,
    ) -> DatedAnswers:
        """Return what reports of a period tell, else what names the period, else all; then the question says that it leaves it out."""
        ranked, reports = answers(dated.query, language, dated.period.days(today))
        if ranked:
            return DatedAnswers(ranked, reports, query)
        ranked, reports = answers(dated.query, language, None)
        naming = [one for one in ranked if _names(dated, one.statement.wording_for(language).sentence.text)]
        return DatedAnswers(
            naming or ranked, reports, query if naming else replace(query, without=dated.typed)
        )

    def _acts(self, query: Query, language: Language, days: _Days) -> _Answers:
        """Return the sentences that say who acted, one of each event, if a question asks that."""
        acts = actions_asked(query, self._glossary.topics)
        of_actor = asks_of_actor(query, acts)
        actions = actions_of(query, acts, self._library, self._glossary, of_actor=of_actor, days=days)
        ranked, reports = self._ranked(
            actions.passages, query, language, lambda one: actions.stated_in(one, language)
        )
        told: list[Ranked] = []
        for one in newest_first(ranked, (), language):
            if not any(tell_of_one_event(one, other) for other in told):
                told.append(one)
        return told, reports

    def _releases(self, maker: Maker, query: Query, language: Language, today: date) -> _Answers:
        days = query.period.days(today) if query.period else None
        passages = passages_with_releases(maker, self._library, days)
        reports = self._library.reports(p.passage.report_id for p in passages.values())
        told = statements(passages.values(), reports, query, language)
        telling = [one for one in told if tells_of_release(maker, one, language)]
        return newest_releases(rank(telling), language), reports

    def _amounts(self, query: Query, language: Language, days: _Days) -> _Answers:
        amount = amount_asked(query, self._glossary)
        if amount is None:
            return [], {}
        passages = passages_with_amounts(amount, self._library, days)
        ranked, reports = self._ranked(
            passages, query, language, lambda one: states_amount(amount, one, language)
        )
        return newest_amounts(ranked, amount, language), reports

    def _prices(self, query: Query, language: Language, days: _Days) -> _Answers:
        price = price_asked(query, self._glossary)
        return self._priced(price, query, language, days) if price else ([], {})

    def _priced(self, price: PriceAsked, query: Query, language: Language, days: _Days) -> _Answers:
        passages = passages_with_prices(price, self._library, days)
        ranked, reports = self._ranked(
            passages, query, language, lambda one: states_price(price, one, language)
        )
        return newest_prices(ranked, price, language), reports

    def _contrasts(self, query: Query, language: Language, days: _Days) -> _Answers:
        asked = contrast_asked(query, self._glossary)
        if asked is None:
            return [], {}
        passages = passages_with_contrasts(asked, self._library, days)
        ranked, reports = self._ranked(
            passages, query, language, lambda one: states_contrast(asked, one, language)
        )
        told = newest_first(ranked, asked.beside, language)
        if not asked.on_price:
            return told, reports
        prices = [
            self._priced(PriceAsked((side,), frozenset(), asked.beside), query, language, days)
            for side in asked.sides
        ]
        in_turn = [one for pair in zip_longest(*(ranked for ranked, _ in prices)) for one in pair if one]
        return told[:_ON_PRICE] + in_turn + told[_ON_PRICE:], {**reports, **prices[0][1], **prices[1][1]}

    def _superlatives(self, query: Query, language: Language, days: _Days) -> _Answers:
        asked = superlative_asked(query, self._glossary)
        if asked is None:
            return [], {}
        passages = passages_with_superlatives(asked, self._library, days)
        ranked, reports = self._ranked(
            passages, query, language, lambda one: states_superlative(asked, one, language, self._glossary)
        )
        return newest_first(ranked, asked.beside, language), reports

    def _ranked(
        self,
        passages: Mapping[int, IndexedPassage],
        query: Query,
        language: Language,
        answers: Callable[[Statement], bool],
    ) -> _Answers:
        """Return the ranked statements of passages that answer a query, and the passages' reports."""
        reports = self._library.reports(p.passage.report_id for p in passages.values())
        told = of_versions(statements(passages.values(), reports, query, language), query.versions)
        return rank([one for one in told if answers(one)]), reports


def period_asked(query: Query, today: date) -> PeriodAsked | None:
    """Return a question apart from the period or year that it names; None if it names none that has begun."""
    found = split_period(query.text)
    if found is None or found[0].days(today)[0] > today:
        return None
    period, typed, rest = found
    left = fold(rest)
    undated = replace(
        query,
        text=rest,
        words=_held_in(query.words, left),
        rest=_held_in(query.rest, left),
        content=_held_in(query.content, left),
        literal=_held_in(query.literal, left),
        names=_held_in(query.names, left),
        name=None,
    )
    return PeriodAsked(undated, period, typed)


def _held_in(words: Iterable[str], left: str) -> tuple[str, ...]:
    return tuple(word for word in words if word in left)


def _names(dated: PeriodAsked, text: str) -> bool:
    """Return whether a text names the period of a question by its year; last year is another one in each report."""
    typed, told = ("".join(fold(words).split()) for words in (dated.typed, text))
    return (
        bool(dated.period.year)
        and re.search(rf"(?<!\d){re.escape(typed)}(?:(?<!\d)|(?!\d))", told) is not None
    )
