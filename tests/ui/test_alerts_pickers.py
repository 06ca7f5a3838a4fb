"""A sentence about an alert by its pickers: what each of them writes, and what is left to be typed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.model.alert_rules import Channel
from tests.ui.alerts_places import opened


async def test_pickers_write_the_sentence(qtbot: QtBot) -> None:
    shell, screen, _ = await opened(qtbot, "new")
    builder = screen.builder
    builder.measured.measure.setCurrentIndex(builder.measured.measure.findText("price of"))
    builder.measured.measure.activated.emit(builder.measured.measure.currentIndex())
    builder.side.setCurrentIndex(1)
    builder.side.activated.emit(1)
    builder.limit.clear()
    QTest.keyClicks(builder.limit, "50000")
    QTest.keyClicks(builder.hold, "10")
    await shell.settled()

    assert builder.line.text() == (
        "If price of BTC is below 50,000 USD for 10 min then notify by window and desktop"
    )  # fmt: skip
    assert (builder.rearm.text(), builder.record.isEnabled()) == ("52,500", True)


async def test_every_measure_that_is_picked_makes_a_sentence_that_can_be_recorded(qtbot: QtBot) -> None:
    shell, screen, _ = await opened(qtbot, "new")
    builder, told = screen.builder, {}
    picker = builder.measured.measure
    for number in [*range(picker.count()), 0]:
        picker.setCurrentIndex(number)
        picker.activated.emit(number)
        told[picker.currentText(), number] = builder.trouble.text(), builder.record.isEnabled()
    await shell.settled()

    assert told == dict.fromkeys(told, ("", True))
    assert picker.count() == len(told)


async def test_a_level_that_is_emptied_to_be_typed_anew_is_left_empty(qtbot: QtBot) -> None:
    shell, screen, _ = await opened(qtbot, "new")
    builder = screen.builder
    while builder.rearm.text():
        QTest.keyClick(builder.rearm, Qt.Key.Key_Backspace)
    QTest.keyClicks(builder.rearm, "12")
    await shell.settled()

    assert builder.rearm.text() == "12"
    assert builder.line.text().endswith(", and re-arm at 12 %")


async def test_an_alert_without_a_channel_is_told_in_the_window_and_says_so(qtbot: QtBot) -> None:
    shell, screen, _ = await opened(qtbot, "new")
    builder = screen.builder
    for check in builder.channels.values():
        check.setChecked(False)
    await shell.settled()

    assert [one for one, check in builder.channels.items() if check.isChecked()] == [Channel.WINDOW]
    assert builder.line.text().endswith("then notify by window")
