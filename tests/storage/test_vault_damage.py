"""Vaults that are damaged or forged: every region is told from a wrong passphrase, at opening or by the audit."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import VaultDamagedError, VaultTooNewError, WrongPassphraseError
from app.core.journal.encoding import decode, encode
from app.storage.header import keys_path
from tests.storage.vaults import BOOK, PASSPHRASE, flip, opened, silent, store, vault_in, write_page

PAGE = 4_096


def rewritten(closed: Path, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Write the keys file anew as a forger could: the checksum fits, the tag cannot."""
    content = keys_path(closed).read_bytes()
    told = decode(content[12:-64])
    body = encode(change(told))
    forged = content[:8] + len(body).to_bytes(4, "big") + body + content[-64:-32]
    keys_path(closed).write_bytes(forged + hashlib.sha256(forged).digest())


def test_another_passphrase_is_told_as_such(closed: Path) -> None:
    with pytest.raises(WrongPassphraseError, match="keys file is sound"):
        store(closed.parent).open(closed, PASSPHRASE + b"!")


@pytest.mark.parametrize("passphrase", [PASSPHRASE, PASSPHRASE + b"!"])
def test_every_changed_byte_of_the_keys_file_is_damage_whatever_the_passphrase(closed: Path, passphrase: bytes) -> None:
    content = keys_path(closed).read_bytes()
    for place in range(len(content)):
        keys_path(closed).write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(VaultDamagedError):
            store(closed.parent).open(closed, passphrase)


@pytest.mark.parametrize("length", [0, 1, 40, 200, -1])
def test_a_cut_keys_file_is_damage(closed: Path, length: int) -> None:
    keys_path(closed).write_bytes(keys_path(closed).read_bytes()[:length])

    with pytest.raises(VaultDamagedError):
        opened(closed)


def test_a_missing_keys_file_is_named(closed: Path) -> None:
    keys_path(closed).unlink()

    with pytest.raises(VaultDamagedError, match=r"a\.vault-keys is missing"):
        opened(closed)


@pytest.mark.parametrize("place", [0, 7, 15])
def test_a_changed_salt_is_damage(closed: Path, place: int) -> None:
    flip(closed, place)

    with pytest.raises(VaultDamagedError, match="first bytes"):
        opened(closed)


@pytest.mark.parametrize("place", [16, 100, 2_000, PAGE - 80, PAGE - 1])
def test_a_changed_first_page_is_damage(closed: Path, place: int) -> None:
    flip(closed, place)

    with pytest.raises(VaultDamagedError, match="first page"):
        opened(closed)


@pytest.mark.parametrize("size", [0, 10, 16, PAGE // 2])
def test_a_vault_cut_in_its_first_page_is_damage(closed: Path, size: int) -> None:
    os.truncate(closed, size)

    with pytest.raises(VaultDamagedError):
        opened(closed)


def test_a_changed_page_is_named_by_the_audit(closed: Path) -> None:
    last = closed.stat().st_size // PAGE
    for page in (last - 4, last - 2):
        flip(closed, (page - 1) * PAGE + 100)

    try:
        again = opened(closed)
    except VaultDamagedError:
        pytest.fail("these pages are not read at opening")
    found = again.verify(silent)
    again.close()

    assert not found.is_valid
    assert found.first_break.startswith(f"pages {last - 4}, {last - 2} of the file changed or cut")


def test_every_changed_page_is_found_at_opening_or_by_the_audit(closed: Path) -> None:
    content = closed.read_bytes()
    unseen = []
    for start in range(PAGE, len(content), 5 * PAGE):
        closed.write_bytes(content)
        flip(closed, start + 50)
        try:
            again = opened(closed)
        except VaultDamagedError:
            continue
        if again.verify(silent).is_valid:
            unseen.append(start // PAGE + 1)
        again.close()

    assert unseen == []


def test_a_broken_chain_is_told_from_a_damaged_page(closed: Path) -> None:
    again = opened(closed)
    with again._database.write() as connection:
        connection.execute("UPDATE bodies SET body = x'00' WHERE n = 40")
    found = again.verify(silent)
    again.close()

    assert not found.is_valid
    assert found.first_break.startswith("record 40 of device ")


def test_a_slot_that_asks_for_less_work_is_refused(closed: Path) -> None:
    def cheaper(told: dict[str, Any]) -> dict[str, Any]:
        told["slots"][0]["fields"]["memory_kib"] = 1_024
        return told

    rewritten(closed, cheaper)
    with pytest.raises(VaultDamagedError, match=r"memory \(KiB\) 1,024; allowed are 65,536"):
        opened(closed)


def test_a_keys_file_rewritten_without_the_key_is_refused(closed: Path) -> None:
    rewritten(closed, lambda told: {**told, "instance": bytes(16)})

    with pytest.raises(VaultDamagedError, match="rewritten by somebody"):
        opened(closed)


def test_a_keys_file_of_a_later_format_is_refused(closed: Path) -> None:
    rewritten(closed, lambda told: {**told, "format": 9})

    with pytest.raises(VaultTooNewError, match="format 9"):
        opened(closed)


def test_the_keys_of_another_vault_are_damage(closed: Path, tmp_path: Path) -> None:
    store(tmp_path).create(tmp_path / "b.vault", PASSPHRASE, BOOK).close()
    keys_path(closed).write_bytes(keys_path(tmp_path / "b.vault").read_bytes())

    with pytest.raises(VaultDamagedError):
        opened(closed)


def test_figures_that_differ_from_the_journal_are_derived_anew(tmp_path: Path) -> None:
    made = vault_in(tmp_path)
    write_page(made, 1)
    sound = made.reader.balances()
    with made._database.write() as connection:
        connection.execute("UPDATE balances SET low = low + 1")
    broken = made.verify(silent)
    made.rebuild()

    assert (broken.is_valid, made.verify(silent).is_valid, made.reader.balances()) == (False, True, sound)
    made.close()
