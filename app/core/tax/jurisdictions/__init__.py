"""The countries whose rules are known, one file each."""

from __future__ import annotations

from app.core.tax.jurisdiction import Jurisdiction
from app.core.tax.jurisdictions import au, ca, de, fr, generic, ie, jp, uk, us

JURISDICTIONS: dict[str, Jurisdiction] = {
    module.RULES.code: module.RULES for module in (us, uk, de, ca, au, fr, ie, jp, generic)
}
