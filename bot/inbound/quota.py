"""How much a person, or a group, may ask in a minute. Pure: `now` is a monotonic second that is passed in.

Asked when an update comes in, before any work: what is too much is not kept, so a flood takes nobody's place.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import replace

from bot.dialogue.events import ButtonEvent, Event, FileEvent, InlineEvent, MemberEvent, PostEvent, TextEvent

QUESTIONS = 30
PRESSES = 60
IN_A_GROUP = 15
"""In one group, of all its members: of the 20 messages a minute that Telegram lets a bot send there (FAQ for bots),
some are left for digests, recaps, and saying that it is enough.
"""
WINDOW_SECONDS = 60.0
# People who have not asked for a while are forgotten first.
_REMEMBERED = 10_000


class Quota:
    """A sliding window for each person or group, by their id."""

    def __init__(self, questions: int = QUESTIONS, window: float = WINDOW_SECONDS) -> None:
        self._questions = questions
        self._window = window
        self._asked: OrderedDict[int, deque[float]] = OrderedDict()
        self._told: dict[int, float] = {}

    def wait(self, person: int, now: float) -> float:
        """Seconds until `person` may ask again; 0 counts the question as asked."""
        times = self._asked.setdefault(person, deque(maxlen=self._questions))
        self._asked.move_to_end(person)
        while len(self._asked) > _REMEMBERED:
            forgotten, _ = self._asked.popitem(last=False)
            self._told.pop(forgotten, None)
        if len(times) == self._questions and now - times[0] < self._window:
            return self._window - (now - times[0])
        times.append(now)
        return 0.0

    def must_tell(self, person: int, now: float) -> bool:
        """Whether to say that they must wait: once in a window, or the answers would be the flood."""
        if now - self._told.get(person, -self._window) < self._window:
            return False
        self._told[person] = now
        return True


class Admission:
    """Decides which events are answered: all of a minute's quota, then one that says the wait, then none."""

    def __init__(self) -> None:
        self._questions = Quota(QUESTIONS)
        self._in_group = Quota(IN_A_GROUP)
        self._presses = Quota(PRESSES)
        self._greetings = Quota(1)

    def admit(self, event: Event | None, now: float) -> Event | None:
        """The event to be handled; None for one too many, of whose sender the wait has been told."""
        match event:
            case ButtonEvent():
                if not self._presses.wait(event.user_id, now):
                    return event
                told = not self._presses.must_tell(event.user_id, now)
                return None if told else replace(event, slow_down="press_slower")
            case InlineEvent():  # each word that is typed is one; nobody reads a wait there
                return None if self._presses.wait(event.user_id, now) else event
            case TextEvent():
                # Who is nobody, as in a channel's post, is counted by their chat.
                quotas = [(self._questions, event.user_id or event.chat_id, "slow_down")]
                if not event.private:
                    quotas.append((self._in_group, event.chat_id, "slow_down_group"))
                for quota, key, sentence in quotas:
                    if key and (wait := quota.wait(key, now)):
                        told = not quota.must_tell(key, now)
                        return None if told else replace(event, slow_down=sentence, wait=wait)
                return event
            case MemberEvent() if event.present and not event.was_present:
                # Whoever adds and removes the bot again and again is greeted once a minute.
                return replace(event, was_present=bool(self._greetings.wait(event.chat_id, now)))
            case FileEvent() | PostEvent(direct=False):
                return None if self._questions.wait(event.user_id or event.chat_id, now) else event
            case _:
                return event
