"""Effects: the state changes of a reply, committed in one transaction with the update that caused them. No logic."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages import Place
from bot.models import Language, Subscription
from bot.state.alerts import Alert, Quiet
from bot.state.captures import Capture
from bot.state.recap_schedules import RecapSchedule
from bot.state.sources import Source, SourceState
from bot.state.views import View


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """Effect: sets the language of a chat."""

    chat_id: int
    language: Language


@dataclass(frozen=True, slots=True)
class OpenView:
    """Effect: stores a view, so that buttons carrying its id work."""

    view: View


@dataclass(frozen=True, slots=True)
class ForgetPerson:
    """Effect: erases everything stored about a person."""

    user_id: int


@dataclass(frozen=True, slots=True)
class StartCapture:
    """Effect: starts capturing a group's messages, or changes how long they are kept."""

    capture: Capture


@dataclass(frozen=True, slots=True)
class AllowModel:
    """Effect: allows or forbids giving a group's quoted messages to a language model."""

    chat_id: int
    allowed: bool


@dataclass(frozen=True, slots=True)
class StopCapture:
    """Effect: stops capturing a group's messages and erases those captured."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class PurgeCapture:
    """Effect: erases a group's captured messages; capture goes on."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class OptOut:
    """Effect: stops capturing a person's messages in every group and erases those captured."""

    user_id: int


@dataclass(frozen=True, slots=True)
class OptIn:
    """Effect: allows capturing a person's messages again, in groups that capture."""

    user_id: int


@dataclass(frozen=True, slots=True)
class MarkRecapRead:
    """Effect: records that a forum topic's members have had a recap up to a UTC second."""

    chat_id: int
    thread_id: int
    at: int


@dataclass(frozen=True, slots=True)
class ScheduleRecap:
    """Effect: schedules daily recaps for a forum topic."""

    schedule: RecapSchedule


@dataclass(frozen=True, slots=True)
class UnscheduleRecaps:
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


@dataclass(frozen=True, slots=True)
class StoreDraft:
    """Effect: stores a subscription draft under the id that its panel's buttons carry."""

    draft_id: str
    draft: Subscription


@dataclass(frozen=True, slots=True)
class DeleteDraft:
    """Effect: deletes a draft, which disables its panel's buttons."""

    draft_id: str


@dataclass(frozen=True, slots=True)
class ChooseZone:
    """Effect: sets the time zone of a chat."""

    chat_id: int
    timezone: str


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Effect: stores a new or changed subscription."""

    subscription: Subscription


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Effect: deletes a subscription."""

    subscription_id: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Effect: pauses a subscription until a UTC second; None resumes it."""

    subscription_id: str
    until: int | None


@dataclass(frozen=True, slots=True)
class LimitToNews:
    """Effect: limits a subscription to news, without points from older reports."""

    subscription_id: str


@dataclass(frozen=True, slots=True)
class Mute:
    """Effect: leaves a query out of a reader's digests until a UTC second."""

    reader: Place
    query: str
    until: int


@dataclass(frozen=True, slots=True)
class MuteSource:
    """Effect: leaves a publisher out of a reader's digests until a UTC second."""

    reader: Place
    publisher: str
    until: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """Effect: records the sentences (by hash) that a reader receives with this reply, once it is delivered.

    `subscription_id` is "" for a digest that belongs to no stored subscription.
    """

    reader: Place
    sentences: tuple[str, ...]
    subscription_id: str
    outcome: str
    spent: bool


@dataclass(frozen=True, slots=True)
class SetAlert:
    """Effect: stores an alert."""

    alert: Alert


@dataclass(frozen=True, slots=True)
class EndAlert:
    """Effect: deletes an alert."""

    alert_id: str


@dataclass(frozen=True, slots=True)
class SetQuietHours:
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


@dataclass(frozen=True, slots=True)
class WatchSource:
    """Effect: adds a source (feed, page or channel) to be checked."""

    source: Source


@dataclass(frozen=True, slots=True)
class SetSourceState:
    """Effect: pauses a source, or resumes it with a check at once."""

    source_id: str
    state: SourceState


@dataclass(frozen=True, slots=True)
class CheckSource:
    """Effect: makes a source due for a check now."""

    source_id: str


@dataclass(frozen=True, slots=True)
class DeleteSource:
    """Effect: removes a source."""

    source_id: str


@dataclass(frozen=True, slots=True)
class DeleteReport:
    """Effect: removes a report from the library."""

    report_id: str


@dataclass(frozen=True, slots=True)
class StoreTopic:
    """Effect: adds or replaces a glossary topic with its written forms, the name first."""

    topic: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeleteTopic:
    """Effect: removes a topic that an operator added."""

    topic: str


Watching = WatchSource | SetSourceState | CheckSource | DeleteSource | StoreTopic | DeleteTopic
"""Effects on sources and on operators' topics."""

ERASING = (ForgetPerson, StopCapture, PurgeCapture, OptOut)
"""Effects that are complete only when the write-ahead log holds nothing of what they erase."""

Effect = ChooseLanguage | OpenView | ForgetPerson | Consent | Digesting | Alerting | Watching | DeleteReport
