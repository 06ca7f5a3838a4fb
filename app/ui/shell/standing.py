"""What the frame of the window shows of the vault: accounts, connections, findings; loaded anew upon events."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.findings import Finding, Severity
from app.core.model.accounts import Account, ConnectionState
from app.core.model.views import ConnectionView, VaultInfo
from app.core.valuation.staleness import is_stale
from app.services.events import ClosedYearsCompared, ConnectionsChanged, JobChanged, Locked, RecordsAppended
from app.ui.aio import Runner
from app.ui.words import tr

if TYPE_CHECKING:
    from app.services.workspace import Workspace

_GATHER_MS = 400


class Standing(QObject):
    """The newest answers of the services.

    Signals:
        changed: Something of it is new.
        jobs_changed: A job has moved.
        locked: The vault was locked.
    """

    changed = Signal()
    jobs_changed = Signal()
    locked = Signal()

    def __init__(self, workspace: Workspace, run: Runner, parent: QObject) -> None:
        """Take the workspace and who runs tasks; `start` then loads and listens."""
        super().__init__(parent)
        self._workspace, self._run = workspace, run
        self.accounts: tuple[Account, ...] = ()
        self.connections: tuple[ConnectionView, ...] = ()
        self.findings: tuple[Finding, ...] = ()
        self.info: VaultInfo | None = None
        self._undo: list[Callable[[], None]] = []
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(_GATHER_MS)
        self._gather.timeout.connect(self.reload)
        self._is_loading = False

    def start(self) -> None:
        """Load everything and listen."""
        listen = self._workspace.events.subscribe
        self._undo = [
            listen(RecordsAppended, self._moved),
            listen(ConnectionsChanged, self._moved),
            listen(ClosedYearsCompared, self._moved),
            listen(JobChanged, self._job_moved),
            listen(Locked, self._was_locked),
        ]
        self.reload()

    def stop(self) -> None:
        """Listen no more."""
        self._gather.stop()
        for undo in self._undo:
            undo()
        self._undo = []

    def is_pending(self) -> bool:
        """Tell whether a load is due."""
        return self._gather.isActive()

    def _moved(self, _event: object) -> None:
        if not self._gather.isActive():
            self._gather.start()

    def _job_moved(self, _event: object) -> None:
        self.jobs_changed.emit()

    def _was_locked(self, _event: object) -> None:
        self.locked.emit()

    def reload(self) -> None:
        """Read everything anew, or soon where it is being read."""
        if self._is_loading:
            self._gather.start()
            return
        self._is_loading = True
        self._run(self._load(), what=tr("Reading accounts and findings"))

    async def _load(self) -> None:
        try:
            self.accounts = await self._workspace.portfolio.accounts()
            self.connections = await self._workspace.connections.all()
            self.info = await self._workspace.info()
            self.findings = await self._workspace.findings.headlines()
        finally:
            self._is_loading = False
        self.changed.emit()

    @property
    def pressing(self) -> int:
        """Return how many findings are more than information."""
        return sum(finding.severity is not Severity.INFO for finding in self.findings)

    @property
    def tone(self) -> str:
        """Return the tone of the worst finding; "" where there is none."""
        kinds = {finding.severity for finding in self.findings}
        tones = ((Severity.ERROR, "danger"), (Severity.WARNING, "warn"), (Severity.INFO, "info"))
        return next((tone for severity, tone in tones if severity in kinds), "")

    @property
    def failed(self) -> int:
        """Return how many sources cannot be read."""
        return sum(view.state is ConnectionState.FAILED for view in self.connections)

    def sources(self) -> tuple[int, int]:
        """Return how many sources are read, of how many that are not paused."""
        active = [view for view in self.connections if view.state is not ConnectionState.PAUSED]
        read = sum(view.state is not ConnectionState.FAILED and view.last_read_ns is not None for view in active)
        return read, len(active)

    def marks_age(self, now_ns: int) -> tuple[int | None, int]:
        """Return the age of the newest mark, and how many marks are stale."""
        registry, currency = self._workspace.runtime.assets, self._workspace.book.base_currency
        marks = self._workspace.market_data.marks().values()
        stale = sum(is_stale(mark, registry.asset(mark.asset_id), currency, now_ns) for mark in marks)
        newest = max((mark.at for mark in marks), default=None)
        return (None if newest is None else max(0, now_ns - newest)), stale
