"""What names in sentences about alerts stand for in the books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.errors import InputError
from app.core.model.accounts import Account
from app.core.ports import AssetRegistry
from app.services.accounts import listed, meant
from app.services.asset_words import asset_id


@dataclass(frozen=True, slots=True)
class BookNames:
    """Assets of the registry, accounts and sources of the book, and whom it depends on.

    Attributes:
        groups: Ids with the words for them, by "venue", "chain", "issuer" and "counterparty".
    """

    assets: AssetRegistry
    accounts: Sequence[Account]
    sources: Sequence[str]
    groups: Mapping[str, Mapping[str, str]]

    def id_of(self, kind: str, word: str) -> str:
        """Return the id of a word; InputError names what there is."""
        if kind == "asset":
            return asset_id(self.assets, word)
        if kind == "account":
            found = meant(self.accounts, word)
            if found is None:
                raise InputError(f"{word!r} names no account.", hint=f"There are: {listed(self.accounts)}.")
            return found.account_id
        known = dict.fromkeys(self.sources, "") if kind == "source" else self.groups.get(kind, {})
        wanted = word.casefold()
        for one, title in known.items():
            if wanted in (one.casefold(), title.casefold()):
                return one
        raise InputError(f"{word!r} is no {kind} of these books.", hint=f"There are: {', '.join(known) or 'none'}.")

    def word_of(self, kind: str, known: str) -> str:
        """Return how a person calls an id."""
        if kind == "asset":
            return self._symbol(known)
        if kind == "account":
            return next((one.name for one in self.accounts if one.account_id == known), known)
        return self.groups.get(kind, {}).get(known) or known

    def _symbol(self, asset: str) -> str:
        """Return the ticker where it names this asset alone; else the id."""
        symbol = self.assets.asset(asset).symbol
        try:
            return symbol if asset_id(self.assets, symbol) == asset else asset
        except InputError:
            return asset

    def words(self, kind: str) -> tuple[str, ...]:
        """Return the words of a kind that can be chosen, in their order."""
        if kind == "account":
            return tuple(one.name for one in self.accounts)
        if kind == "source":
            return tuple(self.sources)
        return tuple(title or one for one, title in self.groups.get(kind, {}).items())


def names_of(
    assets: AssetRegistry,
    accounts: Sequence[Account],
    sources: Sequence[str],
    venues: Mapping[str, str],
    held: Sequence[str],
) -> BookNames:
    """Return the names of a book that holds some assets; `venues` are titles by id."""
    here = {one.venue: venues.get(one.venue, one.venue) for one in accounts if one.venue}
    issuers = {issuer: issuer for asset in held if (issuer := assets.asset(asset).issuer)}
    # A token that several chains have is on none that the books know.
    chains = {chains[0]: chains[0] for asset in held if len(chains := assets.asset(asset).chains) == 1}
    groups = {"venue": here, "issuer": issuers, "counterparty": here | issuers, "chain": chains}
    by_symbol = sorted(held, key=lambda one: assets.asset(one).symbol)
    groups["asset"] = {asset: assets.asset(asset).symbol for asset in by_symbol}
    return BookNames(assets, accounts, tuple(sources), groups)
