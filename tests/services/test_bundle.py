"""Bundles for accountants: checked by the script inside them, as it is called by whoever gets one."""

from __future__ import annotations

import ast
import base64
import json
import re
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from app.core.errors import InputError, RefusedError, UsageError
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg
from app.core.seal.hashes import digest
from app.documents.csv_files import CsvReports
from app.documents.pdf_files import PdfReports
from app.documents.txf_files import TxfReports
from app.services.bundle import SCRIPT, Wanted, Written
from app.services.workspace import Workspace
from tests.services.books import Script, new_workspace, no_progress
from tests.services.sealed_books import HISTORY, US, event, keep, sealed


def checked(folder: Path, *openings: Path) -> tuple[int, str]:
    """Return how the script of a bundle ends, and the last line that it says."""
    command = [sys.executable, "-I", str(folder / "verify.py"), *map(str, openings)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - our own
    return ended.returncode, (ended.stdout + ended.stderr).strip().splitlines()[-1]


async def bundled(workspace: Workspace, folder: Path, *, redacted: bool = False, openings: bool = False) -> Written:
    """Write a bundle, and beside it what opens it."""
    asked = Wanted(2025, "us", folder, redacted, folder.with_suffix(".json") if openings else None)
    return await workspace.bundles.write(asked, no_progress)


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    """Return books whose seals have forms."""
    return with_forms(workspace)


def with_forms(workspace: Workspace) -> Workspace:
    assert isinstance(workspace.runtime.reports, dict)
    workspace.runtime.reports.update(csv=CsvReports(), pdf=PdfReports(), txf=TxfReports())
    return workspace


async def seal_twice(workspace: Workspace) -> None:
    """Seal a year, and amend it."""
    await keep(workspace, *HISTORY)
    await sealed(workspace)
    await keep(workspace, event("b0", "2025-01-02", ("bitcoin", "1"), ("usd", "-10000")))
    await workspace.seals.seal(US, no_progress, reason="found later", amends=True)
    await keep(workspace, event("b4", "2025-02-02", ("bitcoin", "1"), ("usd", "-9000")))
    await workspace.seals.seal(US, no_progress, reason="found later still", amends=True)


async def test_a_bundle_is_sound_and_tells_every_file(workspace: Workspace, tmp_path: Path) -> None:
    await seal_twice(workspace)

    await bundled(workspace, tmp_path / "b")

    newest = (await workspace.seals.versions(2025))[-1]
    names = {path.relative_to(tmp_path / "b").as_posix() for path in (tmp_path / "b").rglob("*") if path.is_file()}
    told = (tmp_path / "b" / "README.txt").read_text().splitlines()
    assert checked(tmp_path / "b") == (0, "SOUND: the files are complete, and follow from the seal and the journal.")
    assert names >= {*(part.name for part in newest.parts), "year.json", "amendments/2/differences.json"}
    assert names <= set(told)
    assert newest.seal in "\n".join(told)
    assert b"/sell/bitcoin" in shown_in((tmp_path / "b" / "forms/us-8949.pdf").read_bytes())


def test_the_script_is_short_and_needs_nothing_but_an_old_python() -> None:
    text = SCRIPT.read_text()
    told = ast.parse(text, feature_version=(3, 8))
    names = {one.name for node in ast.walk(told) if isinstance(node, ast.Import) for one in node.names}
    names |= {str(node.module) for node in ast.walk(told) if isinstance(node, ast.ImportFrom)}

    assert len(text.splitlines()) < 150
    assert names <= sys.stdlib_module_names


async def test_a_file_that_is_changed_by_one_byte_is_named(workspace: Workspace, tmp_path: Path) -> None:
    await seal_twice(workspace)
    await bundled(workspace, tmp_path / "b")

    for path in sorted(one for one in (tmp_path / "b").rglob("*") if one.is_file()):
        name, content = path.relative_to(tmp_path / "b").as_posix(), path.read_bytes()
        # In the script itself it is a word of its first line: what does not run says nothing.
        place = len(content) // 2 if name != "verify.py" else content.index(b"files")
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])

        assert checked(tmp_path / "b") == (1, f"WRONG: {name} was changed")
        path.write_bytes(content)


async def test_a_redacted_bundle_of_an_amended_year_is_sound_and_names_no_seal(
    workspace: Workspace, tmp_path: Path
) -> None:
    await seal_twice(workspace)

    await bundled(workspace, tmp_path / "r", redacted=True)

    versions = await workspace.seals.versions(2025)
    content = b"\n".join(contents(tmp_path / "r").values())
    assert checked(tmp_path / "r")[0] == 0
    assert {"differences.json", "amendments/2/differences.json"} < contents(tmp_path / "r").keys()
    assert [one.version for one in versions if one.seal.encode() in content or one.output.encode() in content] == []


async def test_a_file_that_is_missing_or_added_is_named(workspace: Workspace, tmp_path: Path) -> None:
    await keep(workspace, *HISTORY)
    await sealed(workspace)
    await bundled(workspace, tmp_path / "b")

    (tmp_path / "b" / "zz.txt").write_text("added")
    added = checked(tmp_path / "b")
    (tmp_path / "b" / "zz.txt").unlink()
    (tmp_path / "b" / "year" / "income.json").unlink()
    missing = checked(tmp_path / "b")

    assert added == (1, "WRONG: zz.txt was added")
    assert missing == (1, "WRONG: year/income.json is missing")


def forged(folder: Path, name: str, content: bytes) -> tuple[int, str]:
    """Put a file in place of another, with a manifest that fits: as somebody would who wants to be believed."""
    (folder / name).write_bytes(content)
    manifest = folder / "manifest.sha256"
    kept = manifest.read_text().splitlines()[:-1]
    lines = "\n".join(f"{digest(content)}  {name}" if line.endswith(f"  {name}") else line for line in kept)
    manifest.write_text(f"{lines}\n# {digest(lines.encode())}\n")
    return checked(folder)


async def test_who_makes_a_manifest_that_fits_is_found_out_by_seal_journal_and_sums(
    workspace: Workspace, tmp_path: Path
) -> None:
    await keep(workspace, *HISTORY)
    made = await sealed(workspace)
    for name in ("b", "c", "d", "e"):
        await bundled(workspace, tmp_path / name)
    for name in ("r", "t"):
        await bundled(workspace, tmp_path / name, redacted=True)
    records = (tmp_path / "c" / "proofs/chain-1/records.csv").read_bytes()
    seals = (tmp_path / "d" / "proofs/seals.json").read_bytes()

    part = forged(tmp_path / "b", "tables/disposals.csv", b"row\n")
    chain = forged(tmp_path / "c", "proofs/chain-1/records.csv", records.replace(b",entry,", b",hello,", 1))
    seal = forged(
        tmp_path / "d", "proofs/seals.json", seals.replace(b'"seal":"' + made.seal.encode(), b'"seal":"' + b"0" * 64)
    )
    shorter = forged(tmp_path / "e", "proofs/chain-1/records.csv", records.rsplit(b"\n", 2)[0] + b"\n")
    gain = (tmp_path / "r" / "year/disposals.json").read_bytes().replace(b'"gain":"30000"', b'"gain":"29000"')
    sums = forged(tmp_path / "r", "year/disposals.json", gain)
    totals = (tmp_path / "t" / "year/totals.json").read_bytes().replace(b'"gain":"30000"', b'"gain":"29000"')
    total = forged(tmp_path / "t", "year/totals.json", totals)

    assert part == (1, "WRONG: tables/disposals.csv is not what was sealed")
    assert chain[0] == 1
    assert "proofs/chain-1/records.csv breaks at record" in chain[1]
    assert seal == (1, "WRONG: proofs/seals.json holds another seal")
    assert shorter == (1, "WRONG: proofs/chain-1/records.csv does not lead to the head in proofs/chains.json")
    assert sums == (1, "WRONG: year/totals.json has another gain than its lists add up to")
    assert total == (1, "WRONG: year/totals.json is not what was sealed")


async def test_the_head_of_a_chain_is_signed_by_the_key_beside_it(workspace: Workspace, tmp_path: Path) -> None:
    await keep(workspace, *HISTORY)
    await sealed(workspace)
    await bundled(workspace, tmp_path / "b")

    proofs = tmp_path / "b" / "proofs"
    (chain,) = json.loads((proofs / "chains.json").read_text())
    key = load_pem_public_key((proofs / "chain-1/device.pem").read_bytes())
    signed = (proofs / "chain-1/signed.bin").read_bytes()
    key.verify((proofs / "chain-1/signature.bin").read_bytes(), signed)  # type: ignore[union-attr, call-arg]
    assert signed == b"counterfoil/commit\x00" + bytes.fromhex(chain["head"])
    assert (await workspace.info()).head == chain["head"]


async def test_an_archive_holds_the_same_and_has_the_same_bytes_whenever_it_is_made(
    workspace: Workspace, tmp_path: Path
) -> None:
    await keep(workspace, *HISTORY)
    await sealed(workspace)
    for name in ("b", "one.zip", "two.zip"):
        await bundled(workspace, tmp_path / name)

    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert checked(tmp_path / "unpacked")[0] == 0
    assert contents(tmp_path / "unpacked") == contents(tmp_path / "b")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_what_is_not_sealed_or_in_the_way_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    await keep(workspace, *HISTORY)
    with pytest.raises(RefusedError, match="US 2025 is not sealed") as early:
        await bundled(workspace, tmp_path / "b")
    await sealed(workspace)
    (tmp_path / "b.zip").write_text("mine")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "mine").write_text("mine")

    with pytest.raises(InputError, match=r"b\.zip is there already"):
        await bundled(workspace, tmp_path / "b.zip")
    with pytest.raises(InputError, match="not an empty folder"):
        await bundled(workspace, tmp_path / "c")
    with pytest.raises(UsageError, match="Nothing is hidden"):
        await bundled(workspace, tmp_path / "d", openings=True)
    assert "counterfoil tax seal --year 2025" in early.value.hint
    assert (tmp_path / "b.zip").read_text() == "mine"
    assert not (tmp_path / "d").exists()


# redacted -----------------------------------------------------------------------------------------------------------
LABEL = "aunt-marys-kraken"
NOTE = "paid to Igor for the boat"
HASH = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16"
ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"


def told_entries(label: str, note: str, native_id: str) -> Sequence[Entry]:
    """Return books of one account, with everything that an entry can tell."""
    moved = event("x", "2025-03-01", ("bitcoin", "-0.1"), kind=EntryKind.WITHDRAWAL)
    references = {"note": note, "tx_hash": HASH, "address": ADDRESS, "order": f"order-{native_id}"}
    return [
        Entry(
            label,
            one.at,
            one.kind,
            tuple(Leg(label, leg.sub_place, leg.asset, leg.quantity) for leg in one.legs),
            Identity("manual", f"{native_id}-{one.identity.native_id}"),
            references=references,
        )
        for one in (*HISTORY, moved)
    ]


def shown_in(content: bytes) -> bytes:
    """Return a file with the streams of a PDF unpacked behind it."""
    found = [content]
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        with_end = packed.strip()
        raw = base64.a85decode(b"<~" + with_end, adobe=True) if with_end.endswith(b"~>") else with_end
        found.append(zlib.decompressobj().decompress(raw))
    return b"".join(found)


async def redacted_and_opened(folder: Path, label: str, note: str, native_id: str) -> tuple[Path, list[str]]:
    """Return a redacted bundle of books of one account, and everything that must not be in it."""
    workspace = with_forms(await new_workspace(folder, Script()))
    ids = await keep(workspace, *told_entries(label, note, native_id))
    await workspace.seals.seal(US, no_progress, reason=note)
    await bundled(workspace, folder / "b", redacted=True, openings=True)
    newest = (await workspace.seals.versions(2025))[-1]
    await workspace.lock()
    return folder / "b", [label, note, native_id, HASH, ADDRESS, *ids, newest.seal, newest.output]


async def test_nothing_hidden_stands_anywhere_in_a_redacted_bundle(tmp_path: Path) -> None:
    folder, hidden = await redacted_and_opened(tmp_path, LABEL, NOTE, "QX7-ID-0009")

    for name, content in contents(folder).items():
        shown = shown_in(content)
        assert [one for one in hidden if one.encode() in shown] == [], name
    assert checked(folder)[0] == 0
    assert {"forms/us-8949.csv", "forms/us-8949.txf", "forms/income.csv"} < contents(folder).keys()
    assert "forms/us-8949.pdf" not in contents(folder)
    assert "LEFT OUT" in (folder / "README.txt").read_text()
    assert json.loads((folder / "year/disposals.json").read_text())[0]["wallet"] == "account-1"


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    label=some.from_regex(r"[a-zé]{4}[a-z0-9 ._:/-]{0,8}[a-z]{4}", fullmatch=True),
    note=some.from_regex(r"[A-Z][a-z]{5,9} [a-zäöü,;\"'=]{4,12}[a-z]{3} [0-9]{3,6}", fullmatch=True),
    native_id=some.from_regex(r"[A-Z]{3}[0-9]{9,14}", fullmatch=True),
)
async def test_whatever_accounts_and_notes_are_called_they_are_hidden(
    tmp_path_factory: pytest.TempPathFactory, label: str, note: str, native_id: str
) -> None:
    folder, hidden = await redacted_and_opened(tmp_path_factory.mktemp("b"), label, note, native_id)

    content = b"\n".join(map(shown_in, contents(folder).values()))
    assert [one for one in hidden if one.encode() in content] == []
    assert checked(folder)[0] == 0
    shutil.rmtree(folder.parent)


async def test_what_is_disclosed_is_checked_against_what_was_hidden(tmp_path: Path) -> None:
    folder, _ = await redacted_and_opened(tmp_path, LABEL, NOTE, "QX7-ID-0009")
    openings = json.loads((tmp_path / "b.json").read_text())
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    one.write_text(json.dumps({"account-1": openings["account-1"]}))
    other.write_text(json.dumps({"account-1": [openings["account-1"][0], "uncle-johns-kraken"]}))

    right, wrong = checked(folder, one), checked(folder, other)

    assert openings["account-1"][1] == LABEL
    assert right[0] == 0
    assert wrong == (1, "WRONG: account-1 is not what was hidden")


async def test_salts_are_of_one_seal_and_no_hash_is_of_the_word_alone(tmp_path: Path) -> None:
    folder, _ = await redacted_and_opened(tmp_path, LABEL, NOTE, "QX7-ID-0009")
    known = json.loads((folder / "redaction.json").read_text())
    openings = json.loads((tmp_path / "b.json").read_text())

    assert known["hidden"].keys() == openings.keys()
    assert known["hidden"]["account-1"] != digest(LABEL.encode())
    assert len({salt for salt, _ in openings.values()}) == len(openings)
    assert not {salt for salt, _ in openings.values()} & set(re.findall(r"[0-9a-f]{64}", json.dumps(known)))
