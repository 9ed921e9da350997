"""Round trips of encodings: 500 texts in 12 encodings, declared and undeclared, must be decoded exactly or refused.

Needs TRENDBOT_SHARED. Prints for each encoding how many texts are right, refused and different, and beside them, for
every tenth text, how many charset-normalizer decodes right.
    python tests/bench/encodings.py [-v]
With --catalogs FOLDER, an unpacked wheel of Django, its sentences in 35 languages are tried too, in the encodings that
Windows, Unix, DOS and the Mac had for each.
"""

from __future__ import annotations

import argparse
import collections
import gettext
import os
import random
import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes
from opencc import OpenCC

from bot.text.decode import decode
from bot.text.unreadable import UnreadableEncoding

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
LABELS = {
    "mac-roman": "macintosh",
    "mac-latin2": "x-mac-ce",
    "mac-cyrillic": "x-mac-cyrillic",
    "mac-greek": "x-mac-greek",
    "mac-turkish": "x-mac-turkish",
    "cp949": "euc-kr",
    "cp932": "shift_jis",
    "cp874": "windows-874",
}
"""Names of encodings on web pages, by Python's name, where they differ."""

ENCODED = 0.9
"""A text is tried in an encoding that can write this share of its characters; the other characters are dropped."""

MARKDOWN = re.compile(r"!?\[[^\]]*\]\([^)]*\)|https?://\S+|<[^>]*>|[*_`#>|~-]{1,}|^\s*[\d.]+\s", re.MULTILINE)
WEST, CENTRE = (
    ("windows-1252", "cp850", "cp437", "mac-roman"),
    ("windows-1250", "iso-8859-2", "cp852", "mac-latin2"),
)
CYRILLIC = ("windows-1251", "koi8-r", "cp866", "cp855", "iso-8859-5", "mac-cyrillic")
BALTIC = ("windows-1257", "iso-8859-13", "cp775")
WORLD = {
    **dict.fromkeys(("fr", "de", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "is", "ca", "gl"), WEST),
    **dict.fromkeys(("pl", "cs", "sk", "hu", "sl", "hr", "ro"), CENTRE),
    **dict.fromkeys(("ru", "bg", "mk", "sr", "be"), CYRILLIC),
    **dict.fromkeys(("lt", "lv", "et"), BALTIC),
    "el": ("windows-1253", "iso-8859-7", "cp737", "cp869", "mac-greek"),
    "tr": ("windows-1254", "cp857", "mac-turkish"),
    "he": ("windows-1255", "cp862"),
    "ar": ("windows-1256", "iso-8859-6"),
    "th": ("cp874",),
    "uk": ("windows-1251", "koi8-u", "cp1125"),
    "ja": ("cp932", "euc-jp"),
    "ko": ("cp949",),
}
"""The encodings of each language's pages and files before UTF-8."""

NOT_TEXT = re.compile(r"[^\w\s.,:;!?'’‘“”\"()%$£€–—…，。：；！？、（）《》·&/+°éèüöäñçãáíóúâêôî-]")


@dataclass(frozen=True)
class Case:
    """The bytes of `text` in `encoding`, with or without a declaration of the encoding."""

    text: str
    encoding: str
    declared: bool

    @property
    def raw(self) -> bytes:
        """The bytes of the file."""
        return self.whole.encode(self.encoding)

    @property
    def whole(self) -> str:
        """The text with its declaration, if any."""
        label = LABELS.get(self.encoding, self.encoding)
        head = f'<html><head><meta charset="{label}"></head><body>\n' if self.declared else ""
        return head + self.text


def texts(shared: Path, count: int) -> tuple[list[str], list[str]]:
    """Return `count` Chinese and `count` English texts, half of them of one sentence or less."""
    choice = random.Random(11)  # noqa: S311 -- a repeatable sample, no secret
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
    """Return English with curly quotes and apostrophes, as a publisher's software sets it."""
    line = re.sub(r"\"([^\"]*)\"", "“\\1”", line)
    return re.sub(r"(?<=\w)'", "’", line)


def _sample(lines: list[str], count: int, choice: random.Random) -> list[str]:
    """Return `count` texts: half a sentence or a part of one, half one to twenty lines."""
    lines = [line for line in dict.fromkeys(lines) if len(line) > 20 and any(c > "\x7f" for c in line)]
    parts = [part.strip() for line in lines for part in re.split(r"[。.!?；;]\s*", line)]
    short = [part for part in dict.fromkeys(parts) if 4 <= len(part) <= 120 and any(c > "\x7f" for c in part)]
    long = ["\n".join(choice.sample(lines, choice.randint(1, 20))) for _ in range(count - count // 2)]
    return [*choice.sample(short, min(len(short), count // 2)), *long]


def cases(chinese: list[str], english: list[str]) -> Iterator[Case]:
    """Yield each text in each encoding that can write it, undeclared and declared."""
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


def world(folder: Path) -> Iterator[Case]:
    """Yield samples of one to forty sentences in each language and each of its encodings, undeclared and declared."""
    choice = random.Random(11)  # noqa: S311 -- a repeatable sample, no secret
    for language, encodings in WORLD.items():
        lines = sorted(set(_sentences(folder, language)))
        for size in (1, 1, 3, 10, 40):
            text = "\n".join(choice.sample(lines, min(size, len(lines))))
            for encoding in encodings:
                written = text.encode(encoding, "ignore").decode(encoding)
                if not written.isascii() and len(written) >= ENCODED * len(text):
                    yield Case(written, encoding, declared=False)
                    yield Case(written, encoding, declared=True)


def _sentences(folder: Path, language: str) -> Iterator[str]:
    """Yield a language's translated sentences, with x for each placeholder."""
    for path in sorted(folder.glob(f"**/locale/{language}/LC_MESSAGES/django.mo")):
        with path.open("rb") as file:
            catalog = vars(gettext.GNUTranslations(file))["_catalog"]
        for text in catalog.values():
            line = re.sub(r"%(?:\(\w+\))?[sdr]|\{\w*\}|<[^>]+>", "x", text if isinstance(text, str) else "")
            if len(line) > 25 and not line.isascii():
                yield line.replace("\n", " ").replace("\xa0", " ")


def outcome(case: Case) -> str:
    """Return "right", "refused" or "different"."""
    try:
        return "right" if decode(case.raw) == case.whole else "different"
    except UnreadableEncoding:
        return "refused"


def peer_is_right(case: Case) -> bool:
    """Return whether charset-normalizer decodes the same bytes right."""
    best = from_bytes(case.raw).best()
    return best is not None and str(best).removeprefix("\ufeff") == case.whole


def main() -> None:
    """Print the outcomes, and with -v each text that was refused or came out different."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-v", action="store_true")
    parser.add_argument("--catalogs", type=Path)
    arguments = parser.parse_args()
    chinese, english = texts(Path(os.environ["TRENDBOT_SHARED"]), 250)
    print(len(chinese), "Chinese texts,", len(english), "English texts")
    tried = [*cases(chinese, english), *(world(arguments.catalogs) if arguments.catalogs else ())]
    counts: dict[tuple[str, bool], collections.Counter[str]] = collections.defaultdict(collections.Counter)
    seconds = 0.0
    size = 0
    for number, case in enumerate(tried):
        start = time.process_time()
        came = outcome(case)
        seconds += time.process_time() - start
        size += len(case.raw)
        counts[case.encoding, case.declared][came] += 1
        if number % 10 == 0:
            counts[case.encoding, case.declared]["tried with charset-normalizer"] += 1
            counts[case.encoding, case.declared]["right there"] += peer_is_right(case)
        if arguments.v and came != "right":
            print(came, case.encoding, case.declared, repr(case.text[:90]))
    for (encoding, declared), count in sorted(counts.items()):
        print(f"{encoding:13}{'declared' if declared else '':9}", dict(count))
    total = sum(counts.values(), collections.Counter())
    print("all:", dict(total), f"{size / 1e6 / seconds:.1f} MB a CPU second")


if __name__ == "__main__":
    main()
