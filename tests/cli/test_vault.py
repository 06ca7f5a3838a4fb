"""Tests that call `counterfoil vault` as a process."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.cli.process import PASSPHRASE, Program
from tests.storage.vaults import flip

NEW = "nine small boats drift past the quay"


def test_info_says_everything_with_a_passphrase_and_the_header_without(program: Program) -> None:
    opened = program.json("vault", "info")
    locked = program.call([*program.command("vault", "info", "--json")[:5], "--json", "--vault", str(program.vault)])

    assert (opened["is_locked"], opened["books"], len(opened["devices"])) == (False, ["Main"], 1)
    assert (locked.status, locked.document["is_locked"], locked.document["vault_id"]) == (0, True, opened["vault_id"])


def test_a_vault_is_never_made_over_another(program: Program) -> None:
    ended = program.run("vault", "init")

    assert (ended.status, ended.out, len(ended.err.splitlines())) == (3, "", 1)


def test_a_wrong_passphrase_is_said_and_ends_with_4(program: Program) -> None:
    wrong = program.write("wrong", "not the passphrase at all\n")

    ended = program.call([*program.command("positions")[:-1], str(wrong), "--json"])

    assert (ended.status, ended.document["error"]["code"]) == (4, "wrong-passphrase")


def test_a_passphrase_may_come_through_an_open_file(program: Program) -> None:
    reading, writing = os.pipe()
    os.write(writing, f"{PASSPHRASE}\n".encode())
    os.close(writing)
    command = [*program.command("vault", "info", "--json")[:-2], "--passphrase-fd", str(reading)]

    ended = program.call(command, fds=(reading,))
    os.close(reading)

    assert (ended.status, ended.document["is_locked"]) == (0, False)


def test_verify_checks_every_record(program: Program) -> None:
    found = program.json("vault", "verify")

    assert (found["is_valid"], found["first_break"], found["records"] > 0) == (True, "", True)
    assert program.json("audit", "verify")["head"] == found["head"] == program.json("audit", "root")["head"]
    assert {**program.json("vault", "verify", "--rebuild"), "seconds": 0} == {**found, "seconds": 0}


def test_a_backup_is_restored_as_another_vault(program: Program) -> None:
    backup, restored = program.folder / "copy.backup", program.folder / "restored.vault"

    made = program.json("vault", "backup", str(backup))
    ended = program.run("vault", "restore", str(backup), "--to", str(restored))

    assert (made["bytes"], ended.status) == (backup.stat().st_size, 0)
    assert restored.exists()


def test_a_damaged_backup_is_refused_and_nothing_is_written(program: Program) -> None:
    backup, target = program.folder / "damaged.backup", program.folder / "never.vault"
    program.json("vault", "backup", str(backup))
    flip(backup, backup.stat().st_size // 2)

    ended = program.run("vault", "restore", str(backup), "--to", str(target))

    assert (ended.status, len(ended.err.splitlines()), target.exists()) == (7, 1, False)


def test_the_passphrase_is_changed_with_both_in_one_file(program: Program) -> None:
    both = program.write("both", f"{PASSPHRASE}\n{NEW}\n")
    back = program.write("back", f"{NEW}\n{PASSPHRASE}\n")

    changed = program.call([*program.command("vault", "change-passphrase")[:-1], str(both)])
    refused = program.run("vault", "verify")
    again = program.call([*program.command("vault", "change-passphrase")[:-1], str(back)])

    assert (changed.status, refused.status, again.status) == (0, 4, 0)


def test_everything_is_exported_as_tables(program: Program) -> None:
    folder = program.folder / "tables"

    written = program.json("vault", "export-all", str(folder))

    assert [file["file"] for file in written["files"]] == sorted(path.name for path in folder.iterdir())


def test_a_vault_is_destroyed_only_when_confirmed(tmp_path: Path) -> None:
    other = Program(tmp_path)
    other.run("vault", "init")

    asked = other.run("vault", "destroy")
    done = other.run("vault", "destroy", "--yes")
    gone = other.run("vault", "info")

    assert (asked.status, done.status, gone.status) == (2, 0, 4)
    assert [path.name for path in tmp_path.glob("books.vault*")] == []


def test_a_changed_byte_is_found_and_ends_with_7(program: Program, tmp_path: Path) -> None:
    other = Program(tmp_path)
    for path in program.folder.glob("books.vault*"):
        shutil.copy(path, tmp_path / path.name)
    flip(other.vault, 100)

    ended = other.run("vault", "info")

    assert (ended.status, len(ended.err.splitlines())) == (7, 1)


def test_an_older_copy_is_refused_until_a_person_accepts_it(program: Program, tmp_path: Path) -> None:
    other = Program(tmp_path)
    other.run("vault", "init")
    kept = {path: path.read_bytes() for path in (other.vault, tmp_path / "books.vault-keys")}
    statement = "txid,refid,time,type,asset,amount,fee\nL1,R1,2024-01-02 03:04:05,deposit,ZEUR,1,0\n"
    other.run("import", str(other.write("ledgers.csv", statement)))
    for path, content in kept.items():
        path.write_bytes(content)

    refused = other.run("positions", "--json")
    accepted = other.run("positions", "--accept-older")
    after = other.run("audit", "verify")

    assert (refused.status, refused.document["error"]["code"]) == (7, "vault-rolled-back")
    assert "--accept-older" in refused.document["error"]["hint"]
    assert (accepted.status, after.status) == (0, 0)
