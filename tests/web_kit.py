"""A web server on this machine that answers as badly as servers of others do, and one that nobody may reach."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

Answer = Callable[["Asked"], None]


class Asked(BaseHTTPRequestHandler):
    """One request; an answer of the test writes what it likes."""

    protocol_version = "HTTP/1.1"
    server: WebServer

    def do_GET(self) -> None:
        """Answers as the test has said for this path, else with 404."""
        self.server.web.requests.append((self.path, dict(self.headers.items())))
        self.close_connection = True
        with suppress(OSError):  # whoever asked may have gone
            self.server.web.answers.get(self.path, not_there)(self)

    def say(self, status: int, body: bytes = b"", /, **headers: str) -> None:
        """Sends an answer with its true length, unless a header says another."""
        self.send_response(status)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in ({"Content-Length": str(len(body))} | named).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Keeps the terminal quiet."""


class WebServer(ThreadingHTTPServer):
    """The socket of a Web."""

    daemon_threads = True
    web: Web

    def handle_error(self, *_: Any) -> None:
        """Says nothing of who has hung up."""


class Web:
    """A server with an answer for each path, which remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []

    def __enter__(self) -> Self:
        self._server = WebServer(("127.0.0.1", 0), Asked)
        self._server.web = self
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    @property
    def allow(self) -> str:
        """What TRENDBOT_ALLOW says to let it be reached."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def serve(self, path: str, body: bytes, /, status: int = 200, **headers: str) -> str:
        """Answers a path with these bytes from now on; returns its address."""
        self.answers[path] = lambda asked: asked.say(status, body, **headers)
        return self.url(path)

    def asked(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(1 for asked, _ in self.requests if asked == path)


class Canary:
    """A port on every address of this machine that counts who connects; nobody may."""

    def __enter__(self) -> Self:
        self._from: list[tuple[str, int]] = []
        self._sockets = [_listening("0.0.0.0", 0)]  # noqa: S104  # 127.255.255.254 leads to this machine too
        self.port = int(self._sockets[0].getsockname()[1])
        with suppress(OSError):  # a machine may have no IPv6
            self._sockets.append(_listening("::", self.port))
        for one in self._sockets:
            threading.Thread(target=self._count, args=(one,), daemon=True).start()
        return self

    @property
    def touched(self) -> int:
        """How many have connected. Those who come to one address are counted in their order, so the last to come is us."""
        for listening in self._sockets:
            home = "::1" if listening.family == socket.AF_INET6 else "127.0.0.1"
            with socket.create_connection((home, self.port), 30) as last:
                last.recv(1)  # ends when it was counted
                self._from.remove(last.getsockname()[:2])
        return len(self._from)

    def _count(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, source = listening.accept()
            except OSError:
                return
            self._from.append(source[:2])
            connection.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in self._sockets:
            one.close()


def _listening(host: str, port: int) -> socket.socket:
    one = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if one.family == socket.AF_INET6:
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    one.bind((host, port))
    one.listen(64)
    return one


def not_there(asked: Asked) -> None:
    """404."""
    asked.say(404)


def packed(body: bytes) -> bytes:
    """Bytes as gzip packs them."""
    return gzip.compress(body, mtime=0)
