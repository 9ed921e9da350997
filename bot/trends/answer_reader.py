"""Reads the sentences that answer a question from the library, in the question's own words or by way of Chinese."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import zip_longest

from bot.languages import is_written_in_han
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query
from bot.library.query_names import full_names
from bot.library.search import Search
from bot.library.terms import term_of
from bot.models import IndexedPassage, Language, Report
from bot.text.normalise import fold
from bot.trends.actions import actions_of
from bot.trends.amounts import amount_asked, measured, newest_amounts, passages_with_amounts, states_amount
from bot.trends.answering import LEAST, of_versions, rank_answers
from bot.trends.concepts import (
    Concept,
    actions_asked,
    asking,
    asks_of_actor,
    concepts_of,
    counted_words,
    missing_names,
    words_that_answer,
)
from bot.trends.contrasts import (
    contrast_asked,
    passages_with_contrasts,
    states_contrast,
)
from bot.trends.event_days import by_day, event_asked, is_on, may_tell, passages_on, tells_of
from bot.trends.news_value import newest_first
from bot.trends.prices import PriceAsked, newest_prices, passages_with_prices, price_asked, states_price
from bot.trends.ranking import Ranked, rank, tell_of_one_event
from bot.trends.releases import Maker, maker_asked, newest_releases, passages_with_releases, tells_of_release
from bot.trends.statements import Statement, statements
from bot.trends.subjects import acts_in_period
from bot.trends.superlatives import (
    passages_with_superlatives,
    states_superlative,
    superlative_asked,
    tells_of_kind,
)
from bot.trends.things import things_named, with_any_of
from bot.trends.topics import misspelt_topics
from bot.trends.translated import in_chinese, translated_concepts

# Below this weight of the best answer, reports that exist only in other languages are searched too.
_GOOD_WEIGHT = 0.8
# Sentences that compare what two things cost, before the prices of each.
_ON_PRICE = 3
# Passages with a name and another word for what is asked of it.
_OTHERWISE = 80


class AnswerReader:
    """Reader of answers from one library."""

    def __init__(self, library: Library, glossary: Glossary, search: Search) -> None:
        self._library = library
        self._glossary = glossary
        self._search = search

    def best(self, query: Query, language: Language) -> tuple[list[Ranked], dict[str, Report]]:
        """Return the sentences that answer a question, best first, and the reports that were searched.

        If none is good, Chinese-only reports are searched for an English question too.
        """
        ranked, reports = self.as_typed(query, language)
        if event_asked(query, self._glossary):
            return [one for one in ranked if may_tell(one.statement)], reports
        if not ranked or ranked[0].weight < _GOOD_WEIGHT:
            translated, others = self._in_chinese(query, language)
            if translated and (not ranked or translated[0].weight > ranked[0].weight):
                return translated, others
        return ranked, reports

    def _amounts(self, query: Query, language: Language) -> tuple[list[Ranked], dict[str, Report]]:
        amount = amount_asked(query, self._glossary)
        if amount is None:
            return [], {}
        passages = passages_with_amounts(amount, self._library)
        ranked, reports = self._ranked(
            passages, query, language, lambda one: states_amount(amount, one, language)
        )
        return newest_amounts(ranked, amount, language), reports

    def _prices(self, query: Query, language: Language) -> tuple[list[Ranked], dict[str, Report]]:
        price = price_asked(query, self._glossary)
        return self._priced(price, query, language) if price else ([], {})

    def _priced(
        self, price: PriceAsked, query: Query, language: Language
    ) -> tuple[list[Ranked], dict[str, Report]]:
        passages = passages_with_prices(price, self._library)
        ranked, reports = self._ranked(
            passages, query, language, lambda one: states_price(price, one, language)
        )
        return newest_prices(ranked, price, language), reports

    def _contrasts(self, query: Query, language: Language) -> tuple[list[Ranked], dict[str, Report]]:
        asked = contrast_asked(query, self._glossary)
        if asked is None:
            return [], {}
        passages = passages_with_contrasts(asked, self._library)
        ranked, reports = self._ranked(
            passages, query, language, lambda one: states_contrast(asked, one, language)
        )
        told = newest_first(ranked, asked.beside, language)
        if not asked.on_price:
            return told, reports
        prices = [
            self._priced(PriceAsked((side,), frozenset(), asked.beside), query, language)
            for side in asked.sides
        ]
        in_turn = [one for pair in zip_longest(*(ranked for ranked, _ in prices)) for one in pair if one]
        return told[:_ON_PRICE] + in_turn + told[_ON_PRICE:], {**reports, **prices[0][1], **prices[1][1]}

    def _superlatives(self, query: Query, language: Language) -> tuple[list[Ranked], dict[str, Report]]:
        asked = superlative_asked(query, self._glossary)
        if asked is None:
            return [], {}
        passages = passages_with_superlatives(asked, self._library)
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
    ) -> tuple[list[Ranked], dict[str, Report]]:
        """Return the ranked statements of passages that answer a query, and the passages' reports."""
        reports = self._library.reports(p.passage.report_id for p in passages.values())
        told = of_versions(statements(passages.values(), reports, query, language), query.versions)
        return rank([one for one in told if answers(one)]), reports

    def _releases(
        self, maker: Maker, query: Query, language: Language, today: date
    ) -> tuple[list[Ranked], dict[str, Report]]:
        days = query.period.days(today) if query.period else None
        passages = passages_with_releases(maker, self._library, days)
        reports = self._library.reports(p.passage.report_id for p in passages.values())
        told = statements(passages.values(), reports, query, language)
        telling = [one for one in told if tells_of_release(maker, one, language)]
        return newest_releases(rank(telling), language), reports

    def _acts_in_period(
        self, query: Query, language: Language, today: date
    ) -> tuple[list[Ranked], dict[str, Report]]:
        """Return the sentences that say who acted, of the reports of the period in which a question asks that, one of each event."""
        asked = acts_in_period(query, self._glossary.topics)
        if asked is None or asked[0].period is None:
            return [], {}
        dated, acts = asked
        of_actor, days = asks_of_actor(dated, acts), asked[0].period.days(today)
        actions = actions_of(dated, acts, self._library, self._glossary, of_actor=of_actor, days=days)
        ranked, reports = self._ranked(
            actions.passages, query, language, lambda one: actions.stated_in(one, language)
        )
        told: list[Ranked] = []
        for one in newest_first(ranked, (), language):
            if not any(tell_of_one_event(one, other) for other in told):
                told.append(one)
        return told, reports

    def by_day(self, query: Query, language: Language, today: date) -> tuple[list[Ranked], dict[str, Report]]:
        """Return the sentences that answer a question by the days of their reports.

        They tell of an event whose day is asked, the first day's first; of what a maker released until `today`, of who acted
        in a period, of an amount or of a price, the newest first. None for other questions.
        """
        if maker := maker_asked(query, self._glossary):
            return self._releases(maker, query, language, today)
        if (acts := self._acts_in_period(query, language, today))[0]:
            return acts
        event = event_asked(query, self._glossary)
        if event is None:
            for answers in (self._contrasts, self._amounts, self._prices, self._superlatives):
                if (found := answers(query, language))[0]:
                    return found
            return [], {}
        passages = passages_on(event, self._library)
        ranked, reports = self._ranked(
            passages, query, language, lambda one: tells_of(event, one, language) and is_on(event, one)
        )
        return by_day(ranked, event, language), reports

    def as_typed(self, query: Query, language: Language) -> tuple[list[Ranked], dict[str, Report]]:
        """Return the same for the words as typed, without a translation."""
        counts = self._library.word_counts(counted_words(query)), self._library.topic_counts()
        misspelt = misspelt_topics(query, self._library, self._glossary)
        if misspelt or missing_names(query, *counts, self._glossary.topics):
            return [], {}
        concepts = concepts_of(query, *counts, self._glossary.topics)
        return self._holding(query, concepts, language, LEAST)

    def _holding(
        self,
        query: Query,
        concepts: Sequence[Concept],
        language: Language,
        least: float,
        *,
        abroad: bool = False,
    ) -> tuple[list[Ranked], dict[str, Report]]:
        """Like `as_typed`, for given concepts; `abroad` searches only reports that the reader's language lacks."""
        asked = asking(query.text)
        passages, fit = self._search.around(query, [term for term in query.literal if asked.has(term)])
        given = measured(query, concepts, self._library, language)
        acts = actions_asked(query, self._glossary.topics)
        of_actor = asks_of_actor(query, acts)
        actions = actions_of(query, acts, self._library, self._glossary, of_actor=of_actor)
        passages = {**passages, **actions.passages, **given.passages, **self._put_otherwise(query)}
        fit |= given.fit
        reports = self._library.reports(p.passage.report_id for p in passages.values())
        if abroad:
            reports = {i: r for i, r in reports.items() if language not in {e.language for e in r.editions}}
        titles = {
            report.id: [word for edition in report.editions for word in self._search.words_of(edition.title)]
            for report in reports.values()
        }
        told = of_versions(statements(passages.values(), reports, query, language), query.versions)
        # Who types no more than "Tesla profit" may be told of it without the number.
        if asked.kinds and (amount := amount_asked(query, self._glossary)):
            told = [one for one in told if one.key in given.keys or states_amount(amount, one, language)]
        if kind := superlative_asked(query, self._glossary):  # the cheapest of another kind is no answer
            told = [one for one in told if tells_of_kind(kind, one, language)]
        if actions.asked:
            told = actions.stating(told, language)
            concepts = [concept for concept in concepts if concept.is_name and concept.name not in acts]
        ranked = rank_answers(told, query, concepts, fit, titles, language, least=least, gives=given.keys)
        return ranked, reports

    def _put_otherwise(self, query: Query) -> dict[int, IndexedPassage]:
        """Return the newest passages that have the names of a question and other words for what it asks of them."""
        words = [told for word in query.content for told in words_that_answer(word)]
        names = things_named(query, self._glossary) if words else ()
        return (
            self._library.passages(self._library.match_newest(with_any_of(names, words), _OTHERWISE))
            if names
            else {}
        )

    def _in_chinese(self, query: Query, language: Language) -> tuple[list[Ranked], dict[str, Report]]:
        """Like `as_typed`, for an English question in Chinese-only reports; empty where that is impossible."""
        # Who did something is told by the verb beside the name, and "acquired" may be translated as what is inborn.
        acts = actions_asked(query, self._glossary.topics)
        names = [name for name in full_names(query.text) if self._is_told_of(name, language)]
        translated = None if acts else in_chinese(query, self._glossary.topics, names)
        held = self._library.coverage().languages
        if translated is None or is_written_in_han(language) or not any(map(is_written_in_han, held)):
            return [], {}
        word_counts = self._library.word_counts(translated.query.content)
        concepts = translated_concepts(translated, word_counts, self._library.topic_counts())
        return self._holding(translated.query, concepts, language, translated.least, abroad=True)

    def _is_told_of(self, name: str, language: Language) -> bool:
        """Return whether a report in a language has a name."""
        term = term_of(fold(name))
        return term is not None and any(told for *_, told in self._library.reports_on((), term, language))
