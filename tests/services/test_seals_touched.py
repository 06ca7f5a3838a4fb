"""Tests of closed years that somebody with the key altered, and of vaults that were restored from an older backup."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.errors import ChainBrokenError, VaultRolledBackError
from app.core.journal.encoding import encode
from app.core.model.period_seals import PeriodSeal
from app.core.seal.hashes import digest, seal_of
from app.services.vault import VaultService
from app.services.workspace import Workspace
from app.storage.decisions.seals import file_fields, seal_fields
from tests.services.books import PASSPHRASE, Script, make_runtime, new_workspace, no_progress
from tests.services.sealed_books import HISTORY, US, event, keep, sealed

CHEAPER = event("b0", "2023-01-01", ("bitcoin", "1"), ("usd", "-10000"))
TOTALS = "year/totals.json"


def write(workspace: Workspace, record: str, fields: dict[str, object]) -> None:
    """Put other bytes in the place of a record's body, as somebody with the key can."""
    with workspace._vault._database.write() as connection:  # type: ignore[attr-defined]
        connection.execute(
            "UPDATE bodies SET body = ? WHERE n = (SELECT n FROM records WHERE hash = ?)",
            (encode(fields), bytes.fromhex(record)),
        )


def forged(workspace: Workspace, made: PeriodSeal) -> bytes:
    """Return the totals of a closed year with another gain."""
    content = workspace._vault.proofs.sealed_file(made.part(TOTALS))
    return content.replace(b'"gain":"30000"', b'"gain":"3"')


def alter_file(workspace: Workspace, made: PeriodSeal) -> None:
    """Write another gain into a sealed file."""
    write(workspace, made.part(TOTALS).record, file_fields(TOTALS, forged(workspace, made)))


def alter_file_and_seal(workspace: Workspace, made: PeriodSeal) -> None:
    """Write another gain, and its hash into the seal, so that both fit each other."""
    content = forged(workspace, made)
    write(workspace, made.part(TOTALS).record, file_fields(TOTALS, content))
    parts = tuple(replace(one, hash=digest(content)) if one.name == TOTALS else one for one in made.parts)
    other = replace(made, parts=parts, seal=seal_of((one.name, one.hash) for one in parts))
    write(workspace, made.record, seal_fields(other))


@pytest.mark.parametrize(
    ("alter", "told"),
    [
        (alter_file, "The sealed file year/totals.json was changed after it was sealed"),
        (alter_file_and_seal, "The seal of US 2025, version 1 was changed after it was sealed"),
    ],
)
async def test_a_closed_year_that_was_altered_with_the_key_is_named_wherever_it_is_read(
    workspace: Workspace, alter: Callable[[Workspace, PeriodSeal], None], told: str
) -> None:
    await keep(workspace, *HISTORY)
    await sealed(workspace)
    await keep(workspace, CHEAPER)
    (made,) = await workspace.seals.all()
    alter(workspace, made)
    (altered,) = await workspace.seals.all()

    waiting = [one for one in await workspace.findings.all() if one.code == "broken-seal"]

    with pytest.raises(ChainBrokenError, match=told):
        await workspace.seals.verify(altered, no_progress)
    with pytest.raises(ChainBrokenError, match=told):
        await workspace.tax.compute(US)
    with pytest.raises(ChainBrokenError, match=told):
        await workspace.seals.files(altered)
    assert [told in one.message for one in waiting] == [True]
    assert not (await workspace.audit.verify(no_progress)).is_valid


async def test_a_vault_restored_from_before_the_seal_says_so_and_has_the_year_open(tmp_path: Path) -> None:
    workspace = await new_workspace(tmp_path, Script())
    await keep(workspace, *HISTORY)
    backup = tmp_path / "before.backup"
    await workspace.backup(backup, no_progress)
    lost = await sealed(workspace)
    await workspace.lock()
    vaults = VaultService(make_runtime(tmp_path, Script()))
    workspace.path.write_bytes(backup.read_bytes())

    with pytest.raises(VaultRolledBackError):
        await vaults.unlock(workspace.path, PASSPHRASE)
    restored = await vaults.unlock(workspace.path, PASSPHRASE, accept_older=True)
    before = await restored.seals.all()
    again = await sealed(restored)

    assert before == ()
    assert (again.version, again.output) == (1, lost.output)
    assert (await restored.seals.verify(again, no_progress)).is_reproduced
    await restored.lock()
