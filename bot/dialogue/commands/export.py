"""/export: a chat's digests of the last 30 days as Markdown files."""

from __future__ import annotations

from bot.dialogue.commands.subscriptions import subscriptions_here
from bot.dialogue.context import Command, Context
from bot.dialogue.reply import Reply
from bot.digests.archive import Issue
from bot.digests.prepare import BACK_TEST_DAYS
from bot.messages import Rights
from bot.rendering.attachment import Attachment


def _answer(context: Context, _: str) -> Reply:
    """Send one file for each subscription that had news."""
    subscriptions = subscriptions_here(context)
    if not subscriptions:
        return context.say("no_digests")
    issues_of = [(s.queries, context.services.digests.issues(s, context.now)) for s in subscriptions]
    files = tuple(
        _file(context, number, queries, issues)
        for number, (queries, issues) in enumerate(issues_of, 1)
        if issues
    )
    count = sum(len(issues) for _, issues in issues_of)
    return Reply(context.message("exported", count, BACK_TEST_DAYS), files=files)


def _file(context: Context, number: int, queries: tuple[str, ...], issues: list[Issue]) -> Attachment:
    renderer = context.services.renderer
    text = renderer.plain("publish/export.md", context.language, names=queries, issues=issues)
    return Attachment(f"digests-{number}-{context.today}.md", text)


COMMAND = Command(name="export", words=("导出",), handle=_answer, order=72, rights=Rights.ANYONE)
