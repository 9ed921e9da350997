"""Takes the pictures of charts in tests/screenshots/charts: a made-up year, asked for in the demo on a phone.

PYTHONPATH=. python tests/chart_pictures.py          writes six pictures; needs Chromium
"""

from __future__ import annotations

import json
import random
import re
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from page_kit import DemoProcess, Visitor, a_browser, a_visit

FOLDER = Path(__file__).parent / "screenshots" / "charts"
MOST_BYTES = 120_000
NARROW = {"width": 390, "height": 760}
LOCALES = {"en": "en-GB", "zh": "zh-CN"}

# Each picture: the question, then the button pressed.
ASKED = {
    "publishers": {"en": ("/chart DeepSeek", ""), "zh": ("/chart 深度求索", "")},
    "weeks": {"en": ("/chart DeepSeek", "By week"), "zh": ("/chart 深度求索", "按周")},
    "compared": {"en": ("DeepSeek vs Qwen", ""), "zh": ("对比 深度求索 和 通义千问", "")},
}
SCHEMES = {"en": "light", "zh": "dark"}
_PUBLISHERS = ("Ledger", "Courier", "算力周报", "Herald", "智能日报", "Gazette", "Observer")
_HEADLINES = {
    -200: ("DeepSeek opens its weights to everybody", "DeepSeek向所有人开放权重"),
    -120: ("DeepSeek halves what its answers cost", "DeepSeek把回答成本降了一半"),
    -20: ("A third of schools let pupils ask DeepSeek", "三分之一的学校让学生用DeepSeek"),
    -60: ("Qwen reads a whole library at once", "通义千问一次读完整座图书馆"),
}


def reports(today: date) -> Iterator[dict[str, str]]:
    """Yield a year of reports on two models, the first of which overtakes the second."""
    chance = random.Random(3)  # noqa: S311  # The same year each time.
    for day in range(-360, 0):
        for name, often in (("DeepSeek", 0.02 + (day + 360) ** 2 / 260_000), ("Qwen", 0.18)):
            if chance.random() >= often and day not in _HEADLINES:
                continue
            publisher = chance.choice(_PUBLISHERS)
            chinese = publisher.endswith("报")
            titles = _HEADLINES.get(day)
            if titles and not titles[0].startswith((name, "A third")):
                continue
            number = chance.randint(10, 99_999)
            yield {
                "title": titles[chinese]
                if titles
                else f"{number}号测试记录"
                if chinese
                else f"Test notes {number}",
                "publisher": publisher,
                "published": (today + timedelta(days=day)).isoformat(),
                "text": f"工程师在{number}号机器上测试了{name}，通过了{number % 89}项检查。另有{number % 71}项由人工完成。"
                if chinese
                else f"Engineers tried {name} on machine {number}, where it passed {number % 89} checks. "
                f"The other {number % 71} were run by hand.",
            }


def fill(visitor: Visitor, folder: Path) -> None:
    """Send the year to the bot as its operator."""
    lines = "\n".join(json.dumps(one, ensure_ascii=False) for one in reports(date.today()))  # noqa: DTZ011  # The demo's own day.
    file = folder / "year.jsonl"
    file.write_text(lines, "utf-8")
    visitor.page.locator(".chat").first.click()
    visitor.page.locator("#file").set_input_files(file)
    visitor.page.locator("#log .message").get_by_text(re.compile(r"\d+ documents:")).wait_for()


def show(visitor: Visitor, asked: str, pressed: str) -> None:
    """Ask, press, and scroll to the top of the picture."""
    visitor.page.locator(".chat").first.click()
    answer = visitor.ask(asked)
    answer.locator("img.photo").wait_for()
    if pressed:
        visitor.press(answer, pressed)
    visitor.page.mouse.move(0, 0)
    visitor.page.wait_for_function(
        "[...document.images].every((image) => image.complete && image.naturalWidth)"
    )
    visitor.page.locator("#log").evaluate(
        """(log) => { const last = log.querySelector(".message:last-child");
                      log.scrollTop += last.getBoundingClientRect().top - log.getBoundingClientRect().top - 8; }"""
    )


def main() -> None:
    """Take every picture; fail if one is too large for a repository."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, a_browser() as browser:
        folder = Path(name)
        with DemoProcess(folder) as demo:
            demo.saying("The bot is up")
            with a_visit(browser, demo.url, locale="en-GB") as visitor:
                fill(visitor, folder)
            for what, languages in ASKED.items():
                for language, (asked, pressed) in languages.items():
                    options = {
                        "viewport": NARROW,
                        "color_scheme": SCHEMES[language],
                        "locale": LOCALES[language],
                    }
                    with a_visit(browser, demo.url, **options) as visitor:
                        show(visitor, asked, pressed)
                        file = FOLDER / f"{what}-{SCHEMES[language]}.{language}.png"
                        visitor.page.screenshot(path=file)
                    print(f"{file.name}  {file.stat().st_size:,} bytes")
                    assert file.stat().st_size <= MOST_BYTES
            demo.stop()


if __name__ == "__main__":
    main()
