"""Tests of the asset registry and of the file that it is built from."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.model.assets import Asset, AssetKind
from app.core.model.registry import Listing, StaticAssetRegistry

FILE = Path(__file__).parents[3] / "resources" / "data" / "assets.json"


@pytest.fixture(scope="module")
def registry() -> StaticAssetRegistry:
    """Return the registry that is shipped."""
    return StaticAssetRegistry.from_json(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "venue_and_id",
    [("kraken", "XXBT"), ("kraken", "XBT"), ("binance", "BTC"), ("coinbase", "BTC"), ("", "BTC"), ("", "bitcoin")],
)
def test_every_name_of_bitcoin_is_one_asset(registry: StaticAssetRegistry, venue_and_id: tuple[str, str]) -> None:
    found = registry.resolve(*venue_and_id)

    assert found.asset_id == "bitcoin"


def test_one_ticker_at_two_venues_can_be_two_assets(registry: StaticAssetRegistry) -> None:
    found = (registry.resolve("kraken", "LUNA").asset_id, registry.resolve("binance", "LUNA").asset_id)

    assert found == ("terra-classic", "terra")


def test_an_unknown_id_stays_with_its_venue(registry: StaticAssetRegistry) -> None:
    found = registry.resolve("kraken", "NEWCOIN")

    assert (found.asset_id, found.symbol, found.kind) == ("kraken:NEWCOIN", "NEWCOIN", AssetKind.UNMAPPED)
    assert registry.asset(found.asset_id) == found
    assert registry.native_id("kraken", found.asset_id) == "NEWCOIN"
    assert registry.native_id("binance", found.asset_id) is None


def test_the_first_id_of_a_venue_is_the_one_to_ask_with(registry: StaticAssetRegistry) -> None:
    assert registry.native_id("kraken", "usd") == "ZUSD"
    assert registry.native_id("coinbase", "monero") is None


def test_every_listed_id_resolves_to_its_asset(registry: StaticAssetRegistry) -> None:
    strays = [
        (venue, asset.asset_id)
        for asset in registry.assets()
        for venue in ("binance", "kraken", "coinbase")
        if (native := registry.native_id(venue, asset.asset_id)) is not None
        and registry.resolve(venue, native) != asset
    ]

    assert strays == []


def test_two_assets_cannot_claim_one_id() -> None:
    first = Asset("a", "A", "A", AssetKind.CRYPTO)
    second = Asset("b", "B", "B", AssetKind.CRYPTO)

    with pytest.raises(ValueError, match="claimed by a and b"):
        StaticAssetRegistry([Listing(first, {"kraken": ("X",)}), Listing(second, {"kraken": ("X",)})])
