"""How long a user waits for the bot: from the start of `trendbot demo` to the first answer on its page.

PYTHONPATH=. python tests/bench/demo.py [ROUNDS]

Prints for each round the seconds until the address is printed, until the page is loaded and until the answer is visible,
and the demo's CPU seconds. The browser is already running. Needs Chromium; run it on a quiet machine.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from page_kit import DemoProcess, a_browser, a_visit

QUESTION = "/trend 算力"


def cpu(process: int) -> float:
    """Return the CPU seconds that a process has used so far (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print the rounds and their median."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    answered = []
    with a_browser() as browser:
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as folder, DemoProcess(Path(folder)) as demo:
                url, printed = demo.url, time.monotonic() - demo.started
                with a_visit(browser, url) as visitor:
                    shown = time.monotonic() - demo.started
                    visitor.page.locator("#text").fill(QUESTION)
                    visitor.page.keyboard.press("Enter")
                    visitor.page.locator(".other .key").first.wait_for()
                    answered.append(time.monotonic() - demo.started)
                    spent = cpu(demo.process.pid)
                    print(
                        f"address {printed:.2f}  page {shown:.2f}  answer {answered[-1]:.2f} s; "
                        f"CPU of the demo {spent:.2f} s, load {os.getloadavg()[0]:.1f}"
                    )
                demo.stop()
    print(f"median of {rounds}: first answer after {statistics.median(answered):.2f} s")


if __name__ == "__main__":
    main()
