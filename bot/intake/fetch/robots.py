"""Obeys the robots.txt of sites (RFC 9309), cached for a day. Checked for pages, not for feeds.

A feed is meant for programs, and an operator chose it; a page is meant for people.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from bot.intake.fetch.addresses import NotFetched
from bot.intake.fetch.client import AGENT, Fetcher

if TYPE_CHECKING:
    from protego import Protego

_REMEMBERED: Final = 86_400.0
_MOST_BYTES: Final = 512_000
_MOST_SITES: Final = 1_000


class Robots:
    """Cache of sites' robots.txt. `seconds` is a monotonic clock."""

    def __init__(self, fetcher: Fetcher, seconds: Callable[[], float] = time.monotonic) -> None:
        self._fetcher = fetcher
        self._seconds = seconds
        self._rules: dict[str, tuple[float, Protego | None]] = {}

    async def check(self, address: str) -> None:
        """Raise NotFetched if a site lets no program fetch this page, or if its rules cannot be read now."""
        url = self._fetcher.policy.operator_target(address).url
        site = str(url.origin())
        read, rules = self._rules.get(site, (0.0, None))
        if site not in self._rules or self._seconds() - read > _REMEMBERED:
            rules = await self._read(site)
            if len(self._rules) >= _MOST_SITES:
                self._rules.clear()
            self._rules[site] = self._seconds(), rules
        if rules is not None and not rules.can_fetch(str(url), AGENT):
            raise NotFetched("fetch_robots", url.host)

    async def _read(self, site: str) -> Protego | None:
        """Return the rules of a site; None if it has none (a 4xx status other than 429).

        Raises NotFetched for any other failure: then nothing may be fetched for now.
        """
        from protego import Protego

        try:
            answer = await self._fetcher.fetch(f"{site}/robots.txt", most=_MOST_BYTES)
        except NotFetched as error:
            if 400 <= error.status < 500 and error.status != 429:
                return None
            raise
        return Protego.parse(answer.body.decode("utf-8", "replace"))
