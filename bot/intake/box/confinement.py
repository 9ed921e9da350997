"""Takes memory, time, files and the network away from a process before it reads hostile bytes. Irreversible.

Resource limits (setrlimit) hold on every system. Landlock, where the kernel has it, leaves read access to code, time
zones and fonts only. A system call filter (seccomp) makes it impossible to open a socket.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import struct
import sysconfig
import zoneinfo
from collections.abc import Iterator
from pathlib import Path
from typing import Final

MEMORY: Final = 700 << 20
"""Largest address space of a worker, in bytes."""
_FILES: Final = 64
"""Most open file descriptors."""

_CREATE, _ADD, _RESTRICT = 444, 445, 446
"""Numbers of Landlock's system calls, the same on every architecture (linux/landlock.h)."""
_ASK_VERSION = 1
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_RIGHTS_BY_VERSION: Final = ((1, (1 << 13) - 1), (2, 1 << 13), (3, 1 << 14), (5, 1 << 15))
"""File access rights that each version of Landlock adds to those of the version before."""
_TCP: Final = 0b11
_SCOPES: Final = 0b11
"""Scopes of Landlock: abstract sockets and signals to outside processes."""

_NO_NEW_PRIVILEGES, _PARENT_DEATH, _SECCOMP = 38, 1, 22
_KILL_SIGNAL: Final = 9
_FILTER_MODE: Final = 2
_SOCKET: Final = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""By machine: the audit architecture, and the number of its socket call (linux/audit.h, unistd.h)."""
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | 13, 0x80000000
_X32: Final = 0x40000000


def limit_resources() -> None:
    """Limit memory, descriptors, written files and core dumps; never raise a limit that the process already has."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bound, bound))


def seconds_for(size: int) -> int:
    """Return the CPU seconds that a document of `size` bytes may take: twice what the slowest honest one takes."""
    return 15 + (4 * size >> 20)


def limit_time(seconds: int) -> None:
    """Limit the CPU time from now on to `seconds`; the process gets SIGXCPU when it is used up."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    end = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (end if hard == resource.RLIM_INFINITY else min(end, hard), hard))


def end_with_parent() -> None:
    """Have the kernel kill this process when its parent thread ends. Linux only.

    For children of a single-threaded process: the signal follows the thread that forked, not the process.
    """
    if platform.system() == "Linux":
        _libc().prctl(_PARENT_DEATH, _KILL_SIGNAL, 0, 0, 0)


def give_up_rights() -> None:
    """Give up access to files and the network, as far as the system supports it (see missing()).

    Raises OSError if Landlock refuses.
    """
    if platform.system() != "Linux":
        return
    libc = _libc()
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if (version := landlock_version()) > 0:
        _give_up_files(libc, version)
    _give_up_sockets(libc)


def missing() -> tuple[str, ...]:
    """Return what this system cannot take away from a process: "files", "network"."""
    lacks = []
    if landlock_version() < 1:
        lacks.append("files")
    if (platform.system() != "Linux" or platform.machine() not in _SOCKET) and landlock_version() < 4:
        lacks.append("network")
    return tuple(lacks)


def landlock_version() -> int:
    """Return the version of Landlock that the kernel has; 0 or less for none."""
    if platform.system() != "Linux":
        return 0
    return int(_libc().syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_VERSION)))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _give_up_files(libc: ctypes.CDLL, version: int) -> None:
    """Leave read access to code, time zones and fonts only. Raises OSError if Landlock refuses."""
    files = sum(more for since, more in _RIGHTS_BY_VERSION if version >= since)
    attributes = struct.pack("<QQQ", files, _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    attributes = attributes[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = libc.syscall(_CREATE, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
    for path in _code():
        with contextlib.suppress(OSError):
            opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
            rights = _READ_FILE | (_READ_FOLDER if os.path.isdir(path) else 0)  # noqa: PTH112  # a path of the system
            below = struct.pack("<Qi", rights, opened)
            libc.syscall(_ADD, rules, 1, below, ctypes.c_uint32(0))
            os.close(opened)
    if libc.syscall(_RESTRICT, rules, ctypes.c_uint32(0)) != 0:
        raise OSError(ctypes.get_errno(), "Landlock refused")
    os.close(rules)


def _code() -> Iterator[str]:
    """Yield the paths that stay readable: Python, packages, this package, system libraries, time zones, fonts."""
    yield from {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    yield str(Path(__file__).parents[2])
    yield from zoneinfo.TZPATH
    yield from ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache")
    # For the fonts that a PDF names and does not hold.
    yield from ("/usr/share/fonts", "/usr/local/share/fonts")


def _give_up_sockets(libc: ctypes.CDLL) -> None:
    """Make socket() fail with EACCES, and kill the process on a system call of another architecture.

    Does nothing on an architecture that is not in _SOCKET.
    """
    known = _SOCKET.get(platform.machine())
    if known is None:
        return
    architecture, socket = known
    program = b"".join(
        struct.pack("<HBBI", *step)
        for step in (
            (0x20, 0, 0, 4),  # load the architecture
            (0x15, 1, 0, architecture),
            (0x06, 0, 0, _KILL),
            (0x20, 0, 0, 0),  # load the number of the call
            (0x35, 0, 1, _X32),
            (0x06, 0, 0, _KILL),
            (0x15, 0, 1, socket),
            (0x06, 0, 0, _REFUSE),
            (0x06, 0, 0, _ALLOW),
        )
    )
    steps = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("@HP", len(program) // 8, ctypes.addressof(steps))
    libc.prctl(_SECCOMP, _FILTER_MODE, head, 0, 0)
