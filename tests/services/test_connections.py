"""Connections: what is refused is not kept, and secrets stay where they belong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.core.errors import CredentialsError, InputError, RefusedError, SourceError
from app.core.model.accounts import ConnectionState, Credentials, KeyScope
from app.services.workspace import Workspace
from app.storage.claims import claimed
from tests.services.books import KEY, READ_ONLY, Script

FRESH = Credentials({"apiKey": "KLMNOPQRST", "secret": "another"})
DANGEROUS = KeyScope(may_read=True, may_trade=True, may_withdraw=True)


async def add(workspace: Workspace, name: str = "main", *, allow_withdraw: bool = False) -> None:
    await workspace.connections.add(venue="kraken", name=name, credentials=KEY, allow_withdraw=allow_withdraw)


async def names(workspace: Workspace) -> list[str]:
    return [view.connection.name for view in await workspace.connections.all()]


async def test_a_key_is_probed_and_kept_with_its_account(workspace: Workspace) -> None:
    view = await workspace.connections.add(venue="kraken", name="kraken", credentials=KEY)

    assert (view.connection.scope, view.connection.key_hint, view.state) == (READ_ONLY, "ABCDEF", ConnectionState.NEW)
    assert [(account.account_id, account.name) for account in await workspace.portfolio.accounts()] == [
        ("kraken", "Kraken")
    ]


async def test_a_key_that_may_withdraw_is_refused_and_nothing_is_kept(workspace: Workspace, script: Script) -> None:
    script.scope = DANGEROUS
    with pytest.raises(RefusedError, match="may withdraw"):
        await add(workspace)

    assert (await names(workspace), await workspace.portfolio.accounts()) == ([], ())


async def test_a_person_may_insist_and_is_reminded(workspace: Workspace, script: Script) -> None:
    script.scope = DANGEROUS
    await add(workspace, allow_withdraw=True)

    assert [finding.code for finding in await workspace.findings.all()] == ["key-may-withdraw"]


async def test_a_key_that_the_venue_refuses_is_not_kept(workspace: Workspace, script: Script) -> None:
    script.fault = CredentialsError("Kraken refuses the key.", hint="Check it.")
    with pytest.raises(CredentialsError):
        await add(workspace)

    assert await names(workspace) == []


@pytest.mark.parametrize("name", ["", "-x", "a" * 65, "two\nlines"])
async def test_a_name_that_cannot_be_one_is_refused(workspace: Workspace, name: str) -> None:
    with pytest.raises(InputError):
        await add(workspace, name)


async def test_a_name_is_taken_once(workspace: Workspace) -> None:
    await add(workspace)
    with pytest.raises(InputError, match="already"):
        await add(workspace)

    assert await names(workspace) == ["main"]


async def test_an_unknown_venue_is_refused_with_those_that_there_are(workspace: Workspace) -> None:
    with pytest.raises(InputError) as refused:
        await workspace.connections.add(venue="nowhere", name="x", credentials=KEY)

    assert refused.value.hint == "There are: kraken."


async def test_a_replaced_key_is_used_from_then_on_and_a_refused_one_changes_nothing(
    workspace: Workspace, script: Script
) -> None:
    await add(workspace)
    await workspace.connections.rotate("main", FRESH)
    script.scope = DANGEROUS
    with pytest.raises(RefusedError):
        await workspace.connections.rotate("main", KEY)
    script.scope = READ_ONLY
    await workspace.connections.probe("main")

    assert script.opened[-1][1] == FRESH
    assert (await workspace.connections.all())[0].connection.key_hint == "KLMNOP"


async def test_an_account_names_every_connection_that_reads_it(workspace: Workspace) -> None:
    third = Credentials({"apiKey": "UVWXYZABCD", "secret": "a third"})
    await add(workspace)
    await workspace.connections.add(venue="kraken", name="second", credentials=FRESH, account="main")
    await workspace.connections.add(venue="kraken", name="other", credentials=third, account="fund")

    found = await workspace.connections.of_accounts()
    assert {account: sorted(read) for account, read in found.items()} == {"main": ["main", "second"], "fund": ["other"]}


async def test_a_removed_connection_leaves_its_account_in_the_books(workspace: Workspace) -> None:
    await add(workspace)
    await workspace.connections.remove("main")

    assert (await names(workspace), [one.account_id for one in await workspace.portfolio.accounts()]) == ([], ["main"])


async def test_a_probe_keeps_what_the_venue_says_now(workspace: Workspace, script: Script) -> None:
    await add(workspace)
    script.scope = replace(READ_ONLY, may_trade=True)
    await workspace.connections.probe("main")

    view = (await workspace.connections.all())[0]
    assert (view.connection.scope, view.connection.scope and view.connection.scope.words) == (
        script.scope,
        "read · trade",
    )


async def test_a_paused_connection_says_so_until_it_goes_on(workspace: Workspace) -> None:
    await add(workspace)
    await workspace.connections.pause("main", paused=True)
    assert (await workspace.connections.all())[0].state is ConnectionState.PAUSED

    await workspace.connections.pause("main", paused=False)
    assert (await workspace.connections.all())[0].state is ConnectionState.NEW


async def test_no_secret_is_in_what_is_shown(workspace: Workspace) -> None:
    await add(workspace)

    assert "canary" not in repr(await workspace.connections.all()) + repr(KEY)


@pytest.mark.parametrize("first", ["", "http://127.0.0.1:9"])
async def test_a_key_goes_only_where_it_was_entered_for(workspace: Workspace, script: Script, first: str) -> None:
    other = "" if first else "http://127.0.0.1:9"
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY, endpoint=first)
    await workspace.connections.add(venue="kraken", name="other", credentials=FRESH, endpoint=other)
    script.opened.clear()

    with pytest.raises(RefusedError, match="not sent anywhere else"):
        await workspace.connections.add(venue="kraken", name="third", credentials=KEY, endpoint=other)
    with pytest.raises(RefusedError, match="not sent anywhere else"):
        await workspace.connections.rotate("other", KEY)
    with pytest.raises(RefusedError, match="not sent anywhere else"):
        await workspace.connections.try_key(venue="kraken", credentials=KEY, endpoint=other)

    assert (script.opened, await names(workspace)) == ([], ["main", "other"])


async def test_accounts_of_two_venues_are_never_mixed(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "history.csv"
    file.write_text("UTC_Time,Account,Operation,Coin,Change\n2024-01-02 03:04:05,Spot,Deposit,BTC,1\n")
    await workspace.imports.commit(file)

    with pytest.raises(InputError, match="The account binance is at binance, not at kraken"):
        await workspace.connections.add(venue="kraken", name="main", credentials=KEY, account="Binance")

    assert await names(workspace) == []


async def test_a_connection_reads_the_account_whose_statements_were_imported(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "ledgers.csv"
    file.write_text("txid,refid,time,type,asset,amount,fee\nL1,R1,2024-01-02 03:04:05,deposit,XXBT,1,0\n")
    await workspace.imports.commit(file)

    first = await workspace.connections.add(venue="kraken", name="work", credentials=KEY)
    second = await workspace.connections.add(venue="kraken", name="home", credentials=FRESH)

    assert [view.connection.account_id for view in (first, second)] == ["kraken", "home"]


async def test_a_name_may_be_of_any_language(workspace: Workspace) -> None:
    await add(workspace, "Größe 2")

    assert await names(workspace) == ["Größe 2"]


async def test_one_key_is_read_by_one_connection(workspace: Workspace) -> None:
    await add(workspace)
    await workspace.connections.add(venue="kraken", name="second", credentials=FRESH)
    await workspace.connections.rotate("main", KEY)

    with pytest.raises(InputError, match="The connection main has this key already"):
        await add(workspace, "third")
    with pytest.raises(InputError, match="The connection main has this key already"):
        await workspace.connections.rotate("second", KEY)

    assert await names(workspace) == ["main", "second"]


async def test_a_key_that_another_process_reads_with_is_not_tried_meanwhile(
    workspace: Workspace, script: Script
) -> None:
    await add(workspace)
    script.opened.clear()
    elsewhere = claimed(Path((await workspace.info()).path), "main", "main")
    assert elsewhere is not None
    with pytest.raises(SourceError, match="main is being read by another Counterfoil"):
        await workspace.connections.probe("main")
    assert script.opened == []
    elsewhere.close()

    assert (await workspace.connections.probe("main")).may_read
