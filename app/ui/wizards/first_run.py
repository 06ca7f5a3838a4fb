"""First run: make a vault, connect what one owns, watch it being read. Every step can be left and taken up again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QWidget

from app.core.errors import CounterfoilError
from app.core.findings import Finding
from app.core.model.accounts import Book
from app.core.model.views import ConnectionView
from app.services.events import ConnectionsChanged, JobChanged, RecordsAppended
from app.services.jobs import JobState
from app.services.vault import VaultService
from app.ui import format as fmt
from app.ui import hints, theme
from app.ui.aio import Runner
from app.ui.widgets import basics as w
from app.ui.widgets.finding_lines import finding_line
from app.ui.wizards.connect_form import ConnectForm
from app.ui.wizards.reading_page import Sources
from app.ui.wizards.steps import Steps
from app.ui.wizards.vault_page import VaultPage
from app.ui.words import tr

if TYPE_CHECKING:
    from app.services.workspace import Workspace

VAULT, CONNECT, READ = range(3)
_MOST_FINDINGS = 6


class FirstRun(QWidget):
    """The wizard.

    Signals:
        done: The workspace, once a person wants to see it.
        open_wanted: There is a vault already; it shall be opened.
        demo_wanted: The demo shall be started.
    """

    done = Signal(object)
    open_wanted = Signal()
    demo_wanted = Signal()

    def __init__(self, vaults: VaultService, run: Runner, path: Path) -> None:
        """Take the vaults, who runs tasks, and where the new vault will lie."""
        super().__init__()
        self.setObjectName("canvas")
        self._vaults, self._run = vaults, run
        self.workspace: Workspace | None = None
        self.form: ConnectForm | None = None
        self._undo: list[Callable[[], None]] = []
        note = tr("You can stop at any step.\nSet-up goes on from here.")
        titles = (
            (tr("Vault"), tr("passphrase, base currency")),
            (tr("Connect"), tr("by read-only keys")),
            (tr("Read & check"), tr("records and findings")),
        )
        self.steps = Steps(titles, note)
        self.vault_page = VaultPage(path)
        self.vault_page.wanted.connect(self._make)
        self.vault_page.ready_changed.connect(self._show_footer)
        self._title, self._lead = w.text("", "display"), w.text("", "body", "text_2", wrap=True)
        self._fault = w.text("", "body", "danger", wrap=True)
        self._fault.hide()
        self._host = QWidget()
        self._pages = QStackedLayout(self._host)
        self._pages.addWidget(self.vault_page)
        self._step = VAULT
        self._make_footer()
        body = w.column(self._title, self._lead, self._fault, 6, (self._host, 1), self._footer, spacing=10)
        body.setContentsMargins(56, 32, 56, 20)
        body.setMaximumWidth(theme.px(1240))
        w.fill(QHBoxLayout(self), [self.steps, (body, 20), (QWidget(), 1)], 0)
        self._gather = QTimer(self, singleShot=True, interval=250)
        self._gather.timeout.connect(self._refresh)
        self.show_step(VAULT)

    def _make_footer(self) -> None:
        self.demo = w.button(tr("Explore with demo data"), "ghost", "flask-conical", size="large")
        self.demo.clicked.connect(self.demo_wanted)
        self._open = w.button(tr("Open a vault"), "", "folder-open", size="large")
        self._open.clicked.connect(self.open_wanted)
        self._skip = w.button(tr("Skip"), size="large")
        self._skip.clicked.connect(self._forward)
        self._back = w.button(tr("Back"), size="large")
        self._back.clicked.connect(self._backward)
        self.primary = w.button(tr("Make the vault"), "primary", size="large")
        self.primary.clicked.connect(self._primary)
        last = w.row(self.primary)
        self._slot = last
        self._footer = w.row(self.demo, None, self._open, self._back, self._skip, last, margins=(0, 0, 12, 0))
        self._footer.setFixedHeight(theme.px(58))

    # steps -----------------------------------------------------------------------------------------------------------
    def show_step(self, step: int, result: str = "") -> None:
        """Show a step; `result` is what the one before came to."""
        self._step = step
        words = {
            VAULT: (
                tr("A vault for your records"),
                tr("It holds your books, keys and proofs, encrypted with a passphrase of yours."),
            ),
            CONNECT: (
                tr("Connect what you own"),
                tr(
                    "Counterfoil reads each source to its beginning and keeps every record on this computer. "
                    "It never needs a key that can move funds."
                ),
            ),
            READ: (tr("Reading"), tr("This goes on in the background; the overview fills in as records arrive.")),
        }
        self._title.setText(words[step][0])
        self._lead.setText(words[step][1])
        self._fault.hide()
        self._pages.setCurrentIndex(step)
        self.steps.show_step(step, result)
        self._show_footer()
        first = {VAULT: self.vault_page.passphrase, READ: self.primary}.get(step)
        if first is None and self.form is not None:
            first = self.form.venue
        if first is not None:
            first.setFocus()

    @Slot()
    def _show_footer(self, _ready: bool = False) -> None:  # noqa: FBT001, FBT002
        is_vault, is_connect = self._step == VAULT, self._step == CONNECT
        self._open.setVisible(is_vault)
        self.demo.setVisible(is_vault)
        self._back.setVisible(self._step == READ)
        has_some = bool(self.sources.count) if self.workspace else False
        self._skip.setVisible(is_connect)
        self._skip.setText(tr("Continue") if has_some else tr("Skip"))
        self.primary.setVisible(not is_connect)
        self.primary.setText(tr("Make the vault") if is_vault else tr("Open the overview"))
        self.primary.setAccessibleName(self.primary.text())
        self.primary.setEnabled(not is_vault or self.vault_page.is_ready)
        if self.form is not None:
            self.form.add_button.setVisible(is_connect)

    @Slot()
    def _primary(self) -> None:
        if self._step == VAULT:
            self.vault_page.ask()
        elif self.workspace is not None:
            self._stop()
            self.done.emit(self.workspace)

    @Slot()
    def _forward(self) -> None:
        if self.workspace is not None and not self.sources.count:
            self._stop()
            self.done.emit(self.workspace)
            return
        self.show_step(READ, self._connected())

    @Slot()
    def _backward(self) -> None:
        self.show_step(CONNECT)

    def _connected(self) -> str:
        number = self.sources.count
        return fmt.counted(number, tr("%s source"), tr("%s sources"))

    # the vault -------------------------------------------------------------------------------------------------------
    @Slot(object, str, object)
    def _make(self, path: Path, passphrase: str, book: Book) -> None:
        self._run(self._create(path, passphrase, book), what=tr("Making the vault"))

    async def _create(self, path: Path, passphrase: str, book: Book) -> None:
        # A field that is disabled hands the focus on, and Enter would then press whatever has got it.
        self.setFocus()
        self.vault_page.show_busy(is_busy=True)
        self.primary.setEnabled(False)
        self.primary.setText(tr("Making the vault…"))
        try:
            workspace = await self._vaults.create(path, passphrase, book)
        except CounterfoilError as fault:
            self._show_footer()
            self.vault_page.show_fault(hints.line(fault))
            return
        finally:
            self.vault_page.show_busy(is_busy=False)
            self.vault_page.passphrase.setFocus()
        self.vault_page.clear()
        self.use(workspace)

    def use(self, workspace: Workspace) -> None:
        """Go on with an open vault: connect, read."""
        self.workspace = workspace
        self.sources, self._read = Sources(), Sources()
        self.form = ConnectForm(workspace.connections, self._run)
        self.form.added.connect(self._added)
        w.fill(cast("QHBoxLayout", self._slot.layout()), [self.primary, self.form.add_button], 8)
        self._pages.addWidget(w.scroll(w.column(self.form, self.sources, None, spacing=14, margins=(0, 0, 12, 0))))
        self._pages.addWidget(self._reading_page())
        listen = workspace.events.subscribe
        self._undo = [listen(kind, self._moved) for kind in (JobChanged, ConnectionsChanged, RecordsAppended)]
        self.show_step(CONNECT, f"{workspace.book.name} · {workspace.book.base_currency.upper()}")
        self._refresh()

    def _reading_page(self) -> QWidget:
        self._findings = w.Panel(tr("What was noticed"))
        return w.scroll(w.column(self._read, self._findings, None, spacing=14, margins=(0, 0, 12, 0)))

    @Slot(object)
    def _added(self, view: ConnectionView) -> None:
        if self.workspace is not None:
            self.workspace.ingest.start([view.connection.name])
        self._refresh()

    def _moved(self, _event: object) -> None:
        if not self._gather.isActive():
            self._gather.start()

    @Slot()
    def _refresh(self) -> None:
        if self.workspace is not None:
            self._run(self._load(self.workspace), what=tr("Reading the sources"))

    async def _load(self, workspace: Workspace) -> None:
        views = await workspace.connections.all()
        found = await workspace.findings.all()
        self.sources.show_sources(views, workspace)
        self._read.show_sources(views, workspace)
        self._show_findings(found)
        if views:
            self.steps.show_result(CONNECT, self._connected())
        records = sum(view.records for view in views)
        is_reading = any(job.state is JobState.RUNNING for job in workspace.jobs.all())
        words = tr("%s records so far") if is_reading else tr("%s records read")
        self.steps.show_result(READ, words.replace("%s", fmt.count(records)) if records else tr("records and findings"))
        self._show_footer()

    def _show_findings(self, found: tuple[Finding, ...]) -> None:
        lines: list[w.Item] = []
        for finding in found[:_MOST_FINDINGS]:
            lines += [finding_line(finding, self._primary), w.hline()]
        if not lines:
            empty = w.text(tr("Nothing so far."), "body", "text_3")
            empty.setContentsMargins(14, 10, 14, 12)
            lines = [empty]
        self._findings.show_body(w.column(*lines, spacing=0))

    def _stop(self) -> None:
        self._gather.stop()
        for undo in self._undo:
            undo()
        self._undo = []

    def show_fault(self, what: str, fault: BaseException) -> None:
        """Show a fault that nobody foresaw."""
        words = hints.line(fault) if isinstance(fault, CounterfoilError) else f"{type(fault).__name__}: {fault}"
        self._fault.setText(f"{what}: {words}")
        self._fault.show()
        self._show_footer()
