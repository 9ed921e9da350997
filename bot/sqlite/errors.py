"""The error that storage raises; cheap to import, so that every command can catch it."""


class StorageError(Exception):
    """The database is unusable for now; the text says why and what to do."""
