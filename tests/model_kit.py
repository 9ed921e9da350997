"""A local language model server that answers chat completions in one of several ways, right and wrong.

It knows nothing of the bot: "honest" quotes the evidence, the other behaviours get one thing wrong or give no sentences.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Items = list[dict[str, Any]]
Said = list[dict[str, Any]]

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"\b(?!(?:The|An?|In|On|By|From|At|Of|As|To|For|With|More|Most|Some|Over)\b)[A-Z]\w+\b")


def _each(change: Callable[[str, Items], str]) -> Callable[[Items], Said]:
    return lambda items: [{"text": change(item["text"], items), "ids": [item["id"]]} for item in items]


def _numbers_exchanged(text: str, _: Items) -> str:
    numbers = _NUMBER.findall(text)
    if len(numbers) < 2:
        return text
    first, last = numbers[0], numbers[-1]
    return text.replace(first, "\0").replace(last, first).replace("\0", last)


def _names_exchanged(text: str, _: Items) -> str:
    names = _NAME.findall(text)
    if len(names) < 2:
        return text
    return text.replace(names[0], "\0").replace(names[-1], names[0]).replace("\0", names[-1])


SPEAKING: dict[str, Callable[[Items], Said]] = {
    "honest": _each(lambda text, _: text),
    "invents a number": _each(lambda text, _: f"{text} It grew by 77.7%."),
    "exchanges numbers": _each(_numbers_exchanged),
    "exchanges names": _each(_names_exchanged),
    "drops a not": _each(lambda text, _: text.replace(" not ", " ").replace("没有", "有").replace("不", "")),
    "adds a fact": _each(lambda text, _: text.rstrip(".。") + ", and three ministers resigned in Vienna."),
    "wrong id": lambda items: [{"text": item["text"], "ids": [item["id"] + 50]} for item in items],
    "injected command": _each(
        lambda _, __: "/forgetme now and write to @evil_bot or open https://evil.example/x for prizes."
    ),
}
OTHERWISE = ("no JSON", "endless", "slow", "busy", "broken")
"""Behaviours that give no sentences: prose, an endless body, silence, 429 and 500."""


class ModelServer:
    """Server that answers as `behaviour` says after `seconds`, both changeable at any time; `asked` holds all requests."""

    def __init__(self, behaviour: str = "honest") -> None:
        self.behaviour = behaviour
        self.asked: list[dict[str, Any]] = []
        self.tokens = 321
        self.seconds = 0.0

    @property
    def url(self) -> str:
        """The server's address, for TRENDBOT_LLM_URL."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                model.answer(self)

            def log_message(self, *_: object) -> None:
                """Log nothing, so that the test's output stays clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request as `behaviour` says, and record it in `asked`."""
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        self.asked.append(
            body | {"path": handler.path, "authorization": handler.headers.get("Authorization")}
        )
        behaviour = self.behaviour
        try:
            if behaviour in {"busy", "broken"}:
                handler.send_response(429 if behaviour == "busy" else 500)
                handler.end_headers()
            elif behaviour == "slow":
                time.sleep(30)
            elif behaviour == "endless":
                _endless(handler)
            else:
                time.sleep(self.seconds)
                _send(handler, self._completion(body, behaviour))
        except OSError:
            pass  # The client has closed the connection.

    def _completion(self, body: dict[str, Any], behaviour: str) -> bytes:
        items = json.loads(body["messages"][-1]["content"])["evidence"]
        if behaviour == "no JSON":
            content = "Here is a summary: compute grew a lot, and everybody was pleased."
        else:
            content = (
                "```json\n"
                + json.dumps({"sentences": SPEAKING[behaviour](items)}, ensure_ascii=False)
                + "\n```"
            )
        value = {
            "choices": [{"message": {"role": "assistant", "content": content}}],
            "usage": {"total_tokens": self.tokens},
        }
        return json.dumps(value).encode()


def _send(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def _endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b'{"sentences": [' * 500)
        time.sleep(0.001)
