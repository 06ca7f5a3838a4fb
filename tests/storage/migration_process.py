"""A process that opens an older vault and is killed at one statement of its migration."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from app.storage import migrations
from app.storage.database import Database
from tests.storage.vaults import PASSPHRASE, store


def main(path: Path, kill_at: int) -> None:
    """Count the statements of the first writing transaction that finds an old vault."""
    seen = 0

    def heard(_statement: str) -> None:
        nonlocal seen
        seen += 1
        if seen == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    migrate = migrations.migrate

    def watched(database: Database, *rest: Any) -> None:
        def copied(version: int) -> None:
            rest[1](version)
            database._writer.set_trace_callback(heard)

        migrate(database, rest[0], copied)

    migrations.migrate = watched  # type: ignore[assignment]
    store(path.parent).open(path, PASSPHRASE)


main(Path(sys.argv[1]), int(sys.argv[2]))
