"""The composition root: builds every adapter once and hands them down as ports. Nobody else knows the adapters."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import platformdirs

from app.connectors import host
from app.connectors.clock import SystemClock
from app.connectors.exchanges import CcxtExchanges
from app.connectors.feeds import RawFeeds
from app.connectors.files import all_formats
from app.connectors.files.market_files import MarketFiles
from app.connectors.notices import OutgoingNotices
from app.connectors.prices.ecb import EcbRates
from app.connectors.secrets import SystemKeyring
from app.core.model.registry import StaticAssetRegistry
from app.core.ports import Runtime
from app.documents.csv_files import CsvFiles, CsvReports
from app.documents.pdf_files import PdfReports
from app.documents.raw_files import RawFiles
from app.documents.txf_files import TxfReports
from app.documents.xlsx_files import XlsxReports
from app.storage.cipher import cipher_version
from app.storage.vault_store import SqlVaultStore

NAME = "counterfoil"
ASSETS = Path(__file__).parents[1] / "resources" / "data" / "assets.json"


def runtime() -> Runtime:
    """Return everything outside, on this computer's own folders, clock and keyring."""
    clock, keyring = SystemClock(), SystemKeyring()
    assets = StaticAssetRegistry.from_json(ASSETS.read_text("utf-8"))
    data_folder = platformdirs.user_data_path(NAME, appauthor=False)
    settings_folder = platformdirs.user_config_path(NAME, appauthor=False)
    return Runtime(
        clock=clock,
        keyring=keyring,
        vaults=SqlVaultStore(clock, keyring, assets, settings_folder),
        exchanges=CcxtExchanges(assets, clock),
        statements=all_formats(assets, clock.now_ns),
        assets=assets,
        csv=CsvFiles(),
        files=RawFiles(),
        data_folder=data_folder,
        settings_folder=settings_folder,
        doctor=partial(
            host.checks,
            clock=clock,
            keyring=keyring,
            data_folder=data_folder,
            settings_folder=settings_folder,
            cipher_version=cipher_version,
        ),
        rates=EcbRates,
        market_files=MarketFiles(),
        feeds=RawFeeds(assets),
        notices=OutgoingNotices(clock.now_ns),
        reports={"csv": CsvReports(), "xlsx": XlsxReports(), "pdf": PdfReports(), "txf": TxfReports()},
    )
