"""All findings: what needs a person, by severity, each with its cause, its code and its fix."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.core.findings import Finding, Severity
from app.services.events import ConnectionsChanged, RecordsAppended
from app.ui import format as fmt
from app.ui import theme
from app.ui.screens.base import Screen, Shell
from app.ui.widgets import basics as w
from app.ui.widgets.finding_lines import SEVERITY_LOOKS
from app.ui.widgets.marks import Badge
from app.ui.widgets.tables_states import message
from app.ui.words import tr

_WIDEST = 860


class FindingCard(QFrame):
    """One finding: sign, what is so, the likely cause, and what can be done."""

    def __init__(self, finding: Finding, go: Callable[[str], None]) -> None:
        """Take the finding and what opens a place."""
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(fmt.prose(finding.message))
        icon, tone = SEVERITY_LOOKS[finding.severity]
        what = w.text(fmt.prose(finding.message), "medium", wrap=True)
        code = w.text(finding.code, "mono_small", "text_3")
        parts: list[w.Item] = [w.row(w.glyph(icon, tone, 16), (what, 1), code, spacing=9)]
        if finding.detail:
            cause = w.text(fmt.prose(finding.detail), "cell", "text_2", wrap=True)
            cause.setContentsMargins(25, 0, 0, 0)
            parts.append(cause)
        buttons = self._buttons(finding, go)
        if buttons:
            parts.append(w.row(25, *buttons, None, spacing=6))
        w.fill(QVBoxLayout(self), parts, 7, (14, 11, 14, 12))

    def _buttons(self, finding: Finding, go: Callable[[str], None]) -> list[QWidget]:
        made: list[QWidget] = []
        if finding.place:
            fix = w.button(finding.fix or tr("Show"), size="small")
            fix.setAccessibleName(f"{finding.fix or tr('Show')}: {fmt.prose(finding.message)}")
            fix.clicked.connect(partial(_go, go, finding.place))
            made.append(fix)
        elif finding.fix:
            made.append(w.text(finding.fix, "cell", "text_2"))
        if finding.entries:
            words = tr("Show %s entries") if len(finding.entries) > 1 else tr("Show entry")
            entries = w.button(words.replace("%s", fmt.count(len(finding.entries))), "ghost", size="small")
            entries.clicked.connect(partial(_go, go, f"activity/{finding.entries[0]}"))
            made.append(entries)
        return made


def _go(go: Callable[[str], None], place: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
    go(place)


class FindingsScreen(Screen):
    """The whole worklist."""

    place: ClassVar[str] = "findings"
    title: ClassVar[str] = "Findings"
    icon: ClassVar[str] = "list-checks"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is loaded yet."""
        super().__init__(shell)
        self._found: Sequence[Finding] | None = None
        self._quit: list[Callable[[], None]] = []
        self._code = ""
        self._box = QVBoxLayout(self)
        w.fill(self._box, [], 0, (0, 0, 0, 0))

    def note(self) -> str:
        """Return how many there are."""
        return "" if not self._found else fmt.count(len(self._found))

    def activate(self, detail: str = "") -> None:
        """Load, and listen; `detail` names a code that comes first."""
        self._code = detail
        events = self.shell.workspace.events
        if not self._quit:
            self._quit = [
                events.subscribe(RecordsAppended, self._moved),
                events.subscribe(ConnectionsChanged, self._moved),
            ]
        self._load()

    def deactivate(self) -> None:
        """Listen no more."""
        for stop in self._quit:
            stop()
        self._quit = []

    def scope_changed(self) -> None:
        """Findings are about the whole book, whatever the scope is."""

    def masking_changed(self) -> None:
        """Write every figure anew."""
        self._show()

    def _moved(self, _event: object) -> None:
        self._load()

    @Slot()
    def _load(self) -> None:
        self.shell.run(self._read(), what=tr("Reading findings"))

    async def _read(self) -> None:
        self._found = await self.shell.workspace.findings.all()
        self._show()
        self.header_changed.emit()

    def _show(self) -> None:
        w.clear(self._box)
        if self._found is None:
            return
        if not self._found:
            self._box.addWidget(
                message(tr("Nothing needs you."), tr("Breaks, gaps and sources that fail are listed here."))
            )
            return
        host = w.column(*self._groups(self._found), None, spacing=8, margins=(0, 14, 0, 20))
        host.setMaximumWidth(theme.px(_WIDEST))
        self._box.addWidget(w.scroll(w.row((host, 8), None, margins=(16, 0, 16, 0))))

    def _groups(self, found: Sequence[Finding]) -> list[w.Item]:
        titles = (
            (Severity.ERROR, tr("Must be seen to"), "danger"),
            (Severity.WARNING, tr("Should be looked at"), "warn"),
            (Severity.INFO, tr("Good to know"), "text_2"),
        )
        items: list[w.Item] = []
        for severity, title, tone in titles:
            group = sorted((one for one in found if one.severity is severity), key=self._is_asked, reverse=True)
            if group:
                badge = Badge(fmt.count(len(group)), tone)
                items += [
                    4,
                    w.row(w.text(title, "heading"), badge, None),
                    *(FindingCard(one, self.shell.go) for one in group),
                ]
        return items

    def _is_asked(self, finding: Finding) -> bool:
        return finding.code == self._code

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return the findings as rows."""
        rows = [(f.severity.value, f.code, f.subject, f.message, f.detail, f.fix) for f in self._found or ()]
        return ("severity", "code", "subject", "message", "detail", "fix"), rows
