"""Makes the briefing that answers `/trend`: what reports say about a query, with the evidence. Templates word it.

query = understand(text)                                              library/query
if it asks when something happened, how much it costs or raised, which is the best or better, what a maker released,
or who acted in a period:
    points = the sentences that tell it, by the days of their reports dated_answers
else if it is a question (it names more than one topic, or words beside one):
    passages = those around the best hits of the best reports         library/search
    points = the sentences that answer it, by its concepts            answer_reader, answering
else, for one topic or name:
    passages = all, or the first of the reports most about it         evidence
    statements = their sentences, with editions side by side          statements
    points = the best-ranked, doubted ones last, no repeats           ranking, evidence
    figures = numbers of ranked statements that no point mentions     quotes
if there are few: add points on topics that the glossary relates
cite a passage for each line; list the reports                        quotes
verdict = judge(days of its origins, days of the library)             query_verdict
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec.structs import replace

from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import Query
from bot.library.search import Search
from bot.models import Language, Report, Topic
from bot.text.normalise import fold
from bot.trends.answer_reader import AnswerReader
from bot.trends.answering import choose_answers, holds_all
from bot.trends.briefing import FIGURES, Briefing, Lines, lines_of
from bot.trends.concepts import actions_asked, asking
from bot.trends.dated_answers import DatedAnswerReader, DatedAnswers, period_asked
from bot.trends.definitions import definitions
from bot.trends.evidence import Evidence, EvidenceReader
from bot.trends.query_verdict import span_on, verdict_on
from bot.trends.quotes import Citations
from bot.trends.ranking import Ranked, choose, doubted_last, own_language_first, rank
from bot.trends.spread_points import choose_spread
from bot.trends.statements import holding, statements_on_topic
from bot.trends.subjects import Asked, asked_subject, is_calendar, subject_in_period, without_description
from bot.trends.things import named_in_capitals
from bot.trends.topics import related_topics
from bot.trends.verdict import Verdict

POINTS = 5
ANSWERS = 6
RELATED = 2
SUBTOPICS = 5
# Statements that are ranked, the newest first; ranking more would cost time and change little.
_WEIGHED = 110
_WIDENED_TOPICS = 2
# An answer with fewer lines than this leaves room for points on related topics.
_FEW_POINTS = 3
# At most this many leading points hold the very words of a form narrower than its topic.
_NARROW_POINTS = 2


class TrendBriefer:
    """Writes briefings from one library."""

    def __init__(self, library: Library, glossary: Glossary, search: Search) -> None:
        self._library = library
        self._glossary = glossary
        self._search = search
        self._evidence = EvidenceReader(library, glossary, search)
        self._answers = AnswerReader(library, glossary, search)
        self._dated = DatedAnswerReader(library, glossary)

    def brief(self, query: Query, language: Language, today: date) -> Briefing | None:
        """Return the briefing on a topic or name, or the answer to a question.

        None when the library has nothing, or the query asks for nothing. A word that only describes its subject is left
        out where no report says it of that.
        """
        if query.empty:
            return None
        with self._library.snapshot():
            briefing = self._brief(query, language, today)
            wider = query
            while briefing is None and (left := without_description(wider)):
                briefing, wider = self._brief(left, language, today), left
            return briefing

    def answers_by_day(self, query: Query, language: Language, today: date) -> bool:
        """Return whether reports tell, in sentences and not in counts, what a question asks: see DatedAnswerReader.by_day."""
        return bool(self._dated.by_day(query, language, today).ranked)

    def _brief(self, query: Query, language: Language, today: date) -> Briefing | None:
        if not query.is_topic:  # a topic alone asks for no act, day or amount
            dated = period_asked(query, today)
            actions = actions_asked(dated.query if dated else query, self._glossary.topics)
            if actions and not dated:
                told = self._answer(replace(query, rest=query.rest or tuple(actions)), language, today)
                if told or asking(query.text).phrases:
                    return told
            by_day = self._dated.by_day(query, language, today)
            if by_day.ranked:
                return self._answer(by_day.query, language, today, by_day)
            if actions and dated and dated.period.unit == "year":
                return None  # its words with the year in them would be found in sentences on anything
        if subject := asked_subject(query, self._library, self._glossary.topics):
            briefing = self._on_subject(subject, language, today)
            if briefing or not subject.least:
                return briefing
        if of_period := subject_in_period(query):
            briefing = self._on_subject(of_period, language, today)
            if briefing or not is_calendar(of_period.query.period):
                return briefing
        return self._answer(query, language, today)

    def _answer(
        self,
        query: Query,
        language: Language,
        today: date,
        by_day: DatedAnswers | None = None,
    ) -> Briefing | None:
        """Return the briefing on a question, led by the sentence that answers it; None without one.

        `by_day` are the answers of a question that the days of reports answer, best first, and their reports.
        """
        ranked, reports = by_day[:2] if by_day else self._answers.best(query, language)
        chosen = choose_answers(ranked, ANSWERS, language)
        if not chosen:
            return None
        widened: tuple[str, ...] = ()
        if (
            not by_day
            and len(chosen) < _FEW_POINTS
            and not chosen[0].statement.topics.issuperset(query.topics)
        ):
            widened, others, near = self._related_evidence(query, language)
            reports |= others
            chosen += choose(near, ANSWERS - len(chosen), chosen)
        cite = Citations(language)
        cited = {r.statement.report.id for r in ranked[: len(chosen)]}
        return self._briefing(
            query,
            verdict_on(self._library, query, cited, today),
            cite,
            reports,
            Lines(cite.points(r.statement for r in chosen)),
            widened=widened,
            related=self._topics(query.topics[:RELATED]),
            by_day=bool(by_day),
        )

    def _on_subject(self, subject: Asked, language: Language, today: date) -> Briefing | None:
        """Return the briefing on a subject; None with fewer statements on it than it needs, or without any."""
        query = subject.query
        evidence = self._evidence.on(query, language, span_on(self._library, query, today))
        passages, reports = evidence.passages, dict(evidence.reports)
        asked, counts = subject.words or query.asked, self._library.topic_counts()
        told = statements_on_topic(passages.values(), reports, query, language, POINTS)
        if subject.least and (not evidence.sources or len(told) < subject.least):
            return None
        told = named_in_capitals(told, query)
        if subject.words:
            told = holding(told, subject.words, POINTS) or told
        heard = told if evidence.sources else told[:_WEIGHED]
        ranked = own_language_first(evidence.weighed(rank(heard, asked)), language)
        sound = doubted_last(ranked)
        points, others = self._definitions(query, language)
        lacks_definition = query.asks_definition and not points
        if not points:
            points, others = self._in_own_words(query, language, evidence)
        if points and not told:  # "OpenAI's o1" is no form of its topic, and there is nothing else
            return self._answer(query.as_words(), language, today)
        reports |= others
        if evidence.sources:
            points += choose_spread(sound, POINTS - len(points), evidence, language, points)
        points += choose(sound, POINTS - len(points), points)
        widened: tuple[str, ...] = ()
        if len(told) < POINTS and query.plain and not query.period:
            widened, others, beside = self._related_evidence(query, language)
            reports |= others
            points += choose(beside, POINTS - len(points), points)
            ranked += beside
        if not points:
            return None
        cite = Citations(language)
        lines = lines_of(
            cite,
            language,
            points,
            ranked,
            sound,
            evidence,
            defined=query.asks_definition and not lacks_definition,
        )
        broad = query.plain and counts.get(query.topics[0], 0) * 2 >= counts.get("", 0)
        near = related_topics(passages.values(), query.topics, counts, self._glossary, least=POINTS)
        return self._briefing(
            query,
            verdict_on(self._library, query, reports, today),
            cite,
            reports,
            lines,
            widened=widened,
            only_related=not told,
            related=tuple(near[: SUBTOPICS if broad else RELATED]),
            broad=broad,
            wider=subject.wider,
            lacks_definition=lacks_definition,
        )

    def _definitions(self, query: Query, language: Language) -> tuple[list[Ranked], dict[str, Report]]:
        """Return the sentence that defines a subject, if the query asks for it and there is one, and its report."""
        if not query.asks_definition:
            return [], {}
        told, reports = definitions(query, language, self._library, self._glossary, self._search)
        return told[:1], reports

    def _in_own_words(
        self, query: Query, language: Language, evidence: Evidence
    ) -> tuple[list[Ranked], dict[str, Report]]:
        """Return points in the query's own words, if narrower than its topics or on two countries, and their reports.

        "Google layoffs" is narrower than Google and employment, of which layoffs is no name.
        """
        joined = any(self._glossary.topics[topic].joins for topic in query.topics)
        worded = self._with_form_as_word(query) if query.form_words else None
        if not query.is_narrow and worded is None and (not joined or evidence.sources):
            return [], {}
        # For a relation of two countries the concepts pick the sentences; no word beside the topics is needed.
        words = () if joined and worded is None else (worded or query).content
        ranked, reports = self._answers.as_typed(worded or replace(query, content=words), language)
        own = [r for r in ranked if holds_all(r, words) and (worded is None or r.statement.direct)]
        return choose_answers(own, _NARROW_POINTS, language), reports

    def _with_form_as_word(self, query: Query) -> Query | None:
        """Return the query with a form that is no name of its topic as a word beside the others; None without others."""
        forms = query.form_words
        others = tuple(
            topic
            for topic in query.topics
            if set(forms).isdisjoint(map(fold, self._glossary.topics[topic].written()))
        )
        if not others or len(others) == len(query.topics):
            return None
        typed = tuple(form for form in query.typed if form not in forms)
        words = replace(query, words=forms, rest=forms, content=forms, form_words=())
        return replace(words, topics=others, typed=typed, name=None)

    def _related_evidence(
        self, query: Query, language: Language
    ) -> tuple[tuple[str, ...], dict[str, Report], list[Ranked]]:
        """Return up to two topics related to the query's rarest one, their reports, and the ranked statements of each."""
        counts = self._library.topic_counts()
        rarest = min(query.topics, key=lambda topic: counts.get(topic, 0))
        related = self._glossary.topics[rarest].related
        near = [t for t in related if counts.get(t) and t not in query.topics][:_WIDENED_TOPICS]
        reports: dict[str, Report] = {}
        ranked: list[Ranked] = []
        for topic in near:
            wider = Query(query.text, topics=(topic,), excluded=query.excluded)
            passages = self._search.evidence(wider)
            own = self._library.reports(p.passage.report_id for p in passages.values())
            told = statements_on_topic(passages.values(), own, wider, language, POINTS)
            ranked += own_language_first(doubted_last(rank(told[:_WEIGHED])), language)
            reports |= own
        return tuple(near), reports, ranked

    def _topics(self, ids: Iterable[str]) -> tuple[Topic, ...]:
        return tuple(self._glossary.topics[topic] for topic in ids)

    def _briefing(
        self,
        query: Query,
        verdict: Verdict,
        cite: Citations,
        reports: Mapping[str, Report],
        lines: Lines,
        *,
        related: tuple[Topic, ...],
        widened: Iterable[str] = (),
        only_related: bool = False,
        broad: bool = False,
        wider: str = "",
        by_day: bool = False,
        lacks_definition: bool = False,
    ) -> Briefing:
        return Briefing(
            query=query,
            topics=self._topics(query.topics),
            verdict=verdict,
            points=tuple(lines.points),
            more_points=tuple(lines.more_points),
            figures=tuple(lines.figures[:FIGURES]),
            more_figures=tuple(lines.figures[FIGURES:]),
            citations=tuple(cite.passages),
            sources=cite.sources(reports),
            related=related,
            broad=broad,
            coverage=self._library.coverage(),
            widened=self._topics(widened),
            only_related=only_related,
            wider=self._glossary.topics[wider] if wider else None,
            by_day=by_day,
            lacks_definition=lacks_definition,
        )
