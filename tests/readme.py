"""The parts of both READMEs that the bot prints: a reply, and the commands. `--write` updates them."""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

ROOT = Path(__file__).parents[1]
sys.path[:0] = [path for path in (str(ROOT), str(ROOT / "tests")) if path not in sys.path]

if TYPE_CHECKING:
    from bot.models import Language

README: dict[Language, Path] = {"en": ROOT / "README.md", "zh": ROOT / "README.zh.md"}
QUESTION: dict[Language, str] = {"en": "/trend compute", "zh": "/trend 算力"}
HEADINGS: dict[Language, str] = {"en": "| send | get |", "zh": "| 发送 | 得到 |"}


def reply(data: Path, language: Language) -> str:
    """Return what `trendbot ask` prints on the fixed day of the tests, as a code block."""
    from library_kit import NOW

    from bot import cli
    from bot.console import talk

    printed = io.StringIO()
    with (
        mock.patch.dict(os.environ, {"TRENDBOT_DATA": str(data)}),
        mock.patch.object(talk, "utc_now", return_value=NOW),
        redirect_stdout(printed),
    ):
        assert cli.main(["ask", "--lang", language, QUESTION[language]]) == 0
    return f"```text\n{printed.getvalue().rstrip()}\n```"


def commands(language: Language) -> str:
    """Return a table of every command with its description from the templates."""
    from bot.dialogue.registry import COMMANDS
    from bot.rendering.renderer import Renderer
    from bot.settings import packaged

    renderer = Renderer(packaged("templates"))
    rows = [f"| `/{c.name}` | {renderer.word(f'command_{c.name}', language)} |" for c in COMMANDS]
    return "\n".join([HEADINGS[language], "|---|---|", *rows])


def block(text: str, name: str) -> re.Match[str]:
    """Return the match of the part between the markers, which must occur exactly once."""
    (found,) = re.finditer(f"(?s)<!-- begin {name} -->\n(.*?)<!-- end {name} -->", text)
    return found


def parts(data: Path, language: Language) -> dict[str, str]:
    """Return the generated parts by the names in their markers."""
    return {f"reply {language}": reply(data, language), f"commands {language}": commands(language)}


def main() -> int:
    """Update both READMEs (`--write`), or name those that are out of date; return 1 if any is."""
    stale = False
    with tempfile.TemporaryDirectory() as folder:
        for language, path in README.items():
            text = path.read_text("utf-8")
            for name, wanted in parts(Path(folder), language).items():
                found = block(text, name)
                text = f"{text[: found.start(1)]}{wanted}\n{text[found.end(1) :]}"
            if text == path.read_text("utf-8"):
                continue
            stale = True
            if "--write" in sys.argv:
                path.write_text(text, "utf-8")
            else:
                print(f"{path.name} is out of date; run python tests/readme.py --write", file=sys.stderr)
    return int(stale and "--write" not in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
