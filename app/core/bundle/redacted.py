"""The files of a sealed year without what is hidden: canonical output and evidence rebuilt, forms cell by cell."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from app.core.bundle.redaction import Redaction
from app.core.seal.hashes import canonical
from app.core.seal.sections import year_document

_SECTION, _TABLES, _FORMS = "year/", "tables/", "forms/"
_HASH = re.compile(r"[0-9a-f]{64}")
_LEG_PARTS = 4

Made = tuple[dict[str, bytes], dict[str, str]]
"""Files by name, and what is left out with the reason."""


def redacted_files(sealed: Mapping[str, bytes], redaction: Redaction) -> Made:
    """Return the files under a seal without what is hidden, and those that are left out with the reason."""
    sections = redacted_sections(sections_in(sealed), redaction)
    written = {name: canonical(one) for name, one in sections.items()}
    made = {"year.json": year_document(written), **{f"{_SECTION}{name}.json": one for name, one in written.items()}}
    made |= {name: _table(one, redaction) for name, one in sealed.items() if name.startswith(_TABLES)}
    made["evidence.json"] = canonical(_evidence(json.loads(sealed["evidence.json"]), redaction))
    if "differences.json" in sealed:
        made["differences.json"] = redacted_differences(sealed["differences.json"], redaction)
    forms, left_out = _forms({name: one for name, one in sealed.items() if name.startswith(_FORMS)}, redaction)
    return made | forms, left_out


def sections_in(sealed: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the sections of a sealed year; older generations had fewer."""
    return {
        name.removeprefix(_SECTION).removesuffix(".json"): json.loads(content)
        for name, content in sealed.items()
        if name.startswith(_SECTION)
    }


def redacted_sections(sections: Mapping[str, Any], redaction: Redaction) -> dict[str, Any]:
    """Return the canonical output of a year without what is hidden; the entries come first, so they are numbered so."""
    entries = {
        "listed": [_line(line, redaction) for line in sections["entries"]["listed"]],
        # Whoever knows all but one word of a month could guess it from a plain hash.
        "before": {
            month: [count, redaction.name("hash", hashed)]
            for month, (count, hashed) in sections["entries"]["before"].items()
        },
    }
    rules, findings = sections["rules"], sections["findings"]
    told = {
        "entries": entries,
        "totals": sections["totals"],
        "rules": {
            **rules,
            "options": {name: redaction.text(value) for name, value in rules["options"].items()},
            "orders": [[at, redaction.account(wallet), method] for at, wallet, method in rules["orders"]],
        },
        "valuations": {
            redaction.row(row): [amount, redaction.text(how)] for row, (amount, how) in sections["valuations"].items()
        },
        "selections": {redaction.row(row): _selection(one, redaction) for row, one in sections["selections"].items()},
        "findings": {
            "found": [[*words, [redaction.row(one) for one in named]] for *words, named in findings["found"]],
            "waived": [[code, redaction.row(subject)] for code, subject in findings["waived"]],
        },
        **{
            part: [_event(one, redaction) for one in sections[part]]
            for part in ("disposals", "income", "departures", "holdings")
        },
    }
    # Such as what persons decided: lists of ids, assets, days and prices.
    return told | {name: _walked(one, redaction) for name, one in sections.items() if name not in told}


def _walked(value: Any, redaction: Redaction) -> Any:
    if isinstance(value, dict):
        return {redaction.row(name): _walked(one, redaction) for name, one in value.items()}
    return [_walked(one, redaction) for one in value] if isinstance(value, list) else _value(value, redaction)


def _line(line: list[str], redaction: Redaction) -> list[str]:
    entry, at, kind, account, legs, held, state = line
    return [redaction.row(entry), at, kind, redaction.account(account), _legs(legs, redaction), held, state]


def _legs(legs: str, redaction: Redaction) -> str:
    parts = [leg.rsplit(" ", _LEG_PARTS - 1) for leg in legs.split("; ")] if legs else []
    if any(len(one) != _LEG_PARTS for one in parts):
        # An account with a name like that: the list cannot be taken apart, so all of it is hidden.
        return redaction.name("text", legs)
    return "; ".join(
        f"{_place(place, redaction)} {quantity} {redaction.asset(asset)} {role}"
        for place, quantity, asset, role in parts
    )


def _place(place: str, redaction: Redaction) -> str:
    account, _, sub_place = place.rpartition("/")
    return f"{redaction.account(account)}/{sub_place}"


def _event(one: Mapping[str, Any], redaction: Redaction) -> dict[str, Any]:
    """Return a sale, a receipt, what left, or what is held."""
    wallet = one["wallet"]
    told = {**one, "asset": redaction.asset(one["asset"]), "wallet": wallet and redaction.account(wallet)}
    if "row" in one:
        told["row"] = redaction.row(one["row"])
    if "rows" in one:
        told["rows"] = [redaction.row(row) for row in one["rows"]]
        told["matches"] = [{**match, "lot": match["lot"] and redaction.row(match["lot"])} for match in one["matches"]]
    return told


def _selection(one: Mapping[str, Any], redaction: Redaction) -> dict[str, Any]:
    return {**one, "lots": [[redaction.row(row), quantity] for row, quantity in one["lots"]]}


def _evidence(told: Mapping[str, Any], redaction: Redaction) -> dict[str, Any]:
    return {
        **told,
        "not_written": [[name, redaction.text(why)] for name, why in told["not_written"]],
        "previous": told["previous"] and redaction.name("seal", told["previous"]),
        "question": {name: redaction.text(value) for name, value in told["question"].items()},
        "reason": told["reason"] and redaction.name("text", told["reason"]),
        "records": {redaction.row(entry): record for entry, record in told["records"].items()},
    }


def redacted_differences(content: bytes, redaction: Redaction) -> bytes:
    """Return the report of what an amendment changed, without what is hidden."""
    told = json.loads(content)
    return canonical(
        {
            "against": {**told["against"], "seal": redaction.name("seal", told["against"]["seal"])},
            "causes": [{**one, "words": redaction.text(one["words"])} for one in told["causes"]],
            "differences": [
                {
                    **one,
                    "subject": redaction.row(one["subject"]),
                    "before": _value(one["before"], redaction),
                    "after": _value(one["after"], redaction),
                }
                for one in told["differences"]
            ],
        }
    )


def _value(value: Any, redaction: Redaction) -> Any:
    if not isinstance(value, str):
        return value
    return redaction.name("hash", value) if _HASH.fullmatch(value) else redaction.row(value)


def _forms(forms: Mapping[str, bytes], redaction: Redaction) -> Made:
    """Return the forms: tables cell by cell, other formats where nothing in them is hidden."""
    if redaction.has_figures_for_names:
        why = "an account is called like a figure, and the two cannot be told apart in a form"
        return {}, dict.fromkeys(forms, why)
    made = {name: _form(content, redaction) for name, content in forms.items() if name.endswith(".csv")}
    left_out: dict[str, str] = {}
    for name, content in forms.items():
        if name in made:
            continue
        table = f"{name.rpartition('.')[0]}.csv"
        # Every format of a form is made of the same report, so what its table does not tell, it does not either.
        if made.get(table) == forms.get(table, b"") or (name.endswith(".txf") and _is_told(content, redaction)):
            made[name] = content
        else:
            left_out[name] = f"it tells places or entries; its figures stand in {table}"
    return made, left_out


def _is_told(content: bytes, redaction: Redaction) -> bool:
    """Tell whether a text can be shown as it is."""
    text = content.decode("cp1252", errors="replace")
    return redaction.scrubbed(text) == text


def _form(content: bytes, redaction: Redaction) -> bytes:
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
    shown = [[redaction.row(cell) for cell in row] for row in rows]
    return content if shown == rows else _written(shown, "\r\n")


def _table(content: bytes, redaction: Redaction) -> bytes:
    """Return a canonical table, column by column."""
    hide: dict[str, Callable[[str], str]] = {
        "row": redaction.row,
        "lot": redaction.row,
        "entry_id": redaction.row,
        "wallet": redaction.account,
        "account": redaction.account,
        "asset": redaction.asset,
        "legs": partial(_legs, redaction=redaction),
        "source": redaction.text,
    }
    heading, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    columns = [hide.get(name) for name in heading]
    shown = [[cell if how is None else how(cell) for how, cell in zip(columns, row, strict=True)] for row in rows]
    return content if shown == rows else _written([heading, *shown], "\n")


def _written(rows: Iterable[Sequence[str]], end: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end).writerows(rows)
    return text.getvalue().encode()
