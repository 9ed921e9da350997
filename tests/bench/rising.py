"""Rising terms, day by day in 76,620 titles of Weibo's hot search, beside raw frequency, ratio and jieba's TF-IDF.

Needs TRENDBOT_SHARED. Prints for ten events their rank in the top ten on the day before, the day and the day after; the
share of the top tens that was in the last month's top fifty; how often everyday words are said to rise; then the keywords
of CSL found by the same phrase finder.
    python tests/bench/rising.py [--day DATE]
"""

from __future__ import annotations

import argparse
import gzip
import logging
import math
import os
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import jieba
import jieba.analyse

from bot.library.document_terms import count_terms
from bot.text.normalise import fold
from bot.text.phrases import repeated_phrases, running_words, written
from bot.text.segment import Segmenter
from bot.trends.rising import Occurrence, Rise, Volumes, Window, distinct_rises

TOP = 10
_HISTORY = 28
_MONTHS_TOP = 50
_LEAST_TITLES = 3

EVENTS = (
    ("DeepSeek", date(2025, 1, 27), "deepseek"),
    ("Manus", date(2025, 3, 6), "manus"),
    ("Tibet earthquake", date(2025, 1, 7), "西藏|定日|地震"),
    # Seven more, chosen with their days in Beijing before the first run.
    ("Martial law in Korea", date(2024, 12, 4), "戒严|尹锡悦|韩国"),
    ("Los Angeles fires", date(2025, 1, 8), "洛杉矶|加州|山火"),
    ("TikTok refugees", date(2025, 1, 14), "小红书|tiktok"),
    ("Barbie Hsu dies", date(2025, 2, 3), "大s|徐熙媛"),
    ("Myanmar earthquake", date(2025, 3, 28), "缅甸|地震"),
    ("Tariffs", date(2025, 4, 3), "关税"),
    ("Pope Francis dies", date(2025, 4, 21), "教皇|方济各"),
)


@dataclass
class Titles:
    """The titles of each day, with the terms of each title and their counts."""

    days: list[date]
    titles: dict[date, list[str]]
    terms: dict[date, list[set[str]]]
    counts: dict[date, Counter[str]]


def load(shared: Path, segmenter: Segmenter) -> Titles:
    """Return the titles with their terms, as the library finds them in a title."""
    titles: dict[date, list[str]] = {}
    with gzip.open(shared / "data/trends/weibo_2024-11_2025-04.tsv.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            day, _, title = line.rstrip("\n").partition("\t")
            if title:
                titles.setdefault(date.fromisoformat(day), []).append(title)
    terms = {day: [title_terms(title, segmenter) for title in own] for day, own in titles.items()}
    counts = {day: Counter(term for own in of_day for term in own) for day, of_day in terms.items()}
    return Titles(sorted(titles), titles, terms, counts)


def title_terms(title: str, segmenter: Segmenter) -> set[str]:
    """Return the terms of a title."""
    folded = fold(title)
    words = running_words(folded, segmenter.words(folded))
    return {term for term, _ in count_terms(words, (), lambda _: False) if term}


def volumes(data: Titles, day: date) -> Volumes:
    """Return the number of titles per day, up to a day."""
    window = Window(day, 1)
    items = {("weibo", d.toordinal()): len(data.titles[d]) for d in data.days if window.history <= d <= day}
    return Volumes(window, items)


def occurrences(data: Titles, term: str, day: date) -> list[Occurrence]:
    """Return the occurrences of a term from the day 28 days earlier up to a day; each title is a report."""
    found = []
    for back in range(_HISTORY + 1):
        before = day - timedelta(days=back)
        if data.counts.get(before, Counter())[term]:
            found += [
                Occurrence(before.toordinal(), "weibo", f"{before} {number}", 1)
                for number, own in enumerate(data.terms[before])
                if term in own
            ]
    return found


def rises(data: Titles, day: date) -> list[Rise]:
    """Return the terms that rise on a day."""
    known = volumes(data, day)
    frequent = (term for term, count in data.counts[day].items() if count >= _LEAST_TITLES)
    judged = (known.judge(term, occurrences(data, term, day)) for term in frequent)
    return [rise for rise in judged if rise and rise.rises]


def ours(data: Titles, day: date) -> list[str]:
    """Return the terms that /rising would show."""
    return [rise.term for rise in distinct_rises(rises(data, day), TOP)]


def frequency(data: Titles, day: date) -> list[str]:
    """Return the most frequent terms."""
    return [term for term, _ in data.counts[day].most_common(TOP)]


def ratio(data: Titles, day: date) -> list[str]:
    """Return the terms that grew most, by (count + 1) / (mean of the 28 days before + 1)."""
    month = history(data, day)
    means = {term: month[term] / _HISTORY for term in data.counts[day]}
    counts = {term: (n + 1) / (means[term] + 1) for term, n in data.counts[day].items() if n >= _LEAST_TITLES}
    return sorted(counts, key=lambda term: (-counts[term], term))[:TOP]


def tf_idf(data: Titles, day: date) -> list[str]:
    """Return jieba's keywords of the day's titles."""
    return [fold(word) for word in jieba.analyse.extract_tags("。".join(data.titles[day]), topK=TOP)]


def history(data: Titles, day: date) -> Counter[str]:
    """Return how often each term occurs in the 28 days before."""
    month: Counter[str] = Counter()
    for back in range(1, _HISTORY + 1):
        month.update(data.counts.get(day - timedelta(days=back), Counter()))
    return month


def events(data: Titles, top: Callable[[Titles, date], list[str]]) -> tuple[int, list[str]]:
    """Return how many events are in the top ten by day 0, and a line for each event.

    Day 0 is the event's day, or the first after it with enough titles about it for a term to be considered.
    """
    lines, hits = [], 0
    for name, day, pattern in EVENTS:
        day0 = day
        while sum(bool(re.search(pattern, fold(title))) for title in data.titles[day0]) < _LEAST_TITLES:
            day0 += timedelta(days=1)
        places = []
        for shift in (-1, 0, 1):
            shown = top(data, day0 + timedelta(days=shift))
            places.append(next((str(i) for i, term in enumerate(shown, 1) if re.search(pattern, term)), "-"))
        hits += places[0] != "-" or places[1] != "-"
        late = f" (its titles begin on {day0})" if day0 != day else ""
        lines.append(f"  {name:22} {day}  {' '.join(places)}{late}")
    return hits, lines


def staleness(data: Titles, top: Callable[[Titles, date], list[str]]) -> float:
    """Return the share of the top tens that is among the fifty most frequent terms of the 28 days before."""
    stale = shown = 0
    for day in data.days[_HISTORY:]:
        month = {term for term, _ in history(data, day).most_common(_MONTHS_TOP)}
        terms = top(data, day)
        stale += sum(term in month for term in terms)
        shown += len(terms)
    return stale / shown


def false_alarms(data: Titles) -> tuple[float, int]:
    """Return false alarms per 1,000 word-days, and the number of words.

    The words occur on at least 60 % of the first 90 days; an alarm is one of them said to rise on one of the last 90.
    """
    days = Counter(term for day in data.days[:90] for term in data.counts[day])
    words = [term for term, count in days.items() if count >= 0.6 * 90]
    alarms = 0
    for day in data.days[-90:]:
        known = volumes(data, day)
        judged = (
            known.judge(w, occurrences(data, w, day)) for w in words if data.counts[day][w] >= _LEAST_TITLES
        )
        alarms += sum(rise is not None and rise.rises for rise in judged)
    return 1_000 * alarms / (90 * len(words)), len(words)


def keywords(shared: Path, segmenter: Segmenter) -> None:
    """Print the F1@5 of CSL's keywords: phrases and words by TF-IDF, beside jieba's TF-IDF."""
    with gzip.open(shared / "data/keywords/csl_kg_dev.tsv.gz", "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    texts = [row[1] for row in rows]
    right = [{fold(keyword) for keyword in row[2].split("_")} for row in rows]
    counts = [_phrases(text, segmenter) for text in texts]
    documents = Counter(term for own in counts for term in own)
    found = []
    for own in counts:
        weights = {term: n * math.log(len(texts) / documents[term]) for term, n in own.items()}
        found.append(sorted(weights, key=lambda term: (-weights[term], term))[:5])
    plain = [[fold(word) for word in jieba.analyse.extract_tags(text, topK=5)] for text in texts]
    print(f"CSL keywords F1@5: {_f1(found, right):.1f}, jieba TF-IDF {_f1(plain, right):.1f}")


def _phrases(text: str, segmenter: Segmenter) -> Counter[str]:
    """Return the repeated phrases of a text and the words outside them, with their counts."""
    folded = fold(text)
    words = running_words(folded, segmenter.words(folded))
    phrases = repeated_phrases([words])
    inside: Counter[str] = Counter()
    for phrase, count in phrases.items():
        for word in set(phrase):
            inside[word] = max(inside[word], count)
    singles = {w: n for w, n in Counter(words).items() if len(w) > 1 and n > inside[w] and not w[0].isdigit()}
    return Counter({written(phrase): count for phrase, count in phrases.items()}) + Counter(singles)


def _f1(found: list[list[str]], right: list[set[str]]) -> float:
    hits = sum(len(own.intersection(told)) for told, own in zip(found, right, strict=True))
    return 200 * hits / (sum(map(len, found)) + sum(map(len, right)))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--day", type=date.fromisoformat, help="only what rises on a day")
    arguments = parser.parse_args()
    jieba.setLogLevel(logging.WARNING)
    shared, segmenter = Path(os.environ["TRENDBOT_SHARED"]), Segmenter()
    data = load(shared, segmenter)
    if arguments.day:
        for rise in distinct_rises(rises(data, arguments.day), TOP):
            print(f"{rise.term:12} {rise.count:4} expected {rise.expected.mean:.2f}, tail {rise.tail:.1e}")
        return
    for name, top in (
        ("trendbot", ours), ("raw frequency", frequency), ("ratio", ratio), ("jieba TF-IDF", tf_idf)
    ):  # fmt: skip
        hits, lines = events(data, top)
        print(
            f"{name:14} {hits} of {len(EVENTS)} events by day 0, stale {staleness(data, top):.1%}", flush=True
        )
        if top is ours:
            print("\n".join(lines))
    rate, words = false_alarms(data)
    print(f"false alarms: {rate:.2f} per 1,000 word-days, {words} words")
    keywords(shared, segmenter)


if __name__ == "__main__":
    main()
