"""Quality and speed of cleaning: raw seeds, OpenCC's cases, pinyin, web pages, false alarms, speed, hostile files.

Needs TRENDBOT_SHARED. Prints one figure per line.
    python tests/bench/cleaning.py
"""

from __future__ import annotations

import collections
import difflib
import gzip
import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.cleaning.clean import QUARANTINE, clean, repair
from bot.intake.readers import read_documents
from bot.models import CutLine, Document
from bot.text.normalise import to_simplified
from bot.text.unreadable import Unreadable

BODIES = {
    "000": [(1, 1)],
    "001": [(3, 3)],
    "002": [(2, 99)],
    "003": [(2, 2), (6, 46)],
    "004": [(2, 2), (6, 28)],
}
"""The lines of each raw seed that are its body; the rest is title, credits, headlines, footer and spam."""

ANNOTATION = re.compile(r"(?<=[\u4e00-\u9fff])\([a-z]{0,5}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-z]{0,4}\)")
MEBIBYTE = 1024 * 1024
GOOD = "2024年,全球算力投资继续增长,多家机构上调了对数据中心的预测。"


@dataclass(frozen=True)
class Seed:
    """A raw seed after cleaning: the share of its body that was kept, and the lines of its body taken for spam."""

    name: str
    document: Document
    kept: float
    accused: list[CutLine]


def seeds(shared: Path) -> list[Seed]:
    """Return the five raw seeds, read as for an operator."""
    return [_seed(path) for path in sorted((shared / "seeds").glob("*.txt"))]


def _seed(path: Path) -> Seed:
    document = next(read_documents(path.name, path.read_bytes()))
    lines = path.read_text(encoding="utf-8").split("\n")
    body = "".join(
        to_simplified(ANNOTATION.sub("", line))
        for first, last in BODIES[path.name[:3]]
        for line in lines[first - 1 : last]
    )
    expected, got = ("".join(text.split()) for text in (body, document.text))
    blocks = difflib.SequenceMatcher(None, expected, got, autojunk=False).get_matching_blocks()
    accused = [
        cut for cut in document.cut if cut.rule in QUARANTINE and "".join(cut.text.split()) in expected
    ]
    return Seed(path.name, document, sum(block.size for block in blocks) / len(expected), accused)


def opencc_cases(shared: Path) -> tuple[int, int]:
    """Return how many of OpenCC's own t2s cases pass, and their number."""
    text = (shared / "data/cleaning/opencc_testcases.json").read_text(encoding="utf-8")
    cases = json.loads(re.sub(r",(\s*[}\]])", r"\1", text))["cases"]
    pairs = [(case["input"], case["expected"]["t2s"]) for case in cases if "t2s" in case["expected"]]
    return sum(to_simplified(given) == expected for given, expected in pairs), len(pairs)


def contexts(shared: Path) -> list[str]:
    """Return the encyclopedia paragraphs of CMRC 2018."""
    data = json.loads(gzip.decompress((shared / "data/retrieval/cmrc2018_dev.json.gz").read_bytes()))
    return [paragraph["context"] for entry in data["data"] for paragraph in entry["paragraphs"]]


def annotated(shared: Path, count: int) -> Iterator[tuple[str, str]]:
    """Yield sentences with real parentheses, each with a copy that has pinyin after the characters of a known phrase."""
    phrases = json.loads((shared / "data/cleaning/pinyin_phrases.json").read_text(encoding="utf-8"))
    choice = random.Random(7)  # noqa: S311 -- a repeatable sample, no secret
    sentences = [s for text in contexts(shared) for s in re.findall(r"[^。\n]{12,80}。", text)]
    real = [
        "(HAI)",
        "(2024)",
        "(MoE)",
        "(GPU)",
        "(见图3)",
        "(app)",
        "（2025年）",
        "(e.g. LLM)",
        "(tokens/W)",
        "(ai)",
    ]
    for phrase, readings in choice.sample(sorted(phrases.items()), count):
        before, after = choice.sample(sentences, 2)
        plain = f"{before[:-1]},{phrase}{choice.choice(real)},{after}"
        chosen = [choice.random() < 0.7 for _ in phrase[1:]] + [True]
        noisy = "".join(
            f"{char}({reading[0]})" if keep else char
            for char, reading, keep in zip(phrase, readings, chosen, strict=True)
        )
        yield plain, plain.replace(phrase, noisy, 1)


def restored(shared: Path, count: int = 2000) -> tuple[int, int]:
    """Return how many annotated sentences `repair` restores exactly, and how many were tried."""
    pairs = list(annotated(shared, count))
    return sum(_line(noisy) == _line(plain) for plain, noisy in pairs), len(pairs)


def _line(text: str) -> str:
    return repair(text).blocks[0].text


def page_scores(shared: Path) -> dict[str, float]:
    """Return each web page's 4-gram F1 against its expected text, both in simplified characters."""
    from lxml import html

    scores = {}
    for folder in sorted((shared / "data/pages").iterdir()):
        expected = html.fromstring((folder / "expected.html").read_text(encoding="utf-8")).text_content()
        document = next(read_documents("source.html", (folder / "source.html").read_bytes()))
        scores[folder.name] = _f1(_grams(document.text), _grams(expected))
    return scores


def _grams(text: str) -> collections.Counter[str]:
    letters = "".join(to_simplified(text).split())
    return collections.Counter(letters[i : i + 4] for i in range(len(letters) - 3))


def _f1(got: collections.Counter[str], expected: collections.Counter[str]) -> float:
    return 2 * (got & expected).total() / max(1, got.total() + expected.total())


def false_alarms(shared: Path) -> tuple[list[CutLine], int]:
    """Return the cuts among 66,000 headlines of hot news, each between two sentences, and the number of headlines."""
    rows = gzip.decompress((shared / "data/trends/weibo_2024-11_2025-04.tsv.gz").read_bytes()).decode()
    titles = list(dict.fromkeys(row.split("\t")[1] for row in rows.splitlines()))
    cut: list[CutLine] = []
    for start in range(0, len(titles), 20):
        page = "\n".join(f"{GOOD}\n{title}" for title in titles[start : start + 20])
        cut += clean(f"{page}\n{GOOD}").cut
    return cut, len(titles)


def speed(shared: Path) -> tuple[float, float]:
    """Return megabytes of UTF-8 Chinese cleaned per CPU second: as one long text, and paragraph by paragraph."""
    texts = contexts(shared)
    whole = "\n".join(texts)
    size = len(whole.encode()) / 1e6
    clean(whole[:1000])
    start = time.process_time()
    clean(whole)
    middle = time.process_time()
    for text in texts:
        clean(text)
    return size / (middle - start), size / (time.process_time() - middle)


HOSTILE = {
    "spaces": " " * MEBIBYTE,
    "ideographic spaces": "算\u3000" * (MEBIBYTE // 6),
    "one letter": "a" * MEBIBYTE,
    "one character": "一" * (MEBIBYTE // 3),
    "brackets": "[" * MEBIBYTE,
    "parentheses": "一(" * (MEBIBYTE // 4),
    "tags": "<a " * (MEBIBYTE // 3),
    "question marks": "?" * MEBIBYTE,
    "lost characters": "一??焖" * (MEBIBYTE // 8),
    "combining marks": "a" + "\u0301\u0323\u0327\u0334" * (MEBIBYTE // 8),
    "pipes": "一|" * (MEBIBYTE // 4),
    "stops and dashes": ". - x" * (MEBIBYTE // 5),
    "addresses": "www." * (MEBIBYTE // 4),
    "annotations": "一(shì)" * (MEBIBYTE // 9),
    "mojibake": "锛銆" * (MEBIBYTE // 6),
    "misread lines": "ÊýÝÖÐÐÄÓÃµç±¨¸æ éàüÿ\n" * (MEBIBYTE // 50),
    "misread in one line": "ÊýÝÖÐÐÄÓÃµç±¨¸æéàüÿ" * (MEBIBYTE // 40),
    "escapes": "\\u6db2\\" * (MEBIBYTE // 7),
    "entities": "&#10;" * (MEBIBYTE // 5),
    "markdown": "**a [b](" * (MEBIBYTE // 8),
    "spam in one line": "今天很好。大尺度少妇自慰久久黑料AV " * (MEBIBYTE // 55),
    "10,000 lines of spam": "偷拍男少GAy16HD | 9天前 |\n澳门新葡京开户注册送88元\n" * 5000,
    "40,000 dates": "2025-01-09\n" * 40_000,
}
"""Files of about a mebibyte that strain the rules: one line of one thing, or very many lines."""
PROSE = "".join(f"算力中心第{n}期已经完工，投产后每年可以节省{n}万元电费。\n" for n in range(MEBIBYTE // 82))
"""About a mebibyte of prose, whose cost is the measure of what a hostile file may cost on the same machine."""

CHILD = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from bench.cleaning import read
read(sys.argv[2], sys.stdin.buffer.read())
used = resource.getrusage(resource.RUSAGE_SELF)
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(used.ru_utime + used.ru_stime, int(peak) / 1024)
"""


def read(name: str, raw: bytes) -> list[Document]:
    """Return the readable documents of a file."""
    documents = []
    found = read_documents(name, raw)
    while True:
        try:
            documents.append(next(found))
        except Unreadable:
            continue
        except StopIteration:
            return documents


def hostile(kind: str, ending: str) -> tuple[float, float]:
    """Return the CPU seconds and peak megabytes of a new process that reads one hostile file."""
    return cost(HOSTILE[kind], ending)


def cost(text: str, ending: str) -> tuple[float, float]:
    """Return the CPU seconds and peak megabytes of a new process that reads a text as a file with this ending."""
    raw = json.dumps({"text": text}).encode() if ending == "jsonl" else text.encode()
    command = [sys.executable, "-c", CHILD, str(Path(__file__).parent.parent), f"hostile.{ending}"]
    done = subprocess.run(command, input=raw, capture_output=True, check=True, timeout=120)
    seconds, megabytes = done.stdout.split()
    return float(seconds), float(megabytes)


def main() -> None:
    """Print the figures."""
    shared = Path(os.environ["TRENDBOT_SHARED"])
    for seed in seeds(shared):
        d = seed.document
        print(
            f"seed {seed.name}: body kept {seed.kept:.2%}, body in quarantine {len(seed.accused)}, cut {len(d.cut)}, "
            f"{d.published} {'inferred ' if d.inferred else ''}| {d.publisher} | {d.title}"
        )
    print("OpenCC t2s cases: {} of {}".format(*opencc_cases(shared)))
    print("annotated sentences restored: {} of {}".format(*restored(shared)))
    scores = page_scores(shared)
    print(
        "page F1:",
        {k: round(v, 4) for k, v in scores.items()},
        f"mean {sum(scores.values()) / len(scores):.4f}",
    )
    cut, total = false_alarms(shared)
    print(f"headlines cut: {len(cut)} of {total}", [line.text for line in cut])
    print("clean: {:.1f} MB/s in one text, {:.1f} MB/s in paragraphs".format(*speed(shared)))
    for kind in HOSTILE:
        for ending in ("txt", "md", "jsonl", "html"):
            seconds, megabytes = hostile(kind, ending)
            print(f"hostile {kind}.{ending}: {seconds:.2f} s CPU, {megabytes:.0f} MB")


if __name__ == "__main__":
    main()
