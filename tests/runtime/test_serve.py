"""`piste serve`, started and stopped as a person does, on a data folder of its own."""

from __future__ import annotations

import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil
import pytest

from piste.core.postgres import Server
from tests.runtime.conftest import Program, kill, until

pytestmark = pytest.mark.slow


class Serving:
    """A running `piste serve`."""

    def __init__(self, piste: Program, process: subprocess.Popen[str]) -> None:
        self.piste = piste
        self.process = process
        self.started_at = time.monotonic()
        self.said: list[str] = []

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.piste.environment['PISTE_PORT']}"

    def read_until(self, wanted: str) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if wanted in line:
                return
        raise AssertionError(f"it ended without saying “{wanted}”: {self.said} {self.process.communicate()}")

    def ask(self, path: str = "/accounts/login/") -> tuple[int, str]:
        with urllib.request.urlopen(self.base + path, timeout=30) as answer:  # noqa: S310
            return answer.status, answer.read().decode()

    def answers(self) -> bool:
        try:
            return self.ask()[0] == 200
        except OSError:
            return False

    def members(self, word: str) -> set[int]:
        """The numbers of the child processes with this word in their command."""
        found = set()
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.Error):
                if child.status() != psutil.STATUS_ZOMBIE and word in child.cmdline():
                    found.add(child.pid)
        return found

    def complete(self) -> bool:
        return len(self.members("pages")) == 2 and len(self.members("worker")) == 1

    def left(self) -> list[psutil.Process]:
        """All processes that know this data folder."""
        return [process for process in psutil.process_iter() if self._ours(process)]

    def _ours(self, process: psutil.Process) -> bool:
        folder = str(self.piste.folder)
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            return process.environ().get("PISTE_DATA_DIR") == folder or process.cwd().startswith(folder)
        except psutil.Error:
            return False


@contextmanager
def serving(piste: Program, *options: str) -> Iterator[Serving]:
    started = Serving(piste, piste.start("serve", *options))
    try:
        started.read_until("Piste is ready")
        yield started
    finally:
        if started.process.poll() is None:
            started.process.terminate()
        started.process.communicate(timeout=60)


def test_lets_in_whoever_makes_the_administrator(bare: Program) -> None:
    with serving(bare) as it:
        it.read_until("/welcome/")
        address = it.said[-1].strip()

        assert address.startswith(f"{it.base}/welcome/")
        assert it.ask(address.removeprefix(it.base))[0] == 200


def test_prints_three_ways_in_at_each_start_and_leaves_nothing_behind(piste: Program) -> None:
    for _ in range(2):
        with serving(piste, "--demo") as it:
            for _person in range(3):
                it.read_until("/sign-in/")
            links = re.findall(r"http://\S+", "".join(it.said[1:]))
            assert len(set(links)) == 3
            assert all(it.ask(link.removeprefix(it.base))[0] == 200 for link in links)
            assert until(it.complete)

            it.process.send_signal(signal.SIGINT)
            assert it.process.wait(timeout=60) == 0
            assert it.left() == []
            assert not Server(piste.folder).alive()


def test_starts_what_was_killed_again(piste: Program) -> None:
    with serving(piste) as it:
        assert until(it.complete)
        before = it.members("pages") | it.members("worker")
        server = Server(piste.folder)
        killed = int((server.cluster / "postmaster.pid").read_text().split()[0])

        for pid in (*before, killed):
            kill(pid)

        def replaced() -> bool:
            return it.complete() and not before & (it.members("pages") | it.members("worker"))

        assert until(lambda: replaced() and server.running(), seconds=60)
        assert until(it.answers, seconds=40)


def test_takes_everything_along_when_it_is_killed_itself(piste: Program) -> None:
    with serving(piste) as it:
        kill(it.process.pid)

        assert until(lambda: not [one for one in it.left() if "postgres" not in one.name()], seconds=40)

    with serving(piste) as it:
        assert it.answers()


def test_says_in_a_sentence_that_the_port_is_taken(piste: Program) -> None:
    with serving(piste) as it:
        second = piste("serve")

        assert second.returncode == 2
        assert f"port {it.piste.environment['PISTE_PORT']}" in second.stderr
        assert len(second.stderr.splitlines()) == 1
        assert it.answers()


def test_works_on_the_postgresql_15_of_debian(bare: Program, debian_server: str) -> None:
    bare.environment["DATABASE_URL"] = debian_server

    with serving(bare, "--demo") as it:
        it.read_until("/sign-in/")
        assert it.answers()
        assert until(lambda: "stands still" not in bare("doctor").stdout)
        doctor = bare("doctor")

    assert "PostgreSQL 15." in doctor.stdout
    assert "the one of DATABASE_URL" in doctor.stdout
    assert not (bare.folder / "postgres").exists()
