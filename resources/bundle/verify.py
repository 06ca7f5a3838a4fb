"""Check the files beside it: python3 verify.py, or where something is redacted, python3 verify.py OPENINGS.json.

It needs Python 3.8 or newer and nothing else, writes nothing and sends nothing. It shows that these files belong
together, to the seal and to the journal. Whether that journal is your client's, the lines "head" and "seal" tell:
"counterfoil audit root" printed one of the heads on the day of the export, "counterfoil tax seals" prints the seal.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
import zlib
from decimal import Context, Decimal, setcontext
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
MANIFEST, SEALS, REDACTION, TOTALS = "manifest.sha256", "proofs/seals.json", "redaction.json", "year/totals.json"
SUMS = ("proceeds", "cost", "gain", "denied", "short_gain", "long_gain")


def check(holds: bool, name: str, why: str) -> None:  # noqa: FBT001
    if not holds:
        raise ValueError(f"{name} {why}")


def sha(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()


def content(name: str) -> bytes:
    return (HERE / name).read_bytes()


def told(name: str) -> Any:
    return json.loads(content(name))


def check_files(beside: list[Path]) -> int:
    """Every file has the hash that the manifest says, none is missing, and none was added."""
    lines, _, last = content(MANIFEST).rpartition(b"\n# ")
    check(last == f"{sha(lines)}\n".encode(), MANIFEST, "was changed")
    known = {MANIFEST: sha(content(MANIFEST)), **{line[66:]: line[:64] for line in lines.decode().split("\n")}}
    found = {path.relative_to(HERE).as_posix() for path in HERE.rglob("*") if path.is_file() and path not in beside}
    for name in sorted(found | set(known)):
        check(name in found, name, "is missing")
        check(name in known, name, "was added")
        check(sha(content(name)) == known[name], name, "was changed")
    return len(known)


def check_chains() -> dict[str, bytes]:
    """The header of each record holds the hash of the one before it, up to the head; returns headers by hash."""
    headers = {}
    for chain in told("proofs/chains.json"):
        name, before = chain["records"], bytes(32)
        for row in csv.DictReader(content(name).decode().splitlines()):
            header = bytes.fromhex(row["header"])
            check(before in header and row["kind"].encode() in header, name, f"breaks at record {row['number']}")
            before = hashlib.sha256(b"\0" + header).digest()
            headers[before.hex()] = header
        check(before.hex() == chain["head"], name, "does not lead to the head in proofs/chains.json")
        print(f"head {before.hex()} of device {chain['device']}")
    return headers


def opened(one: dict[str, str], kind: str, headers: dict[str, bytes]) -> bytes:
    """What a record says: its header holds the hash of salt and content, so that neither can be another."""
    header, body = headers.get(one["record"], b""), bytes.fromhex(one["body"])
    right = kind.encode() in header and bytes.fromhex(sha(bytes.fromhex(one["salt"]), body)) in header
    check(right, f"the {kind} {one['record']}", "is not what the journal says")
    return body


def check_seals(headers: dict[str, bytes]) -> str:
    """Each version's seal is the hash over its parts and names the one before; the files are the newest's parts."""
    before, parts = "", []
    for one in told(SEALS):
        hashed, parts = hashlib.sha256(b"counterfoil/period-seal/1\0"), one["parts"]
        body = opened(one, "period_seal", headers)
        for name, digest, record in parts:
            hashed.update(len(name.encode()).to_bytes(4, "big") + name.encode() + bytes.fromhex(digest))
            # In the record, the name is followed by hash and record, each behind the two signs of its length.
            named = name.encode() + b"X " + bytes.fromhex(digest) + b"X " + bytes.fromhex(record)
            check(named in body and b"sealed_file" in headers.get(record, b""), name, "is not in the journal")
            kept = f"amendments/{one['version']}/{name}"
            check(not (HERE / kept).exists() or sha(content(kept)) == digest, kept, "is not what was sealed")
        seal = hashed.digest()
        check(seal.hex() == one["seal"] and seal in body and bytes.fromhex(before) in body, SEALS, "holds another seal")
        before = one["seal"]
    for name, digest, _ in parts:
        check(sha(content(name)) == digest, name, "is not what was sealed")
    return before


def check_redacted(headers: dict[str, bytes], openings: dict[str, list[str]]) -> str:
    """What is as it was sealed has its record in the journal, and what is disclosed now is what was hidden."""
    known = told(REDACTION)
    check(b"period_seal" in headers.get(known["record"], b""), REDACTION, "names no seal of the journal")
    for name, one in known["unchanged"].items():
        body = opened(one, "sealed_file", headers)
        packed = body[body.index(b"x\x9c") :]  # where what zlib packed begins
        is_named = zlib.decompressobj().decompress(packed) == content(name) and name.encode() in body
        check(is_named, name, "is not what was sealed")
    for name, (salt, value) in openings.items():
        check(known["hidden"].get(name) == sha(bytes.fromhex(salt), value.encode()), name, "is not what was hidden")
        print(f"open {name} was {value}")
    return f"not disclosed, of record {known['record']}"


def check_entries(headers: dict[str, bytes]) -> int:
    """Each entry of the year has its record in the journal."""
    listed, known = told("year/entries.json")["listed"], told("evidence.json")["records"]
    for entry, *_ in listed:
        header = headers.get(known.get(entry), b"")
        check(b"entry" in header or b"revision" in header, "evidence.json", f"has no record of the journal for {entry}")
    return len(listed)


def check_totals() -> str:
    """The totals are the sums over the sales and the income."""
    totals, sales = told(TOTALS), told("year/disposals.json")
    lists = {name: [one[name] for one in sales] for name in SUMS}
    lists["income"] = [one["value"] for one in told("year/income.json")]
    for name, parts in lists.items():
        right = totals[name] is None or sum(map(Decimal, parts)) == Decimal(totals[name])
        check(right, TOTALS, f"has another {name} than its lists add up to")
    return f"{len(sales)} sales and {len(lists['income'])} receipts, gain {totals['gain']}, income {totals['income']}"


def main(openings: list[Path]) -> None:
    print("ok   files:", check_files([one.resolve() for one in openings]))
    headers = check_chains()
    disclosed = {name: value for one in openings for name, value in told(str(one.resolve())).items()}
    print("seal", check_redacted(headers, disclosed) if (HERE / REDACTION).exists() else check_seals(headers))
    print("ok   entries in the journal:", check_entries(headers))
    print("ok   totals:", check_totals())
    print("SOUND: the files are complete, and follow from the seal and the journal.")


if __name__ == "__main__":
    setcontext(Context(prec=9999))
    try:
        main([Path(word) for word in sys.argv[1:2]])
    except (OSError, ValueError, LookupError, TypeError, zlib.error) as error:
        sys.exit(f"WRONG: {error}")
