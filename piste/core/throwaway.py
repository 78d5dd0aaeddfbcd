"""A PostgreSQL server for tests: fast, forgetful, and gone with the process that asked for it."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from piste.core.postgres import Server


def throwaway() -> str:
    """Start a server in a temporary folder and give its address."""
    folder = Path(tempfile.mkdtemp(prefix="piste-test-"))
    folder.chmod(0o711)
    server = Server(folder, fast=True)
    # A process of its own waits for the end of this one, so that a killed test run leaves no server either.
    undertaker = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "piste.core.throwaway", folder], stdin=subprocess.PIPE, start_new_session=True
    )
    atexit.register(undertaker.communicate)
    server.start()
    return server.url()


def bury(folder: Path) -> None:
    """Stop the server once standard input ends, and remove what it left."""
    sys.stdin.read()
    server = Server(folder, fast=True)
    server.stop()
    for left in (server.home, server.socket_folder, folder):
        shutil.rmtree(left, ignore_errors=True)


if __name__ == "__main__":
    bury(Path(sys.argv[1]))
