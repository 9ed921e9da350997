"""What a library was built with, measured: the code and data of every rule that shapes it.

Whole rooms are hashed, so that no rule has to be registered: a change that shapes nothing builds the library
anew once, one that is not noticed would leave it wrong for good.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

_ROOMS = ("cleaning", "figures", "intake", "library", "text")
# What asks for documents shapes none: what it brings is kept as it came.
_ASIDE = ("intake/fetch", "intake/sources")
_MODULES = ("models.py",)

LIBRARIES = (
    "ahocorasick-rs",
    "chardet",
    "charset-normalizer",
    "feedparser",
    "ftfy",
    "jieba",
    "lxml",
    "lxml_html_clean",
    "markdown-it-py",
    "opencc",
    "pypdfium2",
    "python-docx",
    "pyyaml",
    "rjieba",
    "sentencex",
    "snowballstemmer",
    "trafilatura",
)
"""The packages whose version shapes what a library holds; one that is not installed counts as that."""


def fingerprint(seeds: Path, segmenter: str) -> dict[str, str]:
    """A hash for each thing that a library depends on: `rules`, `seeds` (the glossary too), `libraries`.

    `segmenter` is the name of the one in use. Takes some milliseconds.
    """
    package = Path(__file__).parents[1]
    rules = [package / name for name in _MODULES]
    rules.extend(path for room in _ROOMS for path in _files(package / room))
    return {
        "rules": _digest(package, rules),
        "seeds": _digest(seeds, _files(seeds)),
        "libraries": _libraries(segmenter),
    }


def _files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, in a fixed order, without what Python compiled."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(
            name
            for name in folders
            if name != "__pycache__" and not Path(parent, name).as_posix().endswith(_ASIDE)
        )
        yield from (Path(parent, name) for name in sorted(names))


def _digest(root: Path, paths: Iterator[Path] | list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _libraries(segmenter: str) -> str:
    # Folding is Python's own (NFKC), by the version of its Unicode tables.
    digest = hashlib.sha256(f"{segmenter}\0{unicodedata.unidata_version}".encode())
    for name in LIBRARIES:
        digest.update(f"\0{name}\0{_metadata(name)}".encode())
    return digest.hexdigest()[:16]


def _metadata(name: str) -> str:
    """What a package says of itself, its version among it; hashed whole, since parsing it takes longer."""
    try:
        package = distribution(name)
    except PackageNotFoundError:
        return ""
    return package.read_text("METADATA") or package.read_text("PKG-INFO") or ""
