"""Table of delivered sentences: which sentences each reader has had, by hash."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from bot.messages import Place
from bot.state.table import Table

_READERS = 500


class DeliveredSentences(Table):
    """The hashes of the sentences that each reader (a chat and forum topic) has had."""

    owns = ("sent_mark",)

    def put(self, reader: Place, sentences: Iterable[str], now: int, delivery: str | None = None) -> None:
        """Record that a reader has had these sentences (hashes) at `now`; the first time stays.

        `delivery` names the outbox delivery that contains them, so that they can be withdrawn if it never arrives.
        """
        with self._store.write() as db:
            db.executemany(
                """INSERT INTO sent_mark (chat_id, thread_id, sentence, at, delivery) VALUES (?, ?, ?, ?, ?)
                   ON CONFLICT (chat_id, thread_id, sentence) DO NOTHING""",
                [(*reader, sentence, now, delivery) for sentence in sentences],
            )

    def delivered_among(
        self, readers: Collection[Place], sentences: Collection[str]
    ) -> dict[Place, frozenset[str]]:
        """Return which of these sentences each reader has had; readers who had none are left out."""
        known: dict[Place, set[str]] = defaultdict(set)
        everyone, wanted = list(readers), sorted(sentences)
        for start in range(0, len(everyone) if wanted else 0, _READERS):
            some = everyone[start : start + _READERS]
            # CROSS JOIN keeps this order: one look-up in the primary key for each pair.
            rows = self._read(
                f"""WITH r (chat_id, thread_id) AS MATERIALIZED (VALUES {", ".join(["(?, ?)"] * len(some))}),
                   s (sentence) AS MATERIALIZED (VALUES {", ".join(["(?)"] * len(wanted))})
                   SELECT m.chat_id, m.thread_id, m.sentence FROM r CROSS JOIN s JOIN sent_mark AS m
                     ON m.chat_id = r.chat_id AND m.thread_id = r.thread_id AND m.sentence = s.sentence""",  # noqa: S608  # question marks only
                *(number for reader in some for number in reader),
                *wanted,
            )
            for chat_id, thread_id, sentence in rows:
                known[Place(chat_id, thread_id)].add(sentence)
        return {reader: frozenset(told) for reader, told in known.items()}

    def withdraw(self, delivery: str) -> None:
        """Delete the marks of a delivery that never arrived."""
        self._write("DELETE FROM sent_mark WHERE delivery = ?", delivery)

    def migrate_chat(self, old: int, new: int) -> None:
        """Move a group's marks to its new id."""
        self._write(
            """INSERT INTO sent_mark (chat_id, thread_id, sentence, at, delivery)
               SELECT ?, thread_id, sentence, at, delivery FROM sent_mark WHERE chat_id = ?
               ON CONFLICT DO NOTHING""",
            new,
            old,
        )
        self._write("DELETE FROM sent_mark WHERE chat_id = ?", old)

    def forget(self, user_id: int) -> None:
        """Delete the marks of a person's private chat."""
        self._write("DELETE FROM sent_mark WHERE chat_id = ?", user_id)
