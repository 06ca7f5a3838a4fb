"""Connections and their secrets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.errors import InputError, VaultDamagedError
from app.core.model.accounts import Connection, Credentials, KeyScope
from app.storage.open_vault import SqlVault
from tests.storage.vaults import vault_in

KRAKEN = Connection(
    name="kraken",
    venue="kraken",
    account_id="kraken-main",
    endpoint="http://127.0.0.1:8001",
    key_hint="AbCd",
    is_paused=True,
    allow_withdraw=True,
    scope=KeyScope(may_read=True, may_trade=False, may_withdraw=None, detail="told by the venue"),
    added_at_ns=1,
    last_read_ns=2,
    last_error="none",
)
SECRETS = {"apiKey": "AbCdEf", "secret": "line one\nline two", "password": "ünïcode"}


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[SqlVault]:
    made = vault_in(tmp_path)
    yield made
    made.close()


def test_a_connection_is_kept_with_all_its_fields(vault: SqlVault) -> None:
    plain = Connection("binance", "binance", "binance-main")
    vault.connections.save(KRAKEN)
    vault.connections.save(plain)

    assert list(vault.connections.connections()) == [plain, KRAKEN]


def test_secrets_come_back_as_they_were_given(vault: SqlVault) -> None:
    vault.connections.save(KRAKEN, Credentials(dict(SECRETS)))

    assert vault.connections.credentials("kraken").fields == SECRETS


def test_saving_without_credentials_keeps_those_that_are_there(vault: SqlVault) -> None:
    vault.connections.save(KRAKEN, Credentials(dict(SECRETS)))
    vault.connections.save(replace(KRAKEN, last_error="timed out", scope=None))

    assert vault.connections.credentials("kraken").fields == SECRETS
    assert vault.connections.connections()[0].last_error == "timed out"
    assert vault.connections.connections()[0].scope is None


def test_new_credentials_replace_all_of_the_old_ones(vault: SqlVault) -> None:
    vault.connections.save(KRAKEN, Credentials(dict(SECRETS)))
    vault.connections.save(KRAKEN, Credentials({"apiKey": "new"}))

    assert vault.connections.credentials("kraken").fields == {"apiKey": "new"}


def test_a_removed_connection_leaves_no_secret(vault: SqlVault) -> None:
    vault.connections.save(KRAKEN, Credentials(dict(SECRETS)))
    vault.connections.remove("kraken")
    with vault._database.read() as connection:
        left = connection.execute("SELECT count(*) FROM secrets").fetchone()

    assert left == (0,)
    with pytest.raises(InputError, match="no connection 'kraken'"):
        vault.connections.credentials("kraken")


def test_an_unknown_connection_names_those_that_are_there(vault: SqlVault) -> None:
    vault.connections.save(KRAKEN)
    with pytest.raises(InputError) as refused:
        vault.connections.remove("other")

    assert refused.value.hint == "There are: kraken."


def test_a_secret_moved_to_another_field_or_connection_does_not_open(vault: SqlVault) -> None:
    vault.connections.save(KRAKEN, Credentials({"apiKey": "one", "secret": "two"}))
    vault.connections.save(replace(KRAKEN, name="other"), Credentials({"apiKey": "three"}))
    with vault._database.write() as connection:
        connection.execute(
            "UPDATE secrets SET sealed = (SELECT sealed FROM secrets WHERE connection = 'kraken' AND field = 'apiKey')"
            " WHERE connection = 'other' OR field = 'secret'"
        )
    for name in ("kraken", "other"):
        with pytest.raises(VaultDamagedError, match="sealed value"):
            vault.connections.credentials(name)


def test_no_secret_is_in_what_a_fault_or_a_log_would_show(vault: SqlVault) -> None:
    given = Credentials(dict(SECRETS))
    vault.connections.save(KRAKEN, given)
    shown = " ".join(map(repr, (given, vault.connections, vault.connections.credentials("kraken"))))

    assert not any(secret in shown for secret in SECRETS.values())
