"""Settings from the environment, each by a typed helper; a wrong value stops the start with a sentence."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import platformdirs

YES = {"1", "yes", "true", "on"}
NO = {"0", "no", "false", "off"}


class WrongSetting(ValueError):
    """A setting has a value the program cannot work with; the message names it and says what is expected."""


def text(name: str, default: str) -> str:
    """Give a setting as it is written. Set but empty counts as not set."""
    return os.environ.get(name, "").strip() or default


def number(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    """Give a whole number between two limits."""
    value = text(name, str(default))
    reach = f"from {least} to {most}" if most is not None else f"of at least {least}"
    if not value.isascii() or not value.isdigit():
        raise WrongSetting(f"{name} is “{value}”, but must be a whole number {reach}.")
    if int(value) < least or (most is not None and int(value) > most):
        raise WrongSetting(f"{name} is {value}, but must be a number {reach}.")
    return int(value)


def flag(name: str, *, default: bool) -> bool:
    """Give a setting that is on or off."""
    value = text(name, "yes" if default else "no").lower()
    if value not in YES | NO:
        raise WrongSetting(f"{name} is “{value}”, but must be yes or no.")
    return value in YES


def choice(name: str, default: str, choices: Collection[str]) -> str:
    """Give one of a few words."""
    value = text(name, default)
    if value not in choices:
        raise WrongSetting(f"{name} is “{value}”, but must be one of: {', '.join(choices)}.")
    return value


def url(name: str, default: str) -> str:
    """Give a web address without the slash at its end."""
    value = text(name, default).rstrip("/")
    try:
        parts = urlsplit(value)
        complete = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        complete = False
    if not complete or parts.path or parts.query or parts.fragment:
        raise WrongSetting(f"{name} is “{value}”, but must be an address such as https://crm.example.com.")
    return value


def path(name: str, default: Path) -> Path:
    """Give a file or folder as an absolute path."""
    return Path(text(name, str(default))).expanduser().absolute()


def data_dir() -> Path:
    """Name the folder that holds everything this installation keeps; `private_folder` makes it."""
    folder = path("PISTE_DATA_DIR", platformdirs.user_data_path("piste"))
    if folder.exists() and not folder.is_dir():
        raise WrongSetting(f"PISTE_DATA_DIR is {folder}, but that is not a folder.")
    return folder


def private_folder(folder: Path) -> Path:
    """Make a folder that nobody else can read, unless it exists already."""
    # Root's may be walked through: the database in it runs as another user.
    mode = 0o711 if os.geteuid() == 0 else 0o700
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if not folder.exists():
            folder.mkdir(exist_ok=True)
            folder.chmod(mode)  # whatever the umask says
    except OSError as error:
        raise WrongSetting(f"The folder {folder} cannot be made: {error.strerror}.") from error
    return folder


def private_log(file: Path) -> BinaryIO:
    """Open a file that nobody else can read, to write at its end."""
    return open(file, "ab", opener=lambda path, flags: os.open(path, flags, 0o600))


def secret(name: str, file: Path) -> str:
    """Give a secret from the environment, or else one that is made once and kept in a file."""
    value = text(name, "") if name else ""
    if value:
        if len(value) < 32:
            raise WrongSetting(f"{name} is too short: use at least 32 characters, or leave it out.")
        return value
    try:
        return file.read_text().strip() or _make_secret(file)
    except FileNotFoundError:
        return _make_secret(file)
    except OSError as error:
        raise WrongSetting(f"The file {file} cannot be read: {error.strerror}.") from error


def _make_secret(file: Path) -> str:
    folder = private_folder(file.parent)
    try:
        with tempfile.NamedTemporaryFile("w", dir=folder, prefix=".secret-") as fresh:
            fresh.write(secrets.token_urlsafe(48))
            fresh.flush()
            os.fsync(fresh.fileno())
            _publish(Path(fresh.name), file)
        return file.read_text().strip()
    except OSError as error:
        raise WrongSetting(f"The file {file} cannot be written: {error.strerror}.") from error


def _publish(fresh: Path, file: Path) -> None:
    """Give a finished file its name. When two start at once, the first one's secret counts for both."""
    if file.exists() and not file.read_text().strip():
        file.unlink(missing_ok=True)
    try:
        os.link(fresh, file)
    except FileExistsError:
        return
