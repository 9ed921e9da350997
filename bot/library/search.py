"""Finds passages for a query: by BM25 over passages and whole editions, or by topic and date."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from bot.library.glossary import Glossary, places
from bot.library.library import Library
from bot.library.query import Query
from bot.library.salience import any_form
from bot.library.terms import term_of
from bot.models import IndexedPassage, Passage, Topic
from bot.text.normalise import fold, has_han
from bot.text.segment import Segmenter, finding_terms, singular

# An edition that matches the question as a whole raises the score of its passages.
_REPORT_WEIGHT = 0.5
_REPORT_HITS = 60
# Enough recent evidence to choose five points from, few enough to rank within milliseconds.
_CANDIDATES = 80
# The answer to a question is near the hits, in one of the reports that match it best.
_HITS, _REPORTS, _NEAR = 40, 4, 3
# Passages with all names of the question are each likely to be about it: more reports, fewer neighbours of each.
_REPORTS_NAMING, _NEAR_NAME = 12, 1
# Share of the plain words that a passage must contain to count as evidence.
_COVERAGE = 0.6


class Hit(Struct, frozen=True):
    """A passage that matches a query; a higher score is better."""

    rowid: int
    score: float


class Search:
    """Search in one library. Nothing that a user types raises."""

    def __init__(self, library: Library, glossary: Glossary, segmenter: Segmenter) -> None:
        self._library = library
        self._glossary = glossary
        self._segmenter = segmenter

    def ranked(self, query: Query, limit: int) -> list[Hit]:
        """Return the best passages by their own score plus a share of their edition's, best first."""
        terms = self._terms(query)
        if not terms:
            return []
        passages = self._library.match_passages(terms, max(limit * 4, 40))
        editions = dict(self._library.match_editions(terms, _REPORT_HITS))
        owner = self._library.editions_of(rowid for rowid, _ in passages)
        scores = {
            rowid: score + _REPORT_WEIGHT * editions.get(owner[rowid], 0.0) for rowid, score in passages
        }
        # An edition whose matching words are spread over several passages is a hit too, by its first passage.
        unseen = set(editions) - set(owner.values())
        for edition, rowid in self._library.first_passages(unseen).items():
            scores[rowid] = _REPORT_WEIGHT * editions[edition]
        best = sorted(scores.items(), key=lambda item: (-item[1], -item[0]))
        return [Hit(rowid, score) for rowid, score in best[:limit]]

    def around(
        self, query: Query, asking: Collection[str] = ()
    ) -> tuple[dict[int, IndexedPassage], dict[str, float]]:
        """Return passages that may contain the answer to a question, and how well the best reports fit it (0 to 1).

        They are the neighbours of the best hits in the best reports (for a question in Chinese, of passages with all
        its names if there are any), the newest that mention its topics, which may have other names there, and
        translations of all these. None has what the reader excluded. `asking` are the index terms that only ask.
        """
        together = self._hits_with_names(query, asking)
        naming = together if has_han(query.text) else []
        hits = naming or self.ranked(query, _HITS)
        most, beside = (_REPORTS_NAMING, _NEAR_NAME) if naming else (_REPORTS, _NEAR)
        scores = {hit.rowid: hit.score for hit in hits}
        owners = self._library.reports_of(scores)
        best: dict[str, float] = {}
        for rowid, score in scores.items():
            best.setdefault(owners[rowid], score / (hits[0].score or 1.0))
        chosen = dict(list(best.items())[:most])
        near = self._library.around([rowid for rowid in scores if owners[rowid] in chosen], beside)
        named = self._library.mentioning(query.topics, _CANDIDATES // 2) if query.topics else []
        passages = self._library.passages(dict.fromkeys([*near, *named, *(hit.rowid for hit in together)]))
        passages |= self._library.passages(
            r for r in self._library.counterparts(passages) if r not in passages
        )
        lacking = [p for p in passages.values() if not _has_phrases(p, query)]
        if lacking:  # a translation need not contain the phrases of its original
            held = {_place(p) for p in passages.values() if _has_phrases(p, query)}
            passages = _without(passages, [p for p in lacking if _place(p) not in held])
        unwanted = [p for p in passages.values() if self._unwanted(p, query)]
        return _without(passages, unwanted) if unwanted else passages, chosen

    def _hits_with_names(self, query: Query, asking: Collection[str]) -> list[Hit]:
        """Return the best passages with every name of a question in Chinese and a word of the rest.

        Of one in English, those with a topic and a name that is none. Were any word of a Chinese one enough, bigrams would
        outweigh a name, which English words do not.
        """
        named = [self._glossary.topics[name] for name in query.topics if name not in places()]
        topics = [topic for topic in named if topic.proper]
        forms = [any_form(map(term_of, map(fold, topic.written()))) for topic in topics]
        names = [*filter(None, forms), *(term.expression for term in map(term_of, query.names) if term)]
        own = {
            word for name in (*query.names, *_typed(topics, query)) for word in self._segmenter.terms(name)
        }
        beside = [term for term in query.literal if term not in own and term not in asking]
        if not names or not (has_han(query.text) or (forms and query.names)):
            return []
        expression = " AND ".join(f"({name})" for name in names)
        return [Hit(*hit) for hit in self._library.match_naming(expression, beside or own, _HITS)]

    def words_of(self, text: str) -> list[str]:
        """Return the words of a text as the index folds and segments it."""
        folded = fold(text)
        return self._segmenter.own_words(folded, self._segmenter.words(folded))

    def by_report(self, query: Query, limit: int) -> list[tuple[Passage, float]]:
        """Return the best passage of each report with its score, best first, at most `limit` reports."""
        hits = self.ranked(query, limit * 4)
        passages = self._library.passages(hit.rowid for hit in hits)
        best: dict[str, tuple[Passage, float]] = {}
        for hit in hits:
            if hit.rowid in passages and not self._excluded(passages[hit.rowid], query):
                passage = passages[hit.rowid].passage
                best.setdefault(passage.report_id, (passage, hit.score))
        return list(best.values())[:limit]

    def among(self, query: Query, held: Mapping[int, IndexedPassage]) -> dict[int, IndexedPassage]:
        """Return those of `held` that are evidence for the query, with their translations.

        Reads nothing: `held` has whole reports.
        """
        if query.empty:
            return {}
        answers = [passage for passage in held.values() if self._answers(passage, query)]
        places = {(p.passage.report_id, p.passage.position) for p in answers}
        # A translation may name the topic by a word that the glossary lacks.
        beside = {
            rowid: passage
            for rowid, passage in held.items()
            if (passage.passage.report_id, passage.passage.position) in places
        }
        unwanted = [p for p in beside.values() if self._unwanted(p, query)]
        return _without(beside, unwanted) if unwanted else beside

    def evidence(self, query: Query, limit: int = _CANDIDATES) -> dict[int, IndexedPassage]:
        """Return the passages that a briefing may quote, by rowid: at most `limit`, and their translations.

        For topics or a name alone: the newest that mention all topics or contain the name. For a loose query: those
        that mention any topic, and what is nearest to its words. Otherwise the best-ranked that mention all topics and
        contain all phrases and most of the plain words. None has anything excluded.
        """
        if query.plain:
            answers = self._library.passages(self._library.mentioning(query.topics, limit))
        elif query.is_name and query.name:
            answers = self._library.passages(self._library.match_newest(query.name.expression, limit))
        else:
            answers = self._answering(query, limit)
        return self._with_translations(answers, query)

    def wanted(self, rowids: Iterable[int], query: Query) -> dict[int, IndexedPassage]:
        """Return those of these passages that the query does not exclude, with their translations."""
        passages = self._library.passages(rowids)
        wanted = {rowid: one for rowid, one in passages.items() if not self._unwanted(one, query)}
        return self._with_translations(wanted, query)

    def _with_translations(
        self, answers: dict[int, IndexedPassage], query: Query
    ) -> dict[int, IndexedPassage]:
        missing = [rowid for rowid in self._library.counterparts(answers) if rowid not in answers]
        translations = self._library.passages(missing)
        unwanted = [passage for passage in translations.values() if self._unwanted(passage, query)]
        return _without(answers | translations, unwanted) if unwanted else answers | translations

    def _answering(self, query: Query, limit: int) -> dict[int, IndexedPassage]:
        """Return the passages that answer a query of more than topics: the best-ranked; if loose, each topic's too."""
        if query.loose:
            share = max(1, limit // len(query.topics))
            named = [r for topic in query.topics for r in self._library.mentioning([topic], share)]
            near = [hit.rowid for hit in self.ranked(query, share)] if query.rest else []
            candidates = self._library.passages(dict.fromkeys([*named, *near]))
        else:
            candidates = self._library.passages(hit.rowid for hit in self.ranked(query, limit))
        return {rowid: passage for rowid, passage in candidates.items() if self._answers(passage, query)}

    def _answers(self, indexed: IndexedPassage, query: Query) -> bool:
        if query.loose:
            named = any(topic in indexed.mentions for topic in query.topics)
            return (named or holds_half(indexed.terms, query.asked)) and not self._unwanted(indexed, query)
        if any(topic not in indexed.mentions for topic in query.topics):
            return False
        if query.is_name and query.name and not query.name.stands_in(indexed.terms):
            return False
        if query.rest and len(held(indexed.terms, query.rest)) < _COVERAGE * len(query.rest):
            return False
        return not self._excluded(indexed, query)

    def _excluded(self, indexed: IndexedPassage, query: Query) -> bool:
        """Return whether a passage lacks a quoted phrase or contains what the reader excluded."""
        return not _has_phrases(indexed, query) or self._unwanted(indexed, query)

    def _unwanted(self, indexed: IndexedPassage, query: Query) -> bool:
        """Return whether a passage contains what the reader excluded, or a queried topic only in dropped forms."""
        if not (query.excluded or query.dropped):
            return False
        if any(topic in indexed.mentions for topic in query.barred):
            return True
        folded = fold(indexed.passage.text)
        words = self._segmenter.words(folded)
        terms = {*map(singular, self._segmenter.own_words(folded, words)), *finding_terms(folded)}
        for word in query.excluded:
            # A word must be a word of the text; a phrase, or several Han characters, may be anywhere in it.
            anywhere = not word.isalnum() or (len(word) > 1 and has_han(word))
            if singular(word) in terms or (anywhere and word in folded):
                return True
        if not query.dropped:
            return False
        kept = {
            mention.topic
            for mention in self._glossary.forms.find(folded, lambda: words)
            if mention.topic in query.topics and mention.form not in query.dropped
        }
        return any(topic not in kept for topic in query.topics)

    def _terms(self, query: Query) -> list[str]:
        """Return the query's search terms: its literal ones, its phrases', and other forms of topics asked for alone."""
        terms = list(query.literal)
        for phrase in query.phrases:
            terms.extend(self._segmenter.terms(phrase))
        if not query.rest:
            for topic in query.topics:
                forms = (fold(form) for form in self._glossary.topics[topic].written())
                terms.extend(form for form in forms if form not in query.dropped)
        dropped = set(query.dropped)
        return [term for term in dict.fromkeys(terms) if term not in dropped]


def _typed(topics: Iterable[Topic], query: Query) -> list[str]:
    """Return the forms in which these topics were asked for."""
    forms = {fold(form) for topic in topics for form in topic.written()}
    return [form for form in query.typed if form in forms]


def _has_phrases(indexed: IndexedPassage, query: Query) -> bool:
    """Return whether a passage contains every phrase that the reader put in quotation marks."""
    folded = fold(indexed.passage.text) if query.phrases else ""
    return all(phrase in folded for phrase in query.phrases)


def _place(indexed: IndexedPassage) -> tuple[str, int]:
    """Return the report of a passage and its position there, the same in every language."""
    return indexed.passage.report_id, indexed.passage.position


def _without(
    passages: dict[int, IndexedPassage], unwanted: list[IndexedPassage]
) -> dict[int, IndexedPassage]:
    """Return the passages except those that are unwanted in any language."""
    places = {_place(p) for p in unwanted}
    return {rowid: indexed for rowid, indexed in passages.items() if _place(indexed) not in places}


def holds_half(terms: str, asked: Sequence[str]) -> bool:
    """Return whether a line of index terms contains at least half of the words asked for; False if none were."""
    return len(held(terms, asked)) * 2 >= len(asked) > 0


def held(terms: str, asked: Iterable[str]) -> frozenset[str]:
    """Return the words that a line of index terms contains, in singular or plural; a lone Han character also in a word."""
    own = frozenset(map(singular, terms.split()))
    return frozenset([w for w in asked if singular(w) in own or (len(w) == 1 and w in terms and has_han(w))])
