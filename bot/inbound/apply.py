"""Applies the effects of a reply to the state. The caller holds the transaction."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from bot.dialogue.effects import (
    Alerting,
    AllowModel,
    CheckSource,
    ChooseLanguage,
    ChooseZone,
    Consent,
    DeleteDraft,
    DeleteReport,
    DeleteSource,
    DeleteTopic,
    Delivered,
    Digesting,
    Effect,
    EndAlert,
    ForgetPerson,
    LimitToNews,
    MarkRecapRead,
    Mute,
    MuteSource,
    OpenView,
    OptIn,
    OptOut,
    Pause,
    PurgeCapture,
    ScheduleRecap,
    SetAlert,
    SetQuietHours,
    SetSourceState,
    StartCapture,
    StopCapture,
    StoreDraft,
    StoreTopic,
    Subscribe,
    UnscheduleRecaps,
    Unsubscribe,
    Watching,
    WatchSource,
)
from bot.digests.schedule import due_slot, newest_slot
from bot.models import Subscription
from bot.state.state import State


def apply(effect: Effect, state: State, now: int) -> None:
    """Apply one effect at `now` (UTC seconds) within the caller's transaction."""
    match effect:
        case ChooseLanguage(chat_id, language):
            state.chats.set_language(chat_id, language)
        case OpenView(view):
            state.views.put(view, now)
        case ForgetPerson() | StopCapture() | PurgeCapture() | OptOut():
            erase(effect, state, now)
        case (
            StoreDraft()
            | DeleteDraft()
            | ChooseZone()
            | Subscribe()
            | Unsubscribe()
            | Pause()
            | LimitToNews()
            | Delivered()
        ):
            _apply_digesting(effect, state, now)
        case DeleteReport():
            pass  # already done: the library is not part of this transaction
        case Mute(reader, query, until):
            state.mutes.put(reader, query, until)
        case MuteSource(reader, publisher, until):
            state.source_mutes.put(reader, publisher, until)
        case WatchSource() | SetSourceState() | CheckSource() | DeleteSource() | StoreTopic() | DeleteTopic():
            _apply_watching(effect, state, now)
        case SetAlert() | EndAlert() | SetQuietHours():
            _apply_alerting(effect, state)
        case _:
            _apply_consent(effect, state, now)


def erase(effect: Effect, state: State, now: int) -> bool:
    """Erase what one effect asks for; return whether no copy is left in the database file, True for any other effect."""
    match effect:
        case ForgetPerson(user_id):
            return state.erase.person(user_id)
        case StopCapture(chat_id):
            return state.erase.capture(chat_id)
        case PurgeCapture(chat_id):
            return state.erase.talk(chat_id)
        case OptOut(user_id):
            return state.erase.opt_out(user_id, now)
        case _:
            return True


def _apply_consent(effect: Consent, state: State, now: int) -> None:
    match effect:
        case StartCapture(capture):
            state.captures.turn_on(capture, now)
        case AllowModel(chat_id, allowed):
            state.captures.allow_model(chat_id, allowed)
        case OptIn(user_id):
            state.captures.opt_in(user_id)
        case MarkRecapRead(chat_id, thread_id, moment):
            state.recaps.mark_covered(chat_id, thread_id, moment)
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
        case DeleteSource(source_id):
            state.sources.remove(source_id)
        case StoreTopic(topic, forms):
            state.added_topics.put(topic, forms)
        case DeleteTopic(topic):
            state.added_topics.remove(topic)


def _pause(effect: Pause, state: State, now: int) -> None:
    due = _is_digest_due(effect.subscription_id, state, now)
    state.subscriptions.pause(effect.subscription_id, effect.until)
    resumed = state.subscriptions.get(effect.subscription_id)
    if effect.until is None and resumed is not None and not due:
        _skip_slot(resumed, state, now)


def _subscribe(subscription: Subscription, state: State, now: int) -> None:
    due = _is_digest_due(subscription.id, state, now)
    state.subscriptions.put(subscription)
    if not due:
        _skip_slot(subscription, state, now)


def _is_digest_due(subscription_id: str, state: State, now: int) -> bool:
    """Return whether a digest is due but not composed yet. It is sent whatever the reader changes meanwhile."""
    before = state.subscriptions.get(subscription_id)
    if before is None:
        return False
    return due_slot(before, datetime.fromtimestamp(now, UTC), state.slots.newest(subscription_id)) is not None


def _skip_slot(subscription: Subscription, state: State, now: int) -> None:
    """Claim the slot before a change, so that it is not made up for: at 10:00, a new time of 09:00 means tomorrow."""
    moment = datetime.fromtimestamp(now, UTC)
    slot = newest_slot(subscription.minute, subscription.days, subscription.timezone, moment)
    if slot is not None:
        state.slots.claim(subscription.id, slot.day, now)


def _choose_zone(chat_id: int, timezone: str, state: State, now: int) -> None:
    """Set the chat's only time zone. Its subscriptions and recaps keep their local hour, now read in that zone."""
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
        case StoreDraft(draft_id, draft):
            state.drafts.put(draft_id, draft, now)
        case DeleteDraft(draft_id):
            state.drafts.drop(draft_id)
        case ChooseZone(chat_id, timezone):
            _choose_zone(chat_id, timezone, state, now)
        case Subscribe(subscription):
            _subscribe(subscription, state, now)
        case Unsubscribe(subscription_id):
            kept.remove(subscription_id)
        case Pause():
            _pause(effect, state, now)
        case LimitToNews(subscription_id):
            kept.only_news(subscription_id)
        case Delivered(reader, sentences, subscription_id, outcome, spent):
            state.delivered.put(reader, sentences, now)
            # As at a slot: after a digest without content, what came in meanwhile still counts as new.
            since = None if outcome in {"nothing", "muted"} else now
            kept.record_outcome(subscription_id, outcome, now, since=since, spent=now if spent else None)
