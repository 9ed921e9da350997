"""The commands that operate the bot: run, demo, backup, restore, copy the state, doctor."""

from __future__ import annotations

import argparse

from bot.clock import utc_now
from bot.console.terminal import DONE, FAILED, CommandFailed, open_bot, opened
from bot.settings import Settings


def run_bot(settings: Settings, _arguments: argparse.Namespace) -> int:
    """`trendbot run`: runs the bot until it is stopped."""
    from bot.service import AlreadyRunning, CannotStart, run

    if not settings.token:
        raise CommandFailed(
            "TRENDBOT_TOKEN is not set. In Telegram, open @BotFather, send /newbot and follow it, then start with "
            "TRENDBOT_TOKEN=<the token it gives you> trendbot run. Without a token, trendbot demo lets you "
            "talk to the bot in a browser, and trendbot ask TEXT shows what it would answer."
        )
    with opened(settings) as app:
        try:
            run(app)
        except (AlreadyRunning, CannotStart) as error:
            raise CommandFailed(str(error)) from error
    return DONE


def run_demo(settings: Settings, arguments: argparse.Namespace) -> int:
    """`trendbot demo`: runs the bot and a local Telegram in the browser."""
    from bot.demo import NoPort, demo

    try:
        demo(settings, arguments.port, settings.data if arguments.own_data else None, open_bot)
    except NoPort as error:
        raise CommandFailed(str(error)) from error
    return DONE


def backup(settings: Settings, arguments: argparse.Namespace) -> int:
    """`trendbot backup`: writes a backup and prints the result."""
    from bot.state.upkeep import back_up

    print(back_up(settings, arguments.folder, utc_now()))
    return DONE


def restore_backup(settings: Settings, arguments: argparse.Namespace) -> int:
    """`trendbot restore`: restores a backup and prints the result."""
    from bot.state.upkeep import CannotRestore, restore

    try:
        print(restore(settings, arguments.file, utc_now()))
    except CannotRestore as error:
        raise CommandFailed(str(error)) from error
    return DONE


def copy_state(settings: Settings, arguments: argparse.Namespace) -> int:
    """`trendbot state copy`: copies every row to the other database and prints the count per table."""
    from bot.state import copying
    from bot.state.upkeep import AlreadyInUse, copy_state

    if not settings.state_url:
        raise CommandFailed("Set TRENDBOT_STATE to the address of an empty PostgreSQL database first.")
    try:
        counts = copy_state(settings, back=arguments.back)
    except (copying.CannotCopy, AlreadyInUse) as error:
        raise CommandFailed(str(error)) from error
    for table, count in counts.items():
        print(f"{table}: {count}")
    print(f"{sum(counts.values())} rows of {len(counts)} tables are copied.")
    return DONE


def doctor(settings: Settings, arguments: argparse.Namespace) -> int:
    """`trendbot doctor`: prints a line for each thing that the bot needs; FAILED where one is missing."""
    from bot.doctor import examine, health

    sound = True
    for finding in [health(settings, utc_now())] if arguments.health else examine(settings, utc_now()):
        sound = sound and finding.ok
        print(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.subject}: {finding.text}")
    return DONE if sound else FAILED
