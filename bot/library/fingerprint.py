"""Fingerprint of a library: hashes of the code and data of every rule that shapes it.

Whole rooms are hashed, so that no rule has to be registered: a change that shapes nothing costs one needless rebuild,
whereas a change that went unnoticed would leave the library wrong for good.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

_ROOMS = ("cleaning", "figures", "intake", "library", "text")
# Fetching shapes no document: originals are stored as they came.
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
"""Packages whose versions shape a library; whether one is installed counts too."""


def fingerprint(seeds: Path, segmenter: str) -> dict[str, str]:
    """Return a hash for each thing that a library depends on: `rules`, `seeds` (with the glossary) and `libraries`.

    `segmenter` is the name of the segmenter in use. Takes a few milliseconds.
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
    """Yield every file below a folder in a fixed order, without compiled Python and the folders of _ASIDE."""
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
    # Folding uses Python's NFKC, which depends on the version of its Unicode tables.
    digest = hashlib.sha256(f"{segmenter}\0{unicodedata.unidata_version}".encode())
    for name in LIBRARIES:
        digest.update(f"\0{name}\0{_metadata(name)}".encode())
    return digest.hexdigest()[:16]


def _metadata(name: str) -> str:
    """Return the metadata of a package, "" if it is not installed. Hashed whole: parsing the version takes longer."""
    try:
        package = distribution(name)
    except PackageNotFoundError:
        return ""
    return package.read_text("METADATA") or package.read_text("PKG-INFO") or ""
