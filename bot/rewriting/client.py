"""HTTP client for a language model, in the chat-completions form that OpenAI's and most other servers share.

Limits: 20 seconds in all, one retry included, and 256 KB. Every failure is a ModelUnavailable. Knows no evidence.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import aiohttp

from bot.rewriting.prompt import MOST_TOKENS

SECONDS = 20.0
_AGAIN_SECONDS = 1.0
_BYTES = 256 << 10


class ModelUnavailable(Exception):
    """The model gave no answer. The message says why and quotes nothing that the model sent."""


class _TryAgain(ModelUnavailable):
    """Failure that may pass, such as a busy server or a lost connection, and is worth one retry."""


class Completion(NamedTuple):
    """A model's answer and the tokens that it cost; None where the server does not report them."""

    content: str
    tokens: int | None


class ModelClient:
    """Client of one model at one address."""

    def __init__(self, url: str, model: str, key: str = "", seconds: float = SECONDS) -> None:
        """`url` is everything before /chat/completions, `key` the bearer token, "" for none, `seconds` the time limit."""
        self.model = model
        self.host = urlsplit(url).netloc.rpartition("@")[2]
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._seconds = seconds

    async def complete(self, messages: list[dict[str, str]]) -> Completion:
        """Return the model's answer to `messages`. Raises ModelUnavailable."""
        try:
            async with (
                asyncio.timeout(self._seconds),
                aiohttp.ClientSession(headers=self._headers) as session,
            ):
                try:
                    return await self._ask(session, messages)
                except _TryAgain:
                    await asyncio.sleep(_AGAIN_SECONDS)
                    return await self._ask(session, messages)
        except TimeoutError:
            raise ModelUnavailable(f"no answer within {self._seconds:.0f} s") from None

    async def _ask(self, session: aiohttp.ClientSession, messages: list[dict[str, str]]) -> Completion:
        body = {"model": self.model, "messages": messages, "temperature": 0.2, "max_tokens": MOST_TOKENS}
        try:
            async with session.post(self._url, json=body, allow_redirects=False) as response:
                if response.status == 429 or response.status >= 500:
                    raise _TryAgain(f"HTTP {response.status}")
                if response.status != 200:
                    raise ModelUnavailable(f"HTTP {response.status}")
                raw = await _at_most(response, _BYTES)
        except (aiohttp.ClientError, OSError) as error:
            raise _TryAgain(type(error).__name__) from error
        return _completion(raw)


async def _at_most(response: aiohttp.ClientResponse, most: int) -> bytes:
    """Return the body of a response. Raises ModelUnavailable when it exceeds `most` bytes."""
    raw = bytearray()
    async for chunk in response.content.iter_any():
        raw += chunk
        if len(raw) > most:
            raise ModelUnavailable(f"more than {most >> 10} KB")
    return bytes(raw)


def _completion(raw: bytes) -> Completion:
    try:
        value: Any = json.loads(raw)
        content, usage = value["choices"][0]["message"]["content"], value.get("usage")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise ModelUnavailable("no chat completion") from None
    if not isinstance(content, str):
        raise ModelUnavailable("no text")
    tokens = usage.get("total_tokens") if isinstance(usage, dict) else None
    return Completion(content, tokens if isinstance(tokens, int) and tokens >= 0 else None)
