"""Reads the sentences that answer a question from the library, in the question's own words or by way of Chinese."""

from __future__ import annotations

from collections.abc import Sequence

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
from bot.trends.amounts import amount_asked, measured, states_amount
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
from bot.trends.event_days import event_asked, may_tell
from bot.trends.ranking import Ranked
from bot.trends.statements import statements
from bot.trends.superlatives import superlative_asked, tells_of_kind
from bot.trends.things import things_named, with_any_of
from bot.trends.topics import misspelt_topics
from bot.trends.translated import in_chinese, translated_concepts

# Below this weight of the best answer, reports that exist only in other languages are searched too.
_GOOD_WEIGHT = 0.8
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
            of_kind = [one for one in told if tells_of_kind(kind, one, language)]
            of_name = any(self._glossary.topics[topic].proper for topic in query.topics)
            told = of_kind or (told if of_name else [])
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
