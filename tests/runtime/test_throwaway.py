"""The database of a test run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.runtime.conftest import ROOT, until


def test_is_gone_with_a_killed_test_run() -> None:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    script = "from piste.core import database\nprint(database.for_tests(), flush=True)\ninput()"
    run = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=kept,
    )
    assert run.stdout is not None
    cluster = Path(parse_qs(urlsplit(run.stdout.readline().strip()).query)["host"][0])
    assert cluster.exists()

    run.send_signal(signal.SIGKILL)
    run.communicate()

    assert until(lambda: not cluster.parent.parent.exists())
