"""Which version of the program runs."""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path


def own_version() -> str:
    """Return the version of the installed package, or of the folder that the program runs from."""
    try:
        return metadata.version("counterfoil")
    except metadata.PackageNotFoundError:
        with (Path(__file__).parents[2] / "pyproject.toml").open("rb") as stream:
            return str(tomllib.load(stream)["project"]["version"])
