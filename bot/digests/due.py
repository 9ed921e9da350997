"""What is done every few seconds: whoever is due gets a digest into the outbox, each local date at most once.

The database is the schedule, so a tick may come late, twice or after days: it asks what is due at `now`. The
slot, the messages, what the reader has been told by them and the subscription's outcome are one transaction. Of
what is told by messages that are given up later, the outbox takes the record back.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Protocol

from bot.digests.prepare import Prepared
from bot.digests.schedule import is_late, newest_slot
from bot.models import Subscription
from bot.outbox.fence import Tenure
from bot.outbox.payload import dump
from bot.sqlite.errors import StorageError
from bot.state.state import State

_log = logging.getLogger(__name__)

# Digests in one transaction: enough that a commit costs little, few enough that no reply waits long for its own.
_TOGETHER = 50

Due = dict[str, tuple[Subscription, date]]


class Maker(Protocol):
    """Makes digests: delivery.digests.Digests."""

    def prepare(
        self, subscriptions: Sequence[Subscription], now: datetime, *, late: frozenset[str] = frozenset()
    ) -> Iterable[Prepared]:
        """See Digests.prepare."""
        ...


class Tick:
    """Queues what is due."""

    def __init__(self, state: State, maker: Maker, tenure: Tenure) -> None:
        self._state = state
        self._maker = maker
        self._tenure = tenure
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Ends a tick that is under way after the transaction that it is in; the next start goes on."""
        self._stopping.set()

    def __call__(self, now: datetime) -> int:
        """Queues the digests that are due at `now` (aware) and returns how many slots were taken.

        Blocks for as long as that takes. Raises StorageError and LeaseLost.
        """
        due, late = self._due(now)
        if due and self._withdraw(due):
            due, late = self._due(now)
        prepared = self._prepared([subscription for subscription, _ in due.values()], now, late)
        taken = 0
        while not self._stopping.is_set() and (some := list(islice(prepared, _TOGETHER))):
            taken += self._keep(some, due, int(now.timestamp()))
        return taken

    def _withdraw(self, due: Due) -> int:
        """Takes back what could not be sent until now: after days without Telegram one digest comes, not one of each."""
        with self._state.transaction():
            self._tenure.check()
            return self._state.outbox.withdraw(due)

    def _due(self, now: datetime) -> tuple[Due, frozenset[str]]:
        due: Due = {}
        late: set[str] = set()
        for shape in self._state.slots.shapes():
            slot = newest_slot(*shape, now)
            if slot is None:
                continue
            found = self._state.slots.due(shape, slot.day, int(slot.at.timestamp()))
            due.update((subscription.id, (subscription, slot.day)) for subscription in found)
            if is_late(slot, now):
                late.update(subscription.id for subscription in found)
        return due, frozenset(late)

    def _prepared(
        self, subscriptions: list[Subscription], now: datetime, late: frozenset[str]
    ) -> Iterator[Prepared]:
        """The digests of all; one that cannot be made has the outcome "failed" and keeps no other from its own."""
        if not subscriptions:
            return
        left = {subscription.id: subscription for subscription in subscriptions}
        try:
            for prepared in self._maker.prepare(subscriptions, now, late=late):
                left.pop(prepared.subscription_id, None)
                yield prepared
        except StorageError:
            raise  # the disk's fault, not a digest's: the next tick makes them all
        except Exception as error:  # noqa: BLE001  # whatever one digest raises, those of the others are made
            if len(subscriptions) > 1:
                for subscription in left.values():
                    yield from self._prepared([subscription], now, late)
                return
            _log.error(
                "The digest of subscription %s cannot be made (%s).",
                subscriptions[0].id,
                type(error).__name__,
                exc_info=error,
            )
            yield Prepared(subscriptions[0].id, (), (), "failed", spent=False)

    def _keep(self, some: Sequence[Prepared], due: Due, at: int) -> int:
        """Writes digests with their slots in one transaction.

        Left alone is a slot that was taken meanwhile, and a subscription that was ended or changed: making all takes
        minutes, and the next tick makes what is still wanted.
        """
        payloads = [[dump(part) for part in prepared.parts] for prepared in some]
        taken = 0
        with self._state.transaction():
            self._tenure.check()
            for prepared, parts in zip(some, payloads, strict=True):
                subscription, day = due[prepared.subscription_id]
                if self._state.subscriptions.get(subscription.id) != subscription:
                    continue
                if self._state.slots.claim(subscription.id, day, at):
                    self._queue(subscription, prepared, parts, f"{subscription.id}.{day.isoformat()}", at)
                    taken += 1
        return taken

    def _queue(
        self, subscription: Subscription, prepared: Prepared, parts: list[str], delivery: str, at: int
    ) -> None:
        if parts:
            before = (subscription.id, subscription.since)
            self._state.outbox.put(
                delivery, subscription.reader, parts, at, silent=subscription.silent, digest=before
            )
            self._state.marks.keep(subscription.reader, prepared.marks, at, delivery)
        self._state.subscriptions.record(
            subscription.id,
            prepared.outcome,
            at,
            since=at if parts else None,
            spent=at if prepared.spent else None,
        )
