"""How much of a PDF's text is read, in order and without headers and footers: `pdf.py [FOLDER]`, beside pdfium's own text.

PDFs are typeset from the seeds by reportlab and, if it is installed, printed by Chromium; FOLDER holds further ones, each
NAME.pdf beside its right text in NAME.txt. Prints the F1 over characters, and over runs of four, which depends on order.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pypdfium2

sys.path.insert(0, str(Path(__file__).parent.parent))

from pdf_kit import character_f1, paragraphs_of, typeset

from bot.intake.readers import read_documents

TABLE = [["Country", "Models", "Share"], ["United States", "40", "62%"], ["China", "15", "23%"]]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def typesettings() -> Iterator[tuple[str, bytes, str]]:
    """Yield (name, bytes, right text) of PDFs typeset by reportlab."""
    for seed in ("stanford", "qbitai", "caict"):
        for language, fonts in (("en", ("Times-Roman", "embedded")), ("zh", ("STSong-Light", "MSung-Light"))):
            for font in fonts:
                for columns in (1, 2):
                    made = typeset(
                        paragraphs_of(seed, language),
                        font=font,
                        columns=columns,
                        head="Annual report 2025",
                        table=TABLE if language == "en" else (),
                    )
                    yield f"{language} {font} {columns} col", made.raw, made.text


def printed() -> Iterator[tuple[str, bytes, str]]:
    """Yield (name, bytes, right text) of PDFs printed by Chromium with its own headers and footers and embedded fonts."""
    if CHROMIUM is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        for seed in ("stanford", "cww"):
            for language in ("en", "zh"):
                for columns in (1, 2):
                    paragraphs = [text.lstrip("# ") for text in paragraphs_of(seed, language)]
                    page, target = Path(folder, "a.html"), Path(folder, "a.pdf")
                    body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
                    page.write_text(
                        f"<html lang={language}><meta charset=utf-8><style>body{{columns:{columns};text-align:justify;hyphens:auto;"
                        f"font-size:11px}}p{{margin:0 0 .3em;text-indent:2em}}</style>{body}",
                        "utf-8",
                    )
                    command = [
                        CHROMIUM,
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        f"--print-to-pdf={target}",
                        str(page),
                    ]
                    subprocess.run(command, capture_output=True, timeout=120, check=True)
                    yield f"{language} Chromium {columns} col", target.read_bytes(), "\n".join(paragraphs)


def given(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    for path in sorted(folder.glob("*.pdf")):
        if (right := path.with_suffix(".txt")).exists():
            yield path.name, path.read_bytes(), right.read_text("utf-8")


def main() -> None:
    scores: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    sets = [*typesettings(), *printed(), *(given(Path(sys.argv[1])) if len(sys.argv) > 1 else ())]
    for name, raw, right in sets:
        began = time.process_time()
        document = next(read_documents("a.pdf", raw))
        cost = time.process_time() - began
        blocks = "\n".join(block.text.replace("|", "") for block in document.blocks)
        pdf = pypdfium2.PdfDocument(raw)
        plain = "\n".join(page.get_textpage().get_text_range() for page in pdf)
        of_both = [character_f1(text, right, length) for length in (1, 4) for text in (blocks, plain)]
        scores[name].append((*of_both, 1000 * cost / len(pdf)))
    print(f"{'':28} characters: ours, pdfium   runs of 4: ours, pdfium   ms a page")
    scores["mean"] = [row for of_one in scores.values() for row in of_one]
    for name, rows in scores.items():
        mean = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
        print(f"{name:28} {mean[0]:18.4f} {mean[1]:7.4f} {mean[2]:17.4f} {mean[3]:7.4f} {mean[4]:11.0f}")


if __name__ == "__main__":
    main()
