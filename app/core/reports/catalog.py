"""Every report by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.core.errors import RefusedError, UsageError
from app.core.reports import (
    au_cgt,
    audit,
    ca_schedule_3,
    de_anlage_so,
    fr_2086,
    holdings,
    ie_cgt,
    income,
    jp_summary,
    realised,
    summary,
    uk_sa108,
    unrealised,
    us_8949,
    us_schedule_d,
)
from app.core.reports.source import ReportSource
from app.core.reports.table import Report


@dataclass(frozen=True, slots=True)
class Form:
    """A report that can be asked for.

    Attributes:
        jurisdiction: Whose form it is; None where it is nobody's.
    """

    name: str
    title: str
    jurisdiction: str | None
    make: Callable[[ReportSource], Report]


FORMS: dict[str, Form] = {
    module.FORM: Form(module.FORM, module.TITLE, module.JURISDICTION, module.report)
    for module in (
        us_8949,
        us_schedule_d,
        uk_sa108,
        de_anlage_so,
        ca_schedule_3,
        au_cgt,
        fr_2086,
        ie_cgt,
        jp_summary,
        realised,
        income,
        holdings,
        unrealised,
        audit,
        summary,
    )
}


def form(name: str) -> Form:
    """Return the form of a name; UsageError names what there is."""
    found = FORMS.get(name)
    if found is None:
        raise UsageError(f"There is no form {name!r}.", hint=f"There are: {', '.join(FORMS)}.")
    return found


def report(name: str, source: ReportSource) -> Report:
    """Return a report; a country's form is refused for figures that follow another law or currency."""
    found = form(name)
    rules = source.profile.jurisdiction
    if found.jurisdiction not in (None, rules.code):
        raise RefusedError(
            f"The form {name} belongs to the jurisdiction {found.jurisdiction}, and these figures follow {rules.code}.",
            hint=f"Choose --jurisdiction {found.jurisdiction}.",
        )
    if found.jurisdiction and source.currency not in ("", rules.currency):
        raise RefusedError(
            f"The form {name} is made in {rules.currency}, and these values are in {source.currency}.",
            hint=f"State the values in {rules.currency}; those of the books follow official exchange rates once these "
            "are read: counterfoil price rates use, or the settings.",
        )
    return found.make(source)
