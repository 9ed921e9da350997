"""Chooses the points of a digest: no repeats, each event once, a balance of sources and topics. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.digests.candidate import Candidate
from bot.digests.candidates import Candidates
from bot.digests.events import is_one_event, is_repeated

POINTS = 3
"""Points per query in a digest of news, and points in all in a digest of the library."""

_MOST_POINTS = 12
_MOST_OF_SOURCE = 2


def without_publishers(candidates: Candidates, without: frozenset[str]) -> Candidates:
    """Return the candidates that come from none of these publishers."""
    if not without:
        return candidates
    return Candidates(
        candidate
        for candidate in candidates
        if without.isdisjoint(edition.publisher for edition in candidate.ranked.statement.report.editions)
    )


def next_news(
    candidates: Sequence[Candidates], delivered: frozenset[str], points: int = POINTS
) -> list[list[Candidate]]:
    """Return the news on each query, each event once: at most `points`, fewer if there are many queries.

    The best of each query comes before the second of any. A source gives at most two if others have news too; a
    compilation, which gathers what others report, then fills the places left.
    """
    most = max(1, min(points, _MOST_POINTS // max(1, len(candidates))))
    balanced = _pick(candidates, delivered, most, _MOST_OF_SOURCE)
    several = len({candidate.source for points in balanced for candidate in points}) > 1
    if several:
        compiled = [Candidates(one for one in of_query if one.compiled) for of_query in candidates]
        return _pick(compiled, delivered, most, _MOST_POINTS, balanced)
    return _pick(candidates, delivered, most, _MOST_POINTS)


def _pick(
    candidates: Sequence[Candidates],
    delivered: frozenset[str],
    most: int,
    of_source: int,
    before: Sequence[Sequence[Candidate]] = (),
) -> list[list[Candidate]]:
    """Return the candidates for each query, added in turn to those picked `before`, at most `most` for each."""
    chosen = [list(points) for points in before] or [[] for _ in candidates]
    picked = [candidate for points in chosen for candidate in points]
    for count in range(1, most + 1):
        for points, of_query in zip(chosen, candidates, strict=True):
            if len(points) < count:
                following = next_undelivered(of_query, delivered, picked, 1, of_source)
                points.extend(following)
                picked.extend(following)
    return chosen


def next_points(candidates: Sequence[Candidates], delivered: frozenset[str]) -> list[list[Candidate]]:
    """Return the next points of the library on each query, taken in turn until there are three in all or none is left."""
    chosen: list[list[Candidate]] = [[] for _ in candidates]
    picked: list[Candidate] = []
    before = -1
    while before < len(picked) < POINTS:
        before = len(picked)
        for points, of_query in zip(chosen, candidates, strict=True):
            following = next_undelivered(of_query, delivered, picked, 1) if len(picked) < POINTS else []
            points.extend(following)
            picked.extend(following)
    return chosen


def next_undelivered(
    candidates: Candidates,
    delivered: frozenset[str],
    picked: Sequence[Candidate],
    count: int,
    of_source: int | None = None,
) -> list[Candidate]:
    """Return the first `count` candidates that are not delivered and that repeat none picked.

    With `of_source`, each is also about an event of its own, and at most that many, with those picked, are from
    one source.
    """
    result: list[Candidate] = []
    said = {sentence for candidate in picked for sentence in candidate.sentence_ids}
    sources = Counter(candidate.source for candidate in picked)
    for candidate in candidates:
        if len(result) == count:
            break
        if candidate.is_among(delivered) or candidate.is_among(said) or candidate.adds_nothing(delivered):
            continue
        if of_source is not None and sources[candidate.source] >= of_source:
            continue
        # Points of the library differ by their words, news by their events.
        same = is_repeated if of_source is None else is_one_event
        others = picked if of_source is None else (*picked, *result)
        if not any(same(candidate, other) for other in others):
            result.append(candidate)
            said.update(candidate.sentence_ids)
            sources[candidate.source] += 1
    return result
