"""One process works in a data folder; if files cannot be locked, none does and one sentence says so."""

from __future__ import annotations

import errno
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest
from bot_process import ROOT, environment

from bot.playground.server import TOKEN
from bot.sqlite.errors import StorageError
from bot.state.locks import Locked, locked

# Makes the kernel refuse flock(2) to this process and its children, as a file system without locks does.
REFUSED = """
import ctypes, platform, runpy, struct, sys
call = {"x86_64": 73, "aarch64": 32}[platform.machine()]
steps = [(0x20, 0, 0, 0), (0x15, 0, 1, call), (0x06, 0, 0, 0x00050000 | ERROR), (0x06, 0, 0, 0x7FFF0000)]
program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
class Filter(ctypes.Structure):
    _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.c_void_p)]
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.byref(Filter(len(steps), ctypes.addressof(program)))) == 0
sys.argv = ["trendbot", *sys.argv[1:]]
runpy.run_module("bot", run_name="__main__")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs seccomp")
@pytest.mark.parametrize("error", [errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK], ids=errno.errorcode.get)
@pytest.mark.parametrize("command", ["run", "ask"])
def test_a_folder_without_locks_is_refused_in_one_sentence(command: str, error: int, tmp_path: Path) -> None:
    data = tmp_path / "data"
    arguments = ["ask", "/trend compute"] if command == "ask" else ["run"]
    done = subprocess.run(
        [sys.executable, "-c", REFUSED.replace("ERROR", str(error)), *arguments],
        cwd=ROOT,
        env=environment(data, TRENDBOT_TOKEN=TOKEN, TRENDBOT_API_URL="http://127.0.0.1:9"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"trendbot: Files in {data} cannot be locked (")
    assert "TRENDBOT_DATA" in line


def hold(path: Path) -> None:
    """Take a lock and exit without releasing it."""
    with locked(path):
        os._exit(0)


def test_a_second_process_is_kept_out_and_a_dead_one_keeps_nobody_out(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    with locked(path):
        code = f"from pathlib import Path; from bot.state.locks import locked\nwith locked(Path({str(path)!r}), 0): pass"
        second = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
        )
    assert second.returncode == 1
    assert "Locked" in second.stderr
    process = multiprocessing.get_context("spawn").Process(target=hold, args=(path,))
    process.start()
    process.join(30)
    with locked(path, 0):
        pass


def test_a_lock_that_may_not_be_opened_is_not_taken_for_missing_locks(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="directory") as caught, locked(tmp_path, 0):
        pass
    assert not isinstance(caught.value, StorageError | Locked)
