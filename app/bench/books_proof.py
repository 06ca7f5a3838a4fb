"""Verification of a large vault: how long it takes, and whether a damage is found where it is."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from app.bench.figures import AT_LEAST, AT_MOST, Figure, timed
from app.bench.vaults import PASSPHRASE, silent
from app.core.errors import VaultDamagedError
from app.core.ports import Runtime
from app.storage import header as headers
from app.storage.database import connect

_PAGE = 4_096
_ALTERED = re.compile(r"record (\d+) of device")


def figures(runtime: Runtime, path: Path, *, places: int) -> Sequence[Figure]:
    """Verify the vault as it is, then with a flipped byte and with an altered record at so many places each."""
    dice = random.Random(5)  # noqa: S311 - places of damages, no secret
    with closing(runtime.vaults.open(path, PASSPHRASE.encode())) as vault, timed() as whole:
        sound = vault.verify(silent)
    pages = [_flipped(runtime, path, dice.randrange(path.stat().st_size)) for _ in range(places)]
    altered = [_altered(runtime, path, dice.randrange(sound.records)) for _ in range(places)]
    goal = (AT_LEAST, 1)
    return [
        Figure(f"verify, {sound.records:,} records", whole.seconds, "s", (AT_MOST, 5)),
        Figure("verify, sound vault found sound", float(sound.is_valid), "share", goal),
        Figure("verify, a byte flipped: longest", max(one for one, _ in pages), "s", (AT_MOST, 5)),
        Figure("verify, a byte flipped: page named", sum(named for _, named in pages) / places, "share", goal),
        Figure("verify, a record altered with the key: longest", max(one for one, _ in altered), "s", (AT_MOST, 5)),
        Figure("verify, a record altered: record named", sum(named for _, named in altered) / places, "share", goal),
    ]


def _flipped(runtime: Runtime, path: Path, place: int) -> tuple[float, bool]:
    """Return how long verification took with one byte changed, and whether it named the page."""
    page = place // _PAGE + 1
    seconds = 0.0
    with _changed(path, place):
        try:
            # Deriving the key is the vault's own protection, and no part of verification.
            with closing(runtime.vaults.open(path, PASSPHRASE.encode())) as vault, timed() as watch:
                told = vault.verify(silent).first_break
            seconds = watch.seconds
        except VaultDamagedError as error:
            # A page that opening needs: it is told then, and never as a wrong passphrase.
            told = error.line()
    return seconds, re.search(rf"\bpages? (?:\d+, )*{page}\b", told) is not None


@contextmanager
def _changed(path: Path, place: int) -> Iterator[None]:
    with path.open("r+b") as file:
        file.seek(place)
        (before,) = file.read(1)
        file.seek(place)
        file.write(bytes([before ^ 0x10]))
    try:
        yield
    finally:
        with path.open("r+b") as file:
            file.seek(place)
            file.write(bytes([before]))


def _altered(runtime: Runtime, path: Path, place: int) -> tuple[float, bool]:
    """Return how long verification took with one body changed by somebody with the key, and whether it named it."""
    n, seq, body = _rewrite(runtime, path, place, None)
    try:
        with closing(runtime.vaults.open(path, PASSPHRASE.encode())) as vault, timed() as watch:
            told = vault.verify(silent).first_break
    finally:
        _rewrite(runtime, path, n, body)
    named = _ALTERED.search(told)
    return watch.seconds, named is not None and int(named.group(1)) == seq


def _rewrite(runtime: Runtime, path: Path, place: int, body: bytes | None) -> tuple[int, int, bytes]:
    """Change the last byte of the first body from a record on, or put one back; returns number, place and body."""
    header, key = headers.unlock(headers.load(path), PASSPHRASE.encode(), runtime.keyring, "")
    with closing(connect(path, key.derive(b"database"), header.salt)) as connection:
        n, seq, before = connection.execute(
            "SELECT n, seq, body FROM records JOIN bodies USING (n) WHERE n >= ? ORDER BY n LIMIT 1", (place,)
        ).fetchone()
        after = bytes([*before[:-1], before[-1] ^ 1]) if body is None else body
        connection.execute("UPDATE bodies SET body = ? WHERE n = ?", (after, n))
    return n, seq, before
