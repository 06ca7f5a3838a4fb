"""The inspector of a connection: key, state in words with what to do, streams with their cursors."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.core.model.accounts import ConnectionState, Credentials, KeyScope
from app.core.model.venues import VenueInfo
from app.ui import format as fmt
from app.ui import hints
from app.ui.screens import connections_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.connections_rows import SourceRow
from app.ui.screens.inspector_parts import InspectorPanel, Pair, give_back_focus, pairs, section, wrapped
from app.ui.style import tint
from app.ui.widgets import basics as w
from app.ui.widgets.bars import Bar
from app.ui.widgets.marks import Avatar, Pill
from app.ui.wizards.connect_form import field_title
from app.ui.words import tr

_OPEN_FIELDS = ("api_key", "key", "key_name", "uid")


def right_line(what: str, may: bool | None, *, is_danger: bool = False) -> QWidget:  # noqa: FBT001
    """Return one right of a key in words; glyph and word carry it, colour repeats it."""
    word = tr("not known") if may is None else tr("allowed") if may else tr("not allowed")
    icon = "circle-question-mark" if may is None else "check" if may else "minus"
    tone = "text_3"
    if is_danger:
        icon = "shield-alert" if may else "shield-question-mark" if may is None else "shield-check"
        tone = "danger" if may else "warn" if may is None else "ok"
    elif may:
        tone = "text_2"
    shown = w.text(word, "cell", tone if is_danger and may is not False else "text_2")
    made = w.row(w.glyph(icon, tone, 15), w.text(what, "cell"), None, shown)
    made.setAccessibleName(f"{what}: {word}")
    return made


class KeyForm(QWidget):
    """Another key for the same connection.

    Signals:
        given: Every field has something in it, and it is to be used.
        cancelled: The old key stays.
    """

    given = Signal()
    cancelled = Signal()

    def __init__(self, info: VenueInfo) -> None:
        """Take the venue, which says what a key of it consists of."""
        super().__init__()
        self.setAccessibleName(tr("Replace key"))
        self._fields: dict[str, QLineEdit] = {}
        parts: list[w.Item] = [w.text(tr("Replace the key"), "label")]
        for name in info.credential_fields:
            title = field_title(name)
            field = w.field("", title, name=title, secret=name not in _OPEN_FIELDS, role="mono")
            field.textChanged.connect(self._changed)
            self._fields[name] = field
            parts.append(field)
        self.fault = w.text("", "cell", "danger", wrap=True)
        self.fault.hide()
        self.replace = w.button(tr("Replace key"), "primary", enabled=False)
        self.replace.clicked.connect(self.given)
        cancel = w.button(tr("Cancel"), "ghost")
        cancel.clicked.connect(self.cancelled)
        note = tr("The new key is tried first; the old one stays where the new one is refused.")
        parts += [w.text(note, "caption", "text_3", wrap=True), self.fault, w.row(None, cancel, self.replace)]
        w.fill(QVBoxLayout(self), parts, 8, (16, 12, 16, 12))

    @Slot()
    def _changed(self) -> None:
        self.replace.setEnabled(all(field.text().strip() for field in self._fields.values()))

    def credentials(self) -> Credentials:
        """Return what was typed."""
        return Credentials({name: field.text().strip() for name, field in self._fields.items()})

    def focus_first(self) -> None:
        """Put the cursor into the first field."""
        for field in list(self._fields.values())[:1]:
            field.setFocus()

    def show_fault(self, fault: CounterfoilError) -> None:
        """Say why the key was not taken."""
        self.fault.setText(hints.line(fault))
        self.fault.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)


class RemoveForm(QWidget):
    """The name is typed before a connection goes.

    Signals:
        given: The right name was typed.
        cancelled: It stays.
    """

    given = Signal()
    cancelled = Signal()

    def __init__(self, name: str) -> None:
        """Take the name of the connection."""
        super().__init__()
        self.setAccessibleName(tr("Remove connection"))
        self._name = name
        self.typed = w.field("", tr("Type %s to confirm").replace("%s", name), name=tr("Name of the connection"))
        self.typed.textChanged.connect(self._changed)
        self.typed.returnPressed.connect(self._entered)
        self.remove = w.button(tr("Remove connection"), "danger", "trash-2", enabled=False)
        self.remove.clicked.connect(self.given)
        cancel = w.button(tr("Cancel"), "ghost")
        cancel.clicked.connect(self.cancelled)
        words = tr("Its key is erased and it is read no more. Everything that was read stays in the books.")
        note = w.text(words, "cell", "text_2", wrap=True)
        parts: list[w.Item] = [w.text(tr("Remove %s").replace("%s", name), "label"), note, self.typed]
        w.fill(QVBoxLayout(self), [*parts, w.row(None, cancel, self.remove)], 8, (16, 12, 16, 12))

    @Slot()
    def _changed(self) -> None:
        self.remove.setEnabled(self.typed.text().strip() == self._name)
        tint(self.remove)

    @Slot()
    def _entered(self) -> None:
        if self.remove.isEnabled():
            self.given.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)


class ConnectionPanel(InspectorPanel):
    """Everything that is known of one connection, and what can be done with it.

    Signals:
        acted: An action was chosen: read, probe, pause, resume, entries.
    """

    acted = Signal(str, str)

    def __init__(self, shell: Shell) -> None:
        """Take the window."""
        super().__init__(tr("Connection"))
        self._shell = shell
        self._row: SourceRow | None = None
        self.form: KeyForm | RemoveForm | None = None
        self.read = w.button(tr("Read now"), "", "refresh-cw", size="small")
        self.probe = w.button(tr("Check key"), "", "plug-zap", size="small")
        self.rotate = w.button(tr("Replace key…"), "", "key-round", size="small")
        self.remove = w.button(tr("Remove…"), "danger", "trash-2", size="small")
        self.read.clicked.connect(self._read)
        self.probe.clicked.connect(self._probe)
        self.rotate.clicked.connect(self.ask_key)
        self.remove.clicked.connect(self.ask_removal)
        lines = (w.row(self.read, self.probe, None), w.row(self.rotate, None, self.remove))
        self._buttons = w.column(*lines, spacing=8, margins=(16, 8, 16, 8))
        self.foot_box.addWidget(self._buttons)

    @property
    def name(self) -> str:
        """Return the connection that is shown, "" for none."""
        return "" if self._row is None else self._row.name

    def show_row(self, row: SourceRow) -> None:
        """Show a connection; a form for another one is put away."""
        if self.name != row.name:
            self.put_away()
        self._row = row
        place = row.view.connection.endpoint or tr("the venue itself")
        self.show_head(Avatar(row.venue, 30, square=True), row.venue, f"{row.name} · {place}")
        self.show_body(self._state(row), self._key(row), self._reading(row), self._streams(row))

    def redraw(self) -> None:
        """Write every figure anew, because more or less is hidden."""
        if self._row is not None:
            self.show_row(self._row)

    # parts ---------------------------------------------------------------------------------------------------------
    def _state(self, row: SourceRow) -> QWidget:
        cell = rows.state_cell(row)
        pills: list[w.Item] = [Pill(cell.text, cell.tone, icon=cell.icon)]
        if row.endpoint_word:
            pills.append(Pill(row.endpoint_word, "info", dot=False))
        parts: list[w.Item] = [w.row(*pills, None)]
        what, meaning = said(row)
        if what:
            parts.append(w.text(what, "strong", wrap=True))
        if meaning:
            parts.append(w.text(meaning, "cell", "text_2", wrap=True))
        return w.column(*parts, spacing=6, margins=(16, 0, 16, 12))

    def _key(self, row: SourceRow) -> QWidget:
        scope = row.view.connection.scope or KeyScope(None, None, None)
        lines: list[w.Item] = [
            right_line(tr("Read balances and history"), scope.may_read),
            right_line(tr("Create and cancel orders"), scope.may_trade),
            right_line(tr("Withdraw funds"), scope.may_withdraw, is_danger=True),
        ]
        if scope.detail:
            lines.append(wrapped(scope.detail, "caption", "text_3"))
        hint = row.view.connection.key_hint
        told = [Pair(tr("Key"), f"{hint}…", "mono_small")] if hint else []
        told.append(Pair(tr("Added"), fmt.moment(row.view.connection.added_at_ns)))
        return section(tr("Key may"), *lines, pairs(told))

    def _reading(self, row: SourceRow) -> QWidget:
        used = row.view.budget_used
        last = tr("never") if row.view.last_read_ns is None else fmt.moment(row.view.last_read_ns)
        told = [
            Pair(tr("Account"), row.view.account_name),
            Pair(tr("Last read"), last),
            Pair(tr("History"), rows.history_words(row)),
            Pair(tr("Records"), fmt.count(row.view.records)),
            Pair(tr("Breaks"), fmt.count(row.view.breaks), tone="danger" if row.view.breaks else "text"),
        ]
        items: list[w.Item] = [pairs(told)]
        if used is not None:
            tone = "warn" if used * 100 >= rows.TIGHT else "accent"
            share = w.text(fmt.percent(used, places=0), "cell")
            bar = w.row(w.text(tr("Request budget"), "cell", "text_3"), (Bar(float(used), tone, thick=5), 1), share)
            items.append(bar)
        entries = w.button(tr("Show entries"), "link", size="small", role="caption")
        entries.clicked.connect(self._entries)
        links: list[w.Item] = [entries]
        if row.view.breaks:
            explain = w.button(tr("Show breaks"), "link", size="small", role="caption")
            explain.clicked.connect(self._breaks)
            links.insert(0, explain)
        return section(tr("Reading"), *items, right=links)

    def _streams(self, row: SourceRow) -> QWidget:
        if not row.view.streams:
            return section(tr("Streams"), wrapped(tr("Nothing was read yet."), "cell", "text_3"))
        lines: list[w.Item] = []
        for stream in row.view.streams:
            read = tr("never read") if stream.read_at_ns is None else rows.when(stream.read_at_ns, row.now_ns)
            count = fmt.counted(stream.records, tr("%s record"), tr("%s records"))
            moment = w.text(read, "cell", "text_2")
            moment.setToolTip("" if stream.read_at_ns is None else fmt.moment(stream.read_at_ns))
            head = w.row(w.text(stream.stream, "cell_strong"), None, w.text(count, "cell", "text_3"), moment)
            lines.append(head)
            if stream.cursor and fmt.mask() is not fmt.Mask.EVERYTHING:
                lines.append(w.elided(f"{tr('cursor')} {stream.cursor}", "mono_small", "text_3"))
        return section(tr("Streams"), *lines, spacing=3)

    # actions -------------------------------------------------------------------------------------------------------
    @Slot()
    def _read(self) -> None:
        self.acted.emit(self.name, "read")

    @Slot()
    def _probe(self) -> None:
        self.acted.emit(self.name, "probe")

    @Slot()
    def _breaks(self) -> None:
        self._shell.go("findings")

    @Slot()
    def _entries(self) -> None:
        self.acted.emit(self.name, "entries")

    def _open(self, form: KeyForm | RemoveForm) -> None:
        self.put_away()
        self.form = form
        form.cancelled.connect(self.put_away)
        self._buttons.hide()
        self.foot_box.addWidget(form)

    @Slot()
    def put_away(self) -> None:
        """Put the form away; what was typed is forgotten."""
        self._buttons.show()
        if self.form is not None:
            give_back_focus(self.form, self._buttons)
            self.foot_box.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None

    @Slot()
    def ask_key(self) -> None:
        """Ask for another key."""
        venues = {info.venue_id: info for info in self._shell.workspace.connections.venues()}
        info = None if self._row is None else venues.get(self._row.view.connection.venue)
        if info is not None:
            form = KeyForm(info)
            self._open(form)
            form.given.connect(self._take_key)
            form.focus_first()

    @Slot()
    def ask_removal(self) -> None:
        """Ask for the name before it goes."""
        if self._row is not None:
            form = RemoveForm(self._row.name)
            self._open(form)
            form.given.connect(self._take_removal)
            form.typed.setFocus()

    @Slot()
    def _take_key(self) -> None:
        if isinstance(self.form, KeyForm):
            self.form.replace.setEnabled(False)
            self._shell.run(self._rotate(self.name, self.form), what=tr("Replacing the key"))

    async def _rotate(self, name: str, form: KeyForm) -> None:
        try:
            scope = await self._shell.workspace.connections.rotate(name, form.credentials())
        except CounterfoilError as fault:
            if form is self.form:
                form.replace.setEnabled(True)
                form.show_fault(fault)
            return
        if form is self.form:
            self.put_away()
        self._shell.toast(tr("Key replaced: %s.").replace("%s", rows.scope_words(scope)))

    @Slot()
    def _take_removal(self) -> None:
        self._shell.run(self._remove(self.name), what=tr("Removing the connection"))

    async def _remove(self, name: str) -> None:
        await self._shell.workspace.connections.remove(name)
        self.put_away()
        self._shell.toast(tr("%s removed; its records stay.").replace("%s", name))
        self.closed.emit()


def said(row: SourceRow) -> tuple[str, str]:
    """Return what is so, and what it means or what to do; empty where all is well."""
    state, note = row.view.state, rows.note_words(row)
    error = fmt.prose(row.view.connection.last_error)
    if state is ConnectionState.FAILED:
        what = error or note or tr("It could not be read.")
        remedy = tr("The books are complete to the last reading. Replace the key or read again.")
        return what[:1].upper() + what[1:], remedy
    if state is ConnectionState.WAITING:
        return note or tr("The venue asked to wait."), tr("Nothing to do.")
    if state is ConnectionState.PAUSED:
        return note, tr("It is not read until you resume it.")
    if state is ConnectionState.READING:
        return "", note
    if row.may_withdraw:
        words = tr("Make a read-only one at the venue and replace this; Counterfoil never needs more.")
        return tr("This key may withdraw funds."), words
    if row.stale_ns is not None:
        return tr("Not read for %s.").replace("%s", fmt.age(row.stale_ns)), tr("Read it now to see what is new.")
    return "", note
