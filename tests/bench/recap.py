"""Recaps of meetings with human highlights, beside LexRank, TextRank, the first sentences and random ones in the same run;
links between messages in IRC logs; and the cost of a recap of 5,000 messages.

Needs TRENDBOT_SHARED. ROUGE-1 is the F1 of jieba's words without punctuation against the human summary;
"highlighted" is the share of picked characters that people highlighted. Each speaker turn is a message, a minute apart.
    python tests/bench/recap.py [--chars 160]
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import random
import re
import statistics
import sys
import tempfile
import time
import tracemalloc
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from bot.app import App, open_app
from bot.recaps.compose import RecapBriefer
from bot.recaps.lines import cut_lines
from bot.recaps.reading import EXPORTED
from bot.recaps.threads import link
from bot.settings import Settings
from bot.talk import ChatMessage
from bot.text.segment import Segmenter
from bot.text.sentences import sentence_spans

START = 1_700_000_000
CHARACTERS = 160
_SIGN = re.compile(r"[\W_]+")
_IRC = re.compile(r"\[(\d\d):(\d\d)\] <([^>]+)> (.*)")

Picks = list[tuple[int, int, int]]
"""(message id, start, end) of each excerpt."""


@dataclass(frozen=True)
class Meeting:
    """A talk with its human summary and highlights (0 or 1 for each character of each message)."""

    group: int
    messages: list[ChatMessage]
    highlights: dict[int, list[int]]
    summary: str


def meetings(shared: Path) -> list[Meeting]:
    """Return the VCSum development set."""
    found = []
    with gzip.open(shared / "data/chat/vcsum_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            turns = ["".join(turn) for turn in row["context"]]
            messages = [
                ChatMessage(i, row["speaker"][i - 1], f"S{row['speaker'][i - 1]}", text, START + 60 * i)
                for i, text in enumerate(turns, 1)
            ]
            marks = {i: [m for s in turn for m in s] for i, turn in enumerate(row["highlights"], 1)}
            found.append(Meeting(row["av_num"], messages, marks, row["discussion"]))
    return found


class Judge:
    """Scores excerpts against the human summary and the human highlights."""

    def __init__(self, segmenter: Segmenter) -> None:
        self._segmenter = segmenter
        self._known: dict[str, list[str]] = {}

    def words(self, text: str) -> list[str]:
        """Return the words without overlaps and punctuation."""
        if text not in self._known:
            words, reached = [], 0
            for word, start, end in sorted(self._segmenter.words(text), key=lambda w: (w[1], -w[2])):
                if start >= reached:
                    reached = end
                    if not _SIGN.fullmatch(word):
                        words.append(word)
            self._known[text] = words
        return self._known[text]

    def score(self, meeting: Meeting, picks: Picks) -> tuple[float, float]:
        """Return the ROUGE-1 F1 and the share of highlighted characters, in percent."""
        texts = {m.id: m.text for m in meeting.messages}
        said: Counter[str] = Counter()
        for number, start, end in picks:
            said.update(self.words(texts[number][start:end]))
        wanted = Counter(self.words(meeting.summary))
        size = sum(said.values()) + sum(wanted.values())
        marks = [m for number, start, end in picks for m in meeting.highlights[number][start:end]]
        rouge = 200 * sum((said & wanted).values()) / size if size else 0.0
        return rouge, 100 * sum(marks) / len(marks) if marks else 0.0


def by_product(briefer: RecapBriefer, meeting: Meeting, characters: int) -> Picks:
    """Return the excerpts that `trendbot recap --chars` quotes."""
    recap = briefer.recap(meeting.messages, "zh", budget=EXPORTED, characters=characters)
    if recap is None:
        return []
    texts = {m.id: m.text for m in meeting.messages}
    starts = [(q.message_id, texts[q.message_id].index(q.text), len(q.text)) for q in recap.points]
    assert sum(size for *_, size in starts) <= characters
    return [(number, start, start + size) for number, start, size in starts]


def sentences(meeting: Meeting) -> list[tuple[int, int, int]]:
    """Return every sentence of the talk."""
    return [(m.id, a, b) for m in meeting.messages for a, b in sentence_spans(m.text, "zh")]


def filled(order: Sequence[tuple[int, int, int]], characters: int) -> Picks:
    """Return sentences in this order until the characters are used up; the last one is cut."""
    picks: Picks = []
    for number, start, end in order:
        if characters <= 0:
            break
        picks.append((number, start, min(end, start + characters)))
        characters -= end - start
    return picks


def ranked(
    meeting: Meeting, judge: Judge, similar: Callable[[list[list[str]]], list[dict[int, float]]]
) -> Picks:
    """Return all sentences by PageRank over the graph that `similar` makes of their words, best first."""
    texts = {m.id: m.text for m in meeting.messages}
    places = sentences(meeting)
    rank = page_rank(similar([judge.words(texts[n][a:b]) for n, a, b in places]))
    return [places[i] for i in sorted(range(len(places)), key=lambda i: (-rank[i], i))]


def lexrank(words: list[list[str]]) -> list[dict[int, float]]:
    """Return edges between sentences whose tf-idf cosine is over 0.1 (Erkan and Radev 2004)."""
    uses = Counter(w for own in words for w in set(own))
    vectors, users = [], defaultdict(list)
    for i, own in enumerate(words):
        vector = {w: c * math.log(len(words) / uses[w]) for w, c in Counter(own).items()}
        length = math.sqrt(sum(v * v for v in vector.values())) or 1.0
        vectors.append({w: v / length for w, v in vector.items()})
        for w in vector:
            users[w].append(i)
    edges: list[dict[int, float]] = []
    for vector in vectors:
        cosine: dict[int, float] = defaultdict(float)
        for w, v in vector.items():
            for j in users[w]:
                cosine[j] += v * vectors[j][w]
        edges.append({j: 1.0 for j, value in cosine.items() if value > 0.1})
    return edges


def textrank(words: list[list[str]]) -> list[dict[int, float]]:
    """Return edges weighted by shared words over the sum of the logarithms of both lengths (Mihalcea and Tarau 2004)."""
    sets = [set(own) for own in words]
    edges: list[dict[int, float]] = [{} for _ in sets]
    for i, one in enumerate(sets):
        for j in range(i):
            if len(one) > 1 and len(sets[j]) > 1 and (common := len(one & sets[j])):
                weight = common / (math.log(len(one)) + math.log(len(sets[j])))
                edges[i][j] = edges[j][i] = weight
    return edges


def page_rank(edges: list[dict[int, float]], damping: float = 0.85) -> list[float]:
    """Return each node's rank after forty rounds of power iteration."""
    count = len(edges)
    rank = [1 / count] * count
    sums = [sum(own.values()) for own in edges]
    for _ in range(40):
        new = [(1 - damping) / count] * count
        for i, own in enumerate(edges):
            for j, weight in own.items():
                new[j] += damping * rank[i] * weight / sums[i]
        rank = new
    return rank


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """Return the paired 95 % bootstrap interval of the mean, from 2,000 samples."""
    choose = random.Random(7)  # noqa: S311  # The same interval each time.
    count = len(differences)
    means = sorted(statistics.fmean(choose.choices(differences, k=count)) for _ in range(2000))
    return means[50], means[1949]


Scores = dict[str, list[tuple[float, float]]]


def compare(app: App, talks: Sequence[Meeting], characters: int) -> Scores:
    """Return the (ROUGE-1, highlighted) of each system on each meeting."""
    judge = Judge(Segmenter())
    briefer = app.recap_briefer()

    def shuffled(meeting: Meeting) -> Picks:
        return random.Random(meeting.summary).sample(sentences(meeting), len(sentences(meeting)))  # noqa: S311  # The same each time.

    systems: dict[str, Callable[[Meeting], Picks]] = {
        "Trendbot": lambda m: by_product(briefer, m, characters),
        "LexRank": lambda m: filled(ranked(m, judge, lexrank), characters),
        "TextRank": lambda m: filled(ranked(m, judge, textrank), characters),
        "first": lambda m: filled(sentences(m), characters),
        "random": lambda m: filled(shuffled(m), characters),
    }
    return {name: [judge.score(m, pick(m)) for m in talks] for name, pick in systems.items()}


def irc(shared: Path, part: str) -> Iterator[tuple[list[ChatMessage], dict[int, set[int]]]]:
    """Yield each log of a part of the IRC set: its messages, whose ids are line numbers, and the lines that each answers."""
    with zipfile.ZipFile(shared / "data/chat/irc.zip") as archive:
        for name in sorted(n for n in archive.namelist() if f"/{part}/" in n and n.endswith(".raw.txt")):
            answers: dict[int, set[int]] = defaultdict(set)
            for row in archive.read(name.replace(".raw.", ".annotation.")).decode().splitlines():
                one, other = sorted(map(int, row.split()[:2]))
                answers[other].add(one)
            yield list(_logged(archive.read(name).decode("utf-8", "replace"))), answers


def _logged(text: str) -> Iterator[ChatMessage]:
    numbers: dict[str, int] = {}
    before, days = 0, 0
    for number, line in enumerate(text.split("\n")):
        if match := _IRC.match(line):
            second = int(match[1]) * 3600 + int(match[2]) * 60
            days += second < before - 6 * 3600
            before = second
            author = numbers.setdefault(match[3], len(numbers) + 1)
            yield ChatMessage(number, author, match[3], match[4], START + days * 86_400 + second)


def link_quality(shared: Path, segmenter: Segmenter) -> tuple[float, float]:
    """Return the F1 of our links, and of linking each message to the one before, in percent."""
    right = naive = found = wanted = 0
    for messages, answers in irc(shared, "dev"):
        terms: list[set[str]] = [set() for _ in messages]
        for line in cut_lines(messages, segmenter):
            terms[line.message] |= line.terms
        for index, parent in enumerate(link(messages, terms)):
            gold = answers.get(messages[index].id)
            if gold:
                found, wanted = found + 1, wanted + len(gold)
                right += messages[index if parent is None else parent].id in gold
                naive += messages[max(0, index - 1)].id in gold
    return 200 * right / (found + wanted), 200 * naive / (found + wanted)


def busy_group(shared: Path, count: int = 5000) -> list[ChatMessage]:
    """Return a day of a busy group: IRC logs mixed with sentences of meetings as messages."""
    english = [m for messages, _ in irc(shared, "dev") for m in messages]
    chinese = [
        replace(t.messages[0], text=m.text[a:b], author_id=1000 + i % 40, author=f"成员{i % 40}")
        for t in meetings(shared)
        for i, m in enumerate(t.messages)
        for a, b in sentence_spans(m.text, "zh")
    ]
    mixed = [m for pair in zip(english, chinese, strict=False) for m in pair]
    return [replace(m, id=i, at=START + 15 * i) for i, m in enumerate((mixed * 9)[:count], 1)]


def resident(field: str) -> float:
    """Return megabytes of this process (Linux): VmRSS is the memory in use, VmHWM its peak since the last reset."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split(f"{field}:")[1].split()[0]) * 1024 / 1e6


def cost(app: App, shared: Path) -> tuple[int, int, float, float, float]:
    """Return the messages, those that count, the CPU seconds and peak megabytes of Python's memory of one recap, and by how
    many megabytes the process grew at most while it made three.
    """
    app.segmenter.load()
    messages = busy_group(shared)
    briefer = app.recap_briefer()
    briefer.recap(messages[:50], "zh", budget=EXPORTED)
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # Resets VmHWM.
    before = resident("VmRSS")
    times = []
    for _ in range(3):
        began = time.process_time()
        recap = briefer.recap(messages, "zh", budget=EXPORTED)
        times.append(time.process_time() - began)
    grown = resident("VmHWM") - before
    tracemalloc.start()
    briefer.recap(messages, "zh", budget=EXPORTED)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    assert recap is not None
    return len(messages), recap.messages, min(times), peak, grown


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chars", type=int, default=CHARACTERS)
    characters = parser.parse_args().chars
    if not os.environ.get("TRENDBOT_SHARED"):
        sys.exit("TRENDBOT_SHARED is not set; it names the folder with the public test sets.")
    shared = Path(os.environ["TRENDBOT_SHARED"])
    with tempfile.TemporaryDirectory() as folder:
        app = open_app(Settings.from_env({"TRENDBOT_DATA": folder}))
        talks = meetings(shared)
        scores = compare(app, talks, characters)
        groups = sorted({talk.group for talk in talks})
        half = [groups.index(talk.group) % 2 for talk in talks]
        marks = [m for talk in talks for own in talk.highlights.values() for m in own]
        print(
            f"{len(talks)} meetings, {characters} characters; {100 * sum(marks) / len(marks):.1f} % of all is highlighted"
        )
        for name, own in scores.items():
            halves = [
                " / ".join(
                    f"{statistics.fmean(v):.1f}"
                    for v in zip(*(s for s, h in zip(own, half, strict=True) if h == side), strict=True)
                )
                for side in (0, 1)
            ]
            rouge, marked = (statistics.fmean(values) for values in zip(*own, strict=True))
            print(
                f"{name:9} ROUGE-1 {rouge:5.2f}  highlighted {marked:5.1f} %   halves {halves[0]} and {halves[1]}",
                end="",
            )
            if name != "Trendbot":
                for part, what in ((0, "ROUGE-1"), (1, "highlighted")):
                    low, high = interval(
                        [a[part] - b[part] for a, b in zip(scores["Trendbot"], own, strict=True)]
                    )
                    print(f"   {what} {low:+.2f} to {high:+.2f}", end="")
            print()
        print(
            "links on IRC, F1: {:.1f}; to the message before: {:.1f}".format(
                *link_quality(shared, app.segmenter)
            )
        )
        print(
            "{} messages, {} count: {:.2f} s CPU, {:.1f} MB of Python's at most, the process grew by {:.1f} MB".format(
                *cost(app, shared)
            )
        )
        app.close()


if __name__ == "__main__":
    main()
