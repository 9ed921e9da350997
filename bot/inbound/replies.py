"""Composes the reply to a text or a press: asks Telegram what its route needs to know, then asks the router.

Composing runs in a thread; heavy work waits for its turn. Nothing is sent or committed here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

from msgspec.structs import replace
from telegram import Bot

from bot.dialogue.events import ButtonEvent, TextEvent
from bot.dialogue.reply import Reply
from bot.dialogue.router import PressRoute, Router
from bot.inbound.heavy_work import HeavyWork, Result, TooMuchWork
from bot.inbound.members import Members
from bot.messages import Rights


class Replies:
    """Composer of the replies of one bot."""

    def __init__(self, bot: Bot, router: Router, clock: Callable[[], datetime], heavy: HeavyWork) -> None:
        self._router = router
        self._clock = clock
        self._heavy = heavy
        self._members = Members(bot)

    async def to_text(self, event: TextEvent) -> Reply | None:
        """Return the answer to a text, None if it needs none. First asks Telegram what its route needs to know."""
        if event.slow_down:
            return Reply(await asyncio.to_thread(self._router.slow_down, event))
        route = await asyncio.to_thread(self._router.route, event)
        if route is None:
            return None
        if route.group is not None and await self._members.is_member(route.group, event.user_id):
            event = replace(event, member_of=route.group)
        if not event.private and route.rights is Rights.ADMIN:
            admin = await self._members.may_configure(event.chat_id, event.user_id)
            sees = not (admin and route.command.shows_sight) or await self._members.sees_talk(event.chat_id)
            event = replace(event, admin=admin, sees=sees)
        answer = partial(self._router.reply, route, event, self._clock())
        if not route.heavy:
            return await asyncio.to_thread(answer)
        return await self._run_queued(answer, partial(self._router.busy, event))

    async def to_press(self, event: ButtonEvent) -> Reply:
        """Return the reply to a pressed button. First asks Telegram what its route needs to know."""
        if event.slow_down:
            return Reply(notice=self._router.too_many_presses(event))
        route = await asyncio.to_thread(self._router.route_press, event)
        event = await self._with_role(event, route)
        answer = partial(self._router.reply_press, route, event, self._clock())
        if route.press is None or not route.press.heavy:
            return await asyncio.to_thread(answer)
        return await self._run_queued(answer, partial(self._router.busy_press, route.press))

    async def _with_role(self, event: ButtonEvent, route: PressRoute) -> ButtonEvent:
        """Return the press with the person's role from Telegram (admin, member), and whether the bot sees the group's talk."""
        press, view = route.press, route.view
        if press is None:
            return event
        if event.private:
            group = view.group_id if view and press.rights is Rights.MEMBER else None
            member = group is not None and await self._members.is_member(group, event.user_id)
            return replace(event, member_of=group if member else None)
        if press.rights in {Rights.ANYONE, Rights.MEMBER} or (
            press.rights is not Rights.ADMIN and route.own(event.user_id)
        ):
            return event
        admin = await self._members.may_configure(event.chat_id, event.user_id)
        sees = not (admin and press.shows_sight) or await self._members.sees_talk(event.chat_id)
        return replace(event, admin=admin, sees=sees)

    async def _run_queued(self, work: Callable[[], Result], busy: Callable[[], Result]) -> Result:
        """Return the result of heavy work, or of `busy` where too much of it is waiting."""
        try:
            return await self._heavy.run(work)
        except TooMuchWork:
            return await asyncio.to_thread(busy)
