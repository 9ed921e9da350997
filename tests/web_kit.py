"""Test kit for fetching: a local web server that misbehaves as real ones do, and a port that must not be reached."""

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
    """One request to the server; the test's answer function may write anything to it."""

    protocol_version = "HTTP/1.1"
    server: WebServer

    def do_GET(self) -> None:
        """Answer as the test has set for this path, else with 404."""
        self.server.web.requests.append((self.path, dict(self.headers.items())))
        self.close_connection = True
        with suppress(OSError):  # The client may have closed the connection.
            self.server.web.answers.get(self.path, not_there)(self)

    def say(self, status: int, body: bytes = b"", /, **headers: str) -> None:
        """Send an answer with its true length, unless a header overrides it."""
        self.send_response(status)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in ({"Content-Length": str(len(body))} | named).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Log nothing."""


class WebServer(ThreadingHTTPServer):
    """The HTTP server behind a `Web`."""

    daemon_threads = True
    web: Web

    def handle_error(self, *_: Any) -> None:
        """Ignore clients that have closed the connection."""


class Web:
    """Web server with an answer for each path, which records the requests."""

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
        """The port that the server listens on."""
        return int(self._server.server_address[1])

    @property
    def allow(self) -> str:
        """The value of TRENDBOT_ALLOW that lets the bot reach the server."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        """Return the URL of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def serve(self, path: str, body: bytes, /, status: int = 200, **headers: str) -> str:
        """Answer a path with these bytes from now on; return its URL."""
        self.answers[path] = lambda asked: asked.say(status, body, **headers)
        return self.url(path)

    def asked(self, path: str) -> int:
        """Return the number of requests for a path."""
        return sum(1 for asked, _ in self.requests if asked == path)


class Canary:
    """A port on all addresses of this machine that counts connections; there must be none."""

    def __enter__(self) -> Self:
        self._from: list[tuple[str, int]] = []
        self._sockets = [_listening("0.0.0.0", 0)]  # noqa: S104  # 127.255.255.254 leads to this machine too
        self.port = int(self._sockets[0].getsockname()[1])
        with suppress(OSError):  # A machine may have no IPv6.
            self._sockets.append(_listening("::", self.port))
        for one in self._sockets:
            threading.Thread(target=self._count, args=(one,), daemon=True).start()
        return self

    @property
    def touched(self) -> int:
        """Return the number of connections. Each address counts in order of arrival, so our own connection comes last."""
        for listening in self._sockets:
            home = "::1" if listening.family == socket.AF_INET6 else "127.0.0.1"
            with socket.create_connection((home, self.port), 30) as last:
                last.recv(1)  # Ends once this connection has been counted.
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
    """Answer with 404."""
    asked.say(404)


def packed(body: bytes) -> bytes:
    """Return gzip-compressed bytes."""
    return gzip.compress(body, mtime=0)
