"""What came of updates, written into the state: effects and the update's mark in one transaction.

The one place where a conversation changes stored data.

While the disk is full it is remembered here and written later, in the order in which it came: who was answered
"done" is not to be told otherwise by a full disk, and nobody is answered twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.dialogue.effects import (
    Alerting,
    AllowModel,
    CheckSource,
    ChooseLanguage,
    ChooseZone,
    Consent,
    Delivered,
    Digesting,
    DropDraft,
    DropSource,
    DropTopic,
    Effect,
    EndAlert,
    Forget,
    KeepDraft,
    Mute,
    MuteSource,
    OnlyNews,
    OpenView,
    OptIn,
    OptOut,
    Pause,
    Purge,
    PutTopic,
    Recapped,
    ScheduleRecap,
    SetAlert,
    SetQuietHours,
    SetSourceState,
    Subscribe,
    TakeOut,
    TurnOff,
    TurnOn,
    UnscheduleRecaps,
    Unsubscribe,
    Watching,
    WatchSource,
)
from bot.digests.schedule import due_slot, newest_slot
from bot.logs import Trouble
from bot.models import Subscription
from bot.sqlite.errors import StorageError
from bot.state.state import State

_log = logging.getLogger(__name__)

_AGAIN_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class _Outcome:
    update_id: int
    effects: tuple[Effect, ...]
    name: str


def _nothing(_report: str) -> None:
    """Takes nothing out, where there is no library."""


class Commits:
    """Commits outcomes, at once or when the disk accepts writes again."""

    def __init__(
        self,
        state: State,
        clock: Callable[[], datetime],
        fence: Callable[[], None] = lambda: None,
        take_out: Callable[[str], None] = _nothing,
    ) -> None:
        """`fence` is called in each transaction, and raises where this process may not make it any more.

        `take_out` takes a report out of the library; twice is harmless.
        """
        self._fence = fence
        self._take_out = take_out
        self._state = state
        self._clock = clock
        self._waiting: deque[_Outcome] = deque()
        self._task: asyncio.Task[None] | None = None
        self._storage = Trouble(
            _log, "What people chose cannot be kept", "What people chose meanwhile has been kept"
        )

    @property
    def waiting(self) -> frozenset[int]:
        """The updates whose mark has still to be written."""
        return frozenset(outcome.update_id for outcome in self._waiting)

    @property
    def unsaved_choices(self) -> frozenset[int]:
        """Those of them that changed more than a view: losing one would make a confirmation that was sent untrue."""
        return frozenset(
            outcome.update_id
            for outcome in self._waiting
            if not all(isinstance(effect, OpenView) for effect in outcome.effects)
        )

    async def commit(self, update_id: int, effects: tuple[Effect, ...], outcome: str) -> None:
        """Commits the effects of an update and marks it; the first mark stays."""
        result = _Outcome(update_id, effects, outcome)
        if not self._waiting:
            try:
                await asyncio.to_thread(self._write, result)
            except StorageError as error:
                self._storage.struck(error)
            else:
                return
        self._waiting.append(result)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._catch_up())

    async def close(self) -> None:
        """Tries once more; what cannot be written now is lost with the process, and its update handled again."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        while self._waiting:
            try:
                await asyncio.to_thread(self._write, self._waiting[0])
            except StorageError as error:
                _log.error("%d updates could not be marked; the next start handles them again: %s", len(self._waiting), error)  # fmt: skip  # its text says all
                return
            self._waiting.popleft()

    async def _catch_up(self) -> None:
        while self._waiting:
            try:
                await asyncio.to_thread(self._write, self._waiting[0])
            except StorageError:
                await asyncio.sleep(_AGAIN_SECONDS)
                continue
            except Exception:  # noqa: BLE001  # whatever one raises, the others are written
                # One that can never be written must not keep those after it from being written.
                _log.exception("What came of update %d cannot be kept.", self._waiting[0].update_id)
            self._waiting.popleft()
        self._storage.over()

    def _write(self, outcome: _Outcome) -> None:
        now = int(self._clock().timestamp())
        for effect in outcome.effects:
            if isinstance(effect, TakeOut):
                self._take_out(effect.report_id)
        with self._state.transaction():
            self._fence()
            for effect in outcome.effects:
                apply(effect, self._state, now)
            self._state.inbox.finish(outcome.update_id, outcome.name)


# -- effects -----------------------------------------------------------------------------------------------


def apply(effect: Effect, state: State, now: int) -> None:
    """Applies one effect at `now` (UTC seconds), in the transaction that its caller has open."""
    match effect:
        case ChooseLanguage(chat_id, language):
            state.chats.set_language(chat_id, language)
        case OpenView(view):
            state.views.put(view, now)
        case Forget() | TurnOff() | Purge() | OptOut():
            erase(effect, state, now)
        case (
            KeepDraft()
            | DropDraft()
            | ChooseZone()
            | Subscribe()
            | Unsubscribe()
            | Pause()
            | OnlyNews()
            | Delivered()
        ):
            _apply_digesting(effect, state, now)
        case TakeOut():
            pass  # done before: the library is no part of this transaction
        case Mute(reader, query, until):
            state.mutes.put(reader, query, until)
        case MuteSource(reader, publisher, until):
            state.source_mutes.put(reader, publisher, until)
        case WatchSource() | SetSourceState() | CheckSource() | DropSource() | PutTopic() | DropTopic():
            _apply_watching(effect, state, now)
        case SetAlert() | EndAlert() | SetQuietHours():
            _apply_alerting(effect, state)
        case _:
            _apply_consent(effect, state, now)


def erase(effect: Effect, state: State, now: int) -> bool:
    """Erases what one effect wants gone; returns whether nothing is left in the file, True for any other effect."""
    match effect:
        case Forget(user_id):
            return state.erase.person(user_id)
        case TurnOff(chat_id):
            return state.erase.capture(chat_id)
        case Purge(chat_id):
            return state.erase.talk(chat_id)
        case OptOut(user_id):
            return state.erase.opt_out(user_id, now)
        case _:
            return True


def _apply_consent(effect: Consent, state: State, now: int) -> None:
    match effect:
        case TurnOn(capture):
            state.captures.turn_on(capture, now)
        case AllowModel(chat_id, allowed):
            state.captures.allow_model(chat_id, allowed)
        case OptIn(user_id):
            state.captures.opt_in(user_id)
        case Recapped(chat_id, thread_id, at):
            state.recaps.mark_read(chat_id, thread_id, at)
        case ScheduleRecap(schedule):
            state.recaps.put(schedule)
        case UnscheduleRecaps(chat_id, thread_id):
            state.recaps.drop(chat_id, thread_id)


def _apply_alerting(effect: Alerting, state: State) -> None:
    match effect:
        case SetAlert(alert):
            state.alerts.put(alert)
        case EndAlert(alert_id):
            state.alerts.remove(alert_id)
        case SetQuietHours(place, quiet):
            state.alerts.set_quiet(place, quiet)


def _apply_watching(effect: Watching, state: State, now: int) -> None:
    match effect:
        case WatchSource(source):
            state.sources.add(source)
        case SetSourceState(source_id, chosen):
            state.sources.set_state(source_id, chosen, now)
        case CheckSource(source_id):
            state.sources.make_due(source_id, now)
        case DropSource(source_id):
            state.sources.remove(source_id)
        case PutTopic(topic, forms):
            state.added_topics.put(topic, forms)
        case DropTopic(topic):
            state.added_topics.remove(topic)


def _pause(effect: Pause, state: State, now: int) -> None:
    owed = _owed(effect.subscription_id, state, now)
    state.subscriptions.pause(effect.subscription_id, effect.until)
    resumed = state.subscriptions.get(effect.subscription_id)
    if effect.until is None and resumed is not None and not owed:
        _pass_by(resumed, state, now)


def _subscribe(subscription: Subscription, state: State, now: int) -> None:
    owed = _owed(subscription.id, state, now)
    state.subscriptions.put(subscription)
    if not owed:
        _pass_by(subscription, state, now)


def _owed(subscription_id: str, state: State, now: int) -> bool:
    """Whether a digest is due but not made yet; it is sent whatever the reader changes meanwhile."""
    before = state.subscriptions.get(subscription_id)
    if before is None:
        return False
    return due_slot(before, datetime.fromtimestamp(now, UTC), state.slots.newest(subscription_id)) is not None


def _pass_by(subscription: Subscription, state: State, now: int) -> None:
    """A slot that lies behind a change is not made up for: at 10:00, a new time of 09:00 means tomorrow."""
    at = datetime.fromtimestamp(now, UTC)
    slot = newest_slot(subscription.minute, subscription.days, subscription.timezone, at)
    if slot is not None:
        state.slots.claim(subscription.id, slot.day, now)


def _choose_zone(chat_id: int, timezone: str, state: State, now: int) -> None:
    """A chat has one zone: what comes there by itself keeps its hour, which is read there from now on."""
    state.chats.set_timezone(chat_id, timezone)
    for subscription in state.subscriptions.of_chat(chat_id):
        if subscription.timezone != timezone:
            _subscribe(replace(subscription, timezone=timezone), state, now)
    for schedule in state.recaps.all(chat_id):
        if schedule.timezone != timezone:
            state.recaps.put(replace(schedule, timezone=timezone))


def _apply_digesting(effect: Digesting, state: State, now: int) -> None:
    kept = state.subscriptions
    match effect:
        case KeepDraft(draft_id, draft):
            state.drafts.put(draft_id, draft, now)
        case DropDraft(draft_id):
            state.drafts.drop(draft_id)
        case ChooseZone(chat_id, timezone):
            _choose_zone(chat_id, timezone, state, now)
        case Subscribe(subscription):
            _subscribe(subscription, state, now)
        case Unsubscribe(subscription_id):
            kept.remove(subscription_id)
        case Pause():
            _pause(effect, state, now)
        case OnlyNews(subscription_id):
            kept.only_news(subscription_id)
        case Delivered(reader, sentences, subscription_id, outcome, spent):
            state.delivered.put(reader, sentences, now)
            # As at a slot: where nothing was said, what came in meanwhile is still news.
            since = None if outcome in {"nothing", "muted"} else now
            kept.record(subscription_id, outcome, now, since=since, spent=now if spent else None)
