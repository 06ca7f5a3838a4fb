"""Choices are checked before anything is computed."""

from __future__ import annotations

import pytest

from app.core.errors import RefusedError, UsageError
from app.core.lots.methods import Method, Scope
from app.core.tax.profile import profile


@pytest.mark.parametrize(
    ("code", "options"),
    [
        ("uk", {"safe-harbor": "global"}),
        ("us", {"taxpayer": "company"}),
        ("uk", {"taxpayer": "cat"}),
        ("uk", {"day-zone": "Europe/Nowhere"}),
        ("uk", {"day-zone": "../etc"}),
        ("us", {"wallet-order": "a;b"}),
        ("us", {"safe-harbor": "global", "wallet-order": "a;a"}),
        ("us", {"safe-harbor": "global", "safe-harbor-date": "2025-13-01"}),
        ("generic", {"safe-harbor": "global"}),
        ("generic", {"holding-period": "a year"}),
    ],
)
def test_an_option_that_says_nothing_here_is_wrong_usage(code: str, options: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        profile(code, options=options)


@pytest.mark.parametrize("code", ["uk", "ca", "fr", "jp", "ie"])
def test_a_scope_that_a_country_does_not_allow_is_refused(code: str) -> None:
    with pytest.raises(RefusedError, match="per-wallet"):
        profile(code, scope=Scope.PER_WALLET)


@pytest.mark.parametrize("method", [Method.SECTION_104, Method.PMP, Method.TOTAL_AVERAGE])
def test_a_pool_of_everything_is_not_kept_by_wallet(method: Method) -> None:
    with pytest.raises(RefusedError, match="one pool"):
        profile("generic", method=method, scope=Scope.PER_WALLET)


def test_what_is_not_chosen_is_the_countrys() -> None:
    chosen = {code: (one.method.value, one.scope.value) for code in ("us", "uk", "de", "fr") for one in [profile(code)]}

    assert chosen == {
        "us": ("fifo", "per-wallet"),
        "uk": ("section-104", "universal"),
        "de": ("fifo", "per-wallet"),
        "fr": ("pmp", "universal"),
    }
