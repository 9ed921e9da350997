"""Who may send what where: every command from everybody, against a real bot, with its outcome."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from bot_process import BotProcess

from bot.dialogue.registry import COMMANDS
from bot.messages import Rights
from bot.playground.refusals import Json
from bot.playground.server import LocalTelegram

ROLES = ("private", "member", "admin", "anonymous", "owner", "channel", "operator", "stranger")

# a: answered. R: refused, since only an admin may. G: said to be for groups. N: refused, since the sender is unknown.
# H: help.
EXPECTED = {
    #                 private, member, admin, anonymous admin, owner, linked channel, operator, stranger
    "trend":         "a a a a a a a a",
    "chart":         "a a a a a a a a",
    "compare":       "a a a a a a a a",
    "timeline":      "a a a a a a a a",
    "search":        "a a a a a a a a",
    "figures":       "a a a a a a a a",
    "rising":        "a a a a a a a a",
    "topics":        "a a a a a a a a",
    "topics add":    "H H H H H H H H",
    "sources":       "a a a a a a a a",
    "subscribe":     "a R a a a R R R",
    "subscriptions": "a a a a a a a a",
    "alert":         "a R a a a R R R",
    "digest":        "a a a a a a a a",
    "export":        "a a a a a a a a",
    "pause":         "a R a a a R R R",
    "unsubscribe":   "a R a a a R R R",
    "lang":          "a R a a a R R R",
    "about":         "a a a a a a a a",
    "recap":         "G a a a a a a a",
    "recap daily":   "G R a a a R R R",
    "capture":       "G R a a a R R R",
    "purge":         "G R a a a R R R",
    "privacy":       "a a a a a a a a",
    "optout":        "a a a N a N a a",
    "optin":         "a a a N a N a a",
    "forgetme":      "a a a N a N a a",
    "feeds":         "H H H H H H H H",
    "status":        "H H H H H H H H",
    "help":          "H H H H H H H H",
    "start":         "a a a a a a a a",
}  # fmt: skip
WORDS = {
    "trend": "compute",
    "chart": "compute",
    "compare": "compute vs chips",
    "timeline": "compute",
    "search": "power",
    "alert": "compute price",
    "lang": "zh",
    "capture": "on",
    "subscribe": "08:00 compute UTC",
}
SAID = {
    "R": "In a group, only an admin can change this.",
    "G": "This is for groups: add me to one and send it there.",
    "H": "Send me a topic in English or Chinese.",
    "N": "I cannot tell who writes in the name of a group or channel.",
}
CELLS = [(command, role) for command in EXPECTED for role in ROLES]
OPERATOR = 60_001


def outcome_of(command: str, role: str) -> str:
    return EXPECTED[command].split()[ROLES.index(role)]


class Cells:
    """A chat for each cell, in which a person in that role has just sent that command."""

    def __init__(self, telegram: LocalTelegram) -> None:
        self.telegram = telegram
        self.replies: dict[tuple[str, str], Json] = {}
        self.groups: dict[tuple[str, str], int] = {}
        for number, cell in enumerate(CELLS):
            self._say(cell, number)
        for number, cell in enumerate(CELLS):
            chat = 20_000 + number if cell[1] == "private" else self.groups[cell]
            self.replies[cell] = telegram.reply(
                chat, 1 if cell[1] == "private" else 2 + (cell[0] == "recap daily")
            )

    def _say(self, cell: tuple[str, str], number: int) -> None:
        command, role = cell
        telegram, person, owner = self.telegram, 20_000 + number, 40_000 + number
        name, _, rest = command.partition(" ")
        text = " ".join(part for part in (f"/{name}", WORDS.get(name, ""), rest) if part)
        if role == "private":
            telegram.say(person, person, text)
            return
        chat = self.groups[cell] = -1_001_000_000 - number
        members = [] if role in {"owner", "stranger"} else [OPERATOR if role == "operator" else person]
        telegram.create_group(chat, "Team", owner, members=members)
        telegram.add_bot(chat, owner)
        if command == "recap daily":  # It needs a group that has agreed.
            telegram.say(chat, owner, "/capture on")
        match role:
            case "admin" | "anonymous":
                telegram.promote(chat, person, anonymous=role == "anonymous")
                telegram.say(chat, person, text, anonymous=role == "anonymous")
            case "channel":
                telegram.create_channel(chat - 1_000_000, "News", owner, linked=chat)
                telegram.post(chat - 1_000_000, text)
            case "stranger":  # Comments in a public group without being a member.
                sender = telegram.add_user(person)
                about = {"id": chat, "type": "supergroup", "title": "Team"}
                command_entity = {"type": "bot_command", "offset": 0, "length": len(name) + 1}
                message = {"message_id": 900, "date": 1_795_000_000, "chat": about, "from": sender}
                telegram.push({"message": message | {"text": text, "entities": [command_entity]}})
            case _:
                telegram.say(chat, {"owner": owner, "operator": OPERATOR}.get(role, person), text)


@pytest.fixture(scope="module")
def service(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[BotProcess, Cells]]:
    """A running bot that has answered every cell; nothing may be refused, and no markup lost."""
    data = shutil.copytree(seeded, tmp_path_factory.mktemp("roles") / "data")
    with (
        LocalTelegram() as telegram,
        BotProcess(data, telegram, TRENDBOT_OPERATORS=str(OPERATOR)) as bot,
    ):
        bot.listening()
        yield bot, Cells(telegram)
        assert bot.end(signal.SIGTERM) == 0
        assert telegram.refused == []
        assert telegram.lost == []
    assert "Traceback" not in bot.err


def test_every_command_and_every_role_has_a_cell() -> None:
    assert {name.partition(" ")[0] for name in EXPECTED} == {command.name for command in COMMANDS}
    assert {len(cells.split()) for cells in EXPECTED.values()} == {len(ROLES)}
    refused = {name for name, cells in EXPECTED.items() if "R" in cells}
    assert refused == {command.name for command in COMMANDS if command.rights is Rights.ADMIN} | {
        "recap daily"
    }


@pytest.mark.parametrize(("command", "role"), CELLS)
def test_the_answer_is_the_expected_one(command: str, role: str, service: tuple[BotProcess, Cells]) -> None:
    reply = service[1].replies[command, role]
    text = reply.get("text") or reply["caption"]
    found = next((code for code, said in SAID.items() if text.startswith(said)), "a")
    assert found == outcome_of(command, role), text


def test_what_was_refused_changed_nothing_and_what_was_allowed_did(service: tuple[BotProcess, Cells]) -> None:
    bot, cells = service
    capturing = {row[0] for row in bot.rows("SELECT chat_id FROM capture")}
    chinese = {row[0] for row in bot.rows("SELECT chat_id FROM chat WHERE language = 'zh'")}
    subscribed = {row[0] for row in bot.rows("SELECT chat_id FROM subscription")}
    for role in ROLES[1:]:
        for command, changed in (("capture", capturing), ("lang", chinese), ("subscribe", subscribed)):
            allowed = outcome_of(command, role) == "a"
            assert (cells.groups[command, role] in changed) == allowed, (command, role)
    out = {row[0] for row in bot.rows("SELECT user_id FROM opted_out")}
    assert len(out) == 5, "the operator is one person in all groups, and came back with /optin"
    assert min(out) > 0
