"""Test kit for load: sends the bot updates while faults are injected, and counts losses and duplicates afterwards.

Each update leaves distinct traces in the state and at Telegram, by which lost updates, double effects and repeated
messages are counted.
"""

from __future__ import annotations

import bisect
import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import psycopg

from bot.messages import Message, Place
from bot.models import Subscription
from bot.outbox.payload import dump
from bot.playground.record import Call
from bot.playground.server import LocalTelegram
from bot.state.captures import Capture
from bot.state.state import State

READERS, PERSONS = 10_000, 500_000
"""The first chat id of digest readers, and of people who send messages."""

PACED_GROUPS, PACED_PARTS = (-1_001, -1_002), 200
TALKING_GROUPS = tuple(range(-2_024, -2_000))
_SENDING = frozenset({"sendMessage", "sendPhoto"})
_TOPICS = (("compute",), ("算力",), ("large models", "compute"), ("智算中心",))
_DAY = timedelta(days=1)
# Seconds in which a message sent before a bot ended may still arrive. The next bot sends 4 seconds later or more.
_ON_ITS_WAY = 2.0
# In each round of 20 updates two choose a language and one asks; every twelfth round the question is asked in a group
# that also receives long digests. All others are messages in groups with capture.
_ROUND, _CHOICE, _QUESTION, _ROUNDS_OF_GROUPS = 20, (0, 10), 5, 12


class CountingTelegram(LocalTelegram):
    """Local Telegram that counts accepted messages, so that nobody has to search its calls."""

    taken = 0

    def _finish(self, call: Call, answer: Any) -> Any:
        with self.world.lock:
            self.taken += call.method in _SENDING and answer.status == HTTPStatus.OK
        return super()._finish(call, answer)


@dataclass(slots=True)
class Outcome:
    """Counts of lost updates, double effects, and messages repeated after each fault."""

    updates: int = 0
    lost: dict[str, int] = field(default_factory=dict)
    slots: int = 0
    missed: int = 0
    double_effects: int = 0
    messages: int = 0
    unsent: int = 0
    repeated: dict[int, int] = field(default_factory=dict)
    """Number of messages repeated because of each fault, by its index; -1 for those that no fault explains."""
    repeated_digests: int = 0
    """Number of repeated digests; only one digest is in flight at a time, however slow the machine is."""
    most_in_a_second: int = 0
    most_in_a_group: int = 0


class People:
    """People who send updates at a steady rate, in a thread of their own."""

    def __init__(self, telegram: LocalTelegram, rate: float) -> None:
        self._telegram = telegram
        self._rate = rate
        self._quiet = threading.Event()
        self._thread = threading.Thread(target=self._talk)
        self.said = 0
        self.seconds = 0.0
        self.choosers: set[int] = set()
        self.askers: set[int] = set()
        self.questions: set[tuple[int, int]] = set()
        self.talk: set[tuple[int, int]] = set()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Send updates until the block ends or `quiet` is called."""
        self._thread.start()
        try:
            yield
        finally:
            self.quiet()

    def quiet(self) -> None:
        """Stop sending and wait for the thread."""
        self._quiet.set()
        self._thread.join()

    def _talk(self) -> None:
        began = time.monotonic()
        for number in itertools.count():
            if self._quiet.wait(max(0.0, began + number / self._rate - time.monotonic())):
                break
            self._say(number)
            self.said += 1
        self.seconds = time.monotonic() - began

    def _say(self, number: int) -> None:
        person, place = PERSONS + number, number % _ROUND
        if place in _CHOICE:
            self._telegram.say(person, person, "/lang zh")
            self.choosers.add(person)
        elif place == _QUESTION and number // _ROUND % _ROUNDS_OF_GROUPS == 0:
            group = PACED_GROUPS[number // _ROUND // _ROUNDS_OF_GROUPS % len(PACED_GROUPS)]
            self.questions.add((group, self._telegram.say(group, person, "/help")["message_id"]))
        elif place == _QUESTION:
            self._telegram.say(person, person, "/trend compute")
            self.askers.add(person)
        else:
            group = TALKING_GROUPS[number % len(TALKING_GROUPS)]
            message = self._telegram.say(group, PERSONS - 1 - number % 50, f"Rack {number} is full by May.")
            self.talk.add((group, message["message_id"]))


class Readers:
    """Subscriptions that are already due, so that the bot prepares and sends their digests at once."""

    def __init__(self, url: str, telegram: LocalTelegram) -> None:
        self._url = url
        self._telegram = telegram
        self.count = 0

    def subscribe(self, count: int) -> None:
        """Add `count` subscriptions that were due a minute ago."""
        now = datetime.now(UTC)
        due, made = now - timedelta(minutes=1), int((now - _DAY).timestamp())
        state = State(self._url)
        with state.transaction():
            for number in range(self.count, self.count + count):
                chat = READERS + number
                self._telegram.world.chat(chat)
                state.subscriptions.put(
                    Subscription(
                        id=f"reader{number}",
                        chat_id=chat,
                        thread_id=0,
                        user_id=chat,
                        queries=_TOPICS[number % len(_TOPICS)],
                        minute=due.hour * 60 + due.minute,
                        days=127,
                        timezone="UTC",
                        language="en",
                        news_only=False,
                        silent=True,
                        created=made,
                        since=made,
                    )
                )
        state.close()
        self.count += count


def prepare_groups(url: str, telegram: LocalTelegram) -> None:
    """Queue long digests for two groups, limited to 20 messages a minute, and turn capture on in the others."""
    state, now = State(url), int(time.time())
    with state.transaction():
        for group in PACED_GROUPS:
            telegram.world.chat(group)
            parts = [dump(Message(f"for a group, {part}")) for part in range(PACED_PARTS)]
            state.outbox.put(f"group{group}", Place(group), parts, now, silent=True)
        for group in TALKING_GROUPS:
            telegram.world.chat(group)
            state.captures.turn_on(Capture(group, 24, 1, now), now)
    state.close()


def count(
    url: str, telegram: LocalTelegram, people: People, readers: Readers, faults: list[float]
) -> Outcome:
    """Count the outcome; `faults` are the monotonic times of the injected faults."""
    outcome = Outcome(people.said, slots=readers.count)
    calls = [
        call for call in list(telegram.calls) if call.method in _SENDING and call.status == HTTPStatus.OK
    ]
    answered = {int(call.parameters["chat_id"]) for call in calls}
    with psycopg.connect(url) as db:

        def column(sql: str) -> list[Any]:
            return [row[0] for row in db.execute(sql)]

        chosen = set(column("SELECT chat_id FROM chat WHERE language = 'zh'"))
        views = Counter(column("SELECT user_id FROM view"))
        kept = db.execute("SELECT chat_id, message_id, text FROM captured").fetchall()
        failed = column("SELECT update_id FROM inbox WHERE state <> 'done'")
        slots = Counter(column("SELECT subscription_id FROM slot"))
        deliveries = Counter(column("SELECT DISTINCT delivery FROM outbox WHERE chat_id > 0"))
        parts = db.execute("SELECT chat_id, state FROM outbox WHERE chat_id > 0").fetchall()
    quoted = {(chat, number) for chat, _, number in map(_key, calls)}
    lost = {
        "choices": len(people.choosers - (chosen & answered)),
        "questions": len(people.askers - (views.keys() & answered)) + len(people.questions - quoted),
        "talk": len(people.talk - {(chat, message) for chat, message, _ in kept}),
        "failed": len(failed),
    }
    outcome.lost = {kind: number for kind, number in lost.items() if number}
    outcome.missed = sum(f"reader{number}" not in slots for number in range(readers.count))
    outcome.double_effects = (
        len(chosen - people.choosers)
        + (views.total() - len(people.askers & views.keys()))
        + (len(kept) - len({text for _, _, text in kept}))
        + (slots.total() - len(slots))
        + (len(deliveries) - len({delivery.partition(".")[0] for delivery in deliveries}))
    )
    arrived = Counter(chat for chat, _, _ in {_key(call) for call in calls})
    wanted = Counter(chat for chat, _ in parts)
    outcome.messages = wanted.total()
    outcome.unsent = sum(state != "sent" for _, state in parts) + (wanted - arrived).total()
    outcome.repeated = dict(_repeated(calls, faults))
    digests = [call for call in calls if int(call.parameters["chat_id"]) < PERSONS and not _key(call)[2]]
    outcome.repeated_digests = _repeated(digests, faults).total()
    outcome.most_in_a_second = most(1.0, [call.at for call in calls])
    outcome.most_in_a_group = max(
        most(60.0, [call.at for call in calls if int(call.parameters["chat_id"]) == group])
        for group in PACED_GROUPS
    )
    return outcome


def _key(call: Call) -> tuple[int, str, int]:
    """Return a message's unique key: its chat, its text, and the id of the message it answers or 0."""
    values = call.parameters
    return (
        int(values["chat_id"]),
        str(values["text"]),
        (values.get("reply_parameters") or {}).get("message_id", 0),
    )


def _repeated(calls: Iterable[Call], faults: list[float]) -> Counter[int]:
    """Count the messages repeated after each fault, by its index."""
    last: dict[tuple[int, str, int], float] = {}
    repeated: Counter[int] = Counter()
    for call in sorted(calls, key=lambda call: call.at):
        key = _key(call)
        if key in last:
            fault = bisect.bisect(faults, last[key] - _ON_ITS_WAY)
            repeated[fault if fault < len(faults) and faults[fault] <= call.at else -1] += 1
        last[key] = call.at
    return repeated


def most(seconds: float, times: list[float]) -> int:
    """Return the largest number of `times` within any window of `seconds`."""
    times.sort()
    first = counted = 0
    for last, moment in enumerate(times):
        while moment - times[first] >= seconds:
            first += 1
        counted = max(counted, last - first + 1)
    return counted
