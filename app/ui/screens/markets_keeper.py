"""Keeps a person's watchlists: what the bar asks for is done, written to the vault, and can be undone."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.core.errors import InputError
from app.core.model.assets import Asset, AssetKind
from app.ui.screens.base import Shell
from app.ui.screens.markets_bar import NEW, ListBar
from app.ui.screens.markets_lists import SETTING, Watchlists
from app.ui.words import tr


class ListKeeper(QObject):
    """The lists of a vault.

    Signals:
        changed: The lists were written: the id of the asset that came onto one, "" for none.
    """

    changed = Signal(str)

    def __init__(self, shell: Shell, bar: ListBar, parent: QObject) -> None:
        """Take the window and the bar."""
        super().__init__(parent)
        self._shell, self._bar = shell, bar
        self.lists = Watchlists()
        bar.list_chosen.connect(self._list_chosen)
        bar.asset_given.connect(self._asset_given)
        bar.name_given.connect(self._name_given)
        bar.list_deleted.connect(self._list_deleted)

    async def read(self) -> None:
        """Read the lists; where they cannot be read what is held is shown, and the bar says so."""
        workspace = self._shell.workspace
        try:
            lists = Watchlists.parsed(await workspace.setting(SETTING))
        except InputError as fault:
            self._bar.say(f"{fault.message} {fault.hint}")
            return
        workspace.market_data.watch_also(lists.watched())
        if lists != self.lists:
            self.lists = lists
            self._bar.show_lists(lists)

    def keep(self, lists: Watchlists, asset: str = "") -> None:
        """Take other lists and write them."""
        self.lists = lists
        self._bar.show_lists(lists)
        self._shell.run(self._kept(lists, asset), what=tr("Keeping the lists"))

    async def _kept(self, lists: Watchlists, asset: str) -> None:
        await self._shell.workspace.set_setting(SETTING, lists.written())
        self.changed.emit(asset)

    def take_off(self, asset: Asset) -> None:
        """Take an asset off the list that is looked at; what is held is no list that could be changed."""
        before = self.lists
        if before.shown is not None:
            self.keep(before.without_asset(asset.asset_id))
            gone = tr("%s taken off the list").replace("%s", asset.symbol)
            self._shell.toast(gone, tr("Undo"), partial(self.keep, before, asset.asset_id))

    @Slot(str)
    def _list_chosen(self, name: str) -> None:
        self.keep(self.lists.looking_at(name))

    @Slot(str)
    def _asset_given(self, text: str) -> None:
        assets = self._shell.workspace.runtime.assets
        meant = (assets.resolve("", word) for word in (text, text.upper(), text.lower()))
        found = next((one for one in meant if one.kind is not AssetKind.UNMAPPED), None)
        if found is None:
            words = tr("No asset is called %s. Type its symbol, such as BTC, or its id.")
            self._bar.say(words.replace("%s", text))
            return
        self._bar.asset.clear()
        self.keep(self.lists.with_asset(found.asset_id), found.asset_id)

    @Slot(str, str)
    def _name_given(self, what: str, name: str) -> None:
        try:
            lists = self.lists.with_list(name) if what == NEW else self.lists.renamed(name)
        except InputError as fault:
            self._bar.say(f"{fault.message} {fault.hint}")
            return
        self._bar.close_name()
        self.keep(lists)
        if what == NEW:
            self._bar.asset.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _list_deleted(self) -> None:
        before = self.lists
        self.keep(before.without_list())
        gone = tr("List %s deleted").replace("%s", before.current)
        self._shell.toast(gone, tr("Undo"), partial(self.keep, before))
