"""/capture: a group's admin allows its recent messages to be stored for recaps, for some time, or ends that.

Giving quoted messages to a language model needs a separate consent.
"""

from __future__ import annotations

import re
from typing import ClassVar

from bot.dialogue.consent import capture_since, erased
from bot.dialogue.context import Command, Context
from bot.dialogue.durations import hours_of
from bot.dialogue.effects import AllowModel, OpenView, StartCapture, StopCapture
from bot.dialogue.phrases import argument_meaning
from bot.dialogue.reply import Reply
from bot.messages import Message, Press, Rights
from bot.state.captures import LONGEST_HOURS, Capture

USUAL_HOURS = 72
SHORTEST_HOURS = 24

_OFFERED_HOURS = (24, 72, 168, 720)
_BARE_HOURS = re.compile(r"\d{1,4}")


class KeepTalk(Press, frozen=True):
    """Button: starts capture; messages are stored for `hours`."""

    hours: int

    code: ClassVar[str] = "cap"
    rights: ClassVar[Rights] = Rights.ADMIN
    shows_sight: ClassVar[bool] = True


class StopKeeping(Press, frozen=True):
    """Button: stops capture."""

    code: ClassVar[str] = "cap:off"
    rights: ClassVar[Rights] = Rights.ADMIN


class LetModel(Press, frozen=True):
    """Button: allows or forbids giving quoted messages to a language model."""

    allowed: bool

    code: ClassVar[str] = "cap:m"
    rights: ClassVar[Rights] = Rights.ADMIN


def _answer(context: Context, text: str) -> Reply:
    """Show the panel, or do what `text` says."""
    if context.private:
        return context.say("groups_only")
    if not text:
        view = context.new_view()
        return Reply(_panel(context, view.id), effects=(OpenView(view),))
    if argument_meaning(text) == "off":
        return _turn_off(context)
    first, _, rest = text.strip().partition(" ")
    if argument_meaning(first) == "model" and (switch := argument_meaning(rest)) in {"on", "off"}:
        return _allow_model(context, allowed=switch == "on")
    hours = _hours(text)
    return context.say("capture_unknown") if hours is None else _turn_on(context, hours)


def _keep(context: Context, press: KeepTalk) -> Reply:
    """Answer with a message of its own, so that the whole group sees it."""
    if not _under_panel(context) or not SHORTEST_HOURS <= press.hours <= LONGEST_HOURS:
        return context.refuse("stale")
    return _turn_on(context, press.hours)


def _stop(context: Context, _: StopKeeping) -> Reply:
    return _turn_off(context) if _under_panel(context) else context.refuse("stale")


def _let_model(context: Context, press: LetModel) -> Reply:
    """Answer with a message of its own, so that the whole group sees it."""
    return _allow_model(context, allowed=press.allowed) if _under_panel(context) else context.refuse("stale")


def _allow_model(context: Context, *, allowed: bool) -> Reply:
    """Say to which host messages go from now on, or that they no longer go anywhere."""
    chat_id, model = context.event.chat_id, context.services.retellings
    if context.services.state.captures.of_chat(chat_id) is None:
        return context.say("capture_is_off")
    if allowed and model is None:
        return context.say("model_none")
    message = context.message("model_allowed", model.model, model.host) if allowed and model else None
    return Reply(message or context.message("model_forbidden"), effects=(AllowModel(chat_id, allowed),))


def _under_panel(context: Context) -> bool:
    """Return whether a press comes from the panel in a group: its view has no question and no recap."""
    view = context.view
    return not context.private and view is not None and not view.query and view.group_id is None


def _turn_on(context: Context, hours: int) -> Reply:
    event = context.event
    capture = Capture(event.chat_id, hours, event.user_id, context.seconds)
    return Reply(context.message("capture_notice", hours, event.sees), effects=(StartCapture(capture),))


def _turn_off(context: Context) -> Reply:
    chat_id = context.event.chat_id
    if context.services.state.captures.of_chat(chat_id) is None:
        return context.say("capture_is_off")
    return erased(context, "capture_off", StopCapture(chat_id))


def _panel(context: Context, view: str) -> Message:
    capture = context.services.state.captures.of_chat(context.event.chat_id)
    text = context.notice("capture_panel", capture.hours if capture else 0, capture_since(context))
    language = context.language
    rows = [
        tuple(context.button(KeepTalk(view, language, hours), "for_hours", hours) for hours in _OFFERED_HOURS)
    ]
    if capture:
        if model := context.services.retellings:
            name = "button_model_off" if capture.model else "button_model_on"
            rows.append((context.button(LetModel(view, language, not capture.model), name, model.model),))
        rows.append((context.button(StopKeeping(view, language), "button_capture_off"),))
    return Message(text, tuple(rows))


def _hours(text: str) -> int | None:
    """Parse a retention time: "on", "72h", "7 days", 3天; None unless it is 1 to 30 days."""
    text = text.strip().lower()
    if argument_meaning(text) == "on":
        return USUAL_HOURS
    length = text.removeprefix("on").strip()
    hours = int(length) if _BARE_HOURS.fullmatch(length) else hours_of(length)
    return hours if hours is not None and SHORTEST_HOURS <= hours <= LONGEST_HOURS else None


COMMAND = Command(
    name="capture",
    words=("保留发言",),
    handle=_answer,
    order=130,
    rights=Rights.ADMIN,
    takes=True,
    buttons={KeepTalk: _keep, LetModel: _let_model, StopKeeping: _stop},
    shows_sight=True,
)
