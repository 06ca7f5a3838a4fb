"""Assets: what a quantity is a quantity of. A ticker is a label; the id is the identity."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.core.money import SCALE


class AssetKind(StrEnum):
    """What an asset is, as far as showing and grouping need it."""

    CRYPTO = "crypto"
    STABLE = "stable"
    FIAT = "fiat"
    UNMAPPED = "unmapped"


@dataclass(frozen=True, slots=True)
class Asset:
    """One asset.

    Attributes:
        asset_id: Registry id ("bitcoin", "usd"), or "venue:native id" where no registry entry exists yet.
        symbol: The usual ticker, for people.
        scale: Decimal places of the unit in which quantities are stored.
        places: Decimal places that people are used to seeing.
        issuer: Who owes it, of a stablecoin or of a token that stands for another coin; "" for what nobody owes.
        chains: Where it is issued itself, each by its name in `chains`; none where that is not known.
        bridge: What a wrapped or staked token is redeemed through; "" for what stands for nothing else.
    """

    asset_id: str
    symbol: str
    name: str
    kind: AssetKind
    scale: int = SCALE
    places: int = 8
    issuer: str = ""
    chains: tuple[str, ...] = ()
    bridge: str = ""


def unmapped(venue: str, native_id: str) -> Asset:
    """Return the asset that only one venue's own id identifies; it never merges with another by its ticker."""
    return Asset(
        asset_id=f"{venue}:{native_id}", symbol=native_id, name=f"{native_id} at {venue}", kind=AssetKind.UNMAPPED
    )
