"""Which asset a person's word stands for."""

from __future__ import annotations

import re

from app.core.errors import InputError
from app.core.model.assets import AssetKind
from app.core.ports import AssetRegistry

_AT_VENUE = re.compile(r"(?P<venue>[a-z0-9][a-z0-9-]*):(?P<native>\S+)")


def asset_id(assets: AssetRegistry, name: str) -> str:
    """Return the id of an asset given by id, ticker or venue:ID; InputError where that is none or several."""
    at_venue = _AT_VENUE.fullmatch(name)
    if at_venue is not None:
        return assets.resolve(at_venue["venue"], at_venue["native"]).asset_id
    for spelled in (name, name.upper(), name.lower()):
        asset = assets.resolve("", spelled)
        if asset.kind is not AssetKind.UNMAPPED:
            return asset.asset_id
    message = f"{name!r} names no asset, or more than one."
    raise InputError(message, hint="Use an id such as bitcoin, or venue:ID for what only one venue lists.")
