"""What is hidden and what is not: names by stand-ins, texts without what they would tell, figures as they are."""

from __future__ import annotations

import json

import pytest

from app.core.bundle.redacted import redacted_differences, redacted_files
from app.core.bundle.redaction import Redaction
from app.core.journal.commitments import opens
from app.core.seal.hashes import canonical

KEY = bytes(range(32))
ENTRY, OTHER = "ab" * 16, "cd" * 16
HASH = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16"


def redaction(*labels: str, words: tuple[str, ...] = ()) -> Redaction:
    return Redaction(KEY, labels or ("kraken-main",), words)


def test_a_name_has_one_stand_in_wherever_it_stands_and_can_be_opened() -> None:
    made = redaction()

    said = [made.account("kraken-main"), made.row(f"{ENTRY}/sell/bitcoin"), made.row(ENTRY), made.row(OTHER)]

    assert said == ["account-1", "entry-1/sell/bitcoin", "entry-1", "entry-2"]
    salt, value = made.openings()["account-1"]
    assert value == "kraken-main"
    assert opens(bytes.fromhex(made.hidden()["account-1"]), bytes.fromhex(salt), value.encode())


def test_salts_follow_from_the_secret_and_differ_by_value() -> None:
    one, again, other = redaction(), redaction(), Redaction(bytes(32), ("kraken-main",), ())
    for made in (one, again, other):
        made.account("kraken-main")
        made.row(ENTRY)

    assert one.hidden() == again.hidden()
    assert set(one.hidden().values()).isdisjoint(other.hidden().values())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0.5 bitcoin at the close of 2025-06-01", None),
        ("sent from kraken-main to a friend", "sent from [hidden] to a friend [text-1]"),
        ("a kraken-mainland is no account", None),
        (f"first '{ENTRY}/sell/bitcoin'", "first '[hidden]/sell/bitcoin' [text-1]"),
        (f"by transaction {HASH}.", "by transaction [hidden] [text-1]"),
        ("note: rent for May, paid late", "note: [hidden], paid late [text-1]"),
        ("order 73000000001 of 12345", "order [hidden] of 12345 [text-1]"),
        ("2025-06-01", None),
        ("", None),
    ],
)
def test_a_text_is_shown_without_what_it_would_tell(text: str, shown: str | None) -> None:
    made = redaction("kraken-main", words=(HASH, "rent for May", "73000000001", "12345", "2025-06-01"))

    assert made.text(text) == (text if shown is None else shown)
    assert [value for _, value in made.openings().values()] == ([] if shown is None else [text])


def test_an_asset_that_names_its_venue_is_hidden_with_it() -> None:
    made = redaction("kraken")

    assert [made.asset("bitcoin"), made.asset("kraken:FOO"), made.row(f"{ENTRY}/sell/kraken:FOO")] == [
        "bitcoin",
        "asset-1",
        "entry-1/sell/asset-1",
    ]


def test_what_an_amendment_changed_is_told_without_names_and_hashes_of_them() -> None:
    told = {
        "against": {"version": "1", "seal": HASH},
        "causes": [{"code": "entry-later", "words": "An entry of kraken-main came later.", "record": "ef" * 32}],
        "differences": [
            {"part": "holdings", "subject": "bitcoin kraken-main", "field": "wallet", "before": "kraken-main",
             "after": None, "change": None},
            {"part": "entries", "subject": ENTRY, "field": "quantity", "before": "1", "after": "2", "change": "1"},
            {"part": "entries", "subject": "2024-05", "field": "hash", "before": HASH, "after": "12" * 32,
             "change": None},
        ],
    }  # fmt: skip

    made = json.loads(redacted_differences(canonical(told), redaction()))

    assert made["against"] == {"version": "1", "seal": "seal-1"}
    assert made["causes"][0]["words"] == "An entry of [hidden] came later. [text-1]"
    assert made["causes"][0]["record"] == "ef" * 32
    assert [(one["subject"], one["before"], one["after"]) for one in made["differences"]] == [
        ("bitcoin [hidden] [text-2]", "account-1", None),
        ("entry-1", "1", "2"),
        ("2024-05", "hash-1", "hash-2"),
    ]


EVENT = {"row": f"{ENTRY}/sell/bitcoin", "asset": "bitcoin", "wallet": "kraken-main", "at": "2025-06-01T12:00:00Z",
         "quantity": "1"}  # fmt: skip
SECTIONS = {
    "entries": {
        "listed": [[ENTRY, "2025-06-01T12:00:00Z", "trade", "kraken-main", "kraken-main/spot -1 bitcoin principal", "",
                    "final"]],
        "before": {"2024-05": ["1", HASH]},
    },
    "rules": {"options": {"wallet-order": "kraken-main;cold"}, "orders": [["2025-01-01", "kraken-main", "hifo"]],
              "method": "hifo"},
    "decisions": {"joined": [[[ENTRY], [OTHER]]], "reported": {"1099-da": HASH}},
    "valuations": {EVENT["row"]: ["1", "stated by kraken-main"]},
    "selections": {EVENT["row"]: {"lots": [[f"{OTHER}/buy/bitcoin", "1"]], "is_late": False}},
    "disposals": [{**EVENT, "rows": [EVENT["row"]], "gain": "1",
                   "matches": [{"lot": f"{OTHER}/buy/bitcoin", "rule": "hifo"}, {"lot": None, "rule": "missing"}]}],
    "income": [],
    "departures": [],
    "holdings": [{"asset": "bitcoin", "wallet": None, "quantity": "1", "cost": "2"}],
    "totals": {"gain": "1"},
    "findings": {"found": [["warn", "x", [ENTRY]]], "waived": [["break", "kraken-main/spot/bitcoin"]]},
}  # fmt: skip


def sealed(**forms: bytes) -> dict[str, bytes]:
    made = {f"year/{name}.json": canonical(one) for name, one in SECTIONS.items()}
    evidence = {"not_written": [], "previous": "", "question": {}, "reason": "for Igor", "records": {ENTRY: "ef" * 32}}
    made["evidence.json"] = canonical(evidence)
    made["tables/holdings.csv"] = b"asset,wallet,quantity\nbitcoin,kraken-main,1\n"
    return made | {f"forms/{name.replace('_', '.')}": one for name, one in forms.items()}


def test_every_section_is_shown_with_the_same_stand_ins() -> None:
    made, left_out = redacted_files(sealed(), redaction("kraken-main", "cold"))

    year = json.loads(made["year.json"])
    assert year["entries"]["listed"][0][3:5] == ["account-1", "account-1/spot -1 bitcoin principal"]
    assert year["entries"]["before"] == {"2024-05": ["1", "hash-1"]}
    assert year["rules"]["orders"] == [["2025-01-01", "account-1", "hifo"]]
    assert year["decisions"] == {"joined": [[["entry-1"], ["entry-2"]]], "reported": {"1099-da": "hash-1"}}
    assert year["disposals"][0]["matches"][0]["lot"] == "entry-2/buy/bitcoin"
    assert year["disposals"][0]["matches"][1]["lot"] is None
    assert year["holdings"] == SECTIONS["holdings"]
    assert json.loads(made["evidence.json"])["records"] == {"entry-1": "ef" * 32}
    assert made["tables/holdings.csv"] == b"asset,wallet,quantity\nbitcoin,account-1,1\n"
    assert made["year/totals.json"] == sealed()["year/totals.json"]
    assert left_out == {}
    assert not any(word in content for content in made.values() for word in (b"kraken", b"cold", b"Igor", b"abab"))


def test_a_form_is_rebuilt_cell_by_cell_and_left_out_where_that_cannot_be() -> None:
    place, nothing = b"Asset,Place\r\nBTC,kraken-main\r\n", b"What,USD\r\nGain,1\r\n"
    forms = sealed(a_csv=place, a_pdf=b"%PDF", a_txf=b"V042\r\nP1 BTC\r\n", b_csv=nothing, b_pdf=b"%PDF", c_pdf=b"%PDF")

    made, left_out = redacted_files(forms, redaction())

    assert made["forms/a.csv"] == b"Asset,Place\r\nBTC,account-1\r\n"
    assert made["forms/b.csv"] == nothing
    assert {"forms/a.txf", "forms/b.pdf"} < made.keys()
    assert left_out.keys() == {"forms/a.pdf", "forms/c.pdf"}


def test_where_an_account_is_called_like_a_figure_no_form_is_given_out() -> None:
    made, left_out = redacted_files(sealed(a_csv=b"Gain\r\n2025\r\n"), redaction("2025"))

    assert "forms/a.csv" not in made
    assert "called like a figure" in left_out["forms/a.csv"]
