"""Tests that call tax compute on a vault as a process."""

from __future__ import annotations

from pathlib import Path

from tests.cli.process import Program


def test_a_year_of_the_books_has_the_shape_of_a_file_s_figures(books: Program) -> None:
    found = books.json("tax", "compute", "--jurisdiction", "de", "--year", "2024")

    (sold,) = found["disposals"]
    assert (sold["proceeds"], sold["cost"], sold["gain"], sold["term"]) == ("499", "300.78", "198.22", "long")
    assert (found["profile"]["method"], found["profile"]["currency"], found["totals"]["gain"]) == (
        "fifo",
        "EUR",
        "198.22",
    )
    assert found["valuations"][sold["id"]] == {
        "amount": "499",
        "source": "the currency itself; less fees: the currency itself",
        "costs": "1",
    }
    assert found["valuations"][sold["matches"][0]["lot"]]["amount"] == "300.78"
    assert found["head"] == books.json("audit", "root")["head"]


def test_a_figure_that_is_not_known_ends_with_status_1(books: Program) -> None:
    ended = books.run("tax", "compute", "--jurisdiction", "de", "--year", "2025", "--json")

    found = ended.document
    assert (ended.status, found["totals"]["income"], found["totals"]["gain"]) == (1, None, "0")
    assert [one["code"] for one in found["findings"]] == ["missing-basis"]


def test_a_figure_is_explained_down_to_lots_prices_and_records(books: Program) -> None:
    whole = books.json("explain", "tax/2024/de/gain")
    (step,) = whole["steps"]
    sale = books.json("explain", step["figure"])

    assert (whole["value"], step["value"], sale["value"]) == ("198.22", "198.22", "198.22")
    assert [(one["what"], one["value"]) for one in sale["steps"]] == [
        ("proceeds", "499"), ("cost", "300.78"), ("denied", "0"),
    ]  # fmt: skip
    assert "the currency itself" in sale["steps"][0]["source"]
    (lot,) = sale["lots"]
    assert (lot["rule"], lot["cost"], lot["acquired_at"]) == ("fifo", "300.78", "2023-01-03T03:04:05Z")
    assert [one["entry"] for one in sale["records"]] == [step["figure"].split("/")[4], lot["entry"]]
    assert all(len(one["hash"]) == 64 and one["is_verified"] for one in sale["records"])
    assert books.json("explain", f"tax/2024/de/disposal/{sale['records'][0]['entry']}")["figure"]


def test_holdings_of_the_books_can_be_those_of_a_day(books: Program, tmp_path: Path) -> None:
    target = tmp_path / "holdings.csv"
    words = ("tax", "report", "--form", "holdings", "--jurisdiction", "de", "--year", "2024", "--out", str(target))

    assert [books.run(*words, "--at", day).status for day in ("2024-03-02", "2023-03-02")] == [0, 3]
    assert target.read_text("utf-8").splitlines()[1].startswith("BTC,kraken-main,0.1,3007.8,300.78")


def test_the_french_form_values_the_portfolio_at_each_sale(books: Program, tmp_path: Path) -> None:
    target = tmp_path / "2086.csv"
    words = ("tax", "report", "--form", "fr-2086", "--year", "2024", "--out", str(target))

    assert books.run(*words).status == 0
    assert "198" in target.read_text("utf-8")


def test_a_method_that_a_country_does_not_allow_ends_with_status_6(books: Program) -> None:
    ended = books.run("tax", "compute", "--jurisdiction", "uk", "--method", "hifo")

    assert (ended.status, "does not allow the method hifo" in ended.err) == (6, True)


def test_people_see_a_table_with_totals(books: Program) -> None:
    ended = books.run("tax", "compute", "--jurisdiction", "de", "--year", "2024")

    assert (ended.status, "Total gain: 198.22 EUR" in ended.out) == (0, True)


def test_orders_are_recorded_listed_and_followed(books: Program) -> None:
    words = ("orders", "set", "--jurisdiction", "de", "--year", "2024", "--method", "lifo")
    made = books.json(*words, "--wallet", "kraken-main", "--reason", "judgment of 2025")

    listed = books.json("orders", "list")
    found = books.json("tax", "compute", "--jurisdiction", "de", "--year", "2024")

    assert [(one["method"], one["wallet"], one["year"], one["scope"]) for one in listed] == [
        ("lifo", "kraken-main", 2024, None)
    ]
    assert len(made["record"]) == 64
    assert [match["rule"] for one in found["disposals"] for match in one["matches"]] == ["lifo"]


def test_an_order_needs_a_reason_and_a_method_that_the_country_allows(books: Program) -> None:
    words = ("orders", "set", "--year", "2024", "--method", "hifo")

    ended = [
        books.run(*words, "--jurisdiction", "us").status,
        books.run(*words, "--jurisdiction", "uk", "--reason", "wish").status,
        books.run(*words, "--jurisdiction", "nowhere", "--reason", "wish").status,
    ]

    assert ended == [2, 6, 2]


def test_what_cannot_be_explained_is_said(books: Program) -> None:
    unknown = books.run("explain", "tax/2025/de/income", "--json")
    nothing = books.run("explain", "tax/2024/de/disposal/none")
    wrong = books.run("explain", "gain")

    assert (unknown.status, unknown.document["value"]) == (1, None)
    assert (nothing.status, wrong.status) == (3, 2)
    assert "names no figure" in wrong.err


def test_people_see_the_trail_of_a_figure(books: Program) -> None:
    ended = books.run("explain", "tax/2024/de/gain")

    assert "tax/2024/de/gain = 198.22 EUR" in ended.out
    assert "§ 23 EStG" in ended.out


def test_a_person_says_what_an_entry_was_and_the_figures_follow(books: Program) -> None:
    given = ["--kind", "gift", "--at", "2024-05-05T12:00:00Z", "--value", "120=EUR", "--acquired", "2019-01-01"]
    added = books.json("entry", "add", "--account", "kraken-main", "--leg", "BTC=0.01", *given, "--reason", "from Ada")
    spent = ["--kind", "spending", "--at", "2024-06-05T12:00:00Z", "--value", "600=EUR", "--reason", "a bicycle"]
    books.json("entry", "add", "--account", "kraken-main", "--leg", "BTC=-0.01", *spent)
    found = books.json("tax", "compute", "--jurisdiction", "de", "--year", "2024")

    sold = found["disposals"][-1]
    assert (sold["proceeds"], sold["cost"], sold["term"]) == ("600", "120", "long")
    assert sold["matches"][0]["acquired_at"] == "2019-01-01T12:00:00Z"
    assert [one["name"] for one in found["allowances"]] == [
        "Freigrenze of private sales",
        "Freigrenze of other services",
    ]
    wrong = books.run(
        "entry", "add", "--account", "kraken-main", "--leg", "BTC=1", "--acquired", "then", "--reason", "x"
    )
    assert (wrong.status, added["entry_id"] != "") == (3, True)
