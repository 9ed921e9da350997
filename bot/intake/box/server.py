"""The bot's side of the fork server: starts it, requests workers, and learns how they ended."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.intake.box import confinement
from bot.intake.box.fork_server import FORK, ORDER, REPLY, WAIT

_log = logging.getLogger(__name__)

_PATIENCE: Final = 60.0
"""Seconds to wait for a reply of the fork server, which may have to load a library first."""
_MAIN: Final = "import sys; sys.path.insert(0, sys.argv[2]); from bot.intake.box.fork_server import main; main(int(sys.argv[1]))"


class ForkServer:
    """Handle of the running fork server. Not thread-safe."""

    def __init__(self) -> None:
        """Start the fork server with an empty environment. Raises OSError if it cannot be started."""
        self._control, theirs = socket.socketpair()
        self._control.settimeout(_PATIENCE)
        with theirs:
            root = str(Path(__file__).parents[3])
            self._process = subprocess.Popen(  # noqa: S603  # the command has nothing from a document
                [sys.executable, "-I", "-c", _MAIN, str(theirs.fileno()), root],
                pass_fds=[theirs.fileno()],
                env={},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C in a terminal must reach only the bot
            )
        if lacks := confinement.missing():
            _log.warning("This system cannot take %s away from parsers.", " and ".join(lacks))

    def fork(self, number: int) -> tuple[socket.socket, int]:
        """Return the connection and the process id of a new worker for format `number`.

        Raises OSError if there is none.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._control, [ORDER.pack(FORK, number)], [theirs.fileno()])
                return ours, self._reply()
            except OSError:
                ours.close()
                raise

    def wait(self, process: int) -> int:
        """Wait for a worker whose connection is closed; return the signal that ended it, 0 for none.

        Raises OSError without a reply.
        """
        self._control.sendall(ORDER.pack(WAIT, process))
        return os.WTERMSIG(status) if os.WIFSIGNALED(status := self._reply()) else 0

    def close(self) -> None:
        """End the fork server and its workers; kill it if it has not ended within two seconds."""
        self._control.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _reply(self) -> int:
        data = self._control.recv(REPLY.size, socket.MSG_WAITALL)
        if len(data) < REPLY.size:
            raise ConnectionResetError("the fork server ended")
        number: int = REPLY.unpack(data)[0]
        return number


def kill(process: int) -> None:
    """Kill a worker. Its process id is not reused before the fork server has waited for it."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
