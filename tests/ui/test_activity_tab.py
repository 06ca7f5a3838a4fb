"""Activity: entries a page at a time, narrowed in words, days and accounts."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.clock import DAY, parse_iso
from app.core.errors import InputError
from app.core.ledger.entries import EntryKind
from app.core.model.views import Scope
from app.ui import format as fmt
from app.ui.screens.activity_filters import Choice, Days, between, span
from tests.ui import made_up_books as books
from tests.ui.positions_places import activity
from tests.ui.table_screens import texts


async def test_entries_are_fetched_a_page_at_a_time_as_one_scrolls(qtbot: QtBot) -> None:
    shell, _, tab = await activity(qtbot)
    assert tab.loaded == 200
    assert tab.total == len(books.entries())
    QApplication.processEvents()
    bar = tab.table.verticalScrollBar()
    bar.setValue(bar.maximum())
    await shell.settled()

    assert tab.loaded == 400


async def test_every_entry_that_fits_is_exported_not_only_those_that_were_scrolled_to(qtbot: QtBot) -> None:
    _, screen, tab = await activity(qtbot)
    loaded, total = tab.loaded, tab.total
    exported = await screen.whole_rows()

    assert exported is not None
    assert total is not None
    assert loaded < total == len(exported[1])
    assert exported[1][:loaded] == tab.table.seen()[1]


async def test_the_next_page_leaves_selection_and_scroll(qtbot: QtBot) -> None:
    shell, _, tab = await activity(qtbot)
    QApplication.processEvents()
    key = [line.key for line in tab.model.lines() if not line.is_heading][150]
    tab.table.choose(key)
    top = tab.table.verticalScrollBar().value()
    tab._read_on()
    await shell.settled()

    assert (key, top) == (tab.table.current_key(), tab.table.verticalScrollBar().value())


async def test_days_are_headings_and_the_last_one_says_no_count_before_it_is_whole(qtbot: QtBot) -> None:
    _, _, tab = await activity(qtbot)
    days = [line.row for line in tab.model.lines() if line.is_heading]

    assert days[0].label == "Friday, 20 Nov 2026"
    assert days[0].note == "1 entry"
    assert days[-1].note == ""


async def test_filters_in_words_narrow_the_question_and_can_be_taken_away(qtbot: QtBot) -> None:
    shell, _, tab = await activity(qtbot)
    tab.chips.pick("kind", "reward")
    tab.chips.pick("account", "kraken-main")
    await shell.settled()
    assert tab.asked().kinds == (EntryKind.REWARD,)
    assert {"reward"} == {str(line.row.kind) for line in tab.model.lines() if not line.is_heading}
    assert f" of {fmt.count(len(books.entries()))} entries" in tab.count.text()
    tab.clear()
    await shell.settled()

    assert tab.total == len(books.entries())


async def test_text_without_a_match_says_so_and_offers_the_way_back(qtbot: QtBot) -> None:
    shell, _, tab = await activity(qtbot)
    tab.filter.setText("no such thing")
    tab._take_text()
    await shell.settled()
    assert tab.stage.state == "message"
    assert "No entry fits these filters." in texts(tab.stage)
    tab.clear()
    await shell.settled()

    assert tab.stage.state == "table"


async def test_an_answer_to_an_older_question_is_not_shown(qtbot: QtBot) -> None:
    shell, _, tab = await activity(qtbot)
    shell.fake.hold()
    tab.chips.pick("kind", "reward")
    tab.chips.pick("kind", "move")
    tab.chips.pick("kind", "reward", chosen=False)
    shell.fake.release()
    await shell.settled()

    assert {"move"} == {str(line.row.kind) for line in tab.model.lines() if not line.is_heading}


async def test_the_scope_holds_in_the_activity(qtbot: QtBot) -> None:
    scope = Scope(accounts=("binance-main",), since_ns=books.NOW - 90 * DAY, period="3m")
    _, _, tab = await activity(qtbot, scope=scope)
    names = {line.row.account_name for line in tab.model.lines() if not line.is_heading}

    assert {"Binance"} == names
    assert min(entry.at for entry in tab._entries.values()) >= books.NOW - 90 * DAY


async def test_new_records_come_in_by_difference(qtbot: QtBot) -> None:
    shell, _, tab = await activity(qtbot)
    resets: list[str] = []
    tab.model.modelReset.connect(lambda: resets.append("reset"))
    tab.books_changed()
    assert tab._later.isActive()
    tab._refresh()
    await shell.settled()

    assert (resets, tab.loaded) == ([], 200)


async def test_a_place_with_an_asset_shows_only_its_entries(qtbot: QtBot) -> None:
    _, _, tab = await activity(qtbot, detail="bitcoin")

    assert tab.chips.choice.assets == ("bitcoin",)
    assert all(any(leg.asset.asset_id == "bitcoin" for leg in entry.legs) for entry in tab._entries.values())


async def test_a_place_with_an_account_shows_only_its_entries(qtbot: QtBot) -> None:
    _, _, tab = await activity(qtbot, detail="account:kraken-desk")

    assert tab.chips.choice.accounts == ("kraken-desk",)


def test_periods_are_whole_days_in_utc() -> None:
    since, until = span("last-month", books.NOW)
    _, end = span("2025", books.NOW)

    assert (fmt.date(since or 0), fmt.date(until or 0)) == ("2026-10-01", "2026-10-31")
    assert span("", books.NOW) == (None, None)
    assert fmt.date(end or 0) == "2025-12-31"


def test_two_days_are_a_period_and_either_may_be_open() -> None:
    first, last = span(between("2026-01-01", "2026-01-31"), books.NOW)
    _, open_end = span(between("2026-01-01", ""), books.NOW)

    assert (fmt.date(first or 0), fmt.date(last or 0)) == ("2026-01-01", "2026-01-31")
    assert open_end is None
    with pytest.raises(InputError, match="no day"):
        between("yesterday", "")
    with pytest.raises(InputError, match="after"):
        between("2026-02-01", "2026-01-01")


async def test_days_that_are_typed_become_a_chip(qtbot: QtBot) -> None:
    shell, _, tab = await activity(qtbot)
    menu = tab.chips.ask_days()
    days: Any = menu.findChild(Days)
    days.first.setText("soon")
    days.take()
    assert "is no day" in days.fault.text()
    days.first.setText("2026-11-01")
    days.take()
    await shell.settled()

    assert tab.chips.choice.period == "2026-11-01.."
    assert min(entry.at for entry in tab._entries.values()) >= parse_iso("2026-11-01T00:00:00Z")[0]


def test_a_period_only_narrows_the_scope() -> None:
    scope = Scope(accounts=("a", "b"), since_ns=books.NOW - DAY)
    asked = Choice(accounts=("c",), period="2026").asked(scope, books.NOW)

    assert (asked.accounts, asked.since_ns) == (("",), books.NOW - DAY)
