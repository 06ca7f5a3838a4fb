from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from app.core.model.views import ActivityFilter, Scope
from app.core.money import add, multiply
from tests.ui import made_up_books as books
from tests.ui import made_up_views as views
from tests.ui.fake_workspace import FakeWorkspace


def test_quantities_are_the_sums_of_all_legs() -> None:
    sums: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for entry in books.entries():
        for leg in entry.legs:
            sums[leg.account_id, leg.sub_place, leg.asset.asset_id] += leg.quantity

    held = {
        (account, sub_place, one.asset.asset_id): quantity
        for one in books.HOLDINGS
        for (account, sub_place), quantity in one.places.items()
    }

    assert held == {place: total for place, total in sums.items() if total}


async def test_the_value_is_the_exact_sum_of_quantity_times_mark() -> None:
    found = await FakeWorkspace().portfolio.positions()

    by_hand = add(
        *(multiply(sum(one.places.values(), Decimal(0)), one.price) for one in books.HOLDINGS if one.price is not None)
    )

    assert (by_hand, 21, 20, ("ETHW",)) == (found.value, len(found.positions), found.priced, found.unpriced)


async def test_the_curve_ends_at_the_value_of_the_positions() -> None:
    overview = await FakeWorkspace().portfolio.overview(Scope(period="all"))

    assert overview.curve.points[-1].value == overview.positions.value
    assert overview.positions.value == add(*(share.value for share in overview.by_venue))
    assert overview.positions.value == add(*(share.value for share in overview.by_kind))


def test_the_activity_comes_in_pages_newest_first() -> None:
    first, second = (views.activity(ActivityFilter(text="btc"), offset, 200) for offset in (0, 200))

    moments = [entry.at for entry in (*first.entries, *second.entries)]

    assert first.total == len(moments) > 200
    assert sorted(moments, reverse=True) == moments
