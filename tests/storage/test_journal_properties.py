"""Laws of the books, over arbitrary histories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.ledger.balances import balances
from app.core.ledger.entries import Entry
from app.core.model.pages import Page
from app.core.money import plain
from app.storage.replay import rebuild
from tests.storage.journal_books import Books, entry, new_books, page

SMALL = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
Quantities = st.sampled_from(("1", "2", "-1", "0.000000000000000001", "-999999999999.999999999999999999"))
Legs = st.lists(st.builds("{} {}".format, Quantities, st.sampled_from(("bitcoin", "usd"))), min_size=1, max_size=3)


def histories() -> st.SearchStrategy[list[Entry]]:
    """Return events of a few seconds, each with its own id."""
    one = st.tuples(st.integers(0, 3), Legs)
    return st.lists(one, min_size=1, max_size=8).map(
        lambda events: [entry(f"T{n}", second, *legs) for n, (second, legs) in enumerate(events)]
    )


def fresh(folders: pytest.TempPathFactory) -> Books:
    return new_books(folders.mktemp("book"))


def sums(entries: Sequence[Entry]) -> dict[str, str]:
    found = balances(entries).items()
    return {f"{place}/{asset}": plain(quantity) for (_, place, asset), quantity in found if quantity}


def current(books: Books) -> list[Entry]:
    return [one for _, one in books.reader.export_entries()]


@SMALL
@given(history=histories(), data=st.data())
def test_balances_are_the_sums_of_current_legs_whatever_was_done(
    history: list[Entry], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    books = fresh(tmp_path_factory)
    books.append(page(*history))
    known = [entry_id for entry_id, _ in books.reader.export_entries()]
    for _ in range(data.draw(st.integers(0, 6))):
        which = data.draw(st.sampled_from(known))
        revised = data.draw(st.none() | st.just(entry("", 2, *data.draw(Legs))))
        if revised is not None or books.reader.entries([which])[0].state != "void":
            books.writer.revise_entry(which, revised, "drawn")
    before = books.balances()
    rebuild(books.database, books.assets)

    assert before == sums(current(books)) == books.balances()
    assert books.verify().first_break == ""


def cut(history: list[Entry], size: int) -> list[Page]:
    return [page(*history[n : n + size], cursor=str(n)) for n in range(0, len(history), size)]


@SMALL
@given(history=histories(), size=st.integers(1, 4), data=st.data())
def test_pages_in_any_order_and_number_give_the_same_books(
    history: list[Entry], size: int, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    once, often = fresh(tmp_path_factory), fresh(tmp_path_factory)
    once.append(page(*history))
    pages = cut(history, size)
    order = data.draw(st.permutations([*pages, *pages]))
    often.append(*order)

    assert often.balances() == once.balances()
    assert sorted(often.reader.export_entries(), key=str) == sorted(once.reader.export_entries(), key=str)


def as_statement(history: list[Entry]) -> Page:
    """Return the same events as a statement without ids tells of them."""
    rows = [replace(one, identity=replace(one.identity, native_id="")) for one in history]
    return page(*rows, stream="statement")


@SMALL
@given(history=histories(), size=st.integers(1, 4), data=st.data())
def test_interface_and_statement_in_any_order_give_each_event_once(
    history: list[Entry], size: int, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    books = fresh(tmp_path_factory)
    interface = cut(history, size)
    place = data.draw(st.integers(0, len(interface)))
    books.append(*interface[:place], as_statement(history), *interface[place:], as_statement(history), *interface)

    assert books.balances() == sums(history)
    assert books.verify().first_break == ""
