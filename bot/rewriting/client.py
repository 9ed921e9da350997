"""Asks a language model over HTTP, in the form that OpenAI's and most other servers share. Knows no evidence.

An answer has 20 seconds in all, a second try included, and 256 KB; whatever goes wrong is a ModelUnavailable.
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
    """The model gave no answer; the text says why, and quotes nothing of it."""


class _TryAgain(ModelUnavailable):
    """The same for what may pass: a busy server, a lost connection."""


class Completion(NamedTuple):
    """What a model answered, and how many tokens that took; None where it did not say."""

    content: str
    tokens: int | None


class ModelClient:
    """One model behind one address."""

    def __init__(self, url: str, model: str, key: str = "", seconds: float = SECONDS) -> None:
        """`url` is what comes before /chat/completions, `key` the bearer token, "" for none."""
        self.model = model
        self.host = urlsplit(url).netloc.rpartition("@")[2]
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._seconds = seconds

    async def complete(self, messages: list[dict[str, str]]) -> Completion:
        """The model's answer. Raises ModelUnavailable."""
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
    """The body of a response. Raises ModelUnavailable where it has more than `most` bytes."""
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
