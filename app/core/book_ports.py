"""Port of live order books: what somebody looks at, and where its books are put."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.core.model.order_books import BookView


class BookWatch(Protocol):
    """Somebody who looks at order books."""

    def wanted(self) -> frozenset[str]:
        """Return the assets whose books are looked at now; it is asked several times a second."""

    def perpetuals(self) -> frozenset[str]:
        """Return the perpetuals of the venue whose books are looked at now, in its own words."""

    def show(self, views: Sequence[BookView]) -> None:
        """Take the books as they are now; those of assets that are wanted no more are left out."""
