"""How a figure of risk comes about, in words: method, window, coverage, assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from app.ui import format as fmt
from app.ui.screens.base import HowComputed
from app.ui.screens.risk_found import exact
from app.ui.words import tr

if TYPE_CHECKING:
    from app.core.risk.basis import Basis, Coverage

_SHOWN = 5


class Naming(Protocol):
    """An answer that knows how a person calls what is in it."""

    def name(self, asset: str) -> str:
        """Return how a person knows an asset."""

    def words(self, sentence: str) -> str:
        """Return a sentence of the engine with names in place of ids."""


def told(title: str, basis: Basis, found: Naming, rows: Sequence[tuple[str, str]] = ()) -> HowComputed:
    """Return what stands behind a figure."""
    inputs = [*rows, (tr("Method"), fmt.typeset(basis.method))]
    if basis.since is not None and basis.until is not None:
        span = f"{fmt.date(basis.since)} – {fmt.date(basis.until)}"
        inputs += [(tr("Days"), span), (tr("Returns"), fmt.count(basis.observations))]
    sentences = [basis.how, *dict.fromkeys(basis.assumptions)]
    return HowComputed(
        title,
        " ".join(found.words(one) for one in sentences),
        (tr("What"), ""),
        tuple(inputs),
        covers(basis.coverage, found),
        place="positions",
    )


def share(coverage: Coverage) -> Decimal | None:
    """Return the covered share."""
    return exact(coverage.share)


def covers(coverage: Coverage, found: Naming) -> str:
    """Return "covers 87.3 % of the exposure", with what is left out or stands for something else."""
    of = {"exposure": tr("the exposure"), "assets": tr("the assets"), "bars": tr("the days")}[coverage.of.value]
    percent = fmt.percent(share(coverage), places=1)
    words = [tr("covers %p of %w").replace("%p", percent).replace("%w", of)]
    if coverage.left_out:
        words.append(tr("left out: %s").replace("%s", _some([found.name(one) for one in coverage.left_out])))
    if coverage.proxied:
        pairs = [f"{found.name(one.asset)} ({found.name(one.proxy)})" for one in coverage.proxied]
        words.append(tr("by a proxy: %s").replace("%s", _some(pairs)))
    return " · ".join(words)


def _some(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    tail = tr(" and %n more").replace("%n", fmt.count(more)) if more > 0 else ""
    return ", ".join(names[:_SHOWN]) + tail
