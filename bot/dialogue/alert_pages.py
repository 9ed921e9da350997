"""The alerts of a place as a list, with the button that ends each. The commands that show it: alert, subscriptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.alerts.hours import MOST_A_DAY
from bot.alerts.message import AlertPress, RemoveAlert
from bot.dialogue.context import Context
from bot.dialogue.pages import rows_of
from bot.messages import Message
from bot.rendering.callbacks import NO_VIEW
from bot.state.alerts import Alert, Quiet


@dataclass(frozen=True, slots=True)
class EndListed(AlertPress):
    """The end of an alert in the list of all."""

    code: ClassVar[str] = "al"


def alerts_here(context: Context) -> list[Alert]:
    """The alerts of the place that somebody writes in."""
    return context.services.state.alerts.of_place(context.place)


def zone_here(context: Context) -> str:
    """The zone of the chat, else the bot's own."""
    services = context.services
    return services.state.chats.timezone(context.event.chat_id) or services.profile.timezone.key


def alert_listing(
    context: Context,
    alerts: Sequence[Alert],
    quiet: Quiet | None = None,
    *,
    zone: str = "",
    alone: bool = True,
) -> Message:
    """Alerts with what each waits for and when they are held; `quiet` and `zone` are those chosen just now.

    A press of one of its buttons ends an alert, and changes the list where that stands `alone`.
    """
    kind = EndListed if alone else RemoveAlert
    number = len(alerts)
    html = context.services.renderer.message(
        "alerts",
        context.language,
        alerts=alerts,
        quiet=quiet or alerts[0].quiet,
        zone=zone or zone_here(context),
        most=MOST_A_DAY,
    )
    ends = [
        context.button(
            kind(NO_VIEW, context.language, alert.id), "button_end_alert", place if number > 1 else 0
        )
        for place, alert in enumerate(alerts, 1)
    ]
    return Message(html, rows_of(ends))
