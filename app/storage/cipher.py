"""Which SQLCipher this is."""

from __future__ import annotations

from contextlib import closing

from sqlcipher3 import dbapi2


def cipher_version() -> str:
    """Return the version that the library tells of itself, such as "4.19.0 community"."""
    with closing(dbapi2.connect(":memory:")) as connection:
        return str(connection.execute("PRAGMA cipher_version").fetchone()[0])
