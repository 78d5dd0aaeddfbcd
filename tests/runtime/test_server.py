"""The PostgreSQL that Piste runs itself."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from piste.core.binaries import DatabaseTrouble
from piste.core.postgres import Server
from tests.runtime.conftest import DEBIAN, ROOT, kill, remove, until


def pid_of(server: Server) -> int:
    return int((server.cluster / "postmaster.pid").read_text().splitlines()[0])


def ask(server: Server, question: str) -> object:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        answer = connection.execute(question)
        row = answer.fetchone() if answer.description else None
    return row[0] if row else None


def test_starts_on_an_empty_folder_and_stops(server: Server) -> None:
    assert not server.running()

    with server.in_use():
        assert server.running()
        assert ask(server, "SELECT current_database()") == "piste"
        assert ask(server, "SELECT lower('ÉÀÖ')") == "éàö"
        assert ask(server, "SHOW listen_addresses") == ""

    assert not server.running()
    assert not server.alive()


def test_lets_nobody_in_without_the_password(server: Server) -> None:
    with server.in_use():
        wrong = server.url().replace(server.password, "guessed")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)

    assert stat.S_IMODE((server.folder / "database_password").stat().st_mode) == 0o600
    assert stat.S_IMODE(server.cluster.stat().st_mode) == 0o700


def test_is_safe_unless_told_to_be_fast(folder: Path) -> None:
    server = Server(folder)

    with server.in_use():
        settings = [
            ask(server, f"SHOW {name}") for name in ("fsync", "synchronous_commit", "jit", "data_checksums")
        ]

    assert settings == ["on", "on", "off", "on"]


def test_is_reused_and_stopped_by_the_last(server: Server) -> None:
    with server.in_use():
        first = pid_of(server)
        with Server(server.folder, fast=True).in_use():
            assert pid_of(server) == first
        assert server.running()

    assert not server.running()


def test_keeps_what_was_committed_when_everything_is_killed(server: Server) -> None:
    server.start()
    ask(server, "CREATE TABLE deal AS SELECT 1 AS id")
    ask(server, "CHECKPOINT")
    kill(pid_of(server))

    assert until(lambda: not server.alive())
    with server.in_use():
        assert ask(server, "SELECT count(*) FROM deal") == 1


def test_starts_although_another_process_got_the_number_of_the_killed_one(server: Server) -> None:
    server.start()
    server.stop()
    note = f"{os.getpid()}\n{server.cluster}\n0\n5432\n{server.socket_folder}\n\n0 0\nready\n"
    (server.cluster / "postmaster.pid").write_text(note)

    assert not server.alive()
    with server.in_use():
        assert server.running()
        assert pid_of(server) != os.getpid()


def test_makes_the_cluster_again_when_killed_halfway(server: Server) -> None:
    (server.folder / "postgres" / "fresh").mkdir(parents=True)
    (server.folder / "postgres" / "fresh" / "PG_VERSION").write_text("18\n")

    with server.in_use():
        assert server.running()


def test_starts_once_for_two_processes_at_once(server: Server) -> None:
    script = (
        "import sys, pathlib, piste.core.postgres as p\n"
        "s = p.Server(pathlib.Path(sys.argv[1]), fast=True)\n"
        "with s.in_use():\n"
        "    print((s.cluster / 'postmaster.pid').read_text().split()[0], flush=True)\n"
        "    sys.stdin.read()\n"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(server.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for _ in range(2)
    ]

    said = {process.stdout.readline() for process in both if process.stdout}
    for process in both:
        process.communicate(timeout=30)

    assert len(said) == 1
    assert said != {""}
    assert [process.returncode for process in both] == [0, 0]
    assert not server.running()


def test_outlives_ctrl_c_in_the_terminal(server: Server) -> None:
    script = (
        "import signal, sys, time, pathlib, piste.core.postgres as p\n"
        # Whoever starts the tests in the background has them ignore the key.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "s = p.Server(pathlib.Path(sys.argv[1]), fast=True)\n"
        "s.start()\n"
        "print('up', flush=True)\n"
        "time.sleep(60)\n"
    )
    terminal = subprocess.Popen(
        [sys.executable, "-c", script, str(server.folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )
    assert terminal.stdout is not None
    assert terminal.stdout.readline() == "up\n"

    os.killpg(terminal.pid, signal.SIGINT)
    terminal.wait(timeout=10)

    assert server.running()


def test_works_where_the_path_is_too_long_for_a_socket(folder: Path) -> None:
    deep = folder / ("a" * 60) / ("b" * 60)
    for made in (deep, deep.parent):
        made.mkdir(mode=0o711, parents=True, exist_ok=True)
        made.chmod(0o711)
    server = Server(deep, fast=True)

    try:
        with server.in_use():
            assert len(str(server.socket_folder)) < 40
            assert ask(server, "SELECT 1") == 1
    finally:
        shutil.rmtree(server.socket_folder, ignore_errors=True)


@pytest.fixture
def strict_umask() -> Iterator[None]:
    usual = os.umask(0o077)
    yield
    os.umask(usual)


@pytest.mark.usefixtures("strict_umask")
def test_works_where_new_files_are_closed_to_others(folder: Path) -> None:
    server = Server(folder / "var", fast=True)

    try:
        with server.in_use():
            assert ask(server, "SELECT 1") == 1
    finally:
        remove(folder / "var")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as somebody else")
def test_works_for_root_where_nobody_else_may_look() -> None:
    closed = Path(tempfile.mkdtemp(prefix="piste-runtime-"))  # mode 700
    data = closed / "var"
    server = Server(data, fast=True)

    try:
        with server.in_use():
            assert ask(server, "SELECT 1") == 1
            assert (data / "postgres").is_symlink()
            assert not server.home.is_relative_to(closed)
        with Server(data, fast=True).in_use():
            assert ask(server, "SELECT 1") == 1
    finally:
        remove(data)
        shutil.rmtree(closed)


def test_says_so_when_the_database_was_moved_away(server: Server) -> None:
    pointer = server.folder / "postgres"
    pointer.symlink_to(server.folder / "gone")

    with pytest.raises(DatabaseTrouble, match="which is gone"):
        server.start()
    pointer.unlink()


def test_says_what_to_do_about_data_of_another_version(server: Server) -> None:
    server.start()
    server.stop()
    (server.cluster / "PG_VERSION").write_text("14\n")

    with pytest.raises(DatabaseTrouble, match="written by PostgreSQL 14"):
        server.start()


@pytest.mark.skipif(not DEBIAN.exists(), reason="Debian's PostgreSQL 15 is not installed here")
def test_takes_the_machines_own_postgresql_when_told(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PISTE_POSTGRES_BIN", str(DEBIAN))

    with server.in_use():
        assert str(ask(server, "SHOW server_version")).startswith("15.")
        assert ask(server, "SELECT lower('É')") == "é"
