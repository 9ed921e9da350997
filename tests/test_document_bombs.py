"""Documents made to exhaust time or memory are refused in a sentence that names the limit, or read within it.

Each is really read, in a process of its own with limited memory.
"""

from __future__ import annotations

import gc
import io
import json
import os
import random
import resource
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from library_kit import in_words
from process_kit import children

from bot.intake.box.box import Box
from bot.intake.readers import read_stream
from bot.models import Document
from bot.text.unreadable import Unreadable

ROOT = Path(__file__).parent.parent
MEBIBYTE = 1 << 20
BODY = "Liquid cooling cut the power bill of the new hall by 18% in its first year, the operator said."
READ = """
import json, sys
from bot.intake.readers import read_documents
from bot.rendering.renderer import Renderer
from bot.settings import packaged
from bot.text.unreadable import Unreadable
count, documents = 0, read_documents(sys.argv[1], open(sys.argv[1], "rb").read())
while True:
    try:
        document = next(documents)
        last = [True, document.title, len(document.text)]
    except StopIteration:
        break
    except Unreadable as error:
        last = error.problem
    count += 1
if not isinstance(last, list):
    renderer = Renderer(packaged("templates"))
    last = [False, *(renderer.word("problem", language, last.name, last.values) for language in ("en", "zh"))]
print(json.dumps([count, last]))
"""


def limited(memory: int) -> Callable[[], None]:
    """Return a function that limits the address space of a process to `memory` bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def read(path: Path, *, memory: int = 300 * MEBIBYTE, seconds: float = 30) -> tuple[int, list[object]]:
    """Return the number of outcomes of a file and the last one, read in a child with this much memory and CPU time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        preexec_fn=limited(memory),
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr[-2000:]
    assert after.ru_utime - before.ru_utime < seconds
    count, last = json.loads(done.stdout)
    return count, last


def merged() -> str:
    """Return YAML whose merge keys multiply ninefold on nine levels: nine to the ninth fields."""
    levels = ["l0: &l0 {a: 1, b: 2}"]
    levels += [f"l{n}: &l{n}\n  <<: [{', '.join([f'*l{n - 1}'] * 9)}]\n  k{n}: 1" for n in range(1, 10)]
    return "\n".join(levels)


def markdown(head: str) -> str:
    return f"---\ntitle: Cooling\n{head}\n---\n\n{BODY}\n"


REFUSED = {
    "yaml-aliases.md": (markdown("a: &a [x]\nb: [" + "*a, " * 9_000 + "x]"), "9,000 times; the limit is 100"),
    "front-matter.md": (markdown("tags: x\n" * 20_000), "the limit is 65,536"),
    "brackets.md": ("[" * MEBIBYTE, "the limit is 200,000"),
    "stars.md": ("*a " * 300_000, "the limit is 200,000"),
    "quotes.md": ("`" * 300_000 + " " + BODY, "the limit is 200,000"),
    "attributes.html": (
        f"<html><body><p {' '.join(f'a{n}=1' for n in range(200_000))}>{BODY}</p></body></html>",
        "the limit is 1,000",
    ),
    "odd-quotes.html": (
        f'<html><body><p x" {" ".join(f"a{n}" for n in range(200_000))} "y>{BODY}</p></body></html>',
        "the limit is 1,000",
    ),
    "elements.html": (f"<html><body>{'<p>a</p>' * 200_000}</body></html>", "the limit is 50,000"),
    "nested.jsonl": ("[" * 100_000, "the limit is 100 levels"),
    "nested-objects.jsonl": ('{"text":' * 100_000 + "1" + "}" * 100_000, "the limit is 100 levels"),
    "nested-text.jsonl": (
        json.dumps({"text": json.loads("[" * 90 + '"a"' + "]" * 90)}),
        "the limit is 16 levels",
    ),
    "pieces.jsonl": (json.dumps({"title": "a", "content": ["a"] * 300_000}), "50,000 pieces"),
    "tiny.jsonl": ('{"text":"a"}\n' * (2 * MEBIBYTE // 13), "fewer than 64 characters"),
    "empty-lines.jsonl": ("{}\n" * (2 * MEBIBYTE // 3), "fewer than 64 characters"),
    "lines.txt": ("a\n" * 300_000, "the limit is 50,000"),
    "html-in-json.jsonl": (json.dumps({"html": "<p>a</p>" * 200_000}), "the limit is 50,000"),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_bomb_is_refused_in_a_sentence_that_names_the_limit(name: str, tmp_path: Path) -> None:
    text, limit = REFUSED[name]
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    _, (taken, english, chinese) = read(path, seconds=10)
    assert not taken
    assert limit in str(english)
    assert str(chinese).rstrip("。")
    assert "\n" not in f"{english}{chinese}"


READABLE = {
    "merges.md": (markdown(merged()), "Cooling"),
    "numbers.md": (
        markdown(f"weight: 1e999999999\nbig: {'9' * 20_000}\nsixty: {'1:' * 9_000}1\nhex: 0x{'f' * 20_000}"),
        "Cooling",
    ),
    "deep-yaml.md": (markdown(f"a: {'[' * 5_000}{']' * 5_000}"), "Cooling"),
    "number.jsonl": (
        f'{{"title": "Cooling", "text": "{BODY}", "n": {"9" * MEBIBYTE}, "date": {"1" * 9_999}}}',
        "Cooling",
    ),
    "fields.jsonl": (
        json.dumps({**{f"field {n}": BODY for n in range(50_000)}, "title": "Cooling", "text": BODY}),
        "Cooling",
    ),
    "deep.html": (
        f"<html><title>Cooling</title><body><p>{BODY * 9}</p>{'<div>' * 45_000}</body></html>",
        "Cooling",
    ),
    "quoted.md": (markdown("") + "\n" + ("> " * 50_000) + BODY, "Cooling"),
    "items.md": (markdown("") + "\n" + "\n".join(f"{'  ' * n}- item" for n in range(1_500)), "Cooling"),
    "columns.md": (
        markdown("") + "\n|" + "a|" * 9_000 + "\n|" + "-|" * 9_000 + "\n" + "|x\n" * 2_000,
        "Cooling",
    ),
    "references.md": (markdown("") + "\n" + "\n".join(f"[a{n}]: b" for n in range(40_000)), "Cooling"),
}


@pytest.mark.parametrize("name", sorted(READABLE))
def test_what_only_looks_like_a_bomb_is_read_in_seconds(name: str, tmp_path: Path) -> None:
    text, title = READABLE[name]
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert read(path, memory=400 * MEBIBYTE, seconds=15)[1][:2] == [True, title]


def test_many_short_lines_of_json_end_after_the_first_ten_thousand(tmp_path: Path) -> None:
    path = tmp_path / "tiny.jsonl"
    path.write_text('{"text":"a"}\n' * (2 * MEBIBYTE // 13), encoding="utf-8")
    assert read(path, seconds=10)[0] == 10_001


def test_a_chinese_text_of_15_mb_goes_into_the_library_with_400_mb_of_memory(tmp_path: Path) -> None:
    letters = "算力需求在过去一年里继续增长多家机构上调了预测的投入达到三千亿元运营商去年为此新铺了光缆平均时延降到毫秒"
    chance = random.Random(1)  # noqa: S311 -- makes a repeatable text, no secret
    sentences = ["".join(chance.choices(letters, k=60)) + "。" for _ in range(8_000)]
    path = tmp_path / "book.txt"
    path.write_text(
        "\n".join("".join(chance.choices(sentences, k=6)) for _ in range(13_800)), encoding="utf-8"
    )
    assert path.stat().st_size > 15_000_000
    done = subprocess.run(
        [sys.executable, "-m", "bot", "ingest", "--json", str(path)],
        cwd=ROOT,
        env={**os.environ, "TRENDBOT_DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        preexec_fn=limited(400 * MEBIBYTE),
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout)["status"] == "added"


def deflated(size: int) -> bytes:
    """Return a PDF of one page whose stream unpacks to about `size` bytes of text operators."""
    return _pdf(zlib.compress(b"BT /F 12 Tf 9 9 Td (compute) Tj ET\n" * (size // 35)), b"/Filter/FlateDecode")


def _pdf(stream: bytes, filters: bytes = b"", page: bytes = b"") -> bytes:
    return b"".join(
        (
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
            b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>",
            page,
            b">>endobj\n4 0 obj<</Length %d%s>>stream\n" % (len(stream), filters),
            stream,
            b"\nendstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj trailer<</Root 1 0 R>>",
        )
    )


def _nested(depth: int) -> bytes:
    """Return a PDF whose stream is compressed `depth` times."""
    stream = b"\0" * (1 << 30 >> 4)
    for _ in range(depth):
        stream = zlib.compress(stream, 9)
    return _pdf(stream, b"/Filter[" + b"/FlateDecode" * depth + b"]")


def _pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (10 + n) for n in range(count))
    objects = b"".join(
        b"%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n" % (10 + n) for n in range(count)
    )
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids["
        + kids
        + b"]/Count %d>>endobj\n" % count
        + objects
        + b"trailer<</Root 1 0 R>>"
    )


def word(document: bytes) -> bytes:
    """Return a Word document with `document` as its word/document.xml."""
    old, target = io.BytesIO(), io.BytesIO()
    docx.Document().save(old)
    with zipfile.ZipFile(old) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, document if name == "word/document.xml" else before.read(name))
    return target.getvalue()


def in_body(content: bytes) -> bytes:
    spaces = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return word(b"<w:document %s><w:body>%s</w:body></w:document>" % (spaces, content))


BOXED: dict[str, Callable[[], bytes]] = {
    "operators.pdf": lambda: deflated(400 << 20),
    "packed-again.pdf": lambda: _nested(4),
    "pages.pdf": lambda: _pages(40_000),
    "loop.pdf": lambda: _pdf(b"", page=b"/Parent 3 0 R").replace(b"/Kids[3 0 R]", b"/Kids[2 0 R 3 0 R]"),
    "brackets.pdf": lambda: _pdf(b"[" * (8 << 20)),
    "spaces.docx": lambda: word(b"<w:document>" + b" " * (300 << 20)),
    "paragraphs.docx": lambda: in_body(b"<w:p/>" * 3_000_000),
    "deep.docx": lambda: in_body(b"<w:sdt>" * 200_000),
    "attributes.docx": lambda: in_body(b"<w:p %s/>" % b" ".join(b'a%d="1"' % n for n in range(300_000))),
    "one-letter.txt": lambda: b"a" * MEBIBYTE,
    "one-han.txt": lambda: "算".encode() * (MEBIBYTE // 3),
    "one-letter.md": lambda: b"*" * MEBIBYTE,
    "one-letter.html": lambda: b"<html>" + b"<" * MEBIBYTE,
    "depth.html": lambda: b"<html><body>" + b"<b>" * 49_000 + BODY.encode(),
}
"""Bombs that may kill a worker."""


def test_bombs_leave_no_process_and_no_memory_behind_and_the_next_document_is_read(tmp_path: Path) -> None:
    """Each is refused within 30 seconds, in words, and the parent does not grow."""
    box = Box()
    bombs = {name: bomb() for name, bomb in BOXED.items()}  # By libraries that a parent does not load.
    try:
        before = children(os.getpid())
        assert isinstance(_outcome(box, "first.txt", BODY.encode()), Document)
        own = Path("/proc/self/status")
        held = _resident(own)
        for name, raw in bombs.items():
            began = time.monotonic()
            outcome = _outcome(box, name, raw)
            assert time.monotonic() - began < 30, name
            if isinstance(outcome, Unreadable):
                assert in_words(outcome.problem).endswith("."), name
                assert outcome.problem.name != "unexpected", name
        assert isinstance(_outcome(box, "last.txt", BODY.encode()), Document)
        gc.collect()
        assert _resident(own) - held < 20 * MEBIBYTE
    finally:
        box.close()
    assert children(os.getpid()) == before
    assert not list(tmp_path.iterdir())


TAKE_IN = """
import gc, sys, threading
from pathlib import Path
from library_kit import open_folder
from bot.intake.ingest import no_siblings

def resident():
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) << 10

def take_in(name, text):
    assert [one.status for one in app.ingest.content(name, text.encode(), 0, no_siblings)] == ["added"]

app = open_folder(Path(sys.argv[1]))
take_in("first.txt", "Compute is scarce in 2026, the operator said.")
gc.collect()
held = resident()
work = threading.Thread(target=take_in, args=("one-han.txt", "算" * 349_525))
work.start()
work.join()
gc.collect()
print(resident() - held)
app.close()
"""


def test_a_large_document_that_was_taken_in_leaves_no_memory_behind(tmp_path: Path) -> None:
    """If a thread keeps the memory that it has freed, the bot grows by some 20 MiB; what is loaded once takes 11."""
    done = subprocess.run(
        [sys.executable, "-c", TAKE_IN, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < 16 * MEBIBYTE


def _outcome(box: Box, name: str, raw: bytes) -> Document | Unreadable:
    return next(read_stream(box, name, io.BytesIO(raw), lambda _name: None))


def _resident(status: Path) -> int:
    (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) << 10
