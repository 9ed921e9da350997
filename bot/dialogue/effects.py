"""Effects: the state changes of a reply, committed in one transaction with the update that caused them. No logic."""

from __future__ import annotations

from msgspec import Struct

from bot.messages import Place
from bot.models import Language, Subscription
from bot.state.alerts import Alert, Quiet
from bot.state.captures import Capture
from bot.state.recap_schedules import RecapSchedule
from bot.state.sources import Source, SourceState
from bot.state.views import View


class ChooseLanguage(Struct, frozen=True):
    """Effect: sets the language of a chat."""

    chat_id: int
    language: Language


class OpenView(Struct, frozen=True):
    """Effect: stores a view, so that buttons carrying its id work."""

    view: View


class ForgetPerson(Struct, frozen=True):
    """Effect: erases everything stored about a person."""

    user_id: int


class StartCapture(Struct, frozen=True):
    """Effect: starts capturing a group's messages, or changes how long they are kept."""

    capture: Capture


class AllowModel(Struct, frozen=True):
    """Effect: allows or forbids giving a group's quoted messages to a language model."""

    chat_id: int
    allowed: bool


class StopCapture(Struct, frozen=True):
    """Effect: stops capturing a group's messages and erases those captured."""

    chat_id: int


class PurgeCapture(Struct, frozen=True):
    """Effect: erases a group's captured messages; capture goes on."""

    chat_id: int


class OptOut(Struct, frozen=True):
    """Effect: stops capturing a person's messages in every group and erases those captured."""

    user_id: int


class OptIn(Struct, frozen=True):
    """Effect: allows capturing a person's messages again, in groups that capture."""

    user_id: int


class MarkRecapRead(Struct, frozen=True):
    """Effect: records that a forum topic's members have had a recap up to a UTC second."""

    chat_id: int
    thread_id: int
    at: int


class ScheduleRecap(Struct, frozen=True):
    """Effect: schedules daily recaps for a forum topic."""

    schedule: RecapSchedule


class UnscheduleRecaps(Struct, frozen=True):
    """Effect: ends daily recaps for a forum topic."""

    chat_id: int
    thread_id: int


Consent = (
    StartCapture
    | AllowModel
    | StopCapture
    | PurgeCapture
    | OptOut
    | OptIn
    | MarkRecapRead
    | ScheduleRecap
    | UnscheduleRecaps
)
"""Effects on captured messages and their recaps."""


class StoreDraft(Struct, frozen=True):
    """Effect: stores a subscription draft under the id that its panel's buttons carry."""

    draft_id: str
    draft: Subscription


class DeleteDraft(Struct, frozen=True):
    """Effect: deletes a draft, which disables its panel's buttons."""

    draft_id: str


class ChooseZone(Struct, frozen=True):
    """Effect: sets the time zone of a chat."""

    chat_id: int
    timezone: str


class Subscribe(Struct, frozen=True):
    """Effect: stores a new or changed subscription."""

    subscription: Subscription


class Unsubscribe(Struct, frozen=True):
    """Effect: deletes a subscription."""

    subscription_id: str


class Pause(Struct, frozen=True):
    """Effect: pauses a subscription until a UTC second; None resumes it."""

    subscription_id: str
    until: int | None


class LimitToNews(Struct, frozen=True):
    """Effect: limits a subscription to news, without points from older reports."""

    subscription_id: str


class Mute(Struct, frozen=True):
    """Effect: leaves a query out of a reader's digests until a UTC second."""

    reader: Place
    query: str
    until: int


class MuteSource(Struct, frozen=True):
    """Effect: leaves a publisher out of a reader's digests until a UTC second."""

    reader: Place
    publisher: str
    until: int


class Delivered(Struct, frozen=True):
    """Effect: records the sentences (by hash) that a reader receives with this reply, once it is delivered.

    `subscription_id` is "" for a digest that belongs to no stored subscription.
    """

    reader: Place
    sentences: tuple[str, ...]
    subscription_id: str
    outcome: str
    spent: bool


class SetAlert(Struct, frozen=True):
    """Effect: stores an alert."""

    alert: Alert


class EndAlert(Struct, frozen=True):
    """Effect: deletes an alert."""

    alert_id: str


class SetQuietHours(Struct, frozen=True):
    """Effect: sets the quiet hours of a chat's alerts."""

    place: Place
    quiet: Quiet


Alerting = SetAlert | EndAlert | SetQuietHours
"""Effects on alerts."""


Digesting = (
    StoreDraft
    | DeleteDraft
    | ChooseZone
    | Subscribe
    | Unsubscribe
    | Pause
    | LimitToNews
    | Mute
    | MuteSource
    | Delivered
)
"""Effects on subscriptions and digests."""


class WatchSource(Struct, frozen=True):
    """Effect: adds a source (feed, page or channel) to be checked."""

    source: Source


class SetSourceState(Struct, frozen=True):
    """Effect: pauses a source, or resumes it with a check at once."""

    source_id: str
    state: SourceState


class CheckSource(Struct, frozen=True):
    """Effect: makes a source due for a check now."""

    source_id: str


class DeleteSource(Struct, frozen=True):
    """Effect: removes a source."""

    source_id: str


class DeleteReport(Struct, frozen=True):
    """Effect: removes a report from the library."""

    report_id: str


class StoreTopic(Struct, frozen=True):
    """Effect: adds or replaces a glossary topic with its written forms, the name first."""

    topic: str
    forms: tuple[str, ...]


class DeleteTopic(Struct, frozen=True):
    """Effect: removes a topic that an operator added."""

    topic: str


Watching = WatchSource | SetSourceState | CheckSource | DeleteSource | StoreTopic | DeleteTopic
"""Effects on sources and on operators' topics."""

ERASING = (ForgetPerson, StopCapture, PurgeCapture, OptOut)
"""Effects that are complete only when the write-ahead log holds nothing of what they erase."""

Effect = ChooseLanguage | OpenView | ForgetPerson | Consent | Digesting | Alerting | Watching | DeleteReport
