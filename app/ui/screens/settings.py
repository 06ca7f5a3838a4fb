"""Settings: look, hiding, lock, passphrase, backup and proof. The rest of a vault's choices belong to its book."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import ClassVar, Protocol, cast

from PySide6.QtCore import SignalInstance, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.core.model.views import VaultInfo
from app.ui import format as fmt
from app.ui import hints, theme
from app.ui import preferences as prefs
from app.ui.actions import Commands
from app.ui.passphrases import strength
from app.ui.screens.base import Screen, Shell
from app.ui.screens.settings_rates import RatesSwitch
from app.ui.widgets import basics as w
from app.ui.widgets.choices import Check
from app.ui.widgets.segmented import Segmented
from app.ui.words import tr

_WIDEST = 980


def _line(title: str, help_: str, control: QWidget) -> QWidget:
    words = w.column(w.text(title, "medium"), w.text(help_, "caption", "text_3", wrap=True), spacing=1)
    return w.row((words, 1), control, spacing=16, margins=(14, 9, 14, 9))


def _lined(*lines: QWidget) -> list[w.Item]:
    items: list[w.Item] = []
    for line in lines:
        items += [w.hline(), line] if items else [line]
    return items


class Frame(Shell, Protocol):
    """The window, as far as its own settings know it."""

    @property
    def preferences(self) -> prefs.Preferences:
        """Return what the window remembers on this computer."""

    @property
    def commands(self) -> Commands:
        """Return the actions of the window."""

    @property
    def look_changed(self) -> SignalInstance:
        """Return what tells that a preference of the look has changed."""

    def set_mask(self, level: fmt.Mask) -> None:
        """Hide more or less, and remember it."""


class SettingsScreen(Screen):
    """What a person chooses about the program on this computer, and about this vault."""

    place: ClassVar[str] = "settings"
    title: ClassVar[str] = "Settings"
    icon: ClassVar[str] = "settings"

    def __init__(self, shell: Shell) -> None:
        """Take the desk, which keeps the preferences."""
        super().__init__(shell)
        self._desk = cast("Frame", shell)
        self._kept = self._desk.preferences
        self._info: VaultInfo | None = None

    def pieces(self) -> Iterator[None]:
        """Make the two columns, a panel at a time: fields and choices are styled one by one."""
        left, right = QWidget(), QWidget()
        one, other = (w.fill(QVBoxLayout(host), [], 12) for host in (left, right))
        host = w.row((left, 1), (right, 1), spacing=12, margins=(0, 4, 0, 20))
        host.setMaximumWidth(theme.px(_WIDEST))
        flow = w.scroll(w.row((host, 8), None, margins=(16, 0, 16, 0)))
        w.fill(QVBoxLayout(self), [flow], 0)
        for make in (self._look, self._hiding, self._keys, self._sources):
            yield
            w.add(one, make())
        for make in (self._lock, self._vault):
            yield
            w.add(other, make())
        for box in (one, other):
            w.add(box, None)

    # look ----------------------------------------------------------------------------------------------------------
    def _mode_choice(self) -> Segmented:
        modes = [("system", tr("System")), ("dark", tr("Dark")), ("light", tr("Light")), ("contrast", tr("Contrast"))]
        made = Segmented(modes, self._kept.mode, tr("Theme"))
        made.chosen.connect(partial(self._keep_look, "look/mode"))
        return made

    def _look(self) -> QWidget:
        self.mode = self._mode_choice()
        schemes = [
            ("standard", tr("Standard")),
            ("blue-orange", tr("Blue-orange")),
            ("asia", tr("Asia")),
            ("vivid", tr("Vivid")),
        ]
        scheme = Segmented(schemes, self._kept.scheme, tr("Colours of up and down"))
        scheme.chosen.connect(partial(self._keep_look, "look/scheme"))
        words = w.text(tr("Blue-orange is the safest; in Asia red is up."), "caption", "text_3", wrap=True)
        samples = w.row(
            w.text(f"▲ {tr('up')}", "label", "up"), w.text(f"▼ {tr('down')}", "label", "down"), None, spacing=12
        )
        about = w.column(w.text(tr("Up and down"), "medium"), words, samples, spacing=1)
        updown = w.row((about, 1), scheme, spacing=16, margins=(14, 9, 14, 9))
        still = Check(tr("Reduced"), tr("Reduced motion"), is_on=self._kept.is_reduced)
        still.toggled.connect(partial(self._keep_look, "look/reduced-motion"))
        lines = _lined(
            _line(tr("Theme"), tr("Switched at once; system follows the computer."), self.mode),
            updown,
            _line(tr("Motion"), tr("Nothing slides or flashes; a change is underlined."), still),
        )
        return w.panel(tr("Look"), *lines)

    def _keep_look(self, name: str, value: str | bool) -> None:  # noqa: FBT001
        self._kept.keep(name, value)
        self._desk.look_changed.emit()

    def _mask_choice(self) -> Segmented:
        levels = [("0", tr("Nothing")), ("1", tr("Amounts")), ("2", tr("Everything"))]
        made = Segmented(levels, str(int(fmt.mask())), tr("Hide"))
        made.chosen.connect(self._mask_chosen)
        return made

    def _hiding(self) -> QWidget:
        self.hidden = self._mask_choice()
        words = tr("Amounts: money and quantities. Everything: also weights, returns, counts. Dates stay.")
        return w.panel(tr("Privacy"), _line(tr("Hide figures"), words, self.hidden))

    def _mask_chosen(self, level: str) -> None:
        self._desk.set_mask(fmt.Mask(int(level)))

    def _keys(self) -> QWidget:
        sheet = w.button(tr("Show and change keys"), "", "keyboard", size="small")
        sheet.clicked.connect(partial(self._run, "keys"))
        return w.panel(
            tr("Keyboard"), _line(tr("Shortcuts"), tr("Every action has its keys; all can be changed."), sheet)
        )

    def _sources(self) -> QWidget:
        self.rates = RatesSwitch(self.shell)
        return w.panel(tr("Sources"), self.rates)

    def _run(self, action_id: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self._desk.commands.run(action_id)

    # lock and vault ------------------------------------------------------------------------------------------------
    def _lock(self) -> QWidget:
        choices = [(str(n), tr("%s min").replace("%s", str(n)) if n else tr("Never")) for n in prefs.LOCK_AFTER]
        after = Segmented(choices, str(self._kept.lock_after), tr("Lock after"))
        after.chosen.connect(partial(self._kept.keep, "lock/minutes"))
        now = w.button(tr("Lock now"), "", "lock", size="small")
        now.clicked.connect(partial(self._run, "lock"))
        self._remember = Check(tr("Open without passphrase"), tr("System keyring"))
        self._remember.toggled.connect(self._remember_changed)
        has_keyring = bool(self.shell.workspace.runtime.keyring.name)
        self._remember.setEnabled(has_keyring)
        words = self.shell.workspace.runtime.keyring.name if has_keyring else tr("This computer has no keyring.")
        lines = _lined(
            _line(tr("Lock by itself"), tr("After this time without a touch."), after),
            _line(tr("Lock"), tr("Keys are forgotten and the window is cleared."), now),
            _line(tr("System keyring"), words, self._remember),
        )
        return w.panel(tr("Lock"), *lines)

    def _vault(self) -> QWidget:
        back_up = w.button(tr("Back up…"), "", "archive", size="small")
        back_up.clicked.connect(partial(self._run, "backup"))
        verify = w.button(tr("Verify every record"), "", "shield-check", size="small")
        verify.clicked.connect(partial(self._run, "verify"))
        self.passphrase = PassphraseForm(self._change_passphrase)
        facts = QWidget()
        self._facts = QVBoxLayout(facts)
        w.fill(self._facts, [], 5, (14, 11, 14, 12))
        lines = _lined(
            facts,
            _line(tr("Backup"), tr("An encrypted copy, checked as it is written."), back_up),
            _line(tr("Proof"), tr("Hashes, chains and signatures, from the first record on."), verify),
            self.passphrase,
        )
        return w.panel(tr("Vault"), *lines)

    def activate(self, detail: str = "") -> None:
        """Read what can be said about the vault."""
        self.masking_changed()
        self.shell.run(self._read(), what=tr("Reading about the vault"))
        if detail == "passphrase":
            self.passphrase.old.setFocus()

    async def _read(self) -> None:
        await self.rates.read()
        info = await self.shell.workspace.info()
        self._remember.blockSignals(True)  # noqa: FBT003
        self._remember.setChecked("keyring" in info.key_slots)
        self._remember.blockSignals(False)  # noqa: FBT003
        self._show(info)

    def _show(self, info: VaultInfo) -> None:
        self._info = info
        w.clear(self._facts)
        slots = ", ".join(tr(slot) for slot in info.key_slots)
        rows = (
            (tr("File"), info.path, "body"),
            (tr("Size"), fmt.size(info.size_bytes), "body"),
            (tr("Records"), fmt.count(info.records), "body"),
            (tr("Chain head"), fmt.grouped_hash(info.head, short=True), "mono"),
            (tr("Opens with"), slots, "body"),
            (tr("Anchor kept in"), info.anchor, "body"),
        )
        for label, value, role in rows:
            name = w.text(label, "body", "text_3")
            name.setFixedWidth(theme.px(110))
            shown = w.elided(value, role)
            if role == "mono":
                shown.setToolTip(fmt.grouped_hash(info.head))
            self._facts.addWidget(w.row(name, (shown, 1), spacing=10))

    def scope_changed(self) -> None:
        """Settings are the same in every scope."""

    def masking_changed(self) -> None:
        """Show how much is hidden, and count anew."""
        self.hidden.choose(str(int(fmt.mask())))
        self.mode.choose(self._kept.mode)
        if self._info is not None:
            self._show(self._info)

    @Slot(bool)
    def _remember_changed(self, remembered: bool) -> None:  # noqa: FBT001
        self.shell.run(self._remember_now(remembered=remembered), what=tr("Changing the keyring"))

    async def _remember_now(self, *, remembered: bool) -> None:
        await self.shell.workspace.remember(remembered=remembered)
        words = (
            tr("The system keyring opens this vault now.")
            if remembered
            else tr("The keyring has forgotten this vault.")
        )
        self.shell.toast(words)

    def _change_passphrase(self, old: str, new: str) -> None:
        self.shell.run(self._changed(old, new), what=tr("Changing the passphrase"))

    async def _changed(self, old: str, new: str) -> None:
        try:
            await self.shell.workspace.change_passphrase(old, new)
        except CounterfoilError as fault:
            self.passphrase.show_fault(hints.line(fault))
            return
        self.passphrase.clear()
        self.shell.toast(tr("The passphrase is changed. Older backups keep the old one."))

    def header_actions(self) -> Sequence[QWidget]:
        """Return nothing: each setting has its own control."""
        return ()


class PassphraseForm(QWidget):
    """The old passphrase, the new one twice, and how strong it is."""

    def __init__(self, change: Callable[[str, str], None]) -> None:
        """Take what changes it."""
        super().__init__()
        self._change = change
        self.old = w.field("", tr("Passphrase now"), secret=True)
        self.new = w.field("", tr("New passphrase"), secret=True)
        self.again = w.field("", tr("New passphrase again"), secret=True)
        self._told = w.text("", "caption", "text_3", wrap=True)
        self._go = w.button(tr("Change passphrase"), "", "key-round", size="small")
        self._go.clicked.connect(self._ask)
        for field in (self.old, self.new, self.again):
            field.textChanged.connect(self._typed)
        head = w.text(tr("Passphrase"), "medium")
        items = [head, self.old, w.row((self.new, 1), (self.again, 1)), w.row((self._told, 1), self._go)]
        w.fill(QVBoxLayout(self), items, 7, (14, 10, 14, 12))
        self._typed("")

    def _typed(self, _text: str) -> None:
        found = strength(self.new.text())
        differs = bool(self.again.text()) and self.again.text() != self.new.text()
        self._told.setText(tr("The two differ.") if differs else found.words)
        w.set_tone(self._told, "warn" if differs else found.tone)
        is_ready = found.is_enough and self.again.text() == self.new.text() and bool(self.old.text())
        self._go.setEnabled(is_ready)
        w.tint(self._go)

    def _ask(self) -> None:
        self._go.setEnabled(False)
        self._change(self.old.text(), self.new.text())

    def show_fault(self, words: str) -> None:
        """Say why it was not changed."""
        self._told.setText(words)
        w.set_tone(self._told, "danger")
        self.old.setFocus()
        self.old.selectAll()

    def clear(self) -> None:
        """Forget what was typed."""
        for field in (self.old, self.new, self.again):
            field.clear()
