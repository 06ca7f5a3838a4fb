"""How findings look wherever they are listed: a sign for their severity, a line with its one action."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.core.findings import Finding, Severity
from app.ui import format as fmt
from app.ui.widgets import basics as w
from app.ui.words import tr

SEVERITY_LOOKS = {
    Severity.ERROR: ("circle-alert", "danger"),
    Severity.WARNING: ("triangle-alert", "warn"),
    Severity.INFO: ("info", "info"),
}


def finding_line(finding: Finding, act: Callable[[], None]) -> QWidget:
    """Return a finding in two lines with its one action."""
    icon, tone = SEVERITY_LOOKS[finding.severity]
    # The message holds the figure, so it wraps; what is likely may be cut and is in the tooltip.
    words: list[w.Item] = [w.text(fmt.prose(finding.message), "medium", wrap=True)]
    if finding.detail:
        words.append(w.elided(fmt.prose(finding.detail), "cell", "text_2"))
    fix = w.button(finding.fix or tr("Show"), "link", size="small")
    fix.setAccessibleName(f"{finding.fix or tr('Show')}: {fmt.prose(finding.message)}")
    fix.clicked.connect(act)
    sign = w.column(w.glyph(icon, tone, 16), None, margins=(0, 2, 0, 0))
    made = w.row(sign, (w.column(*words, spacing=1), 1), fix, spacing=10, margins=(14, 8, 12, 8))
    made.setAccessibleName(fmt.prose(finding.message))
    return made
