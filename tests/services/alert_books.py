"""What happens to books whose alerts are tested: prices come, the program starts again."""

from __future__ import annotations

from typing import cast

from msgspec import structs

from app.core.clock import SECOND
from app.services.alert_outbox import Outbox
from app.services.alert_records import AlertRecords
from app.services.workspace import Workspace
from tests.services.books import NOW, Clock, tick


def at_price(workspace: Workspace, price: str, seconds: int) -> None:
    """Let a price come so many seconds after the start."""
    cast("Clock", workspace.runtime.clock).now = NOW + seconds * SECOND
    workspace.market_data.board.take(structs.replace(tick("bitcoin", price), at=NOW + seconds * SECOND))
    workspace.market_data.board.settle()


def started_again(workspace: Workspace) -> None:
    """Forget everything that is not in the vault."""
    alerts, vault, threads = workspace.alerts, workspace._vault, workspace._threads
    alerts._records, alerts._states, alerts._versions = AlertRecords(vault, threads), {}, {}
    alerts.outbox = Outbox(alerts.outbox._runtime, vault, threads)
