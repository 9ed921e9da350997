"""Which quoted sentences are leftovers of a page rather than prose, and why; independent of the rules that chose them.

`leftover` judges one sentence. As a program, it judges every quotable sentence of a library, prints the share of each
reason with examples, and with `--read N` prints N random passages for reading.
    PYTHONPATH=. python tests/bench/leftovers.py LIBRARY.db [--read N] [--seed N]
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Final

from bot.library.library import Library
from bot.models import Passage

SHOWN: Final = 6
_REASONS: Final = tuple(
    (reason, re.compile(pattern, re.IGNORECASE))
    for reason, pattern in (
        ("tag", r"</?(?:details|summary|div|span|p|br|img|a|li|ul|ol|table|tr|td|th|strong|em|ruby|rt|code|pre|h[1-6])\b[^<>]*/?>"),
        ("markup", r"\]\(|\]\[|\[\[|^\s*(?:#{1,6}|>|[-*+]|\|)\s|^!\[|\*\*|~~|```|^`|\{\{|\{%|%\}|^:::"),
        ("entity", r"&(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,6});"),
        ("row of a table", r"^\|.*\||(?:\S\s\|\s){2}|:?-{3,}:?\s*\|"),
        ("rest of a link", r"^\W{0,2}\">|\">\s?\w"),
        ("counter", r"[(（](?:score|points|comments|upvotes|votes|评分|得分|评论)\s?[:：]?\s?\d"),
        ("label", r"^.{0,40}[:：](?!\s*[)）-])\W*$"),
        ("bare address", r"^\W{0,4}(?:[\w@.]{1,30}\s?[:：]\s?)?(?:https?://|www\.)\S+\W*$"),
        ("navigation", r"^[『【\[「〖][^』】\]」〗]{1,30}[』】\]」〗]$|^\W*(?:上一|下一)[期篇页].{0,12}$|^(?:previous|next|back to)\b.{0,40}$|返回(?:目录|顶部)|\[toc\]"),
        ("page title", r"\s[·|]\s(?:hugging face|github|youtube|reddit|arxiv|wikipedia|issue #\d+|pull request #\d+)\b"),
        ("made by a summary", r"estimated reading time|reading time saved|节省.{0,4}阅读时间|no description found|未找到描述|(?:post|thread) lacks|帖子缺乏|click (?:here|to view)|we checked \d+|为您检查了|discover & share gifs"),
        ("code", r"[{};]\s*$|^\s*(?:\$|>>>|sudo|pip install|npm|apt|git clone|curl|cd|brew|import|from \w+ import|def|const|let|var|return|#include)\s[^.。，\u4e00-\u9fff]*$|\w\(\w*\)\s*[;{]\s*$|^\s*//"),
        ("cut short", r"(?:\.\.\.|…)[\"'”’)]?$"),
    )
)  # fmt: skip  # One reason per line.
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_FEW_HAN, _FEW_WORDS = 4, 3
_ENDED: Final = re.compile(r"[.!?。！？；;…][\"'”’」』)）\]]*$")


def leftover(sentence: str) -> str:
    """Return why a quoted sentence is no prose, "" if it is prose."""
    for reason, pattern in _REASONS:
        if pattern.search(sentence):
            return reason
    han, words = len(_HAN.findall(sentence)), len(_WORD.findall(sentence))
    if han < _FEW_HAN and words < _FEW_WORDS and not _ENDED.search(sentence):
        return "name or label"
    capitals = sum(word[0].isupper() for word in _WORD.findall(sentence) if word.isascii())
    if not han and not _ENDED.search(sentence) and capitals >= words - 1:
        return "name or label"
    return ""


def passages(library: Library) -> list[Passage]:
    """Return every passage of a library."""
    reports = library.reports(library.report_ids()).values()
    return [
        passage
        for report in reports
        for edition in report.editions
        for passage in library.passages_at(report.id, edition.language, range(edition.passages))
    ]


def main() -> None:
    """Print the shares of a library, and passages for reading."""
    parser = argparse.ArgumentParser()
    parser.add_argument("library", type=Path)
    parser.add_argument("--read", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    library = Library(arguments.library)
    stored = passages(library)
    quotable = [sentence.text for passage in stored for sentence in passage.sentences if sentence.whole]
    examples: defaultdict[str, list[str]] = defaultdict(list)
    for text in quotable:
        if reason := leftover(text):
            examples[reason].append(text)
    counts = Counter({reason: len(texts) for reason, texts in examples.items()})
    share = 100 * counts.total() / max(1, len(quotable))
    print(f"{len(stored)} passages, {len(quotable)} sentences that may be quoted, {share:.2f} % leftovers")
    choose = random.Random(arguments.seed)  # noqa: S311  # The same passages each time.
    for reason, count in counts.most_common():
        print(f"  {count:6} {reason}")
        for text in choose.sample(examples[reason], min(SHOWN, count)):
            print(f"         {text[:160]}")
    for passage in choose.sample(stored, min(arguments.read, len(stored))):
        print(f"{passage.id}  {' / '.join(sentence.text for sentence in passage.sentences)}")


if __name__ == "__main__":
    main()
