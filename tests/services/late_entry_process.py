"""A process that is killed between an entry of long ago and the lots that follow from it: `FOLDER`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from app.services.tax_years import Asked
from tests.services.books import Script, new_workspace
from tests.services.lot_course_books import add_prices, append, made_up


async def main(folder: Path) -> None:
    """Derive and keep lots, record what came first of all, and die."""
    workspace = await new_workspace(folder, Script())
    add_prices(workspace)
    entries = made_up(7)
    append(workspace, entries[5:])
    await workspace.courses.lots(await workspace.tax.ground(Asked("us")))
    append(workspace, entries[:5])
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
