"""What findings of figures call things: by the ids of a file, or as a person knows what is in the books."""

from __future__ import annotations

from app.core.lots.methods import Method, Scope
from app.core.names import AS_TOLD, Names
from app.core.tax.compute import compute
from app.core.tax.profile import profile
from tests.core.lots.histories import written

BOOKS = Names(str.lower, str.title, has_entries=True)
HISTORY = """
b1 2025-01-03 buy      1   BTC 100 wallet=hot
b2 2025-01-04 buy      1   BTC     wallet=hot
b3 2025-01-05 buy      1   BTC 100 wallet=cold
m1 2025-02-03 transfer 5   BTC     wallet=hot to_wallet=cold
s1 2025-05-03 sell     3   BTC 900 wallet=hot
s2 2025-05-04 sell     0.5 BTC 900 wallet=cold lots=b3:2
"""


def messages(names: Names) -> list[str]:
    chosen = profile("generic", method=Method.SPEC_ID, scope=Scope.PER_WALLET, options={"unidentified": "fifo"})
    found = compute(written(HISTORY), chosen, currency="EUR", refuses_choices=False, names=names)
    return [one.message for one in found.findings]


def test_rows_of_a_file_are_called_by_their_ids() -> None:
    told = messages(AS_TOLD)

    assert "'s1' sells 3 BTC more than was acquired before it: no gain is known." in told
    assert "'m1' moves 3 BTC more than hot held: these units arrive without lots." in told
    assert any("more of the lot 'b3' than it still holds here, which is 1 BTC at most." in one for one in told)


def test_entries_of_books_are_called_by_their_day_and_account() -> None:
    told = messages(BOOKS)

    assert "The entry of 3 May 2025 at Hot sells 3 btc more than was acquired before it: no gain is known." in told
    assert (
        "The entry of 3 February 2025 at Hot moves 3 btc more than Hot held: these units arrive without lots." in told
    )
    (choice,) = [one for one in told if "cannot be followed" in one]
    assert choice.startswith(
        "The selection of lots for the entry of 4 May 2025 at Cold cannot be followed any more: it"
    )
    assert "more of the lot of 5 January 2025 at Cold than it still holds here, which is 1 btc at most." in choice
    assert [one for one in told if "'" in one or "BTC" in one] == []
