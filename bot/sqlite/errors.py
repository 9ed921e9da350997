"""What storage raises; light to import, so that every command can catch it."""


class StorageError(Exception):
    """The database cannot be used now; the text says why and what to do."""
