"""Round trips of encodings: 500 texts in 11 encodings, declared and not, come back as they were or are refused.

Needs TRENDBOT_SHARED. Prints, for each encoding, how many texts come out right, refused and different, and beside
them how many charset-normalizer gets right of the same bytes.
    python tests/bench/encodings.py
"""

from __future__ import annotations

import collections
import os
import random
import re
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes
from opencc import OpenCC

from bot.text.decode import UnreadableEncoding, decode

SIMPLIFIED = ("utf-8", "utf-16", "utf-16-le", "gb18030")
TRADITIONAL = ("big5", "gb18030", "euc-kr", "shift_jis")
"""EUC-JP is left out: nobody writes Chinese in it, and its bytes are frequent characters of GB18030 too."""
WESTERN = (
    "utf-8",
    "utf-16",
    "windows-1252",
    "iso-8859-1",
    "iso-8859-15",
    "mac-roman",
    "windows-1251",
)
ENCODED = 0.9
"""A text is tried in an encoding that can write this share of its characters; it is tried without the others."""

MARKDOWN = re.compile(r"!?\[[^\]]*\]\([^)]*\)|https?://\S+|<[^>]*>|[*_`#>|~-]{1,}|^\s*[\d.]+\s", re.MULTILINE)
NOT_TEXT = re.compile(r"[^\w\s.,:;!?'’‘“”\"()%$£€–—…，。：；！？、（）《》·&/+°éèüöäñçãáíóúâêôî-]")


@dataclass(frozen=True)
class Case:
    """The bytes of `text` in `encoding`, with a declaration that names it or without one."""

    text: str
    encoding: str
    declared: bool

    @property
    def raw(self) -> bytes:
        """What the file holds."""
        return self.whole.encode(self.encoding)

    @property
    def whole(self) -> str:
        """The text with its declaration, if any."""
        head = f'<html><head><meta charset="{self.encoding}"></head><body>\n' if self.declared else ""
        return head + self.text


def texts(shared: Path, count: int) -> tuple[list[str], list[str]]:
    """Chinese and English texts, `count` of each, half of them a sentence or less."""
    choice = random.Random(11)  # noqa: S311 -- a sample, no secret
    whole: dict[str, list[str]] = {"zh": [], "en": []}
    for path in sorted((shared / "seeds").glob("*.txt")):
        whole["zh"] += path.read_text(encoding="utf-8").split("\n")
    with zipfile.ZipFile(shared / "data/daily/hextra_cn_en_fr_ja.zip") as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".md") and (language := re.match(r"content/(cn|en)/", name)):
                text = NOT_TEXT.sub("", MARKDOWN.sub(" ", archive.read(name).decode()))
                whole["zh" if language[1] == "cn" else "en"] += re.split(r"\s*\n\s*", text)
    return _sample(whole["zh"], count, choice), _sample(
        [_typeset(line) for line in whole["en"]], count, choice
    )


def _typeset(line: str) -> str:
    """English as an editor's program sets it: curly quotes and apostrophes."""
    line = re.sub(r"\"([^\"]*)\"", "“\\1”", line)
    return re.sub(r"(?<=\w)'", "’", line)


def _sample(lines: list[str], count: int, choice: random.Random) -> list[str]:
    """Half short texts, a sentence or a part of one; half long ones, one to twenty lines."""
    lines = [line for line in dict.fromkeys(lines) if len(line) > 20 and any(c > "\x7f" for c in line)]
    parts = [part.strip() for line in lines for part in re.split(r"[。.!?；;]\s*", line)]
    short = [part for part in dict.fromkeys(parts) if 4 <= len(part) <= 120 and any(c > "\x7f" for c in part)]
    long = ["\n".join(choice.sample(lines, choice.randint(1, 20))) for _ in range(count - count // 2)]
    return [*choice.sample(short, min(len(short), count // 2)), *long]


def cases(chinese: list[str], english: list[str]) -> Iterator[Case]:
    """Each text in each encoding that can write it, undeclared and declared."""
    traditional = OpenCC("s2t")
    for group, encodings in (
        (chinese, SIMPLIFIED),
        ([traditional.convert(text) for text in chinese], TRADITIONAL),
        (english, WESTERN),
    ):
        for text in group:
            for encoding in encodings:
                written = text.encode(encoding, "ignore").decode(encoding)
                if len(written) >= ENCODED * len(text):
                    yield Case(written, encoding, declared=False)
                    yield Case(written, encoding, declared=True)


def outcome(case: Case) -> str:
    """ "right", "refused" or "different"."""
    try:
        return "right" if decode(case.raw) == case.whole else "different"
    except UnreadableEncoding:
        return "refused"


def peer_is_right(case: Case) -> bool:
    """Whether charset-normalizer reads the same bytes right."""
    best = from_bytes(case.raw).best()
    return best is not None and str(best).removeprefix("\ufeff") == case.whole


def main() -> None:
    """Prints the outcomes, and with -v each text that came out different."""
    chinese, english = texts(Path(os.environ["TRENDBOT_SHARED"]), 250)
    print(len(chinese), "Chinese texts,", len(english), "English texts")
    counts: dict[tuple[str, bool], collections.Counter[str]] = collections.defaultdict(collections.Counter)
    seconds = 0.0
    size = 0
    for number, case in enumerate(cases(chinese, english)):
        start = time.process_time()
        came = outcome(case)
        seconds += time.process_time() - start
        size += len(case.raw)
        counts[case.encoding, case.declared][came] += 1
        if number % 10 == 0:
            counts[case.encoding, case.declared]["tried with charset-normalizer"] += 1
            counts[case.encoding, case.declared]["right there"] += peer_is_right(case)
        if "-v" in sys.argv and came != "right":
            print(came, case.encoding, case.declared, repr(case.text[:90]))
    for (encoding, declared), count in sorted(counts.items()):
        print(f"{encoding:13}{'declared' if declared else '':9}", dict(count))
    total = sum(counts.values(), collections.Counter())
    print("all:", dict(total), f"{size / 1e6 / seconds:.1f} MB a CPU second")


if __name__ == "__main__":
    main()
