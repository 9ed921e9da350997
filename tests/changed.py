"""Prints the test modules that a change affects: `python tests/changed.py [BASE]`.

A changed test module affects itself; a changed module of the bot affects the tests that import it, or only the test named
after it, if there is one. Templates, seeds and data files affect the golden replies. A change is what differs from
BASE (default: HEAD), and files that git does not track yet.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
ALWAYS = "tests/test_architecture.py"
GOLDEN = frozenset(
    {"tests/test_conversation.py", "tests/test_digests.py", "tests/test_readme.py", "tests/test_recap.py"}
)
# Real browsers and whole services: they run in CI, or when named explicitly.
SLOW = frozenset({"tests/test_browser.py", "tests/test_service.py", "tests/test_group_privacy.py"})


def changed_files(base: str) -> list[str]:
    """Return the changed paths, relative to the top of the checkout."""
    lists = (["diff", "--name-only", base], ["ls-files", "--others", "--exclude-standard"])
    outputs = (
        subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607  # The developer's own git.
        for words in lists
    )
    return [line for output in outputs for line in output.splitlines()]


def called_for(files: Iterable[str], tests: dict[str, str]) -> list[str]:
    """Return the test modules in `tests` (path to text) that these files affect."""
    wanted = {ALWAYS}
    for file in files:
        path = Path(file)
        if file in tests:
            wanted.add(file)
        elif path.suffix == ".py" and path.parts[0] == "bot":
            wanted |= _for_module(path, tests)
        elif path.parts[0] in {"bot", "templates", "seeds", "fonts"}:
            wanted |= GOLDEN
    return sorted(wanted - SLOW)


def _for_module(path: Path, tests: dict[str, str]) -> set[str]:
    own = f"tests/test_{path.stem}.py"
    if own in tests:
        return {own}
    module = ".".join(path.with_suffix("").parts)
    package, _, name = module.rpartition(".")
    imported = re.compile(rf"{re.escape(module)}\b|from {re.escape(package)} import .*\b{name}\b")
    return {test for test, text in tests.items() if imported.search(text)}


def main() -> None:
    """Print the paths, one per line."""
    base = sys.argv[1] if len(sys.argv) > 1 else "HEAD"
    tests = {
        p.relative_to(ROOT).as_posix(): p.read_text("utf-8")
        for p in sorted((ROOT / "tests").glob("test_*.py"))
    }
    print(*called_for([f for f in changed_files(base) if (ROOT / f).exists()], tests), sep="\n")


if __name__ == "__main__":
    main()
