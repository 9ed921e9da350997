"""Recaps of English talks beside LexRank, the first sentences and random ones in the same run: dialogues in three lines,
meetings in as many characters as their minutes have, and how many of the outcomes in the minutes are among the decisions.

Reads dialogsum.jsonl and tc39.jsonl from a folder made by the shared archive tool; a line is {"title","turns","refs"}.
ROUGE-1 is the F1 of stemmed words against the human summary. An outcome is named if a decision contains the stage, or a
word of agreement, that the minutes contain.
    python tests/bench/talks.py FOLDER [--decisions]
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import snowballstemmer

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.recap import START, filled, interval, lexrank, page_rank

from bot.app import open_app
from bot.recaps.compose import Recap, RecapBriefer
from bot.recaps.message import recap_value
from bot.recaps.reading import EXPORTED
from bot.settings import Settings
from bot.talk import ChatMessage
from bot.text.sentences import sentence_spans

LINES = 3
_WORD = re.compile(r"[a-z0-9]+")
_STAGE = re.compile(
    r"\bstage\s*([0-4](?:\.\d+)?|one|two|three|four)\b|(?<![\d.])([0-4]\.\d)(?![\d.])", re.IGNORECASE
)
_NUMBERS = {"one": "1", "two": "2", "three": "3", "four": "4"}
_AGREED = re.compile(r"\b(?:consensus|approv\w+|accept\w*|agree\w*|reject\w*|withdr\w+)\b", re.IGNORECASE)
_OPEN = re.compile(
    r"\b(?:no|not|without|next|future|later|return|back|seek|ask|remain\w*|inconclusive)\b", re.IGNORECASE
)
_CLAUSE = re.compile(r"[.;\n]+\s+|\s-\s")

Picks = Sequence[tuple[int, int, int]]


@dataclass(frozen=True)
class Talk:
    """A talk with its human summary."""

    title: str
    messages: list[ChatMessage]
    summary: str

    def sentences(self) -> list[tuple[int, int, int]]:
        """Return every sentence as (number of the message, start, end)."""
        return [(m.id, a, b) for m in self.messages for a, b in sentence_spans(m.text, "en")]

    def said(self, picks: Picks) -> str:
        """Return the text of excerpts."""
        return "\n".join(self.messages[number - 1].text[a:b] for number, a, b in picks)


def read_talks(path: Path) -> list[Talk]:
    """Return the talks in a file; each turn is a message, a minute after the one before."""
    talks = []
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        authors: dict[str, int] = {}
        messages = [
            ChatMessage(i, authors.setdefault(who, len(authors) + 1), who, text.strip(), START + 60 * i)
            for i, (who, text) in enumerate(row["turns"], 1)
        ]
        talks.append(Talk(row["title"], messages, row["refs"][0]))
    return talks


@cache
def _stem(word: str) -> str:
    stem: str = _stemmer().stemWord(word)
    return stem


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("porter")


@cache
def _stems(text: str) -> list[str]:
    return [_stem(word) for word in _WORD.findall(text.lower())]


def rouge(said: str, summary: str) -> float:
    """Return the ROUGE-1 F1 in percent."""
    one, other = Counter(_stems(said)), Counter(_stems(summary))
    size = sum(one.values()) + sum(other.values())
    return 200 * sum((one & other).values()) / size if size else 0.0


def by_lexrank(talk: Talk) -> list[tuple[int, int, int]]:
    """Return the talk's sentences, the most central first."""
    places = talk.sentences()
    rank = page_rank(lexrank([_stems(talk.messages[n - 1].text[a:b]) for n, a, b in places]))
    return [places[i] for i in sorted(range(len(places)), key=lambda i: (-rank[i], i))]


def shuffled(talk: Talk) -> list[tuple[int, int, int]]:
    """Return the talk's sentences in a random order, the same each time."""
    places = talk.sentences()
    return random.Random(talk.summary).sample(places, len(places))  # noqa: S311  # The same each time.


ORDERS: dict[str, Callable[[Talk], list[tuple[int, int, int]]]] = {
    "LexRank": by_lexrank,
    "first": Talk.sentences,
    "random": shuffled,
}


def compare(briefer: RecapBriefer, talks: Sequence[Talk], lines: int | None) -> dict[str, list[float]]:
    """Return the ROUGE-1 of each system on each talk: in `lines` lines or, if None, in as many characters as the summary."""
    scores: dict[str, list[float]] = {name: [] for name in ("Trendbot", *ORDERS)}
    for talk in talks:
        size = len(talk.summary)
        orders = {name: order(talk) for name, order in ORDERS.items()}
        # The first lines that a reader sees, or as much as fits.
        space: dict[str, int] = {"characters": size} if lines is None else {"least": 1}
        recap = briefer.recap(talk.messages, "en", budget=EXPORTED, **space)
        points = recap.points if recap else ()
        scores["Trendbot"].append(rouge("\n".join(q.text for q in points[:lines]), talk.summary))
        for name, order in orders.items():
            picks = order[:lines] if lines is not None else filled(order, size)
            scores[name].append(rouge(talk.said(picks), talk.summary))
    return scores


def outcome(summary: str) -> set[str]:
    """Return the outcome in minutes: the stages agreed on, else {"agreed"} if anything was agreed, else nothing."""
    agreed: set[str] = set()
    for clause in _CLAUSE.split(summary):
        if _OPEN.search(clause):
            continue
        agreed.update(_stages(clause) or ({"agreed"} if _AGREED.search(clause) else set()))
    return agreed - {"agreed"} or agreed


def _stages(text: str) -> set[str]:
    """Return the stages that a text names, also in words ("stage one") or by the number alone ("you have 2.7")."""
    named = [stage or alone for stage, alone in _STAGE.findall(text)]
    return {_NUMBERS.get(stage.lower(), stage) for stage in named}


def names_outcome(recap: Recap | None, agreed: set[str]) -> bool:
    """Return whether a decision of the recap names one of the outcomes."""
    said = json.dumps(recap_value(recap, 0).get("decisions", []), ensure_ascii=False)
    told = _stages(said) | ({"agreed"} if _AGREED.search(said) else set())
    return bool(told & agreed)


def cut_inside(recap: Recap | None, talk: Talk) -> int:
    """Return how many lines of a recap begin or end inside a sentence."""
    if recap is None:
        return 0
    quotes = [*recap.points, *recap.decisions, *recap.tasks, *recap.answered, *recap.questions]
    texts = {message.id: message.text for message in talk.messages}
    cut = 0
    for quote in quotes:
        text = texts[quote.message_id]
        spans = sentence_spans(text, "en")
        start = text.find(quote.text)
        cut += not (any(start == a for a, _ in spans) and any(start + len(quote.text) == b for _, b in spans))
    return cut


def print_scores(what: str, scores: dict[str, list[float]]) -> None:
    """Print the means, and the 95 % interval of our lead over each other system."""
    print(what)
    for name, own in scores.items():
        print(f"  {name:9} ROUGE-1 {statistics.fmean(own):5.2f}", end="")
        if name != "Trendbot":
            low, high = interval([a - b for a, b in zip(scores["Trendbot"], own, strict=True)])
            print(f"   {low:+.2f} to {high:+.2f}", end="")
        print()


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--decisions", action="store_true", help="print every decision beside its minutes")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as data:
        app = open_app(Settings.from_env({"TRENDBOT_DATA": data}))
        briefer = app.recap_briefer()
        dialogues = read_talks(arguments.folder / "dialogsum.jsonl")
        print_scores(f"{len(dialogues)} dialogues, {LINES} lines", compare(briefer, dialogues, LINES))
        meetings = read_talks(arguments.folder / "tc39.jsonl")
        print_scores(f"{len(meetings)} meetings, as long as their minutes", compare(briefer, meetings, None))
        stated = [(talk, agreed) for talk in meetings if (agreed := outcome(talk.summary))]
        named = told = cut = 0
        for talk in meetings:
            recap = briefer.recap(talk.messages, "en", budget=EXPORTED)
            agreed = outcome(talk.summary)
            hit = bool(agreed) and names_outcome(recap, agreed)
            named += hit
            cut += cut_inside(recap, talk)
            told += len(recap.decisions) if recap else 0
            if arguments.decisions:
                print(f"\n## {talk.title} {sorted(agreed)} {'named' if hit else ''}\n   {talk.summary[:240]}")
                for quote in recap.decisions if recap else ():
                    print(f"   - {quote}")
        print(
            f"{len(stated)} meetings state an outcome; named {named} ({100 * named / len(stated):.0f} %); {told} decisions"
        )
        print(f"{cut} lines of their recaps are cut inside a sentence")
        app.close()


if __name__ == "__main__":
    main()
