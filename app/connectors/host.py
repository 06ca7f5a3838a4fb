"""What this computer has and lacks for Counterfoil: libraries, fonts, USB rules, clock, keyring, space, versions."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path

from app.core.clock import to_datetime
from app.core.ports import Clock, Keyring

Row = dict[str, str]
"""check, state (ok, warn, bad or unknown), detail, todo."""

_QT_LIBRARIES = (
    "libEGL.so.1",
    "libGL.so.1",
    "libX11.so.6",
    "libxkbcommon.so.0",
    "libglib-2.0.so.0",
    "libfontconfig.so.1",
    "libfreetype.so.6",
    "libdbus-1.so.3",
)
_WINDOW_LIBRARIES = (
    "libxcb-cursor.so.0",
    "libxkbcommon-x11.so.0",
    "libxcb-icccm.so.4",
    "libxcb-image.so.0",
    "libxcb-keysyms.so.1",
    "libxcb-randr.so.0",
    "libxcb-render-util.so.0",
    "libxcb-shape.so.0",
)
_APT = "apt-get install libegl1 libgl1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-image0"
_APT_MORE = " libxcb-randr0 libxcb-render-util0 libxcb-shape0 libdbus-1-3 libfontconfig1"
_LIBRARY_FOLDERS = ("/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib")
_FONTS = {"Inter": "fonts-inter", "JetBrains Mono": "fonts-jetbrains-mono"}
_VENDORS = {"Ledger": "2c97", "Trezor": "1209"}
_UDEV = ("/etc/udev/rules.d", "/lib/udev/rules.d", "/usr/lib/udev/rules.d", "/run/udev/rules.d")
_SYNCHRONISED = Path("/run/systemd/timesync/synchronized")
_RELEASE_YEAR = 2026
_MEGABYTE = 1_000_000
_SCARCE, _LITTLE = 200 * _MEGABYTE, 2_000 * _MEGABYTE
_SECONDS = 5


def checks(
    *,
    clock: Clock,
    keyring: Keyring,
    data_folder: Path,
    settings_folder: Path,
    cipher_version: Callable[[], str] | None = None,
) -> Sequence[Row]:
    """Return all rows; nothing is changed and no socket is opened."""
    return [
        _python(),
        _pyside(),
        _cipher(cipher_version),
        _libraries("Qt libraries", _QT_LIBRARIES, "bad"),
        _libraries("Window libraries", _WINDOW_LIBRARIES, "warn"),
        _fonts(),
        _usb_rules(),
        _clock(clock),
        _keyring(keyring),
        _folder("Vault folder", data_folder),
        _folder("Settings folder", settings_folder),
        _space(data_folder),
        _row("Network", "unknown", "not tried: this check opens no connection", "Run: counterfoil connect probe NAME"),
    ]


def _row(check: str, state: str, detail: str, todo: str = "") -> Row:
    return {"check": check, "state": state, "detail": detail, "todo": todo}


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _answer(command: Sequence[str]) -> str | None:
    """Return what a system command prints; None where it is absent or fails."""
    program = shutil.which(command[0], path=f"{os.environ.get('PATH', '')}:/sbin:/usr/sbin")
    if program is None:
        return None
    try:
        done = subprocess.run([program, *command[1:]], capture_output=True, text=True, timeout=_SECONDS, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def _python() -> Row:
    version = ".".join(map(str, sys.version_info[:3]))
    return _row("Python", "ok", version)


def _pyside() -> Row:
    version = _version("PySide6-Essentials")
    if version is None:
        return _row("PySide6", "bad", "PySide6-Essentials is not installed", "Run: make run")
    if version.startswith("6.12.") and sys.version_info < (3, 12):
        detail = f"{version} ends the program with a fatal error on Python 3.11"
        return _row("PySide6", "warn", detail, "Install PySide6-Essentials 6.11.3, or use Python 3.12.")
    return _row("PySide6", "ok", version)


def _cipher(version: Callable[[], str] | None) -> Row:
    package = _version("sqlcipher3")
    if package is None:
        return _row("SQLCipher", "bad", "sqlcipher3 is not installed", "Run: make run")
    inside = f"SQLCipher {version()}, " if version is not None else ""
    return _row("SQLCipher", "ok", f"{inside}sqlcipher3 {package}")


def _known_libraries() -> str | None:
    listed = _answer(["ldconfig", "-p"])
    if listed is not None:
        return listed
    found = [path.name for folder in _LIBRARY_FOLDERS for path in Path(folder).glob("**/lib*.so.*")]
    return "\n".join(found) if found else None


def _libraries(check: str, names: Sequence[str], state: str) -> Row:
    if not sys.platform.startswith("linux"):
        return _row(check, "ok", "come with PySide6 on this system")
    known = _known_libraries()
    if known is None:
        return _row(
            check, "unknown", "the system's libraries cannot be listed", "Start the window: it names what it lacks."
        )
    missing = [name for name in names if name not in known]
    if missing:
        return _row(check, state, f"missing: {', '.join(missing)}", f"Run: {_APT}{_APT_MORE}")
    return _row(check, "ok", f"all {len(names)} found")


def _fonts() -> Row:
    families = _answer(["fc-list", ":", "family"])
    if families is None:
        return _row("Fonts", "unknown", "fc-list is not there to ask", "Run: apt-get install fontconfig")
    missing = [family for family in _FONTS if family not in families]
    if not families.strip():
        return _row(
            "Fonts",
            "bad",
            "no font is installed",
            "Run: apt-get install fonts-dejavu-core fonts-inter fonts-jetbrains-mono",
        )
    if missing:
        packages = " ".join(_FONTS[family] for family in missing)
        return _row(
            "Fonts", "warn", f"missing: {', '.join(missing)}; another font is used", f"Run: apt-get install {packages}"
        )
    return _row("Fonts", "ok", ", ".join(_FONTS))


def _usb_rules() -> Row:
    if not sys.platform.startswith("linux"):
        return _row("USB rules", "ok", "not needed on this system")
    files = [path for folder in _UDEV for path in Path(folder).glob("*.rules")]
    text = "\n".join(
        path.read_text(encoding="utf-8", errors="replace") for path in files if os.access(path, os.R_OK)
    ).lower()
    missing = [name for name, vendor in _VENDORS.items() if vendor not in text]
    if missing:
        detail = f"no udev rule for {' and '.join(missing)}; only needed for hardware signers"
        return _row("USB rules", "warn", detail, "Install the vendor's udev rules and plug the device in again.")
    return _row("USB rules", "ok", ", ".join(_VENDORS))


def _clock(clock: Clock) -> Row:
    now = to_datetime(clock.now_ns())
    shown = f"{now:%Y-%m-%dT%H:%M:%SZ}"
    if now.year < _RELEASE_YEAR:
        return _row(
            "Clock",
            "bad",
            f"{shown} is before this program was made",
            "Set the clock; venues refuse requests from the past.",
        )
    answer = _answer(["timedatectl", "show", "-p", "NTPSynchronized", "--value"])
    if _SYNCHRONISED.exists() or (answer or "").strip() == "yes":
        return _row("Clock", "ok", f"{shown}, synchronised")
    if (answer or "").strip() == "no":
        return _row("Clock", "warn", f"{shown}, not synchronised", "Run: timedatectl set-ntp true")
    return _row("Clock", "unknown", f"{shown}; whether it is synchronised cannot be told here")


def _keyring(keyring: Keyring) -> Row:
    if keyring.name:
        return _row("Keyring", "ok", keyring.name)
    detail = "none; the rollback anchor lies beside the settings and the passphrase is asked for each time"
    return _row("Keyring", "warn", detail, "Log in to a desktop with a keyring to use one.")


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.absolute().parents) if path.exists())


def _folder(check: str, folder: Path) -> Row:
    place = _existing(folder)
    try:
        # What the rights say is not enough: root has them all, also where nothing can be written.
        with tempfile.TemporaryFile(dir=place, prefix=".counterfoil-") as file:
            file.write(b"?")
    except OSError as error:
        detail = f"{place} is not writable: {error.strerror or error}"
        return _row(check, "bad", detail, "Choose another place with --vault, or change its rights.")
    return _row(check, "ok", str(folder))


def _space(folder: Path) -> Row:
    free = shutil.disk_usage(_existing(folder)).free
    shown = f"{free // _MEGABYTE:,} MB free".replace(",", "\u202f")
    if free < _SCARCE:
        return _row("Free space", "bad", shown, "Free some space: a full disk stops every write.")
    return _row("Free space", "warn" if free < _LITTLE else "ok", shown)
