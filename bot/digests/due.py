"""Queues the digests that are due: each local date of a subscription at most once, in one transaction with its slot.

The flow of a digest, from its minute to its reader:

    every 15 seconds (outbox/worker), and when the clock was set, at `now`:
        due = subscriptions whose newest slot up to now was not made        (schedule, state/slots)
        withdraw their earlier digests that were not sent yet               (state/outbox)
        for all with the same topics and the same news                      (prepare)
            candidates = sentences of the library on their topics           (candidates)
            composed   = the best of those not delivered to the reader      (compose)
            message    = composed in the reader's language, with buttons    (message)
        in one transaction: slot, parts in the outbox, sentences as delivered, outcome
    all the time (outbox/sender), one part after the other:
        mark it as under way, send it, record what Telegram answered        (telegram/, outbox/retry_policy)

The database is the schedule, so a run may come late, twice or after days: it asks what is due at `now`. When a
message is given up later, the outbox removes its sentences from those delivered.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from bot.digests.digest import Prepared
from bot.digests.schedule import is_late, newest_slot
from bot.models import Subscription
from bot.outbox.fence import Fence
from bot.outbox.payload import dump
from bot.sqlite.errors import StorageError
from bot.state.state import State

if TYPE_CHECKING:
    from bot.rewriting.material import Material

_log = logging.getLogger(__name__)

# Digests per transaction: enough that a commit costs little, few enough that no reply waits long for the writer.
_TOGETHER = 50
_MOST_AHEAD = 100
"""Digests that are retold at one time; a day's tokens do not suffice for many more."""

Due = dict[str, tuple[Subscription, date]]


class DigestMaker(Protocol):
    """Makes digests; implemented by digests.prepare.Digests."""

    def prepare(
        self, subscriptions: Sequence[Subscription], now: datetime, *, late: frozenset[str] = frozenset()
    ) -> Iterable[Prepared]:
        """See Digests.prepare."""
        ...


class DigestsAhead:
    """Finds the digests that are due next, so that a language model can retell them in time."""

    def __init__(self, state: State, maker: DigestMaker) -> None:
        self._state = state
        self._maker = maker
        self._seen: frozenset[tuple[str, date]] = frozenset()

    def __call__(self, until: datetime) -> Iterator[tuple[Material, int]]:
        """Yield (material, chat id) for each digest due at `until` that may be retold, each once. Raises StorageError."""
        due, late = due_at(until, self._state)
        slots = frozenset((subscription.id, day) for subscription, day in due.values())
        new = [s for s, day in due.values() if (s.id, day) not in self._seen and s.id not in late]
        self._seen = slots
        chats = {subscription.id: subscription.chat_id for subscription in new}
        for prepared in self._maker.prepare(new[:_MOST_AHEAD], until):
            if prepared.material is not None:
                yield prepared.material, chats[prepared.subscription_id]


def due_at(now: datetime, state: State) -> tuple[Due, frozenset[str]]:
    """Return the subscriptions due at `now` with local dates, and the ids of the late ones. Raises StorageError."""
    due: Due = {}
    late: set[str] = set()
    for shape in state.subscriptions.shapes():
        slot = newest_slot(*shape, now)
        if slot is None:
            continue
        slot_is_late, moment = is_late(slot, now), int(slot.at.timestamp())
        for subscription in state.subscriptions.due(shape, slot.day, moment, int(now.timestamp())):
            due[subscription.id] = subscription, slot.day
            if slot_is_late:
                late.add(subscription.id)
    return due, frozenset(late)


class DueDigests:
    """Queues the digests that are due."""

    def __init__(self, state: State, maker: DigestMaker, fence: Fence) -> None:
        self._state = state
        self._maker = maker
        self._fence = fence
        self._stopping = threading.Event()

    def stop(self) -> None:
        """End a run under way after its current transaction; the next start continues."""
        self._stopping.set()

    def queue(self, now: datetime) -> int:
        """Queue the digests that are due at `now` (aware) and return how many slots were taken.

        Blocks for as long as that takes. Raises StorageError and LeaseLost.
        """
        due, late = due_at(now, self._state)
        if due:
            with self._state.transaction():
                self._fence.check()
                # After days without Telegram a reader gets one digest, not one for each day.
                withdrawn = self._state.outbox.withdraw(due)
            if withdrawn:
                due, late = due_at(now, self._state)
        prepared = self._prepared([subscription for subscription, _ in due.values()], now, late)
        taken = 0
        while not self._stopping.is_set() and (batch := list(islice(prepared, _TOGETHER))):
            taken += self._commit(batch, due, int(now.timestamp()))
        return taken

    def _prepared(
        self, subscriptions: list[Subscription], now: datetime, late: frozenset[str]
    ) -> Iterator[Prepared]:
        """Yield the digests of all; one that cannot be made has the outcome "failed" and does not stop the others."""
        if not subscriptions:
            return
        left = {subscription.id: subscription for subscription in subscriptions}
        try:
            for prepared in self._maker.prepare(subscriptions, now, late=late):
                left.pop(prepared.subscription_id, None)
                yield prepared
        except StorageError:
            raise  # the disk's fault, not a digest's: the next run makes them all
        except Exception as error:  # noqa: BLE001  # whatever one digest raises, the others are made
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

    def _commit(self, batch: Sequence[Prepared], due: Due, now: int) -> int:
        """Store the digests with their slots in one transaction and return how many slots were taken.

        Skips a slot taken meanwhile, and a subscription that was ended or changed: making all digests takes
        minutes, and the next run makes what is still wanted.
        """
        payloads = [[dump(part) for part in prepared.parts] for prepared in batch]
        taken = 0
        with self._state.transaction():
            self._fence.check()
            for prepared, parts in zip(batch, payloads, strict=True):
                subscription, day = due[prepared.subscription_id]
                if self._state.subscriptions.get(subscription.id) != subscription:
                    continue
                if not self._state.slots.claim(subscription.id, day, now):
                    continue
                taken += 1
                if parts:
                    delivery = f"{subscription.id}.{day.isoformat()}"
                    self._state.outbox.put(
                        delivery,
                        subscription.reader,
                        parts,
                        now,
                        silent=subscription.silent,
                        digest=(subscription.id, subscription.since),
                    )
                    self._state.delivered.put(subscription.reader, prepared.sentence_ids, now, delivery)
                self._state.subscriptions.record_outcome(
                    subscription.id,
                    prepared.outcome,
                    now,
                    since=now if parts else None,
                    spent=now if prepared.spent else None,
                )
        return taken
