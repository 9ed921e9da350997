"""Question answering: the share of first replies, and of their first lines, that contain the right answer.

Compared in the same run with the best single sentence by plain BM25 (one FTS5 row per sentence, the same tokens, joined
by OR).

Needs TRENDBOT_SHARED.
    python tests/bench/answers.py [--questions 300] [--misses N] [--set SET.json --lang en]

--set reads another set in SQuAD format. --misses prints up to N questions whose reply lacks the answer.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.text.normalise import fold
from bot.text.segment import Segmenter
from bot.text.sentences import sentence_spans

HERE = Path(__file__).parent
LONGEST_REPLY = 25
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Asked:
    """A question and its answers, any one of which is right."""

    question: str
    answers: tuple[str, ...]


def squad(path: Path) -> tuple[list[str], list[Asked]]:
    """Return the contexts and the questions of a file in SQuAD format, gzipped or not."""
    raw = path.read_bytes()
    data = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)["data"]
    paragraphs = [paragraph for entry in data for paragraph in entry["paragraphs"]]
    questions = [
        Asked(qa["question"], tuple(dict.fromkeys(a["text"] for a in qa["answers"])))
        for paragraph in paragraphs
        for qa in paragraph["qas"]
    ]
    return [paragraph["context"] for paragraph in paragraphs], questions


def letters(text: str) -> str:
    """Return a text as it is compared: folded, without punctuation and white space."""
    return _SIGNS.sub("", fold(text))


def holds(text: str, asked: Asked) -> bool:
    """Return whether a text contains one of the answers."""
    own = letters(text)
    return any(letters(answer) in own for answer in asked.answers)


def trendbot(data: Path, *arguments: str, text: str) -> list[dict[str, Any]]:
    """Run a command and return the JSON values that it prints, one per line."""
    done = subprocess.run(  # Our own command.
        [sys.executable, "-m", "bot", *arguments],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"TRENDBOT_DATA": str(data)},
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def lead_of(reply: str) -> str:
    """Return the line after the heading, "" if the reply found nothing."""
    lines = reply.split("\n")
    return lines[1] if len(lines) > 2 and "[1]" in lines[1] else ""


def best_sentences(contexts: list[str], language: str, questions: list[Asked]) -> list[str]:
    """Return for each question the best sentence by FTS5 alone, "" if nothing matches."""
    segmenter = Segmenter()
    sentences = [c[start:end] for c in contexts for start, end in sentence_spans(c, language)]
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE f USING fts5 (terms, tokenize = \"unicode61 tokenchars '.+#'\")")
    db.executemany(
        "INSERT INTO f (terms) VALUES (?)", ((" ".join(segmenter.terms(fold(s))),) for s in sentences)
    )
    best = []
    for asked in questions:
        match = " OR ".join(f'"{term}"' for term in dict.fromkeys(segmenter.terms(fold(asked.question))))
        row = db.execute("SELECT rowid FROM f WHERE f MATCH ? ORDER BY rank LIMIT 1", (match,)).fetchone()
        best.append(sentences[row[0] - 1] if row else "")
    return best


def share(hits: list[bool]) -> str:
    """Return the share of hits with three decimals."""
    return f"{sum(hits) / len(hits):.3f}"


def rows_of(path: Path) -> list[list[str]]:
    """Return the columns of each line of a TSV file, without comments and empty lines."""
    lines = path.read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def seeds_list(name: str, rows: list[list[str]], data: Path) -> None:
    """Print how many first replies to a list of questions on the seeds contain the expected fact, and which do not."""
    replies: dict[str, list[str]] = {}
    for language in ("en", "zh"):
        typed = "\n".join(row[1] for row in rows if row[0] == language)
        replies[language] = [v["text"] for v in trendbot(data, "ask", "--lang", language, "-", text=typed)]
    missed = [row[1] for row in rows if not re.search(row[2], replies[row[0]].pop(0))]
    print(f"{name}: {len(rows) - len(missed)} of {len(rows)}; missed: {', '.join(missed)}")


def english_list(questions: list[Asked], data: Path) -> None:
    """Print the share of English questions on Chinese texts whose first reply contains the Chinese answer."""
    by_question = {asked.question: asked for asked in questions}
    rows = [(english, by_question[chinese]) for english, chinese in rows_of(HERE / "english_questions.tsv")]
    typed = "\n".join(english for english, _ in rows)
    replies = [value["text"] for value in trendbot(data, "ask", "--lang", "en", "-", text=typed)]
    told = [holds(reply, asked) for reply, (_, asked) in zip(replies, rows, strict=True)]
    print("in English        ", share(told), f" of {len(rows)} questions")


def main() -> None:
    """Ingest the texts, ask the questions and print the shares."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--misses", type=int, default=0)
    parser.add_argument("--set", type=Path)
    parser.add_argument("--lang", default="zh", choices=("en", "zh"))
    options = parser.parse_args()
    shared = Path(os.environ["TRENDBOT_SHARED"])
    contexts, questions = squad(options.set or shared / "data/retrieval/cmrc2018_dev.json.gz")
    chance = random.Random(3)  # noqa: S311  # reproducible, not a secret
    chosen = chance.sample(questions, min(options.questions, len(questions)))
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        trendbot(data, "search", "-", text="")
        seeds_list("seeds", rows_of(shared / "data/questions/seeds.tsv"), data)
        seeds_list("own list", rows_of(HERE / "seeds_questions.tsv"), data)
        lines = "\n".join(
            json.dumps({"title": f"{n}", "text": c, "language": options.lang}, ensure_ascii=False)
            for n, c in enumerate(contexts)
        )
        trendbot(data, "ingest", "--json", "-", text=lines)
        typed = "\n".join(asked.question.replace("\n", " ") for asked in chosen)
        replies = [value["text"] for value in trendbot(data, "ask", "--lang", options.lang, "-", text=typed)]
        if options.set is None:
            english_list(questions, data)
        searches = trendbot(data, "search", "--limit", "3", "-", text=typed)
    pairs = list(zip(replies, chosen, strict=True))
    told = [holds(reply, asked) for reply, asked in pairs]
    print(f"{len(chosen)} questions on {len(contexts)} texts")
    print(
        "first reply      ",
        share(told),
        f" over {LONGEST_REPLY} lines:",
        sum(r.count("\n") >= LONGEST_REPLY for r in replies),
    )
    print("lead             ", share([holds(lead_of(reply), asked) for reply, asked in pairs]))
    print("found nothing    ", share([not lead_of(reply) for reply in replies]))
    hits = [[hit["text"] for hit in value["hits"]] for value in searches]
    print(
        "search's first   ",
        share([holds("".join(texts[:1]), asked) for texts, asked in zip(hits, chosen, strict=True)]),
    )
    print(
        "search's three   ",
        share([holds("".join(texts), asked) for texts, asked in zip(hits, chosen, strict=True)]),
    )
    best = best_sentences(contexts, options.lang, chosen)
    print(
        "BM25's sentence  ",
        share([holds(sentence, asked) for sentence, asked in zip(best, chosen, strict=True)]),
    )
    for (reply, asked), right in zip(pairs, told, strict=True):
        if not right and options.misses:
            options.misses -= 1
            print("\n---", asked.question, asked.answers, "\n", reply)


if __name__ == "__main__":
    main()
