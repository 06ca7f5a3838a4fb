"""Connecting a venue by its key: what the key may do is shown line by line before anything is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.core.model.accounts import Credentials, KeyScope
from app.core.model.venues import VenueInfo
from app.ui import theme
from app.ui.aio import Runner
from app.ui.widgets import basics as w
from app.ui.widgets.choices import Choice
from app.ui.wizards.key_panel import KeyPanel, ReadPanel
from app.ui.words import tr

if TYPE_CHECKING:
    from app.services.connections import ConnectionService

_TITLES = {
    "apiKey": "API key",
    "api_key": "API key",
    "key": "API key",
    "key_name": "Key name",
    "secret": "Secret",
    "private_key": "Private key",
    "passphrase": "Passphrase of the key",
    "password": "Passphrase of the key",
    "uid": "User id",
}
_PEM = re.compile(r"(?P<head>-----BEGIN [A-Z ]+-----)(?P<body>.*?)(?P<foot>-----END [A-Z ]+-----)", re.DOTALL)
_OPEN_FIELDS = ("apiKey", "api_key", "key", "key_name", "uid")


def labelled(label: str, widget: QWidget, note: str = "") -> QWidget:
    """Return a field with its label above and a note below."""
    notes: list[w.Item] = [w.text(note, "caption", "text_3", wrap=True)] if note else []
    return w.column(w.text(label, "label", "text_2"), widget, *notes, spacing=4)


def field_title(name: str) -> str:
    """Return what people call a field of a key."""
    return tr(_TITLES.get(name, name.replace("_", " ").capitalize()))


def as_key(text: str) -> str:
    """Return a key as its venue gave it: a PEM block that was pasted into one line gets its lines back."""
    words = text.strip().replace("\\n", "\n")
    found = _PEM.fullmatch(words)
    if found is None:
        return words
    body = "\n".join(found["body"].split())
    return f"{found['head']}\n{body}\n{found['foot']}\n"


class ConnectForm(QWidget):
    """Venue, key, name; trying the key; keeping it.

    Signals:
        added: The `ConnectionView` of what was connected.
        ready_changed: Whether `add` can be pressed, and the label of that button.
    """

    added = Signal(object)
    ready_changed = Signal(bool, str)

    def __init__(self, connections: ConnectionService, run: Runner, *, taken: Sequence[str] = ()) -> None:
        """Take the service, who runs tasks, and the names that are taken."""
        super().__init__()
        self._connections, self._run = connections, run
        self._taken = set(taken)
        self._venues = {venue.venue_id: venue for venue in connections.venues()}
        self._fields: dict[str, QLineEdit] = {}
        self._scope: KeyScope | None = None
        self._tried: tuple[str, ...] = ()
        self._is_busy = self._insists = self._is_named = False
        self.venue = self._venue_choice()
        self._keys = QVBoxLayout()
        self.name = w.field("", tr("As you call it"), name=tr("Name in your books"), size="large")
        self.endpoint = w.field("", "http://127.0.0.1:…", name=tr("Endpoint"), size="large", role="mono")
        self.panel, self.reads = KeyPanel(), ReadPanel()
        self.panel.try_wanted.connect(self.try_key)
        self.panel.insisted.connect(self._insist)
        self.add_button = w.button(tr("Add"), "primary", "plus", size="large")
        self.add_button.clicked.connect(self.add)
        self._lay_out()
        for field in (self.name, self.endpoint):
            field.textChanged.connect(self._changed)
        self.name.textEdited.connect(self._named)
        self.venue.currentIndexChanged.connect(self._venue_changed)
        self._venue_changed(0)

    def _venue_choice(self) -> Choice:
        made = Choice(tr("Venue"))
        for venue in self._venues.values():
            made.addItem(venue.name, venue.venue_id)
        return made

    def _lay_out(self) -> None:
        keys = QWidget()
        keys.setLayout(self._keys)
        w.fill(self._keys, [], 12)
        self._guide = w.frame("accent", margins=(14, 10, 14, 10))
        self._steps = QVBoxLayout()
        self._steps.setSpacing(5)
        cast("QVBoxLayout", self._guide.layout()).addLayout(self._steps)
        self._advanced = labelled(
            tr("Endpoint"), self.endpoint, tr("Only for a venue simulated on this computer. Empty is the venue itself.")
        )
        self._advanced.hide()
        self._fold = w.button(tr("Advanced"), "ghost", "chevron-right", size="small")
        self._fold.setCheckable(True)
        self._fold.toggled.connect(self._unfold)
        named = labelled(tr("Name in your books"), self.name)
        left = w.column(
            labelled(tr("Venue"), self.venue),
            keys,
            named,
            self._guide,
            w.row(self._fold, None),
            self._advanced,
            None,
            spacing=12,
        )
        right = w.column(self.panel, self.reads, None, spacing=12)
        right.setFixedWidth(theme.px(420))
        w.fill(QVBoxLayout(self), [w.row((left, 1), right, spacing=20)], 0)

    def _unfold(self, is_open: bool) -> None:  # noqa: FBT001
        w.set_icon(self._fold, "chevron-down" if is_open else "chevron-right")
        self._advanced.setVisible(is_open)

    # the venue -------------------------------------------------------------------------------------------------------
    @property
    def info(self) -> VenueInfo:
        """Return the venue that is chosen."""
        return self._venues[str(self.venue.currentData())]

    def choose(self, venue_id: str) -> None:
        """Choose a venue."""
        self.venue.setCurrentIndex(max(0, self.venue.findData(venue_id)))

    @Slot(int)
    def _venue_changed(self, _index: int) -> None:
        info = self.info
        w.clear(self._keys)
        self._fields = {}
        for name in info.credential_fields:
            field = w.field("", name=field_title(name), size="large", role="mono", secret=name not in _OPEN_FIELDS)
            field.textChanged.connect(self._changed)
            self._fields[name] = field
            note = tr("Encrypted in the vault, decrypted for one call at a time, never written to a log.")
            last = name == info.credential_fields[-1]
            self._keys.addWidget(labelled(field_title(name), field, note if last else ""))
        for field in self._fields.values():
            field.returnPressed.connect(self.try_key)
        self._order()
        self._show_guide(info)
        if not self._is_named:
            self.name.setText(self._free_name(info.venue_id))
        self.reads.show_venue(info)
        self._changed()

    def _order(self) -> None:
        """Let Tab go from above to below; the fields of a key are made after what stands under them."""
        stops = (self.venue, *self._fields.values(), self.name, self._fold, self.endpoint, self.panel.try_button)
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _named(self, text: str) -> None:
        self._is_named = bool(text)

    def _free_name(self, venue_id: str) -> str:
        name, number = f"{venue_id}-main", 2
        while name in self._taken:
            name, number = f"{venue_id}-{number}", number + 1
        return name

    def _show_guide(self, info: VenueInfo) -> None:
        w.clear(self._steps)
        self._guide.setVisible(bool(info.key_help))
        title = w.text(tr("How to make a read-only key at %s").replace("%s", info.name), "label", wrap=True)
        self._steps.addWidget(w.row(w.glyph("book-open", "accent", 16), (title, 1), spacing=8))
        for number, step in enumerate(info.key_help, 1):
            place = w.column(w.text(str(number), "overline", "accent"), None)
            self._steps.addWidget(w.row(place, (w.text(step, "cell", "text_2", wrap=True), 1), spacing=10))

    # the key ---------------------------------------------------------------------------------------------------------
    def _words(self) -> tuple[str, ...]:
        fields = tuple(field.text().strip() for field in self._fields.values())
        return (str(self.venue.currentData()), self.endpoint.text().strip(), *fields)

    def credentials(self) -> Credentials:
        """Return what was typed."""
        return Credentials({name: as_key(field.text()) for name, field in self._fields.items()})

    @property
    def is_complete(self) -> bool:
        """Tell whether every field of the key has something in it."""
        return all(field.text().strip() for field in self._fields.values())

    @property
    def is_ready(self) -> bool:
        """Tell whether the key can be kept: it was tried as it is, and may not withdraw, or the person insists."""
        if self._is_busy or self._scope is None or self._tried != self._words() or not self.name.text().strip():
            return False
        return bool(self._scope.may_withdraw is False or self._insists)

    @Slot()
    def _changed(self, _text: str = "") -> None:
        if self._tried != self._words():
            self._scope, self._insists = None, False
            self.panel.show_untried(can_try=self.is_complete and not self._is_busy)
        self._tell()

    def _tell(self) -> None:
        label = tr("Add %s").replace("%s", self.info.name)
        self.add_button.setText(f" {label}")
        self.add_button.setAccessibleName(label)
        self.add_button.setEnabled(self.is_ready)
        w.tint(self.add_button)
        self.ready_changed.emit(self.is_ready, label)

    @Slot()
    def try_key(self) -> None:
        """Ask the venue what the key may do; nothing is kept."""
        if self.is_complete and not self._is_busy:
            self._run(self._try(), what=tr("Trying the key"))

    async def _try(self) -> None:
        self._busy(is_busy=True)
        self.panel.show_trying(self.info.name)
        words = self._words()
        try:
            scope = await self._connections.try_key(
                venue=self.info.venue_id, credentials=self.credentials(), endpoint=self.endpoint.text().strip()
            )
        except CounterfoilError as fault:
            self.panel.show_fault(fault)
            return
        finally:
            self._busy(is_busy=False)
            next(iter(self._fields.values()), self.venue).setFocus()
        self._scope, self._tried, self._insists = scope, words, False
        self.panel.show_scope(scope)
        self._tell()
        if self.is_ready:
            self.add_button.setFocus()

    def _busy(self, *, is_busy: bool) -> None:
        self._is_busy = is_busy
        if is_busy:
            # A field that is disabled hands the focus on, and Enter would then press whatever has got it.
            self.setFocus()
        for widget in (self.venue, self.name, self.endpoint, *self._fields.values()):
            widget.setEnabled(not is_busy)
        self._tell()

    @Slot()
    def _insist(self) -> None:
        self._insists = True
        self._tell()
        self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)

    # keeping it ------------------------------------------------------------------------------------------------------
    @Slot()
    def add(self) -> None:
        """Keep the key."""
        if self.is_ready:
            self._run(self._add(), what=tr("Adding the source"))

    async def _add(self) -> None:
        self._busy(is_busy=True)
        name = self.name.text().strip()
        try:
            view = await self._connections.add(
                venue=self.info.venue_id,
                name=name,
                credentials=self.credentials(),
                endpoint=self.endpoint.text().strip(),
                allow_withdraw=self._insists,
            )
        except CounterfoilError as fault:
            self.panel.show_fault(fault)
            return
        finally:
            self._busy(is_busy=False)
        self._taken.add(name)
        self.clear()
        self.added.emit(view)

    def clear(self) -> None:
        """Forget the key that was typed."""
        for field in self._fields.values():
            field.clear()
        self._is_named = False
        self.name.setText(self._free_name(self.info.venue_id))
        self._scope, self._tried, self._insists = None, (), False
        self._changed()
        self.venue.setFocus()
