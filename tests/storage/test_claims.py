"""Claims on connections: one reader at a time, whoever dies."""

from __future__ import annotations

from pathlib import Path

from app.storage.claims import claim_files, claimed


def test_one_connection_is_claimed_once_and_others_beside_it(tmp_path: Path) -> None:
    vault = tmp_path / "books.vault"
    first = claimed(vault, "book", "main")
    assert first is not None

    assert claimed(vault, "book", "main") is None
    for other in (claimed(vault, "book", "other"), claimed(vault, "second", "main")):
        assert other is not None
        other.close()
    first.close()


def test_what_was_let_go_of_can_be_claimed_again(tmp_path: Path) -> None:
    vault = tmp_path / "books.vault"
    for _ in range(2):
        claim = claimed(vault, "book", "a name / with anything: in it \u00e9")
        assert claim is not None
        claim.close()

    assert [path.stat().st_size for path in claim_files(vault)] == [0]
