"""`trendbot demo` as a real process and its page in a real Chromium, as somebody at the keyboard uses them."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import pytest
from bot_process import ROOT, environment
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 800}
GROUP, FORUM = "Compute Club", "Trend Desk"
AXE = "axe-core@4"

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_OURS = {"127.0.0.1", "localhost"}

# How long anything may take to show up, in milliseconds: as long as a busy machine needs.
_PATIENCE = 60_000
expect.set_options(timeout=_PATIENCE)


def required(program: str | None, what: str) -> str:
    """The program, or a skip without it: a failure where TRENDBOT_TESTS says that all must run."""
    if program is None:
        reason = f"{what} is not installed"
        if os.environ.get("TRENDBOT_TESTS") == "all":
            pytest.fail(reason)
        pytest.skip(reason)
    return program


def chromium_path() -> str:
    """Where Chromium is."""
    return required(next(filter(None, map(shutil.which, _BROWSERS)), None), "Chromium")


def axe_source(folder: Path) -> str:
    """axe-core's script, fetched by npm into `folder`."""
    npm = required(shutil.which("npm"), "npm")
    packed = subprocess.run(
        [npm, "pack", "--silent", AXE], cwd=folder, capture_output=True, text=True, timeout=120, check=True
    )
    with tarfile.open(folder / packed.stdout.split()[-1]) as archive:
        file = archive.extractfile("package/axe.min.js")
        assert file is not None
        return file.read().decode()


class DemoProcess:
    """A running demo: a context manager that leaves no process behind."""

    def __init__(self, folder: Path, *arguments: str, **variables: str) -> None:
        """`folder` holds its data and its output."""
        self._folder = folder
        self._arguments = arguments or ("--port", "0")
        self._environment = environment(folder / "data", **variables)
        self._out, self._err = folder / "demo.out", folder / "demo.err"

    def __enter__(self) -> Self:
        self.started = time.monotonic()
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "demo", *self._arguments],
                cwd=ROOT,
                env=self._environment,
                stdout=out,
                stderr=err,
            )
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    @property
    def said(self) -> str:
        """What it has printed and logged."""
        return self._out.read_text("utf-8") + self._err.read_text("utf-8")

    @property
    def logged(self) -> str:
        """What it has logged."""
        return self._err.read_text("utf-8")

    @property
    def kept(self) -> list[Path]:
        """What lies in its data folder."""
        return sorted((self._folder / "data").iterdir())

    def saying(self, pattern: str, seconds: float = 60.0) -> re.Match[str]:
        """Waits until it prints what the pattern finds; AssertionError when it ends or stays silent."""
        deadline = time.monotonic() + seconds
        while True:
            over = self.process.poll() is not None or time.monotonic() > deadline
            if found := re.search(pattern, self.said):
                return found
            assert not over, f"It never said {pattern!r}, but:\n{self.said}"
            time.sleep(0.02)

    @property
    def url(self) -> str:
        """The page's address, once it is printed."""
        return self.saying(r"http://127\.0\.0\.1:\d+/")[0]

    def stop(self, number: int = signal.SIGINT) -> int:
        """Sends a signal and waits for the end; returns its status."""
        self.process.send_signal(number)
        return self.process.wait(_PATIENCE / 1000)


class Visitor:
    """Somebody at the page. `problems` are what the browser complained of, and requests to other machines."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.problems: list[str] = []
        page.on("console", lambda said: self.problems.append(said.text) if said.type != "log" else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("request", lambda request: self._seen(request.url))

    def _seen(self, url: str) -> None:
        if urlsplit(url).hostname not in _OURS:
            self.problems.append(f"asked for {url}")

    def open(self, chat: str) -> None:
        """Opens a chat from the list; on a narrow screen goes back to the list first."""
        back = self.page.locator("#back")
        if back.is_visible():
            back.click()
        self.page.locator(".chat", has_text=chat).first.click()
        self.page.locator("#head-title", has_text=chat).wait_for()

    def speak_as(self, name: str) -> None:
        """Becomes another member of the open group."""
        value = self.page.locator("#speaker option", has_text=name).get_attribute("value")
        self.page.locator("#speaker").select_option(value)

    def write(self, text: str) -> None:
        """Types a message and sends it with Enter. Use `ask` where the bot answers: a late answer meets the next test."""
        self.page.locator("#text").fill(text)
        self.page.keyboard.press("Enter")

    def ask(self, text: str) -> Locator:
        """Writes, and waits for the bot's next message, which is returned."""
        number = self.newest()
        self.write(text)
        return self.answer_after(number)

    def answer_after(self, number: int) -> Locator:
        """Waits for the bot's first message after message `number` of the open chat."""
        found = self.page.wait_for_function(
            """(number) => [...document.querySelectorAll("#log .message:not(.past)")].find(
                 (m) => Number(m.dataset.message) > number && m.dataset.author === document.body.dataset.bot
               )?.dataset.message""",
            arg=number,
        )
        return self.page.locator(f'#log .message:not(.past)[data-message="{found.json_value()}"]')

    def press(self, message: Locator, label: str) -> None:
        """Presses a button under a message and waits until the message is another."""
        before = message.locator(".body").inner_text()
        message.locator(".key", has=self.page.get_by_text(label, exact=True)).click()
        self.page.wait_for_function(
            """([id, before]) => {
                 const node = document.querySelector(`#log .message:not(.past)[data-message="${id}"] .body`);
                 return node && node.innerText !== before && !node.querySelector(".waiting");
               }""",
            arg=[message.get_attribute("data-message"), before],
        )

    def labels(self, message: Locator) -> list[str]:
        """What stands on the buttons under a message."""
        return [label.strip() for label in message.locator(".key").all_inner_texts()]

    def newest(self) -> int:
        """The number of the open chat's newest message, 0 where there is none."""
        numbers = self.page.locator("#log .message:not(.past)").evaluate_all(
            "all => all.map(m => +m.dataset.message)"
        )
        return max(numbers, default=0)


@contextlib.contextmanager
def a_browser() -> Iterator[Browser]:
    """A headless Chromium."""
    path = chromium_path()
    with sync_playwright() as playwright:
        # In a container it has no sandbox to offer; letters without coloured edges make smaller pictures.
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-lcd-text"]
        )
        yield browser
        browser.close()


@contextlib.contextmanager
def a_visit(browser: Browser, url: str, **options: Any) -> Iterator[Visitor]:
    """Somebody opens the page; `options` are of the browser's context: viewport, color_scheme, locale."""
    context: BrowserContext = browser.new_context(
        **({"viewport": WIDE, "locale": "en-GB", "timezone_id": "UTC"} | options)
    )
    context.set_default_timeout(_PATIENCE)
    visitor = Visitor(context.new_page())
    visitor.page.goto(url)
    visitor.page.locator(".chat").first.wait_for()
    yield visitor
    context.close()
