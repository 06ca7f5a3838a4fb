"""Statements of any length for the benchmarks: Kraken ledgers of a made-up account, always the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

HEADING = "txid,refid,time,type,aclass,asset,amount,fee,balance\n"
ASSETS = ("XXBT", "XETH", "SOL", "XXRP", "ADA", "DOT", "LINK", "XXDG", "ATOM", "XLTC")
START = datetime(2023, 1, 1, tzinfo=UTC)


def kraken_ledgers(path: Path, rows: int, seed: int = 7, *, seconds: int = 37, mark: str = "") -> Path:
    """Write so many rows: one deposit, then trades of two rows each, some seconds apart; `mark` begins every id."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(HEADING)
        stream.writelines(_rows(rows, random.Random(seed), seconds, mark))  # noqa: S311 - made-up rows, no secret
    return path


def _rows(count: int, dice: random.Random, seconds: int, mark: str) -> Iterator[str]:
    cash = Decimal(100_000_000)
    held = dict.fromkeys(ASSETS, Decimal(0))
    yield f"{mark}L0,{mark}R0,{START:%Y-%m-%d %H:%M:%S},deposit,currency,ZUSD,{cash},0,{cash}\n"
    for trade in range((count - 1) // 2):
        at = START + timedelta(seconds=seconds * (trade + 1))
        asset = dice.choice(ASSETS)
        quantity = Decimal(dice.randrange(1_000_000, 500_000_000)).scaleb(-8)
        cost = (quantity * Decimal(dice.randrange(1_000, 9_000))).scaleb(-2).quantize(Decimal("0.0001"))
        fee = (cost * Decimal("0.0026")).quantize(Decimal("0.0001"))
        cash -= cost + fee
        held[asset] += quantity
        moment = f"{at:%Y-%m-%d %H:%M:%S}"
        yield f"{mark}L{trade}A,{mark}T{trade},{moment},trade,currency,ZUSD,-{cost},{fee},{cash}\n"
        yield f"{mark}L{trade}B,{mark}T{trade},{moment},trade,currency,{asset},{quantity},0,{held[asset]}\n"
