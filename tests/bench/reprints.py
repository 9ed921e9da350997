"""How many edited copies are found, and how many unrelated pairs are taken for copies: `reprints.py [ARCHIVE]`.

The texts are abstracts of CSL (Chinese) and SciTLDR (English), found by TRENDBOT_SHARED. The copies are shortened, edited,
framed with boilerplate, in traditional characters, and all of these. ARCHIVE is a folder made by ../shared/tools/archive.py;
the pairs that count as reprints there are printed for reading. The baseline is Jaccard similarity of the same runs of words.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from itertools import combinations
from pathlib import Path
from random import Random

from opencc import OpenCC

from bot.cleaning.clean import clean
from bot.intake.readers import read_documents
from bot.library.reprints import is_reprint, runs_of
from bot.text.sentences import sentence_spans
from bot.text.unreadable import Unreadable

UNRELATED = 100_000
_FRAME = {
    "zh": (
        "本报讯 记者综合报道。点击关注本公众号,获取更多行业资讯。",
        "本文转载自网络,版权归原作者所有,如有侵权请联系我们删除。",
    ),
    "en": (
        "Sign up for our newsletter to get the latest news.",
        "All rights reserved. This article first appeared elsewhere.",
    ),
}
_traditional = OpenCC("s2t").convert


def texts() -> dict[str, list[str]]:
    """Return abstracts: Chinese ones of more than 300 characters, joined in pairs, and English ones of more than 600."""
    folder = Path(os.environ["TRENDBOT_SHARED"]) / "data" / "keywords"
    with gzip.open(folder / "csl_kg_dev.tsv.gz", "rt", encoding="utf-8") as lines:
        chinese = [max(line.split("\t"), key=len) for line in lines]
    with gzip.open(folder / "scitldr_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        english = [" ".join(json.loads(line)["source"]) for line in lines]
    pairs = [a + b for a, b in zip(chinese[::2], chinese[1::2], strict=False)]
    return {
        "zh": [text for text in pairs if len(text) > 300],
        "en": [text for text in english if len(text) > 600],
    }


def copies(text: str, language: str, chance: Random) -> Iterator[tuple[str, str]]:
    """Yield edited copies of a text as (change, copy)."""
    sentences = [text[start:end] for start, end in sentence_spans(text, language)]
    head, foot = _FRAME[language]
    framed = f"{head}\n{text}\n{foot}"
    half = (
        "".join(sentences[: (len(sentences) + 1) // 2])
        if language == "zh"
        else " ".join(sentences[: (len(sentences) + 1) // 2])
    )
    made = {"shortened": half, "framed": framed, "edited": _edited(text, language, chance)}
    made["all of it"] = f"{head}\n{_edited(half, language, chance)}\n{foot}"
    if language == "zh":
        made["traditional"] = _traditional(text)
        made["all of it"] = _traditional(made["all of it"])
    for change, copy in made.items():
        yield change, clean(copy).text


def _edited(text: str, language: str, chance: Random) -> str:
    """Return the text with about one character (Chinese) or word (English) in thirty replaced."""
    parts = list(text) if language == "zh" else text.split(" ")
    for index in range(len(parts)):
        if chance.random() < 1 / 30:
            parts[index] = chance.choice(parts)
    return ("" if language == "zh" else " ").join(parts)


def jaccard(a: AbstractSet[int], b: AbstractSet[int]) -> bool:
    """Return whether Jaccard similarity calls two texts copies, at the threshold at which no unrelated pair here is one."""
    return len(a & b) > 0.3 * len(a | b)


def main() -> None:
    chance = Random(1)  # noqa: S311 -- a repeatable choice of texts, no secret
    for language, own in texts().items():
        began = time.process_time()
        runs = [runs_of(text) for text in own]
        cost = (time.process_time() - began) / sum(map(len, own)) * 1e6
        rules: dict[str, Callable[[AbstractSet[int], AbstractSet[int]], bool]] = {
            "containment": is_reprint,
            "Jaccard": jaccard,
        }
        found: dict[tuple[str, str], list[bool]] = {}
        for text, original in zip(own[:500], runs, strict=False):
            for change, copy in copies(text, language, chance):
                for name, rule in rules.items():
                    found.setdefault((name, change), []).append(rule(original, runs_of(copy)))
        for (name, change), results in sorted(found.items()):
            print(
                f"{language} {name:12} {change:12} found {sum(results) / len(results):.3f} of {len(results)}"
            )
        pairs = [chance.sample(range(len(own)), 2) for _ in range(UNRELATED // 2)]
        for name, rule in rules.items():
            print(
                f"{language} {name:12} unrelated    folded {sum(rule(runs[a], runs[b]) for a, b in pairs)} of {len(pairs)}"
            )
        print(f"{language} {cost:.2f} microseconds of CPU a character")
    if len(sys.argv) > 1:
        _archive(Path(sys.argv[1]))


def _archive(folder: Path) -> None:
    """Print the pairs of documents in an archive that count as reprints."""
    known: list[tuple[str, AbstractSet[int]]] = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        try:
            document = next(read_documents(path.name, path.read_bytes()))
        except (Unreadable, StopIteration):
            continue
        known.append((f"{path.relative_to(folder)}: {document.title}", runs_of(document.text)))
    folded = [(a[0], b[0]) for a, b in combinations(known, 2) if is_reprint(a[1], b[1])]
    print(f"archive: {len(folded)} of {len(known) * (len(known) - 1) // 2:,} pairs folded")
    for first, second in folded:
        print(f"  {first}\n    {second}")


if __name__ == "__main__":
    main()
