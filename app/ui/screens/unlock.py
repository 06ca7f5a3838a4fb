"""Unlock: nothing of the books is in memory; the stub shows only what the vault's header says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMenu, QStackedLayout, QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.core.model.views import VaultInfo
from app.services.vault import VaultService
from app.ui import icons
from app.ui.aio import Runner, show
from app.ui.screens.slip import Slip, Stub
from app.ui.screens.troubles import trouble
from app.ui.screens.unlock_form import TroubleCard, UnlockForm
from app.ui.widgets import basics as w
from app.ui.words import tr


class UnlockScreen(QWidget):
    """The slip in the middle of an empty window.

    Signals:
        opened: The workspace of the vault that was unlocked.
        new_wanted: A new vault shall be made.
        demo_wanted: The demo shall be started.
    """

    opened = Signal(object)
    new_wanted = Signal()
    demo_wanted = Signal()

    def __init__(
        self,
        vaults: VaultService,
        run: Runner,
        vault: Path | None = None,
        book: str | None = None,
        *,
        hints: Mapping[Path, str] | None = None,
    ) -> None:
        """Take the vaults, who runs tasks, which vault and book are meant, and what is said of vaults by path."""
        super().__init__()
        self.setObjectName("canvas")
        self._hints = hints or {}
        self._vaults, self._run, self._book = vaults, run, book
        known = vaults.recent()
        self._path = vault or (known[0] if known else vaults.default_path())
        self._backup: Path | None = None
        self._accepts_older = False
        self.stub, self.form = Stub(), UnlockForm()
        self._half = QWidget()
        self._pages = QStackedLayout(self._half)
        self._pages.addWidget(self.form)
        self._card: TroubleCard | None = None
        self.form.tried.connect(self._tried)
        self.form.keyring_tried.connect(self._keyring_tried)
        self.form.others_wanted.connect(self._show_others)
        self.form.restore_wanted.connect(self._restore_wanted)
        slip = Slip(self.stub, self._half)
        self.demo = w.button(tr("Try with demo data"), "link", size="small")
        self.demo.clicked.connect(self.demo_wanted)
        new = w.button(tr("Make a new vault"), "link", size="small")
        new.clicked.connect(self.new_wanted)
        promise = w.text(tr("Your records stay on this computer."), "caption", "text_3")
        foot = w.row(promise, None, new, self.demo, spacing=18, margins=(20, 0, 20, 8))
        w.fill(QVBoxLayout(self), [None, w.row(None, slip, None), None, foot], 0)
        self.show_vault(self._path)

    @property
    def path(self) -> Path:
        """Return the vault that is meant."""
        return self._path

    def focus(self) -> None:
        """Put the cursor into the field; what is typed replaces what was tried before."""
        self.form.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.form.field.selectAll()

    def show_vault(self, path: Path) -> None:
        """Show another vault; what is wrong with its file is said at once."""
        self._path, self._backup, self._accepts_older = path, None, False
        self._show_form()
        self.form.show_purpose(
            tr("Unlock the vault"), tr("Encrypted on this computer; nobody else can open or reset it."), tr("Unlock")
        )
        info: VaultInfo | None = None
        try:
            info = self._vaults.describe(path)
        except CounterfoilError as fault:
            self._show_trouble(fault)
        self.stub.show_vault(path.stem, str(path), info)
        self.form.show_hint(self._hints.get(path, ""))
        has_slot = info is not None and "keyring" in info.key_slots and self._vaults.has_keyring_slot(path)
        self.form.show_keyring(tr("Opened by this computer's keyring") if has_slot else "")

    def _show_form(self) -> None:
        self._pages.setCurrentWidget(self.form)
        self.form.show_told("")

    def _show_trouble(self, fault: BaseException) -> None:
        shown = trouble(fault)
        if shown.is_inline:
            self._pages.setCurrentWidget(self.form)
            self.form.show_told(shown.what)
            self.form.field.setFocus()
            self.form.field.selectAll()
            return
        if self._card is not None:
            self._pages.removeWidget(self._card)
            self._card.deleteLater()
        self._card = TroubleCard(shown)
        self._card.chosen.connect(self._way_chosen)
        self._pages.addWidget(self._card)
        self._pages.setCurrentWidget(self._card)

    def _way_chosen(self, way: str) -> None:
        if way == "new":
            self.new_wanted.emit()
        elif way == "other":
            self.ask_for_vault()
        elif way == "restore":
            self._restore_wanted()
        elif way == "older":
            self._show_form()
            self._accepts_older = True
            meaning = tr("This computer begins a new chain on the older copy. What is missing stays missing.")
            self.form.show_purpose(tr("Go on with the older copy"), meaning, tr("Open the older copy"))
            self.focus()
        else:
            self.show_vault(self._path)
            self.focus()

    # opening ---------------------------------------------------------------------------------------------------------
    def _tried(self, passphrase: str) -> None:
        if self._backup is not None:
            self._run(self._restore(self._backup, passphrase), what=tr("Restoring the backup"))
        else:
            self._run(self._unlock(passphrase), what=tr("Unlocking the vault"))

    def _keyring_tried(self) -> None:
        self._run(self._unlock(None), what=tr("Unlocking the vault"))

    async def _unlock(self, passphrase: str | None) -> None:
        self.show_busy(tr("Opening…"))
        try:
            workspace = await self._vaults.unlock(
                self._path, passphrase, book=self._book, accept_older=self._accepts_older
            )
        except CounterfoilError as fault:
            self.show_ready()
            self._show_trouble(fault)
            return
        except Exception:
            self.show_ready()
            raise
        self.form.clear()
        self._run(workspace.portfolio.read_ahead(), what=tr("Reading the history"))
        await asyncio.sleep(0)  # that begins now: the window takes a moment to be made
        self.opened.emit(workspace)

    async def _restore(self, backup: Path, passphrase: str) -> None:
        self.show_busy(tr("Checking the backup…"))
        try:
            await self._vaults.restore(backup, self._path, passphrase)
        except CounterfoilError as fault:
            self._show_trouble(fault)
            return
        finally:
            self.show_ready()
        self.show_vault(self._path)
        await self._unlock(passphrase)

    def show_busy(self, words: str) -> None:
        """Say what is being done; nothing can be typed meanwhile."""
        self.form.show_told("")
        self.form.show_busy(words)

    def show_ready(self) -> None:
        """Take passphrases again."""
        self.form.show_busy("")
        self.focus()

    def show_fault(self, _what: str, fault: BaseException) -> None:
        """Show a fault that nobody foresaw."""
        self.show_ready()
        self._show_trouble(fault)

    # other vaults ----------------------------------------------------------------------------------------------------
    @Slot(QWidget)
    def _show_others(self, anchor: QWidget) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for path in self._vaults.recent():
            if path != self._path:
                menu.addAction(path.stem).triggered.connect(partial(self._open_path, path))
        if not menu.isEmpty():
            menu.addSeparator()
        _entry(menu, "folder-open", tr("Choose a file…"), self.ask_for_vault)
        _entry(menu, "plus", tr("Make a new vault"), self.new_wanted.emit)
        menu.popup(anchor.mapToGlobal(QPoint(0, anchor.height() + 4)))

    def _open_path(self, path: Path, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self._book = None
        self.show_vault(path)
        self.focus()

    @Slot()
    def ask_for_vault(self) -> None:
        """Ask for another file."""
        self._run(self._ask_for_vault(), what=tr("Choosing a vault"))

    async def _ask_for_vault(self) -> None:
        chosen = await self._ask_file(tr("Open a vault"), self._path.parent)
        if chosen is not None:
            self._open_path(chosen)

    @Slot()
    def _restore_wanted(self) -> None:
        self._run(self._ask_for_backup(), what=tr("Choosing a backup"))

    async def _ask_for_backup(self) -> None:
        chosen = await self._ask_file(tr("Choose a backup"), Path.home())
        if chosen is not None:
            self.show_backup(chosen)

    def show_backup(self, backup: Path) -> None:
        """Ask for the passphrase of a backup; it becomes a new vault beside the old one."""
        self._path = self._free_path()
        self._backup = backup
        self._show_form()
        self.stub.show_vault(backup.name, str(backup), None)
        self.form.show_hint("")
        self.form.show_keyring("")
        meaning = tr("It is checked whole and kept as %s; the old file stays as it is.").replace("%s", self._path.name)
        self.form.show_purpose(tr("Restore a backup"), meaning, tr("Check and restore"))
        self.focus()

    def _free_path(self) -> Path:
        usual = self._vaults.default_path()
        path, number = usual, 1
        while self._vaults.exists(path):
            number += 1
            path = usual.with_stem(f"{usual.stem}-{number}")
        return path

    async def _ask_file(self, title: str, folder: Path) -> Path | None:
        dialog = QFileDialog(self, title, str(folder))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        accepted = await show(dialog)
        chosen = dialog.selectedFiles()
        dialog.deleteLater()
        return Path(chosen[0]) if accepted and chosen else None


def _entry(menu: QMenu, icon: str, words: str, then: Callable[[], None]) -> None:
    made = menu.addAction(icons.icon(icon), words)
    made.triggered.connect(partial(_called, then))


def _called(then: Callable[[], None], _checked: bool = False) -> None:  # noqa: FBT001, FBT002
    then()
