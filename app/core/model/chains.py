"""Chains by name: the words of venues for the networks that coins travel over, and where an asset comes from.

Venues call one network by many words. What is not listed is unknown, and no chain is guessed from a part of a word.
"""

from __future__ import annotations

from app.core.model.assets import Asset

_WORDS = {
    "Algorand": ("algo",),
    "Aptos": ("apt",),
    "Arbitrum One": ("arbitrum", "arb", "arbi"),
    "Avalanche": ("avax", "avaxc", "avalanche c-chain", "avalanche c"),
    "BNB Smart Chain": ("bsc", "bep20", "bnb", "bnb chain"),
    "Base": (),
    "Bitcoin": ("btc", "xbt"),
    "Bitcoin Cash": ("bch",),
    "Cardano": ("ada",),
    "Cosmos Hub": ("atom", "cosmos"),
    "Dogecoin": ("doge", "xdg"),
    "Ethereum": ("eth", "erc20", "erc-20", "ether", "ethereum (erc20)"),
    "Ethereum Classic": ("etc",),
    "Hedera": ("hbar",),
    "Litecoin": ("ltc",),
    "NEAR": ("near protocol",),
    "OP Mainnet": ("optimism", "op"),
    "Polkadot": ("dot",),
    "Polygon": ("matic", "pol", "polygon pos"),
    "Solana": ("sol",),
    "Stellar": ("xlm", "stellar xlm"),
    "Sui": (),
    "TON": ("toncoin",),
    "TRON": ("trx", "trc20", "trc-20"),
    "Tezos": ("xtz",),
    "XRP Ledger": ("xrp", "ripple"),
}
_CHAINS = {word: chain for chain, words in _WORDS.items() for word in (chain.casefold(), *words)}


def chain_of(network: str) -> str:
    """Return the chain that a venue's word for a network means; "" where that is not known."""
    return _CHAINS.get(network.strip().casefold(), "")


def called(chain: str) -> str:
    """Return a chain that a person names, as it is called here; their own word where it is not known."""
    return chain_of(chain) or chain.strip()


def bridge_to(chain: str, asset: Asset) -> str:
    """Return what an asset on a chain is redeemed through; "" where it is issued there itself, or that is not known.

    Wrapped and staked tokens are redeemed through whoever made them, wherever they are.
    """
    if asset.bridge:
        return asset.bridge
    is_foreign = chain and asset.chains and chain.casefold() not in {one.casefold() for one in asset.chains}
    return f"Bridge to {chain}" if is_foreign else ""
