"""Pieces that screens are put together from: popover, inspector's slide, fields and lists."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.ui import style, theme
from app.ui.main_window import MainWindow
from app.ui.screens.base import HowComputed
from app.ui.shell.inspector import InspectorHost
from app.ui.widgets import basics as w
from app.ui.widgets.choices import Choice
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import desk, floating, play

pytestmark = pytest.mark.usefixtures("qapp")

LONG = HowComputed(
    "Value of BTC",
    "Quantity × mark (61,234.56780000). The quantity is the exact sum of all legs of all entries in this scope.",
    ("Place", "Quantity", "Value"),
    (("kraken-main spot · earn, flexible", "1,250.003384000000000001", "$1,141,056,250.25"), ("Sum", "1", "$2.00")),
    "kraken · 2026-11-20 14:31:52 UTC",
)


def test_how_a_figure_is_computed_is_never_cut(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        desk(window).explain(desk(window).header, LONG)
        card = floating(window)
        cut = [
            label.text()
            for label in card.findChildren(QLabel)
            if label.width() < label.sizeHint().width() and not label.wordWrap()
        ]
        low = [
            label.text()
            for label in card.findChildren(QLabel)
            if label.wordWrap() and label.height() < label.heightForWidth(label.width())
        ]

        assert cut == []
        assert low == []
        assert window.rect().contains(card.geometry())

    play(tmp_path, story)


def test_what_slides_in_is_laid_out_in_its_whole_width(qtbot: QtBot) -> None:
    theme.use(is_reduced=False)
    window = QWidget()
    host = InspectorHost(372)
    w.fill(QHBoxLayout(window), [None, host], 0)
    window.resize(1000, 400)
    qtbot.addWidget(window)
    window.show()
    panel = w.text("content")
    host.show_panel(panel)
    seen = []
    host._slide.valueChanged.connect(lambda _width: seen.append((host.width(), panel.width())))
    with qtbot.waitSignal(host._slide.finished, timeout=5_000):
        pass
    QApplication.processEvents()
    narrow = [(outer, inner) for outer, inner in seen if outer < 300 and inner < 360]

    assert len(seen) > 1
    assert narrow == []
    assert host.width() == 372


def colours(image: QImage) -> set[str]:
    """Return all colours of a picture."""
    return {QColor(image.pixel(x, y)).name() for x in range(image.width()) for y in range(image.height())}


def test_a_list_to_choose_from_shows_that_it_opens(qtbot: QtBot) -> None:
    made = Choice("Format", is_large=False)
    made.resize(160, 30)
    qtbot.addWidget(made)
    picture = made.grab().toImage()

    assert len(colours(picture.copy(picture.width() - 27, 6, 18, picture.height() - 12))) > 2


def test_the_icon_of_a_field_follows_the_theme(qtbot: QtBot, qapp: QApplication) -> None:
    theme.use(mode="dark")
    style.apply(qapp)
    made = w.field("", "Filter", icon="funnel")
    qtbot.addWidget(made)
    made.show()
    action = made.actions()[0]
    before = action.icon().pixmap(16, 16).toImage()
    theme.use(mode="light")
    style.apply(qapp)
    after = action.icon().pixmap(16, 16).toImage()
    theme.use(mode="dark")
    style.apply(qapp)

    assert before != after
