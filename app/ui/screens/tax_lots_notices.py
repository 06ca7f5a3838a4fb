"""One line above the choice of lots: what the law asks of this sale, and what was recorded for it."""

from __future__ import annotations

from app.core.lots.methods import Method
from app.services.tax_years import TaxYear
from app.ui import format as fmt
from app.ui.screens import tax_lots_rows as rows
from app.ui.screens import tax_words as words
from app.ui.words import tr

Notice = tuple[str, str, str, str]
"""(tone, icon, what, what it means)."""


def of(found: TaxYear, sale: rows.SaleRow, *, follows: bool) -> Notice:
    """Return what is to be said of a sale; `follows` tells whether its figures follow selections at all."""
    profile, rules = found.profile, found.profile.jurisdiction
    if Method.SPEC_ID not in rules.methods:
        return "info", "info", tr("%c selects no lots.").replace("%c", rules.name), f"{rules.law}."
    if not follows:
        what = tr("These figures follow %m, as asked above.").replace("%m", words.method(profile.method))
        return "info", "info", what, tr("Selections count where law or standing order decides.")
    default = rows.default_words(profile, sale.figures.wallet, sale.figures.at)
    if any(_is_wrong(one.code, one.subject, sale) for one in found.findings):
        fix = tr("No gain is known: choose anew, or leave it to %m.").replace("%m", default)
        return "danger", "circle-alert", tr("The selection cannot be followed any more."), fix
    if sale.identified is not None:
        return _selected(sale, default, has_deadline=profile.has_deadline(sale.figures.at))
    if profile.has_deadline(sale.figures.at):
        told = tr("%m applies; what you record now is kept, and not followed.")
        return "warn", "clock-alert", tr("The sale is made: a choice now is late."), told.replace("%m", default)
    return (
        "info",
        "clock",
        tr("Choose which units were sold; otherwise %m applies.").replace("%m", default),
        (rules.methods[Method.SPEC_ID]),
    )


def may_be_proven(found: TaxYear, sale: rows.SaleRow) -> bool:
    """Tell whether a sale has a late selection that a person may say other books prove."""
    is_late = sale.identified is not None and sale.identified.is_late
    return is_late and "late-selection" in found.profile.jurisdiction.options


def _is_wrong(code: str, subject: str, sale: rows.SaleRow) -> bool:
    return code == "wrong-lot-selection" and subject == sale.row


def _selected(sale: rows.SaleRow, default: str, *, has_deadline: bool) -> Notice:
    selected = sale.identified
    if selected is None:
        message = "nothing is selected for this sale"
        raise ValueError(message)
    at = fmt.moment(selected.selection.recorded_ns)
    record = tr("Record %h").replace("%h", fmt.grouped_hash(selected.selection.record, short=True))
    if selected.is_late:
        after = fmt.age(selected.selection.recorded_ns - selected.sold_ns)
        what = tr("Selected on %t, %a after the sale.").replace("%t", at).replace("%a", after)
        kept = tr("Kept, not followed: %m applies.").replace("%m", default)
        return "warn", "clock-alert", what, tr("Followed: other books prove it.") if selected.is_followed else kept
    if selected.selection.wallet:
        return "ok", "check", tr("Selected ahead of the sale, on %t.").replace("%t", at), record
    if has_deadline:
        before = fmt.age(selected.sold_ns - selected.selection.recorded_ns)
        what = tr("Selected on %t, %a before the sale.").replace("%t", at).replace("%a", before)
        return "ok", "check", what, record
    return "ok", "check", tr("Selected on %t.").replace("%t", at), record
