"""The registry of known assets, built from the text of `resources/data/assets.json`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.model.assets import Asset, AssetKind, unmapped


@dataclass(frozen=True, slots=True)
class Listing:
    """An asset with its ids at each venue; the first id of a venue is the one to ask it with."""

    asset: Asset
    venues: Mapping[str, tuple[str, ...]]


def _listing(row: Mapping[str, Any]) -> Listing:
    asset = Asset(
        asset_id=row["id"],
        symbol=row["symbol"],
        name=row["name"],
        kind=AssetKind(row["kind"]),
        places=row["places"],
        issuer=row.get("issuer", ""),
        chains=tuple(row.get("chains", ())),
        bridge=row.get("bridge", ""),
    )
    return Listing(asset, {venue: tuple(ids) for venue, ids in row["venues"].items()})


class StaticAssetRegistry:
    """Names of assets that do not change while the program runs.

    The venue "" stands for our own names: an asset id, or a ticker that exactly one asset has.
    """

    def __init__(self, listings: Iterable[Listing]) -> None:
        """Index listings; a venue's id that two assets claim, or an id given twice, is a ValueError."""
        known = tuple(listings)
        self._assets: dict[str, Asset] = {}
        self._by_native: dict[tuple[str, str], Asset] = {}
        self._native: dict[tuple[str, str], str] = {}
        for listing in known:
            self._add(listing)
        tickers = Counter(listing.asset.symbol for listing in known)
        for asset in self._assets.values():
            if tickers[asset.symbol] == 1:
                self._by_native.setdefault(("", asset.symbol), asset)

    @classmethod
    def from_json(cls, text: str) -> StaticAssetRegistry:
        """Return the registry of a parsed file; ValueError where two assets share an id."""
        return cls(_listing(row) for row in json.loads(text)["assets"])

    def _add(self, listing: Listing) -> None:
        asset = listing.asset
        if asset.asset_id in self._assets:
            message = f"asset id {asset.asset_id!r} is listed twice"
            raise ValueError(message)
        self._assets[asset.asset_id] = asset
        self._by_native["", asset.asset_id] = asset
        for venue, ids in listing.venues.items():
            self._native[venue, asset.asset_id] = ids[0]
            for native_id in ids:
                taken = self._by_native.setdefault((venue, native_id), asset)
                if taken is not asset:
                    message = f"{venue} id {native_id!r} is claimed by {taken.asset_id} and {asset.asset_id}"
                    raise ValueError(message)

    def assets(self) -> tuple[Asset, ...]:
        """Return all known assets in the order of the file."""
        return tuple(self._assets.values())

    def resolve(self, venue: str, native_id: str) -> Asset:
        """Return the asset of a venue's own id; an unmapped one is scoped by its venue."""
        known = self._by_native.get((venue, native_id))
        return unmapped(venue, native_id) if known is None else known

    def asset(self, asset_id: str) -> Asset:
        """Return the asset of an id; unmapped ids carry their venue."""
        known = self._assets.get(asset_id)
        if known is not None:
            return known
        venue, colon, native_id = asset_id.partition(":")
        if colon:
            return unmapped(venue, native_id)
        return Asset(asset_id=asset_id, symbol=asset_id, name=asset_id, kind=AssetKind.UNMAPPED)

    def native_id(self, venue: str, asset_id: str) -> str | None:
        """Return the venue's id of an asset; None where it does not list it."""
        known = self._native.get((venue, asset_id))
        if known is not None:
            return known
        owner, colon, native_id = asset_id.partition(":")
        return native_id if colon and owner == venue else None
