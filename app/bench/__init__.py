"""The benchmarks: each prints its figures beside a reference taken in the same run and the goal."""

from __future__ import annotations

from app.bench.run import main

__all__ = ["main"]
