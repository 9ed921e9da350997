"""Runs a command under the system call filter of a systemd unit: `python tests/syscall_filter.py UNIT COMMAND…`.

Forbidden calls fail or kill the process as under systemd, whose own tool lists what its groups contain. Linux on x86-64.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import struct
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

NUMBERS = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
"""The C header that numbers the system calls."""

_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER_MODE = 38, 22, 2
_LOAD, _EQUALS, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM = 1


def allowed(words: list[str]) -> set[str]:
    """Return the names of the system calls that a unit's list of groups and calls allows."""
    names = set()
    for word in words:
        if not word.startswith("@"):
            names.add(word)
            continue
        command = [shutil.which("systemd-analyze") or "", "syscall-filter", word]
        listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        names |= allowed(
            [line.strip() for line in listing.splitlines()[1:] if line.strip()[:1] not in ("", "#")]
        )
    return names


def confine(unit: Path) -> None:
    """Allow this process and its children only what a unit allows. Irreversible."""
    service = ConfigParser(strict=False, interpolation=None)
    service.optionxform = str  # type: ignore[assignment,method-assign]  # as the documentation of configparser says
    service.read(unit, "utf-8")
    numbers = dict(re.findall(r"#define __NR_(\w+) (\d+)", NUMBERS.read_text("utf-8")))
    names = allowed(["@default", *service["Service"]["SystemCallFilter"].split()])
    refused = _REFUSE | _EPERM if service["Service"].get("SystemCallErrorNumber") == "EPERM" else _KILL
    steps = [(_LOAD, 0, 0, 0)]
    for name in sorted(names & numbers.keys()):
        steps += [(_EQUALS, 0, 1, int(numbers[name])), (_RETURN, 0, 0, _ALLOW)]
    steps.append((_RETURN, 0, 0, refused))
    program = ctypes.create_string_buffer(b"".join(struct.pack("<HBBI", *step) for step in steps))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if libc.prctl(_SECCOMP, _FILTER_MODE, struct.pack("@HP", len(steps), ctypes.addressof(program)), 0, 0):
        raise OSError(ctypes.get_errno(), "The filter cannot be set")


if __name__ == "__main__":
    confine(Path(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606  # the command of a test
