"""A seal in words: which version, when, its hashes to copy, how many files; and its files written into a folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.core.model.period_seals import PeriodSeal
from app.core.tax.jurisdictions import JURISDICTIONS
from app.ui import format as fmt
from app.ui import hints
from app.ui.aio import show
from app.ui.screens import tax_words as words
from app.ui.screens.base import Shell
from app.ui.screens.inspector_parts import Pair, pairs
from app.ui.screens.year_bundle import BundleRow
from app.ui.widgets import basics as w
from app.ui.words import tr


def name(seal: PeriodSeal) -> str:
    """Return what a sealed year is called: "United States 2025"."""
    return year_name(seal.jurisdiction, seal.year)


def year_name(jurisdiction: str, year: int) -> str:
    """Return what a tax year is called: "United Kingdom 2025/26"."""
    rules = JURISDICTIONS[jurisdiction]
    return f"{rules.name} {words.year(rules, year)}"


def folder_name(seal: PeriodSeal) -> str:
    """Return what a folder with the files of a seal would be called."""
    return f"counterfoil-{seal.jurisdiction}-{seal.year}-v{seal.version}"


def seal_pairs(seal: PeriodSeal) -> list[Pair]:
    """Return everything that is said of a seal; the hashes are whole, since somebody compares them."""
    told = [
        Pair(tr("Version"), str(seal.version)),
        Pair(tr("Sealed"), fmt.moment(seal.recorded_ns)),
        Pair(tr("Seal"), fmt.grouped_hash(seal.seal), "mono_small", copied=seal.seal),
        Pair(tr("Output"), fmt.grouped_hash(seal.output), "mono_small", copied=seal.output),
        Pair(tr("Files"), fmt.count(len(seal.parts))),
        Pair(tr("Program"), tr("%p, engine %e").replace("%p", seal.program).replace("%e", str(seal.engine))),
    ]
    if seal.reason:
        told.append(Pair(tr("Reason"), seal.reason))
    return told


async def ask_folder(parent: QWidget, proposed: str) -> Path | None:
    """Ask for the folder in which a new one with the files shall be made."""
    dialog = QFileDialog(parent, tr("Write the files into a new folder in…"), str(Path.home()))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    accepted = await show(dialog)
    chosen = dialog.selectedFiles()
    dialog.deleteLater()
    return Path(chosen[0]) / proposed if accepted and chosen else None


class SealedCard(QWidget):
    """What is known of one version, with the button that writes its files.

    Signals:
        written: Files were written, or could not be: what is to be said.
    """

    written = Signal(str)

    def __init__(self, shell: Shell) -> None:
        """Start without a seal."""
        super().__init__()
        self._shell = shell
        self.seal: PeriodSeal | None = None
        self.head = w.text("", "heading", wrap=True)
        self._facts = QVBoxLayout()
        w.fill(self._facts, [], 0)
        facts = QWidget()
        facts.setLayout(self._facts)
        self.write = w.button(tr("Write the files…"), icon="folder-down")
        self.write.setObjectName("seal-write")
        self.write.clicked.connect(self.ask_where)
        self.write.setAutoDefault(True)
        self.bundle = BundleRow(shell)
        self.bundle.told.connect(self.tell)
        self.told = w.text("", "cell", "text_2", wrap=True)
        self.told.hide()
        box = w.frame(
            "ok", w.row(w.glyph("stamp", "ok", 18), (self.head, 1), spacing=10), facts, self.told,
            w.row(self.write, None), self.bundle, spacing=10, margins=(16, 14, 16, 14),
        )  # fmt: skip
        w.fill(QVBoxLayout(self), [box], 0)

    def show_seal(self, seal: PeriodSeal | None) -> None:
        """Show a version, or nothing."""
        self.setVisible(seal is not None)
        if seal is None or seal == self.seal:
            return
        self.seal = seal
        self.bundle.show_seal(seal)
        self.head.setText(tr("%n is sealed.").replace("%n", name(seal)))
        w.clear(self._facts)
        self._facts.addWidget(pairs(seal_pairs(seal)))
        self.tell("")

    def tell(self, text: str) -> None:
        """Say what became of the files."""
        self.told.setText(fmt.prose(text))
        self.told.setVisible(bool(text))

    @Slot()
    def ask_where(self) -> None:
        """Ask where, then write every file as it was sealed."""
        if self.seal is not None:
            self._shell.run(self._ask(self.seal), what=tr("Writing the files"))

    async def _ask(self, seal: PeriodSeal) -> None:
        folder = await ask_folder(self, folder_name(seal))
        if folder is not None:
            await self.write_into(seal, folder)

    async def write_into(self, seal: PeriodSeal, folder: Path) -> None:
        """Write every file under a seal into a new folder."""
        try:
            written = await self._shell.workspace.seals.write(seal, folder)
        except CounterfoilError as fault:
            self.tell(hints.line(fault))
            return
        words_ = fmt.counted(len(written), tr("%s file written to %f"), tr("%s files written to %f"))
        self.tell(tr("%w; they are not encrypted.").replace("%w", words_.replace("%f", str(folder))))
