"""How much a person, or a group, may ask in a minute. Pure: `now` is a monotonic second that is passed in."""

from __future__ import annotations

from collections import OrderedDict, deque

QUESTIONS = 30
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
