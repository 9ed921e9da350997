"""The error that storage raises; cheap to import, so that every command can catch it."""


class StorageError(Exception):
    """The database is unusable for now; the text says why and what to do."""


class Damaged(StorageError):
    """A page or a value of a file that can be built anew cannot be read; a running bot builds it.

    `fault` says what is damaged, without what to do.
    """

    def __init__(self, name: str, reason: Exception | str) -> None:
        self.fault = f"{name} is damaged ({reason})."
        super().__init__(
            f"{self.fault} A running bot builds it anew; without one, delete it: the next start does."
        )
