"""What the benchmark stands on: a filled database and a running program."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.report import Report

STARTED_IN = 60.0


@dataclass(frozen=True)
class Place:
    """Where the program answers, and who asks: the cookie of a salesperson and of a manager."""

    host: str
    port: int
    salesperson: str
    manager: str
    process: int

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"


def prepare(rows: int, report: Report) -> None:
    """Migrate and fill the database."""
    from django.core.management import call_command
    from django.db import connection

    from tests.bench.data import fill

    call_command("migrate", verbosity=0)
    begun = time.perf_counter()
    fill(rows)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    report.figure("filling the database", time.perf_counter() - begun, "s")


@contextmanager
def served(folder: Path) -> Iterator[Place]:
    """The program as `piste serve` runs it, on a free port of the loopback."""
    import os

    port = free_port()
    environment = os.environ | {"PISTE_PORT": str(port), "PISTE_DATA_DIR": str(folder)}
    process = subprocess.Popen(
        [sys.executable, "-m", "piste", "serve", "--no-demo"],
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(port)
        yield Place("127.0.0.1", port, cookie("salesperson-own"), cookie("manager"), process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    ends = time.monotonic() + STARTED_IN
    while time.monotonic() < ends:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The program did not start.")


def cookie(role: str) -> str:
    """The session of the first person with the role."""
    from django.conf import settings
    from django.test import Client

    from piste.accounts.models import User

    client = Client()
    client.force_login(User.objects.filter(role=role, is_active=True).order_by("pk")[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value
