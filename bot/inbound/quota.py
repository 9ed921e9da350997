"""Limits how much a person or a group may ask per minute. Pure: `now` is a monotonic time in seconds, passed in.

Checked when an update arrives, before any work: an update over the limit is not stored, so a flood displaces nobody.
"""

from __future__ import annotations

from collections import OrderedDict, deque

from msgspec.structs import replace

from bot.dialogue.events import ButtonEvent, Event, FileEvent, InlineEvent, MemberEvent, PostEvent, TextEvent

QUESTIONS = 30
PRESSES = 60
IN_A_GROUP = 15
"""Questions per group, of all its members. Telegram lets a bot send 20 messages a minute to a group (FAQ for bots); the
rest is left for digests, recaps and notices about the limit.
"""
WINDOW_SECONDS = 60.0
# Beyond this many, whoever asked least recently is forgotten first.
_REMEMBERED = 10_000


class Quota:
    """Sliding window of WINDOW_SECONDS per person or group, by id."""

    def __init__(self, questions: int) -> None:
        self._questions = questions
        self._asked: OrderedDict[int, deque[float]] = OrderedDict()
        self._told: dict[int, float] = {}

    def admit(self, person: int, now: float) -> float:
        """Count a question and return 0.0 if `person` may ask it now; else return the seconds to wait."""
        times = self._asked.setdefault(person, deque(maxlen=self._questions))
        self._asked.move_to_end(person)
        while len(self._asked) > _REMEMBERED:
            forgotten, _ = self._asked.popitem(last=False)
            self._told.pop(forgotten, None)
        if len(times) == self._questions and now - times[0] < WINDOW_SECONDS:
            return WINDOW_SECONDS - (now - times[0])
        times.append(now)
        return 0.0

    def must_tell(self, person: int, now: float) -> bool:
        """Return whether to tell them that they must wait: once per window, or the notices would become the flood."""
        if now - self._told.get(person, -WINDOW_SECONDS) < WINDOW_SECONDS:
            return False
        self._told[person] = now
        return True


class Admission:
    """Admission control of events: those within the quota, then one notice about the wait, then none.

    What `operators` send to be read is not limited: a folder of files, or the posts of a month, come in one go.
    """

    def __init__(self, operators: frozenset[int] = frozenset()) -> None:
        self._operators = operators
        self._questions = Quota(QUESTIONS)
        self._in_group = Quota(IN_A_GROUP)
        self._presses = Quota(PRESSES)
        self._greetings = Quota(1)

    def admit(self, event: Event | None, now: float) -> Event | None:
        """Return the event to handle, marked `slow_down` if a notice is due; None if the sender already had the notice."""
        match event:
            case ButtonEvent():
                if not self._presses.admit(event.user_id, now):
                    return event
                told = not self._presses.must_tell(event.user_id, now)
                return None if told else replace(event, slow_down="press_slower")
            case InlineEvent():  # each typed word is one query, and a notice would not be read there
                return None if self._presses.admit(event.user_id, now) else event
            case TextEvent():
                # A sender without an id, as in a channel's post, is counted by chat.
                quotas = [(self._questions, event.user_id or event.chat_id, "slow_down")]
                if not event.private:
                    quotas.append((self._in_group, event.chat_id, "slow_down_group"))
                for quota, key, sentence in quotas:
                    if key and (wait := quota.admit(key, now)):
                        told = not quota.must_tell(key, now)
                        return None if told else replace(event, slow_down=sentence, wait=wait)
                return event
            case MemberEvent() if event.present and not event.was_present:
                # A group that adds and removes the bot repeatedly is greeted once a minute.
                return replace(event, was_present=bool(self._greetings.admit(event.chat_id, now)))
            case FileEvent() | PostEvent(direct=False) if event.user_id not in self._operators:
                return None if self._questions.admit(event.user_id or event.chat_id, now) else event
            case _:
                return event
