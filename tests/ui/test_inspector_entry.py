"""The inspector of an entry: proof down to the hash, notes, voiding, corrections."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.errors import InputError
from app.ui import format as fmt
from app.ui.screens.inspector_edit import Correction
from app.ui.screens.inspector_entry import EntryPanel
from app.ui.screens.positions import PositionsScreen
from tests.ui.positions_places import activity
from tests.ui.table_screens import TableShell, texts


async def entry_panel(qtbot: QtBot, kind: str = "trade") -> tuple[TableShell, PositionsScreen, Any]:
    shell, screen, tab = await activity(qtbot)
    key = next(line.key for line in tab.model.lines() if not line.is_heading and line.row.kind == kind)
    tab.table.choose(key)
    QTest.keyClick(tab.table, Qt.Key.Key_Return)
    await shell.settled()
    assert isinstance(shell.panel, EntryPanel)
    return shell, screen, shell.panel


async def test_an_entry_is_proved_down_to_record_page_and_hash(qtbot: QtBot) -> None:
    _, _, panel = await entry_panel(qtbot)
    proof = panel.detail.proof
    seen = texts(panel)

    assert fmt.grouped_hash(proof.record_hash) in seen
    assert fmt.grouped_hash(proof.previous_hash) in seen
    assert fmt.grouped_hash(proof.observation_hash) in seen
    assert f"#{fmt.count(proof.record)} of {fmt.count(proof.records)}" in seen
    assert "verified" in seen
    assert panel.detail.raw_row in [text.replace("\u200b", "") for text in seen]
    assert proof.normaliser in seen


async def test_the_row_of_the_source_is_hidden_with_the_amounts(qtbot: QtBot) -> None:
    _, screen, panel = await entry_panel(qtbot)
    fmt.set_mask(fmt.Mask.AMOUNTS)
    screen.masking_changed()

    assert panel.detail.raw_row not in [text.replace("\u200b", "") for text in texts(panel)]
    assert not panel.edit.correct.isEnabled()


async def test_a_note_needs_words_and_is_recorded(qtbot: QtBot) -> None:
    shell, _, panel = await entry_panel(qtbot)
    panel.edit.note.click()
    panel.edit.form.record.click()
    assert panel.edit.form.fault.text().startswith("Say why")
    panel.edit.form.reason.setText("checked against the statement")
    panel.edit.form.record.click()
    await shell.settled()

    assert [("note", panel.entry_id, "checked against the statement")] == shell.fake.entries.done
    assert panel.edit.form is None
    assert shell.toasts == ["Note recorded."]


async def test_voiding_needs_a_reason(qtbot: QtBot) -> None:
    shell, _, panel = await entry_panel(qtbot)
    panel.edit.void.click()
    panel.edit.form.reason.setText("read twice")
    panel.edit.form.record.click()
    await shell.settled()

    assert [("void", panel.entry_id, "read twice")] == shell.fake.entries.done


async def test_a_voided_entry_counts_again_by_undo(qtbot: QtBot) -> None:
    shell, _, panel = await entry_panel(qtbot)
    panel.edit.void.click()
    panel.edit.form.reason.setText("read twice")
    panel.edit.form.record.click()
    await shell.settled()
    undo = shell.undo
    assert undo is not None
    undo()
    await shell.settled()

    assert shell.toasts == ["Entry voided.", "Entry counts again."]
    assert [what[0] for what in shell.fake.entries.done] == ["void", "correct"]


async def test_a_correction_names_the_field_that_cannot_be(qtbot: QtBot) -> None:
    shell, _, panel = await entry_panel(qtbot)
    panel.edit.correct.click()
    fields = panel.edit.form.findChild(Correction)
    panel.edit.form.reason.setText("typing error")
    panel.edit.form.record.click()
    assert panel.edit.form.fault.text().startswith("Nothing was changed")
    fields.quantities[0].setText("a lot")
    panel.edit.form.record.click()
    assert "is not a decimal number" in panel.edit.form.fault.text()
    fields.quantities[0].setText("1.000000000000000001")
    assert Decimal("1.000000000000000001") == fields.revised().legs[0].quantity
    panel.edit.form.record.click()
    await shell.settled()

    assert [("correct", panel.entry_id, "typing error")] == shell.fake.entries.done


async def test_what_the_books_refuse_is_said_in_the_form(qtbot: QtBot) -> None:
    shell, _, panel = await entry_panel(qtbot)
    shell.fake.answers.failing["void"] = InputError("Entry is void already.")
    panel.edit.void.click()
    panel.edit.form.reason.setText("twice")
    panel.edit.form.record.click()
    await shell.settled()

    assert panel.edit.form.fault.text() == "Entry is void already."
    assert panel.edit.form.record.isEnabled()


async def test_another_tab_closes_the_inspector(qtbot: QtBot) -> None:
    shell, screen, _ = await entry_panel(qtbot)
    screen.show_tab(0)
    await shell.settled()

    assert shell.panel is None
    assert shell.faults == []
