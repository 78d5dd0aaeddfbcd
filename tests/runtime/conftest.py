"""Data folders with a server each, and the program run as a person would."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from piste.core.postgres import Server

ROOT = Path(__file__).resolve().parents[2]
DEBIAN = Path("/usr/lib/postgresql/15/bin")


def new_folder() -> Path:
    # Not pytest's own: its path is long, and root's is closed to the database's user.
    folder = Path(tempfile.mkdtemp(prefix="piste-runtime-"))
    folder.chmod(0o711)
    return folder


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder; its server and all its files are gone after the test."""
    folder = new_folder()
    yield folder
    remove(folder)


@pytest.fixture(scope="session")
def migrated() -> Iterator[Path]:
    """A data folder with all tables and no row, to copy."""
    folder = new_folder()
    done = program(folder)("migrate")
    assert done.returncode == 0, done.stderr
    yield folder
    remove(folder)


def remove(folder: Path) -> None:
    server = Server(folder)
    server.stop()
    for left in (server.home, server.socket_folder, folder):
        shutil.rmtree(left, ignore_errors=True)


@pytest.fixture
def server(folder: Path) -> Server:
    return Server(folder, fast=True)


@dataclass
class Program:
    """The command `piste` in a data folder of its own."""

    folder: Path
    environment: dict[str, str]

    def __call__(self, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "piste", *arguments],
            input=said,
            capture_output=True,
            text=True,
            env=self.environment,
            cwd=ROOT,
            timeout=120,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "piste", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
            cwd=ROOT,
            start_new_session=True,
        )


def program(folder: Path) -> Program:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PISTE_", "DATABASE_URL"))
    }
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        port = plug.getsockname()[1]
    return Program(folder, kept | {"PISTE_DATA_DIR": str(folder), "PISTE_PORT": str(port)})


@pytest.fixture
def bare(folder: Path) -> Program:
    """The program before its first start."""
    return program(folder)


@pytest.fixture
def piste(folder: Path, migrated: Path) -> Program:
    """The program with tables, but nobody in them."""
    subprocess.run(["cp", "-a", f"{migrated}/.", folder], check=True)
    return program(folder)


@pytest.fixture
def debian_server() -> Iterator[str]:
    """The address of an empty database on Debian's PostgreSQL 15."""
    if not DEBIAN.exists():
        pytest.skip("Debian's PostgreSQL 15 is not installed here")
    folder = new_folder()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PISTE_POSTGRES_BIN", str(DEBIAN))
        server = Server(folder, fast=True)
        server.start()
    yield server.url()
    remove(folder)


def until(true: Callable[[], bool], *, seconds: float = 20) -> bool:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
