"""What a reply changes, as typed values that are committed together with the update they came from. No logic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.messages import Message, Place, Press
from bot.models import Language, Subscription
from bot.rendering.attachment import Attachment
from bot.state.alerts import Alert, Quiet
from bot.state.captures import Capture
from bot.state.recap_schedules import RecapSchedule
from bot.state.sources import Source, SourceState
from bot.state.views import View

if TYPE_CHECKING:
    from bot.rewriting.material import Material


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """An effect: the chat answers in `language` from now on."""

    chat_id: int
    language: Language


@dataclass(frozen=True, slots=True)
class OpenView:
    """An effect: buttons with this view's id may be pressed."""

    view: View


@dataclass(frozen=True, slots=True)
class Forget:
    """An effect: nothing of this person is kept any more."""

    user_id: int


@dataclass(frozen=True, slots=True)
class TurnOn:
    """An effect: a group's talk is kept from now on, or for another time."""

    capture: Capture


@dataclass(frozen=True, slots=True)
class AllowModel:
    """An effect: a language model may be given what a group's recaps quote, or may not any more."""

    chat_id: int
    allowed: bool


@dataclass(frozen=True, slots=True)
class TurnOff:
    """An effect: a group's talk is not kept any more, and what was kept is erased."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class Purge:
    """An effect: what was kept of a group's talk is erased."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class OptOut:
    """An effect: nothing that this person says in a group is kept, and what was kept is erased."""

    user_id: int


@dataclass(frozen=True, slots=True)
class OptIn:
    """An effect: what this person says may be kept again where their group agreed."""

    user_id: int


@dataclass(frozen=True, slots=True)
class Recapped:
    """An effect: the members of a group's topic have read a recap up to this second."""

    chat_id: int
    thread_id: int
    at: int


@dataclass(frozen=True, slots=True)
class ScheduleRecap:
    """An effect: a group's topic gets a recap each day."""

    schedule: RecapSchedule


@dataclass(frozen=True, slots=True)
class UnscheduleRecaps:
    """An effect: a group's topic gets no daily recap any more."""

    chat_id: int
    thread_id: int


Consent = TurnOn | AllowModel | TurnOff | Purge | OptOut | OptIn | Recapped | ScheduleRecap | UnscheduleRecaps
"""What changes what is kept of a group's talk."""


@dataclass(frozen=True, slots=True)
class KeepDraft:
    """An effect: a subscription that is being made is kept under the id that its panel's buttons carry."""

    draft_id: str
    draft: Subscription


@dataclass(frozen=True, slots=True)
class DropDraft:
    """An effect: a panel's buttons lead nowhere any more."""

    draft_id: str


@dataclass(frozen=True, slots=True)
class ChooseZone:
    """An effect: a chat's times are those of this zone."""

    chat_id: int
    timezone: str


@dataclass(frozen=True, slots=True)
class Subscribe:
    """An effect: a subscription is new, or was changed by its owner."""

    subscription: Subscription


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """An effect: a subscription ends."""

    subscription_id: str


@dataclass(frozen=True, slots=True)
class Pause:
    """An effect: a subscription is silent until a second (UTC); None ends that."""

    subscription_id: str
    until: int | None


@dataclass(frozen=True, slots=True)
class OnlyNews:
    """An effect: a subscription brings nothing more from the library's backlog."""

    subscription_id: str


@dataclass(frozen=True, slots=True)
class Mute:
    """An effect: a query is left out of a reader's digests until a second (UTC)."""

    reader: Place
    query: str
    until: int


@dataclass(frozen=True, slots=True)
class MuteSource:
    """An effect: a publisher is left out of a reader's digests until a second (UTC)."""

    reader: Place
    publisher: str
    until: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """An effect: a reader has just been sent these sentences (by hash), if the reply arrived.

    `subscription_id` is "" where the digest was of no stored subscription.
    """

    reader: Place
    sentences: tuple[str, ...]
    subscription_id: str
    outcome: str
    spent: bool


@dataclass(frozen=True, slots=True)
class SetAlert:
    """An effect: a chat is told as soon as something comes in."""

    alert: Alert


@dataclass(frozen=True, slots=True)
class EndAlert:
    """An effect: an alert ends."""

    alert_id: str


@dataclass(frozen=True, slots=True)
class SetQuietHours:
    """An effect: the alerts of a place are held at other hours."""

    place: Place
    quiet: Quiet


Alerting = SetAlert | EndAlert | SetQuietHours
"""What changes what a chat is told of at once."""


Digesting = (
    KeepDraft
    | DropDraft
    | ChooseZone
    | Subscribe
    | Unsubscribe
    | Pause
    | OnlyNews
    | Mute
    | MuteSource
    | Delivered
)
"""What changes who is sent which digest."""


@dataclass(frozen=True, slots=True)
class WatchSource:
    """An effect: a feed, a page or a channel is looked at from now on."""

    source: Source


@dataclass(frozen=True, slots=True)
class SetSourceState:
    """An effect: a source is paused, or looked at again at once."""

    source_id: str
    state: SourceState


@dataclass(frozen=True, slots=True)
class CheckSource:
    """An effect: a source is looked at now."""

    source_id: str


@dataclass(frozen=True, slots=True)
class DropSource:
    """An effect: a source is looked at no more."""

    source_id: str


@dataclass(frozen=True, slots=True)
class TakeOut:
    """An effect: a report that came in leaves the library again."""

    report_id: str


@dataclass(frozen=True, slots=True)
class PutTopic:
    """An effect: the glossary has a topic with these written forms, the name first."""

    topic: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DropTopic:
    """An effect: a topic that an operator added is none any more."""

    topic: str


Watching = WatchSource | SetSourceState | CheckSource | DropSource | PutTopic | DropTopic
"""What changes where reports come from by themselves, and which topics they are read for."""

ERASING = (Forget, TurnOff, Purge, OptOut)
"""Effects that are complete only when the write-ahead log holds nothing of what they erase."""

Effect = ChooseLanguage | OpenView | Forget | Consent | Digesting | Alerting | Watching | TakeOut


@dataclass(frozen=True, slots=True)
class Retell:
    """What a language model may retell, and what shows the answer with it: a press, or a message where none can."""

    material: Material
    shown: Press | Callable[[], Message | None]


@dataclass(frozen=True, slots=True)
class Reply:
    """What to do: send `message` (or put it in place of the pressed one) and `more`, show `notice`, keep `effects`.

    `otherwise` is sent instead of `message` when what the effects erase is still in the write-ahead log. `retell` may
    take the message's place later; `files` follow it.
    """

    message: Message | None = None
    edit: bool = False
    notice: str = ""
    effects: tuple[Effect, ...] = ()
    otherwise: Message | None = None
    more: tuple[Message, ...] = ()
    retell: Retell | None = None
    files: tuple[Attachment, ...] = ()
