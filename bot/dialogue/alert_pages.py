"""The list of a chat's alerts with a button to end each, shown by /alert and /subscriptions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from bot.alerts.hours import MOST_A_DAY
from bot.alerts.message import AlertPress, RemoveAlert
from bot.dialogue.context import Context
from bot.messages import Message
from bot.rendering.callbacks import NO_VIEW, rows_of
from bot.state.alerts import Alert, Quiet


class EndListedAlert(AlertPress, frozen=True):
    """Button: ends an alert and updates the list it stands in."""

    code: ClassVar[str] = "al"


def alerts_here(context: Context) -> list[Alert]:
    """Return the alerts of the current chat and forum topic."""
    return context.services.state.alerts.of_place(context.place)


def alert_listing(
    context: Context,
    alerts: Sequence[Alert],
    quiet: Quiet | None = None,
    *,
    zone: str = "",
    alone: bool = True,
) -> Message:
    """Return the list of alerts with their quiet hours. `quiet` and `zone` override the stored ones if just changed.

    Each button ends one alert; with `alone` it also updates the list, which is then the whole message.
    """
    kind = EndListedAlert if alone else RemoveAlert
    number = len(alerts)
    html = context.services.renderer.message(
        "alerts",
        context.language,
        alerts=alerts,
        quiet=quiet or alerts[0].quiet,
        zone=zone or context.zone_of(context.event.chat_id).key,
        most=MOST_A_DAY,
    )
    ends = [
        context.button(
            kind(NO_VIEW, context.language, alert.id), "button_end_alert", place if number > 1 else 0
        )
        for place, alert in enumerate(alerts, 1)
    ]
    return Message(html, rows_of(ends))
