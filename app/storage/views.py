"""Entries as screens show them: numbers of words turned back into names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.core.journal.bodies import read_entry
from app.core.ledger.entries import Entry
from app.core.model.accounts import Account
from app.core.model.assets import Asset
from app.core.model.views import EntryView, LegView
from app.core.ports import AssetRegistry
from app.storage.bodies import bodies
from app.storage.projections import State
from app.storage.words import Words

Found = tuple[int, bytes, int, int]
"""(record number, entry id, state, number of the current version's record)."""


class Views:
    """Builds views inside one transaction."""

    def __init__(self, connection: Any, words: Words, book: str, assets: AssetRegistry) -> None:
        """Read the names of accounts."""
        self._connection = connection
        self._registry = assets
        self._assets: dict[str, Asset] = {}
        names = words.words()
        rows = connection.execute("SELECT account, name, venue FROM accounts WHERE book = ?", (words.find(book),))
        self.accounts = {names[number]: Account(names[number], name, venue) for number, name, venue in rows}

    def asset(self, asset_id: str) -> Asset:
        """Return the asset of an id."""
        known = self._assets.get(asset_id)
        if known is None:
            known = self._assets[asset_id] = self._registry.asset(asset_id)
        return known

    def name(self, account_id: str) -> str:
        """Return the name of an account; its id where nobody named it."""
        known = self.accounts.get(account_id)
        return account_id if known is None else known.name

    def planned(self, entry_id: str, entry: Entry) -> EntryView:
        """Return an entry that is not in the books yet."""
        return self._view(entry_id, entry, State.PROVISIONAL if entry.is_provisional else State.RECORDED, 0)

    def of(self, found: Sequence[Found]) -> tuple[EntryView, ...]:
        """Return entries in the given order, without those whose bodies were erased."""
        texts = bodies(self._connection, [current for *_, current in found])
        views = []
        for n, entry_id, state, current in found:
            text = texts.get(current)
            if text is not None:
                entry = read_entry(text.get("revised") or text)
                views.append(self._view(entry_id.hex(), entry, State(state), self._seq(n)))
        return tuple(views)

    def _seq(self, n: int) -> int:
        return int(self._connection.execute("SELECT seq FROM records WHERE n = ?", (n,)).fetchone()[0])

    def _view(self, entry_id: str, entry: Entry, state: State, record: int) -> EntryView:
        legs = tuple(
            LegView(leg.account, self.name(leg.account), leg.sub_place, self.asset(leg.asset), leg.quantity, leg.role)
            for leg in entry.legs
        )
        return EntryView(
            entry_id=entry_id,
            at=entry.at,
            resolution=entry.resolution,
            kind=entry.kind,
            account_id=entry.account,
            account_name=self.name(entry.account),
            legs=legs,
            stated=entry.stated,
            references=dict(entry.references),
            state=state.name.lower(),
            record=record,
        )
