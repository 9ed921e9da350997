"""Test kit for the page: `trendbot demo` as a real process, its page in a real Chromium."""

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

# The longest wait for anything to appear, in milliseconds: generous, for busy machines.
_PATIENCE = 60_000
expect.set_options(timeout=_PATIENCE)


def required(program: str | None, what: str) -> str:
    """Return the program; without it, skip the test, or fail it if TRENDBOT_TESTS=all."""
    if program is None:
        reason = f"{what} is not installed"
        if os.environ.get("TRENDBOT_TESTS") == "all":
            pytest.fail(reason)
        pytest.skip(reason)
    return program


def chromium_path() -> str:
    """Return the path of Chromium; skip the test without it."""
    return required(next(filter(None, map(shutil.which, _BROWSERS)), None), "Chromium")


def axe_source(folder: Path) -> str:
    """Fetch axe-core by npm into `folder` and return its script."""
    npm = required(shutil.which("npm"), "npm")
    packed = subprocess.run(
        [npm, "pack", "--silent", AXE], cwd=folder, capture_output=True, text=True, timeout=120, check=True
    )
    with tarfile.open(folder / packed.stdout.split()[-1]) as archive:
        file = archive.extractfile("package/axe.min.js")
        assert file is not None
        return file.read().decode()


class DemoProcess:
    """Context manager for a running demo; ends the process on exit."""

    def __init__(self, folder: Path, *arguments: str, **variables: str) -> None:
        """Keep the demo's data and output in `folder`."""
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
        """Everything printed and logged so far."""
        return self._out.read_text("utf-8") + self._err.read_text("utf-8")

    @property
    def logged(self) -> str:
        """Everything logged so far."""
        return self._err.read_text("utf-8")

    @property
    def kept(self) -> list[Path]:
        """The sorted contents of its data folder."""
        return sorted((self._folder / "data").iterdir())

    def saying(self, pattern: str, seconds: float = 60.0) -> re.Match[str]:
        """Wait until the output matches `pattern`. Raises AssertionError if the demo ends or time runs out first."""
        deadline = time.monotonic() + seconds
        while True:
            over = self.process.poll() is not None or time.monotonic() > deadline
            if found := re.search(pattern, self.said):
                return found
            assert not over, f"It never said {pattern!r}, but:\n{self.said}"
            time.sleep(0.02)

    @property
    def url(self) -> str:
        """The page's address; waits until it is printed."""
        return self.saying(r"http://127\.0\.0\.1:\d+/")[0]

    def stop(self, number: int = signal.SIGINT) -> int:
        """Send a signal, wait for the process to end, and return its exit status."""
        self.process.send_signal(number)
        return self.process.wait(_PATIENCE / 1000)


class Visitor:
    """A user at the page. `problems` collects browser errors and requests to other machines."""

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
        """Open a chat from the list, after going back to the list on a narrow screen."""
        back = self.page.locator("#back")
        if back.is_visible():
            back.click()
        self.page.locator(".chat", has_text=chat).first.click()
        self.page.locator("#head-title", has_text=chat).wait_for()

    def speak_as(self, name: str) -> None:
        """Continue as another member of the open group."""
        value = self.page.locator("#speaker option", has_text=name).get_attribute("value")
        self.page.locator("#speaker").select_option(value)

    def write(self, text: str) -> None:
        """Type a message and send it with Enter. If the bot answers, use `ask`, or a late answer reaches the next test."""
        self.page.locator("#text").fill(text)
        self.page.keyboard.press("Enter")

    def ask(self, text: str) -> Locator:
        """Send a message, wait for the bot's next message, and return it."""
        number = self.newest()
        self.write(text)
        return self.answer_after(number)

    def answer_after(self, number: int) -> Locator:
        """Wait for the bot's first message after message `number` of the open chat, and return it."""
        found = self.page.wait_for_function(
            """(number) => [...document.querySelectorAll("#log .message:not(.past)")].find(
                 (m) => Number(m.dataset.message) > number && m.dataset.author === document.body.dataset.bot
               )?.dataset.message""",
            arg=number,
        )
        return self.page.locator(f'#log .message:not(.past)[data-message="{found.json_value()}"]')

    def press(self, message: Locator, label: str) -> None:
        """Press a button under a message and wait until the message's text changes."""
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
        """Return the labels of the buttons under a message."""
        return [label.strip() for label in message.locator(".key").all_inner_texts()]

    def newest(self) -> int:
        """Return the id of the open chat's newest message, 0 if there is none."""
        numbers = self.page.locator("#log .message:not(.past)").evaluate_all(
            "all => all.map(m => +m.dataset.message)"
        )
        return max(numbers, default=0)


@contextlib.contextmanager
def a_browser() -> Iterator[Browser]:
    """Yield a headless Chromium."""
    path = chromium_path()
    with sync_playwright() as playwright:
        # Containers lack the sandbox; text without subpixel colours makes smaller screenshots.
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-lcd-text"]
        )
        yield browser
        browser.close()


@contextlib.contextmanager
def a_visit(browser: Browser, url: str, **options: Any) -> Iterator[Visitor]:
    """Open the page as a new user and yield it; `options` go to the browser context: viewport, color_scheme, locale."""
    context: BrowserContext = browser.new_context(
        **({"viewport": WIDE, "locale": "en-GB", "timezone_id": "UTC"} | options)
    )
    context.set_default_timeout(_PATIENCE)
    visitor = Visitor(context.new_page())
    visitor.page.goto(url)
    visitor.page.locator(".chat").first.wait_for()
    yield visitor
    context.close()
