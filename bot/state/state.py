"""The state, which cannot be rebuilt: opens its database and does what concerns several of its tables."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from bot.state.added_topics import AddedTopics
from bot.state.albums import Albums
from bot.state.alerts import Alerts
from bot.state.arrivals import Arrivals
from bot.state.captures import Captures
from bot.state.chats import Chats
from bot.state.database import open_database
from bot.state.delivered import DeliveredSentences
from bot.state.drafts import Drafts
from bot.state.erasure import Erasure
from bot.state.expiry import Expiry
from bot.state.group_sends import GroupSends
from bot.state.heartbeats import Heartbeats
from bot.state.inbox import Inbox
from bot.state.leases import Leases
from bot.state.model_use import ModelUse
from bot.state.mutes import Mutes
from bot.state.originals import Originals
from bot.state.outbox import Outbox
from bot.state.recap_schedules import RecapSchedules
from bot.state.schema import MIGRATIONS
from bot.state.slots import Slots
from bot.state.source_mutes import SourceMutes
from bot.state.sources import Sources
from bot.state.stored_files import StoredFiles
from bot.state.subscriptions import Subscriptions
from bot.state.table import Table
from bot.state.uploaded_pictures import UploadedPictures
from bot.state.views import Views


class State:
    """Access to the state, one attribute per group of tables. All times are UTC seconds."""

    def __init__(self, place: Path | str) -> None:
        """Open or create the file at a path, or the tables at a PostgreSQL URL. Raises StorageError."""
        store = self.database = open_database(place, MIGRATIONS)
        self.transaction: Callable[[], AbstractContextManager[object]] = store.write
        """Run all writes of a block in one transaction: all of them are kept, or none."""
        self.checkpoint: Callable[[], bool] = store.checkpoint
        """Empty the write-ahead log, so that no erased data stays in it. Return False while a reader needs it."""
        self.shared = store.shared
        """Whether several machines can share this state: true for PostgreSQL."""
        self.originals = Originals(store)
        self.files = StoredFiles(store)
        self.arrivals = Arrivals(store)
        self.chats = Chats(store)
        self.views = Views(store)
        self.inbox = Inbox(store)
        self.heartbeats = Heartbeats(store)
        self.leases = Leases(store)
        self.group_sends = GroupSends(store)
        self.slots = Slots(store)
        self.subscriptions = Subscriptions(store, self.slots)
        self.drafts = Drafts(store)
        self.alerts = Alerts(store)
        self.mutes = Mutes(store)
        self.model_use = ModelUse(store)
        self.delivered = DeliveredSentences(store)
        self.outbox = Outbox(store, self.delivered, self.subscriptions)
        self.recaps = RecapSchedules(store, self.slots)
        self.captures = Captures(store)
        self.sources = Sources(store)
        self.source_mutes = SourceMutes(store)
        self.added_topics = AddedTopics(store)
        self.uploaded_pictures = UploadedPictures(store)
        self.albums = Albums(store)
        # The outbox comes before the captures: the captured messages tell which unsent recaps may quote a person.
        self._tables: tuple[Table, ...] = (
            *(
                self.originals,
                self.files,
                self.arrivals,
                self.chats,
                self.views,
                self.inbox,
                self.heartbeats,
                self.leases,
            ),
            *(self.slots, self.subscriptions, self.drafts, self.mutes, self.model_use, self.delivered),
            *(self.outbox, self.recaps, self.captures, self.sources, self.source_mutes),
            *(self.added_topics, self.alerts),
            self.uploaded_pictures,
            self.albums,
            self.group_sends,
        )
        self.erase = Erasure(store, self._tables, self.captures, self.recaps, self.outbox, self.views)
        self.expiry = Expiry(store, self._tables, self.captures, self.heartbeats)

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the name of every table."""
        return tuple(name for table in self._tables for name in table.owns)

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def migrate_chat(self, old: int, new: int) -> None:
        """Move everything stored for a group to its new id, in one transaction. A second call changes nothing."""
        with self.database.write():
            for table in self._tables:
                table.migrate_chat(old, new)
