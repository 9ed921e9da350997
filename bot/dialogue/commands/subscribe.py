"""/subscribe: creates a digest from one line, or from a panel that asks for what the line leaves open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.dialogue.commands.subscriptions import saved_message
from bot.dialogue.context import Command, Context, new_id
from bot.dialogue.effects import ChooseZone, DeleteDraft, Effect, StoreDraft, Subscribe
from bot.dialogue.panel import (
    LIMIT,
    MAX_QUERIES,
    CancelDraft,
    Page,
    PanelPress,
    RemoveQuery,
    SaveDraft,
    SaveWithZone,
    SetDays,
    SetTime,
    SetZone,
    ShowPage,
    StartSubscription,
    SwitchLanguage,
    SwitchNews,
    SwitchQuiet,
    ToggleDay,
    ToggleTopic,
    changed,
    new_draft,
)
from bot.dialogue.panel_pages import panel_message
from bot.dialogue.reply import Reply
from bot.messages import Rights
from bot.models import Subscription
from bot.text.normalise import fold

if TYPE_CHECKING:
    from bot.dialogue.schedule_text import ScheduleRequest

# A text without a topic continues its sender's last panel, unless that is older than this.
_GOING_ON = timedelta(hours=1)
_OPEN = timedelta(minutes=15)


def blank_draft(context: Context) -> Subscription:
    """Return an empty draft for this chat and forum topic, in the chat's time zone."""
    zone = context.zone_of(context.event.chat_id).key
    return new_draft(context.place, context.event.user_id, zone, context.language, context.now)


def _answer(context: Context, text: str) -> Reply:
    subscriptions, chat_id = context.services.state.subscriptions, context.event.chat_id
    request = context.services.parse_schedule(text)
    if request.trouble:
        return context.say(request.trouble, request.troubling)
    if len(subscriptions.of_chat(chat_id)) >= LIMIT:
        return context.say("too_many_digests", LIMIT)
    complete = request.minute is not None and bool(request.queries)
    panel, draft = _draft(context, request, fresh=complete)
    zone = request.timezone or context.services.state.chats.timezone(chat_id)
    effects: tuple[Effect, ...] = (ChooseZone(chat_id, request.timezone),) if request.timezone else ()
    if complete and zone:
        return Reply(saved_message(context, draft), effects=(*effects, Subscribe(draft)))
    page: Page = "zone" if complete and not zone else "main"
    message = panel_message(context, draft, panel, page, last=page == "zone")
    return Reply(message, effects=(*effects, StoreDraft(panel, draft)))


def typed_in_panel(context: Context, text: str) -> Reply | None:
    """Apply plain text to its sender's open panel: a time, days, a zone, topics. None for a question.

    The panel repeats what it understood; nothing is saved until its button is pressed.
    """
    event = context.event
    after = int((context.now - _OPEN).timestamp())
    if context.services.state.drafts.latest(event.chat_id, event.thread_id, event.user_id, after) is None:
        return None
    request, glossary = context.services.parse_schedule(text), context.services.glossary
    # Of a rhythm that no digest has ("every other day") words are left over, which are no question.
    rhythm = request.trouble == "no_such_rhythm" and fold(text).strip().startswith(fold(request.troubling))
    if not rhythm and not all(glossary.forms.named(fold(query)) for query in request.queries):
        return None
    if request.trouble == "unclear_words":
        return None
    if request.trouble:
        return context.say(request.trouble, request.troubling)
    if not request.says_something:
        return None
    panel, draft = _draft(context, request, fresh=False)
    effects: tuple[Effect, ...] = (ChooseZone(event.chat_id, request.timezone),) if request.timezone else ()
    message = panel_message(context, draft, panel, "main")
    return Reply(message, effects=(*effects, StoreDraft(panel, draft)))


def _draft(context: Context, request: ScheduleRequest, *, fresh: bool) -> tuple[str, Subscription]:
    """Return the id and the draft that a text continues or begins, updated with what the text says."""
    event = context.event
    panel, draft = new_id(), None
    if not fresh and request.says_something:
        after = int((context.now - _GOING_ON).timestamp())
        latest = context.services.state.drafts.latest(event.chat_id, event.thread_id, event.user_id, after)
        draft = context.services.state.drafts.get(latest) if latest else None
        panel = latest if latest and draft else panel
    if draft is None:
        draft = blank_draft(context)
    return panel, replace(
        draft,
        queries=_distinct(context, (*draft.queries, *request.queries))[:MAX_QUERIES],
        minute=draft.minute if request.minute is None else request.minute,
        days=request.days or draft.days,
        timezone=request.timezone or draft.timezone,
    )


def _distinct(context: Context, queries: Iterable[str]) -> tuple[str, ...]:
    """Return `queries` without later ones that name the same topic."""
    named = context.services.glossary.forms.named
    first: dict[str, str] = {}
    for query in queries:
        first.setdefault(named(fold(query)) or fold(query), query)
    return tuple(first.values())


# -- the panel's buttons -----------------------------------------------------------------------------------


def _start(context: Context, _: StartSubscription) -> Reply:
    """Open a panel for the query of the message above the button."""
    subscriptions, chat_id = context.services.state.subscriptions, context.event.chat_id
    if len(subscriptions.of_chat(chat_id)) >= LIMIT:
        return context.refuse("too_many_digests", LIMIT)
    query = context.view.query if context.view else ""
    zone_chosen = context.services.state.chats.timezone(chat_id) is not None
    draft = replace(blank_draft(context), queries=(query,) if query else ())
    panel = new_id()
    page: Page = "topics" if not query else "main" if zone_chosen else "zone"
    message = panel_message(context, draft, panel, page)
    return Reply(message, effects=(StoreDraft(panel, draft),))


def _change(context: Context, press: PanelPress) -> Reply:
    draft = _stored_draft(context, press)
    change = changed(draft, press, context.services.glossary) if draft else None
    if change is None:
        return context.refuse("stale")
    effects: tuple[Effect, ...] = (StoreDraft(press.view, change.draft),)
    if isinstance(press, SetZone):
        effects = (*effects, ChooseZone(context.event.chat_id, change.draft.timezone))
    message = panel_message(context, change.draft, press.view, change.page)
    return Reply(message, edit=True, effects=effects)


def _cancel(context: Context, press: CancelDraft) -> Reply:
    if _stored_draft(context, press) is None:
        return context.refuse("stale")
    return Reply(context.message("not_changed"), edit=True, effects=(DeleteDraft(press.view),))


def _save(context: Context, press: SaveDraft | SaveWithZone) -> Reply:
    draft, subscriptions = _stored_draft(context, press), context.services.state.subscriptions
    located = isinstance(press, SaveWithZone)
    if draft is not None and located:
        change = changed(draft, press, context.services.glossary)
        draft = change.draft if change else None
    if draft is None or not draft.queries:
        return context.refuse("stale")
    stored = subscriptions.get(draft.id)
    if stored is None and len(subscriptions.of_chat(draft.chat_id)) >= LIMIT:
        return context.refuse("too_many_digests", LIMIT)
    if not located and context.services.state.chats.timezone(draft.chat_id) is None:
        # The chat's zone is unknown: one more question is better than a digest at the wrong hour.
        message = panel_message(context, draft, press.view, "zone", last=True)
        return Reply(message, edit=True)
    if stored is None:
        draft = replace(draft, created=context.seconds, since=context.seconds)
    zone = (ChooseZone(draft.chat_id, draft.timezone),) if located else ()
    effects = (*zone, Subscribe(draft), DeleteDraft(press.view))
    return Reply(saved_message(context, draft), edit=True, effects=effects)


def _stored_draft(context: Context, press: PanelPress) -> Subscription | None:
    draft = context.services.state.drafts.get(press.view)
    return draft if draft is not None and draft.chat_id == context.event.chat_id else None


_CHANGES = (
    ShowPage,
    ToggleTopic,
    RemoveQuery,
    SetTime,
    SetDays,
    ToggleDay,
    SetZone,
    SwitchLanguage,
    SwitchNews,
    SwitchQuiet,
)

COMMAND = Command(
    name="subscribe",
    words=("订阅",),
    handle=_answer,
    order=50,
    rights=Rights.ADMIN,
    takes=True,
    buttons={
        StartSubscription: _start,
        **dict.fromkeys(_CHANGES, _change),
        SaveDraft: _save,
        SaveWithZone: _save,
        CancelDraft: _cancel,
    },
)
