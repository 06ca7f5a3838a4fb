"""Vaults on this computer: which were opened, and what is asked of whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.errors import VaultLockedError, WrongPassphraseError
from app.core.model.accounts import Book
from app.services.events import Locked
from app.services.vault import VaultService
from tests.services.books import PASSPHRASE, Script, make_runtime, new_workspace


@pytest.fixture
def vaults(tmp_path: Path) -> VaultService:
    return VaultService(make_runtime(tmp_path, Script()))


async def test_vaults_that_were_opened_are_remembered_the_newest_first(vaults: VaultService, tmp_path: Path) -> None:
    paths = [tmp_path / "a.vault", tmp_path / "b.vault"]
    for path in (*paths, paths[0]):
        opened = (
            await vaults.unlock(path, PASSPHRASE)
            if vaults.exists(path)
            else await vaults.create(path, PASSPHRASE, Book("main", "Main", "usd"))
        )
        await opened.lock()

    assert vaults.recent() == tuple(paths)


async def test_a_vault_of_simulated_books_is_not_what_a_person_opened_last(
    vaults: VaultService, tmp_path: Path
) -> None:
    opened = await vaults.create(tmp_path / "demo.vault", PASSPHRASE, Book("demo", "Demo", "usd", simulated=True))
    await opened.lock()

    assert vaults.recent() == ()


async def test_a_vault_that_is_gone_is_forgotten(vaults: VaultService, tmp_path: Path) -> None:
    opened = await vaults.create(tmp_path / "a.vault", PASSPHRASE, Book("main", "Main", "usd"))
    await opened.lock()
    await vaults.destroy(tmp_path / "a.vault")

    assert (vaults.recent(), vaults.exists(tmp_path / "a.vault")) == ((), False)


def test_a_damaged_list_of_recent_vaults_is_an_empty_one(vaults: VaultService, tmp_path: Path) -> None:
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "recent.json").write_text("{", "utf-8")

    assert vaults.recent() == ()


async def test_a_wrong_passphrase_opens_nothing(tmp_path: Path) -> None:
    opened = await new_workspace(tmp_path, Script())
    await opened.lock()
    with pytest.raises(WrongPassphraseError):
        await VaultService(make_runtime(tmp_path, Script())).unlock(opened.path, "another passphrase than that")


async def test_a_locked_vault_tells_so_once_and_reads_nothing_more(tmp_path: Path) -> None:
    opened = await new_workspace(tmp_path, Script())
    told = list[Locked]()
    opened.events.subscribe(Locked, told.append)
    await opened.lock()
    await opened.lock()

    assert told == [Locked()]
    with pytest.raises((VaultLockedError, RuntimeError)):
        await opened.info()
