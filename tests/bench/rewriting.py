"""What verification keeps of honest paraphrases and catches of wrong ones: 200 generated sentences per kind, in both languages.

"→ en" are translations of Chinese sentences: most honest ones are refused, since glossary and dictionary know too few of
their words or cannot tell which number belongs where; the source's own sentence is shown instead.

The sentences are generated (tests/rewriting_kit.py) from the seeds and, if TRENDBOT_SHARED is set, from public texts, which
contain more negations. No language model takes part, so the figures hold for these sentences only.
    python tests/bench/rewriting.py [--each 100] [--missed]

--missed prints each sentence that was wrongly refused or wrongly kept.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from rewriting_kit import PUBLISHERS, SEED, Made, Maker

from bot.languages import LANGUAGES
from bot.library.glossary import Glossary
from bot.models import Language
from bot.rewriting.reading import Reader
from bot.settings import packaged
from bot.text.segment import Segmenter
from bot.text.sentences import sentence_spans

KINDS: dict[str, tuple[Callable[[Maker], Iterator[Made]], float]] = {
    "honest paraphrase (kept)": (Maker.honest, 0.85),
    "invented number": (Maker.invented_numbers, 1.0),
    "numbers exchanged": (Maker.exchanged_numbers, 1.0),
    "names exchanged": (Maker.exchanged_names, 1.0),
    "another's name": (Maker.wrong_names, 1.0),
    "wrong citation": (Maker.wrong_ids, 1.0),
    "negation dropped": (Maker.dropped_negations, 0.95),
    "fact added": (Maker.added_facts, 0.9),
    "few words added": (Maker.added_words, 0.9),
}
_LENGTH = range(20, 260)


def public_sentences(language: Language) -> list[str]:
    """Return sentences of public texts, those with a negation first; none without TRENDBOT_SHARED."""
    shared = os.environ.get("TRENDBOT_SHARED")
    if not shared:
        return []
    data = Path(shared) / "data"
    if LANGUAGES[language].han:
        raw = json.loads(gzip.decompress((data / "retrieval/cmrc2018_dev.json.gz").read_bytes()))
        texts = [paragraph["context"] for entry in raw["data"] for paragraph in entry["paragraphs"]]
    else:
        packed = gzip.decompress((data / "keywords/scitldr_dev.jsonl.gz").read_bytes()).decode().splitlines()
        texts = [" ".join(json.loads(line)["source"]) for line in packed]
    sentences = [text[a:b].strip() for text in texts for a, b in sentence_spans(text, language)]
    kept = [s for s in dict.fromkeys(sentences) if len(s) in _LENGTH]
    random.Random(SEED).shuffle(kept)  # noqa: S311  # The same sentences each time, no secret.
    denying = re.compile(r"\bnot\b|n't\b|\bcannot\b|\bnever\b|\bwithout\b|不会|无法|不能|尚未|难以|并非|没有")
    return sorted(kept, key=lambda s: denying.search(s) is None)[:400]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--each", type=int, default=100, help="sentences of a kind in each language")
    parser.add_argument("--missed", action="store_true")
    arguments = parser.parse_args()
    glossary = Glossary.parse((packaged("seeds") / "topics.toml").read_text("utf-8"))
    reader = Reader(glossary, Segmenter(glossary.forms.words), PUBLISHERS)
    print(f"{'kind':26}{'language':>9}{'made':>6}{'right':>8}{'aim':>6}{'ms each':>9}")
    makers: dict[str, Maker] = {
        language: Maker(language, public_sentences(language)) for language in LANGUAGES
    }
    makers |= {f"→ {language}": Maker(language, translated=True) for language in LANGUAGES}
    for language, maker in makers.items():
        for name, (make, aim) in KINDS.items():
            every = list(make(maker))
            made = random.Random(SEED).sample(every, min(arguments.each, len(every))) if aim > 0.85 else every  # noqa: S311  # The same sentences each time, no secret.
            started = time.process_time()
            faults = [one.fault(reader) for one in made]
            spent = (time.process_time() - started) * 1000 / max(1, len(made))
            right = sum((fault is None) == (aim == 0.85) for fault in faults)
            print(
                f"{name:26}{language:>9}{len(made):6}{right / len(made):8.1%}{aim:6.0%}{spent:9.1f}",
                flush=True,
            )
            if arguments.missed:
                for one, fault in zip(made, faults, strict=True):
                    if (fault is None) != (aim == 0.85):
                        print(
                            "   ",
                            fault,
                            "|",
                            one.sentence,
                            "|",
                            one.evidence[one.cited[0] - 1].text if one.cited[0] <= len(one.evidence) else "",
                        )


if __name__ == "__main__":
    main()
