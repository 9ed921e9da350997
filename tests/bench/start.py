"""CPU time of one `trendbot ask`, beside importing its libraries alone in the same run; and the peak memory.

python tests/bench/start.py [ROUNDS]
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
IMPORTS = "import telegram.ext, sqlite_utils, jinja2, opencc, rjieba"


def cpu(*arguments: str, data: str) -> float:
    """Return the CPU seconds of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = os.environ | {"TRENDBOT_DATA": data}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed bot is not compiled at each start
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Build the library, then print the median of the rounds."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as data:
        cpu("-m", "bot", "ask", "/trend compute", data=data)
        base = [cpu("-c", IMPORTS, data=data) for _ in range(rounds)]
        print(f"{'imports alone':16} {statistics.median(base):.2f} s")
        for text in ("/trend compute", "/trend 算力"):
            spent = statistics.median(cpu("-m", "bot", "ask", text, data=data) for _ in range(rounds))
            print(f"{text:16} {spent:.2f} s, {spent / statistics.median(base):.2f} times the imports")
    print(f"largest process  {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
