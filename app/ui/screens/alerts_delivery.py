"""How alerts are told: the tray of this computer, a mail server, a webhook; and how much is said outside."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QLineEdit, QSystemTrayIcon, QVBoxLayout, QWidget

from app.core.errors import CounterfoilError, InputError
from app.core.model.alert_rules import Channel
from app.core.model.notices import Hook, MailRoute, Security
from app.services.alert_outbox import Delivery
from app.ui import format as fmt
from app.ui import hints, theme
from app.ui.screens.base import Shell
from app.ui.widgets import basics as w
from app.ui.widgets.choices import Check, Choice
from app.ui.widgets.tray import Tray
from app.ui.wizards.connect_form import labelled
from app.ui.words import tr

_WIDEST = 760
_TRIAL_MS = 15_000
"""How long the icon stays beside the message of a trial."""
_PORTS = {Security.TLS: "465", Security.STARTTLS: "587", Security.NONE: "25"}


class DeliveryPane(QWidget):
    """A panel a way, each with its state and a trial."""

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__()
        self._shell = shell
        self._saving = asyncio.Lock()
        self._tray = Tray(self)

    def pieces(self) -> Iterator[None]:
        """Make the fields, then what stands above the mail, the mail, and the webhook, for a turn each."""
        host = QWidget()
        host.setMaximumWidth(theme.px(_WIDEST))
        box = w.fill(QVBoxLayout(host), [], 12, (0, 12, 0, 20))
        # Put in its place while there is little in it: what is in it would be told of each new parent.
        area = w.scroll(w.row((host, 8), None, margins=(16, 0, 16, 0)), tr("How alerts are told"))
        w.fill(QVBoxLayout(self), [area], 0)
        self._make_fields()
        self.told = {channel: w.text("", "caption", "text_3", wrap=True) for channel in Channel}
        self._tell_of_tray()
        yield
        w.add(box, w.panel(tr("On this computer"), self._desktop()), w.panel(tr("What is said outside"), self._said()))
        yield
        w.add(box, w.panel(tr("E-mail"), self._mail()))
        yield
        w.add(box, w.panel(tr("Webhook"), self._hook()), None)

    def _said(self) -> QWidget:
        details = tr("Off, notices say that an alert fired and which, and nothing of the books.")
        told = w.text(details, "caption", "text_3", wrap=True)
        return w.column(self.details, told, spacing=2, margins=(14, 9, 14, 9))

    def _make_fields(self) -> None:
        self.details = Check(tr("Say figures and names"), tr("Say figures and names outside this computer"))
        self.details.toggled.connect(self._details_changed)
        self.host = w.field("", "mail.example.org", name=tr("Mail server"))
        self.port = w.field("465", name=tr("Port of the mail server"))
        self.security = Choice(tr("How the mail server is spoken to"), is_large=False)
        for one, words in (
            (Security.TLS, "TLS"),
            (Security.STARTTLS, "STARTTLS"),
            (Security.NONE, tr("this computer")),
        ):
            self.security.addItem(words, one.value)
        self.security.activated.connect(self._security_chosen)
        self.user = w.field("", tr("None: no login"), name=tr("User at the mail server"))
        self.password = w.field("", name=tr("Password at the mail server"), secret=True)
        self.sender_ = w.field("", "me@example.org", name=tr("From"))
        self.to = w.field("", "you@example.org, …", name=tr("To"))
        self.url = w.field("", "https://example.org/hook", name=tr("Address of the webhook"))
        self.secret = w.field("", tr("Signs what is sent"), name=tr("Secret of the webhook"), secret=True)

    def _desktop(self) -> QWidget:
        attempt = self._trial(Channel.DESKTOP, self._try_desktop)
        return w.column(w.row((self.told[Channel.DESKTOP], 1), attempt, spacing=8), margins=(14, 9, 14, 9))

    def _mail(self) -> QWidget:
        rows: list[w.Item] = [
            w.row((labelled(tr("Mail server"), self.host), 4), (labelled(tr("Port"), self.port), 1),
                  (labelled(tr("Security"), self.security), 2), spacing=10),
            w.row((labelled(tr("From"), self.sender_), 1), (labelled(tr("To"), self.to), 1), spacing=10),
            w.row((labelled(tr("User"), self.user), 1), (labelled(tr("Password"), self.password), 1), spacing=10),
        ]  # fmt: skip
        return w.column(*rows, self._foot(Channel.MAIL, self._keep_mail), spacing=10, margins=(14, 12, 14, 12))

    def _hook(self) -> QWidget:
        fields = w.row((labelled(tr("Address"), self.url), 3), (labelled(tr("Secret"), self.secret), 2), spacing=10)
        return w.column(fields, self._foot(Channel.WEBHOOK, self._keep_hook), spacing=10, margins=(14, 12, 14, 12))

    def _foot(self, channel: Channel, keep: Callable[[], None]) -> QWidget:
        save = w.button(tr("Save"), "primary", size="small", name=tr("Save: %s").replace("%s", channel.value))
        save.clicked.connect(keep)
        attempt = self._trial(channel, self._try_mail if channel is Channel.MAIL else self._try_hook)
        return w.row((self.told[channel], 1), attempt, save, spacing=8)

    def _trial(self, channel: Channel, attempt: Callable[[], None]) -> QWidget:
        made = w.button(tr("Send a trial"), "", "send", size="small", name=tr("Trial: %s").replace("%s", channel.value))
        made.clicked.connect(attempt)
        return made

    # reading -----------------------------------------------------------------------------------------------------
    async def read(self) -> None:
        """Show how things stand."""
        found = await self._shell.workspace.alerts.outbox.delivery()
        self.details.blockSignals(True)  # noqa: FBT003
        self.details.setChecked(found.details)
        self.details.blockSignals(False)  # noqa: FBT003
        mail, hook = found.mail, found.hook
        if mail is not None:
            for field, text in (
                (self.host, mail.host), (self.port, str(mail.port)), (self.user, mail.user),
                (self.password, mail.password), (self.sender_, mail.sender), (self.to, ", ".join(mail.recipients)),
            ):  # fmt: skip
                field.setText(text)
            self.security.setCurrentIndex(self.security.findData(mail.security.value))
        if hook is not None:
            self.url.setText(hook.url)
            self.secret.setText(hook.secret)
        self._show_states(found)

    def _show_states(self, found: Delivery) -> None:
        mail, hook = found.mail, found.hook
        self._tell(Channel.MAIL, tr("Set.") if mail else tr("Not set: alerts that are told by e-mail wait."))
        self._tell(Channel.WEBHOOK, tr("Set.") if hook else tr("Not set: alerts that are told by webhook wait."))

    def _tell_of_tray(self) -> None:
        has_tray = QSystemTrayIcon.isSystemTrayAvailable()
        self.told[Channel.DESKTOP].setText(
            tr("Notifications are shown by the desktop; an icon stands in the tray while an alert waits.")
            if has_tray
            else tr("This desktop has no tray for an icon. Whether it shows notifications, a trial tells.")
        )

    def _tell(self, channel: Channel, text: str, tone: str = "text_3") -> None:
        self.told[channel].setText(fmt.prose(text))
        w.set_tone(self.told[channel], tone)

    # hands -------------------------------------------------------------------------------------------------------
    @Slot(int)
    def _security_chosen(self, _number: int) -> None:
        self.port.setText(_PORTS[Security(self.security.currentData())])

    @Slot(bool)
    def _details_changed(self, is_on: bool) -> None:  # noqa: FBT001
        self._keep(partial(replace, details=is_on), Channel.WINDOW)

    @Slot()
    def _keep_mail(self) -> None:
        if not self.host.text().strip():
            self._keep(partial(replace, mail=None), Channel.MAIL)
            return
        try:
            route = self._route()
        except InputError as fault:
            self._tell(Channel.MAIL, hints.line(fault), "danger")
            return
        self._keep(partial(replace, mail=route), Channel.MAIL)

    def _route(self) -> MailRoute:
        port = self.port.text().strip()
        if not port.isdigit():
            raise InputError(f"“{port}” is no port.", hint=tr("Usually 465 for TLS, 587 for STARTTLS."))
        recipients = tuple(one.strip() for one in self.to.text().split(",") if one.strip())
        return MailRoute(
            _word(self.host), int(port), Security(self.security.currentData()), _word(self.user),
            _word(self.sender_) or (recipients or ("",))[0], recipients, self.password.text(),
        )  # fmt: skip

    @Slot()
    def _keep_hook(self) -> None:
        url = self.url.text().strip()
        self._keep(partial(replace, hook=Hook(url, self.secret.text()) if url else None), Channel.WEBHOOK)

    def _keep(self, change: Callable[[Delivery], Delivery], channel: Channel) -> None:
        self._shell.run(self._kept(change, channel), what=tr("Saving how alerts are told"))

    async def _kept(self, change: Callable[[Delivery], Delivery], channel: Channel) -> None:
        outbox = self._shell.workspace.alerts.outbox
        try:
            # One after the other: each changes what the one before it kept.
            async with self._saving:
                await outbox.set_delivery(change(await outbox.delivery()))
        except CounterfoilError as fault:
            if channel is Channel.WINDOW:
                raise
            self._tell(channel, hints.line(fault), "danger")
            return
        # The fields stay: something else may be typed there that is not saved yet.
        self._show_states(await outbox.delivery())

    @Slot()
    def _try_mail(self) -> None:
        self._shell.run(self._tried(Channel.MAIL), what=tr("Sending a trial"))

    @Slot()
    def _try_hook(self) -> None:
        self._shell.run(self._tried(Channel.WEBHOOK), what=tr("Sending a trial"))

    @Slot()
    def _try_desktop(self) -> None:
        self._shell.run(self._tried(Channel.DESKTOP), what=tr("Showing a notification"))

    async def _tried(self, channel: Channel) -> None:
        self._tell(channel, tr("Sending…"))
        try:
            await self._shell.workspace.alerts.try_channel(channel)
        except CounterfoilError as fault:
            words = tr("This is a trial. Alerts will show in the same way.")
            if channel is Channel.DESKTOP and self._tray.message(tr("Counterfoil: a trial"), words):
                QTimer.singleShot(_TRIAL_MS, self._tray.hide)
            else:
                self._tell(channel, hints.line(fault), "danger")
                return
        self._tell(channel, tr("The trial was taken."), "ok")


def _word(field: QLineEdit) -> str:
    return field.text().strip()
