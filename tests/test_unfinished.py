"""What a killed process leaves half-written is removed at the next start; what another process is writing stays."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from library_kit import open_folder

from bot.state.stored_files import clear_unfinished, open_unfinished

WRITE = """
import sys
from pathlib import Path
from bot.state.stored_files import open_unfinished
file = open_unfinished(Path(sys.argv[1]))
file.write(b"half")
file.flush()
print("written", flush=True)
sys.stdin.read()
"""


def half_written(path: Path) -> subprocess.Popen[str]:
    """Start a process that has begun to write a file."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITE, str(path)],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "written\n"
    return process


def test_what_a_killed_process_left_goes_at_the_next_start(data: Path) -> None:
    sources = data / "sources"
    sources.mkdir(parents=True)
    with half_written(sources / "a.7.part") as process:
        process.kill()
    open_folder(data).close()
    assert list(sources.iterdir()) == []


def test_what_a_process_still_writes_stays(tmp_path: Path) -> None:
    with half_written(tmp_path / "a.7.part") as process:
        clear_unfinished(tmp_path)
        assert (tmp_path / "a.7.part").read_bytes() == b"half"
        process.kill()
    clear_unfinished(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_only_unfinished_files_are_cleared(tmp_path: Path) -> None:
    (tmp_path / "0123abcd").write_bytes(b"kept")
    with open_unfinished(tmp_path / "b.part") as own:
        own.write(b"whole")
        own.flush()
        clear_unfinished(tmp_path)
        (tmp_path / "b.part").replace(tmp_path / "b")
    clear_unfinished(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "0123abcd": b"kept",
        "b": b"whole",
    }
