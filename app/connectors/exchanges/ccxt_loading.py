"""Loads single exchange classes of ccxt: its own package would import all of them, twice, in three times the time."""

from __future__ import annotations

import importlib
import importlib.machinery
import sys
import threading
import types
from pathlib import Path
from typing import Any

_lock = threading.Lock()


def exchange_class(ccxt_id: str, *, is_live: bool = False) -> Any:
    """Return a class of `ccxt.async_support`, or of `ccxt.pro`; may take 0.3 s, so not on a loop's thread."""
    with _lock:
        if "ccxt" not in sys.modules:
            _install()
        return _member("ccxt.pro" if is_live else "ccxt.async_support", ccxt_id)


def _install() -> None:
    """Put packages into `sys.modules` that have ccxt's modules but import none by themselves."""
    spec = importlib.machinery.PathFinder.find_spec("ccxt")
    if spec is None or spec.origin is None:
        message = "ccxt is not installed"
        raise ImportError(message)
    folder = Path(spec.origin).parent
    base = _package("ccxt", folder)
    errors = importlib.import_module("ccxt.base.errors")
    faults = {name: value for name, value in vars(errors).items() if isinstance(value, type)}
    vars(base).update(faults)
    precision = importlib.import_module("ccxt.base.decimal_to_precision")
    vars(base).update({name: value for name, value in vars(precision).items() if not name.startswith("_")})
    vars(base)["Exchange"] = importlib.import_module("ccxt.base.exchange").Exchange
    vars(base)["Precise"] = importlib.import_module("ccxt.base.precise").Precise
    packages = [_package(f"ccxt.{name}", folder / name) for name in ("async_support", "pro")]
    vars(base).update(async_support=packages[0], pro=packages[1])
    exchange = importlib.import_module("ccxt.async_support.base.exchange").Exchange
    for package in packages:
        vars(package).update(faults, Exchange=exchange)


def _member(package: str, name: str) -> Any:
    """Return the class of a module, as the real package has it under the module's name, or the module itself."""
    module = importlib.import_module(f"{package}.{name}")
    found = getattr(module, name, module)
    # The import itself has put the module there, which other modules of ccxt do not expect.
    setattr(sys.modules[package], name, found)
    return found


def _package(name: str, folder: Path) -> types.ModuleType:
    module = types.ModuleType(name)
    module.__path__ = [str(folder)]
    module.__package__ = name
    spec = importlib.machinery.ModuleSpec(name, None, origin=str(folder), is_package=True)
    spec.submodule_search_locations = [str(folder)]
    module.__spec__ = spec

    def find(attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        try:
            return _member(name, attribute)
        except ModuleNotFoundError as error:
            raise AttributeError(attribute) from error

    vars(module)["__getattr__"] = find
    sys.modules[name] = module
    return module
