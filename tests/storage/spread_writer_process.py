"""A process that keeps spreads of several instruments over and over, and says after each time which time it was."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from tests.storage.price_files import MOST, ONE, opened

ASSETS = ("ada", "bitcoin", "ether", "solana")


def main(path: Path, first: int) -> None:
    """Keep without an end; each time all instruments have been seen once more."""
    prices, count = opened(path), first
    while True:
        prices.spreads.keep([replace(ONE, base=asset, count=count) for asset in ASSETS], MOST, 0)
        sys.stdout.write(f"{count}\n")
        sys.stdout.flush()
        count += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
