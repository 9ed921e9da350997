"""Takes the READMEs' pictures of the page: runs `trendbot demo`, asks a question, and takes a screenshot.

PYTHONPATH=. python tests/screenshots.py          writes tests/screenshots/*.png; needs Chromium
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from page_kit import DemoProcess, Visitor, a_browser, a_visit

FOLDER = Path(__file__).parent / "screenshots"
MOST_BYTES = 200_000
WIDE, NARROW = {"width": 1180, "height": 620}, {"width": 390, "height": 760}
QUESTIONS = {"en": "/trend compute", "zh": "/trend 算力"}
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
BACK = {"en": "Back", "zh": "返回"}

# The screen, colours and language of each picture.
PICTURES: dict[str, tuple[Any, str, str]] = {
    "wide-light.en": (WIDE, "light", "en"),
    "wide-dark.zh": (WIDE, "dark", "zh"),
    "narrow-light.zh": (NARROW, "light", "zh"),
    "narrow-dark.en": (NARROW, "dark", "en"),
}


def show(visitor: Visitor, language: str) -> None:
    """Ask once, open the first citation and return, so that the calls are visible."""
    visitor.page.locator(".chat").first.click()
    answer = visitor.ask(QUESTIONS[language])
    visitor.press(answer, "1")
    visitor.press(answer, BACK[language])
    visitor.page.mouse.move(0, 0)
    visitor.page.locator("#log").evaluate(
        """(log) => { const last = log.querySelector(".message:last-child");
                      log.scrollTop += last.getBoundingClientRect().top - log.getBoundingClientRect().top - 50; }"""
    )


def main() -> None:
    """Take every picture; fail if one is too large for a repository."""
    FOLDER.mkdir(exist_ok=True)
    with a_browser() as browser:
        for name, (size, scheme, language) in PICTURES.items():
            with (
                tempfile.TemporaryDirectory() as folder,
                DemoProcess(Path(folder), TRENDBOT_LANGUAGE=language) as demo,
            ):
                demo.saying("The bot is up")
                options = {"viewport": size, "color_scheme": scheme, "locale": LOCALES[language]}
                with a_visit(browser, demo.url, **options) as visitor:
                    show(visitor, language)
                    file = FOLDER / f"{name}.png"
                    visitor.page.screenshot(path=file)
                print(f"{file.name}  {file.stat().st_size:,} bytes")
                assert file.stat().st_size <= MOST_BYTES
                demo.stop()


if __name__ == "__main__":
    main()
