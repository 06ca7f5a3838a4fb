"""The frame of a chart: its name, legend and choices, the same as a table, and both as files."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.ui.charts.save_menu import SaveMenu
from app.ui.widgets import basics as w
from app.ui.widgets.abstract import AbstractWidget
from app.ui.widgets.basics import Item, Panel
from app.ui.words import tr


class ChartFrame(Panel, metaclass=AbstractWidget):
    """A panel that shows a chart, the same as a table, or why there is neither.

    Signals:
        file_asked: "png" or "csv" is to be written.
    """

    file_asked = Signal(str)

    def __init__(self, title: str, table: QWidget, *, right: Sequence[Item] = ()) -> None:
        """Take the name, the table, and what stands right of the name; the chart comes with `show_chart`."""
        self.as_table = w.icon_button("table-2", tr("Show as table (t)"), side=26)
        self.as_table.setCheckable(True)
        self.more = w.icon_button("ellipsis", tr("Save chart"), side=26)
        super().__init__(title, right=[*right, self.as_table, self.more])
        self.table = table
        self._chart, self._notice = QWidget(), QWidget()
        self._pages = QStackedWidget()
        for page in (self._chart, table, self._notice):
            self._pages.addWidget(page)
        self._is_known = False
        self.show_body(self._pages)
        self.as_table.toggled.connect(self._turn)
        self.more.clicked.connect(self._open_menu)

    @property
    def is_known(self) -> bool:
        """Tell whether there is anything to see."""
        return self._is_known

    def use_chart(self, chart: QWidget) -> None:
        """Take the widget that draws, before or after the first data."""
        self._pages.removeWidget(self._chart)
        self._chart.deleteLater()
        self._chart = chart
        self._pages.addWidget(chart)

    def show_chart(self) -> None:
        """Show the chart or the table, whichever is chosen."""
        self._is_known = True
        self._offer()
        self._turn(self.as_table.isChecked())

    def show_notice(self, notice: QWidget) -> None:
        """Show words in place of chart and table."""
        self._is_known = False
        self._offer()
        self._pages.removeWidget(self._notice)
        self._notice.deleteLater()
        self._notice = notice
        self._pages.addWidget(notice)
        self._pages.setCurrentWidget(notice)

    def _offer(self) -> None:
        for one in (self.as_table, self.more):
            one.setEnabled(self._is_known)

    @Slot(bool)
    def _turn(self, is_table: bool) -> None:  # noqa: FBT001 - the signal's own argument
        if self._is_known:
            self._pages.setCurrentWidget(self.table if is_table else self._chart)

    def press(self, key: int) -> bool:
        """Answer a single key: t shows the table."""
        if key == Qt.Key.Key_T and self._is_known:
            self.as_table.toggle()
            return True
        return False

    @abstractmethod
    def raw_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Return headings and exact rows for a file."""

    def _open_menu(self) -> None:
        menu = SaveMenu(self)
        menu.chosen.connect(self.file_asked)
        menu.open_below(self.more)
