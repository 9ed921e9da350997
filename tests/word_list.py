"""Makes bot/text/english_chinese.tsv from a file of CC-CEDICT (cedict_ts.u8), which its project publishes every week.

It keeps English words and phrases of up to three words, each with at most three of the Chinese words that they explain:
by the position of the phrase among the meanings of the word, then by the word's frequency in jieba's dictionary.

    PYTHONPATH=. python tests/word_list.py cedict_ts.u8 2026-01-04
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import jieba

from bot.text.stopwords import STOPWORDS

LIST: Final = Path(__file__).parents[1] / "bot/text/english_chinese.tsv"
HEADER: Final = """\
# English words and phrases, folded, with the Chinese words for them, the usual first: those of CC-CEDICT of {day}.
# Belongs here: what tests/word_list.py makes of CC-CEDICT (by its contributors, CC BY-SA 4.0, as is this list)
# Does not: lines of our own; names that the glossary knows stand in seeds/topics.toml
"""
MOST_WORDS, MOST_CHINESE = 3, 3
_ENTRY = re.compile(r"\S+ (?P<simplified>[\u4e00-\u9fff]+) \[[^\]]*\] /(?P<glosses>.*)/")
_ASIDE = re.compile(r"\([^()]*\)")
_REFERENCE = re.compile(r"^(?:(?:old |archaic |erhua )?variant|see |abbr\.|surname |cl:|used |also |same as)")
_ARTICLE = re.compile(r"^(?:to be|to|an?|the) ")
_ENGLISH = re.compile(r"[a-z][a-z .'’-]+")


def explained(line: str) -> Iterator[tuple[str, str, int]]:
    """Yield (English phrase, the Chinese word that it explains, position of the phrase) for a line."""
    entry = _ENTRY.match(line)
    if not entry or not jieba.dt.FREQ.get(entry["simplified"]):  # The segmenter would not cut it as one word.
        return
    for place, gloss in enumerate(re.split(r"[/;]", _ASIDE.sub("", entry["glosses"]).lower())):
        # After a comma comes a place or a detail: Plain Blue Banner, Inner Mongolia.
        english = _ARTICLE.sub("", gloss.partition(",")[0].strip())
        if _REFERENCE.match(gloss.strip()) or not _ENGLISH.fullmatch(english) or english in STOPWORDS:
            continue
        if len(english.split()) <= MOST_WORDS:
            yield english.replace("’", "'"), entry["simplified"], place


def main() -> None:
    """Write the list."""
    source, day = Path(sys.argv[1]), sys.argv[2]
    jieba.initialize()
    best: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for line in source.read_text("utf-8").splitlines():
        for english, chinese, place in explained(line):
            best[english][chinese] = min(place, best[english].get(chinese, place))
    rows = []
    for english, places in best.items():
        usual = sorted(places, key=lambda word: (min(places[word], 2), -jieba.dt.FREQ[word], word))
        rows.append(f"{english}\t{' '.join(usual[:MOST_CHINESE])}\n")
    LIST.write_text(HEADER.format(day=day) + "".join(sorted(rows)), "utf-8")
    print(f"{len(rows):,} entries, {LIST.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
