"""A PostgreSQL server that Piste runs itself, one for each data folder.

It is reached through a Unix socket with a password that only the data folder knows. PostgreSQL refuses to run
as root; root's server runs as a system user, with its files where that user can reach them.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, urlencode

from piste.core import env
from piste.core.binaries import OUT_OF_REACH, Binaries, DatabaseTrouble, Runner, make_shelf, open_to_all

NAME = USER = "piste"
PORT = 5432
# Replaying the log after a crash can take minutes on a slow disk.
PATIENCE_START, PATIENCE_STOP = 300.0, 60.0
# The system allows 107 bytes for the path of a socket.
LONGEST_SOCKET = 100
LOG_LIMIT = 10_000_000

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "max_connections": "60",
    "effective_cache_size": "1GB",
    "maintenance_work_mem": "128MB",
    "work_mem": "16MB",
    "jit": "off",
    "random_page_cost": "1.1",
    # A board's sums are a handful of groups, where the planner fears ten thousand and would use one core.
    "parallel_tuple_cost": "0.01",
    "max_parallel_workers_per_gather": str(max(1, min(4, (os.cpu_count() or 2) // 2))),
    "synchronous_commit": "on",
    "fsync": "on",
    "log_timezone": "UTC",
    "unix_socket_permissions": "0700",
}
FAST = {"synchronous_commit": "off", "fsync": "off", "full_page_writes": "off", "autovacuum": "off"}

# Servers started by this process, so that they can be reaped when they end.
_children: dict[Path, subprocess.Popen[bytes]] = {}


class Server:
    """The server of one data folder. `fast` gives up safety for speed: for tests only."""

    def __init__(self, folder: Path, *, fast: bool = False) -> None:
        self.folder = folder
        self.fast = fast

    # Where it is

    @cached_property
    def home(self) -> Path:
        """The folder of the server: cluster, log, socket and locks."""
        usual = self.folder / "postgres"
        if usual.is_symlink() and not usual.exists():
            raise DatabaseTrouble(f"The database of {self.folder} was in {usual.readlink()}, which is gone.")
        if usual.exists() or os.geteuid() != 0 or open_to_all(self.folder):
            return usual.resolve()
        return OUT_OF_REACH / f"{self.folder.name}-{_short(self.folder.resolve())}"

    @property
    def cluster(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def socket_folder(self) -> Path:
        """The cluster itself, or a short name when the socket's path would be too long for the system."""
        fits = len(os.fsencode(self.cluster / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET
        return self.cluster if fits else Path("/tmp") / f"piste-{_short(self.home)}"  # noqa: S108

    @property
    def password(self) -> str:
        return env.secret("", self.folder / "database_password")

    def address(self) -> dict[str, str]:
        """Where to connect, in the words of Django's DATABASES."""
        return {
            "NAME": NAME,
            "USER": USER,
            "PASSWORD": self.password,
            "HOST": str(self.socket_folder),
            "PORT": str(PORT),
        }

    def url(self) -> str:
        """Where to connect, as a DATABASE_URL."""
        place = urlencode({"host": str(self.socket_folder), "port": PORT})
        return f"postgresql://{USER}:{quote(self.password)}@/{NAME}?{place}"

    # Life

    def running(self) -> bool:
        """Tell whether the server takes connections."""
        return self._status() == "ready" and self._answers()

    def start(self) -> None:
        """Start the server unless it runs already, and leave it running."""
        with self._alone():
            self._start()

    def stop(self) -> None:
        """Stop the server; open connections are closed, what was committed is safe."""
        if self.home.exists():
            with self._alone():
                self._stop()

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Keep the server running inside the block, started if need be; the last to leave stops it.

        The count is a shared lock on a file: the system takes it back from a process that was killed.
        """
        with self._alone():
            self._start()
            users = (self.home / "users").open("a")
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield
        finally:
            with self._alone(), users:
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass
                else:
                    self._stop()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one process at a time start or stop the server."""
        self._make_home()
        with (self.home / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make_home(self) -> None:
        if self.home.exists():
            return
        env.private_folder(self.folder)
        if self.home.parent == OUT_OF_REACH:
            make_shelf()
        # Only the cluster belongs to the server's user: root must not write where that user can lay links.
        env.private_folder(self.home)
        pointer = self.folder / "postgres"
        if self.home != pointer.resolve():
            with suppress(FileExistsError):  # another process was faster
                pointer.symlink_to(self.home)

    def _start(self) -> None:
        if self._settled() and self.running():
            return
        written_by = self._written_by()
        binaries = Binaries.find(major=written_by)
        runner = Runner.present()
        if written_by is None:
            self._create(binaries, runner)
        # What a killed server left behind would be taken for a running one if its number was given away.
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        self._launch(binaries, runner)

    def _settled(self) -> bool:
        """Wait while a server comes up or goes down; tell whether one is there in the end."""
        until = time.monotonic() + PATIENCE_START
        while self.alive():
            if self.running():
                return True
            if time.monotonic() > until:
                raise DatabaseTrouble(f"PostgreSQL in {self.home} runs but does not answer: see {self.log}.")
            time.sleep(0.02)
        return False

    def _create(self, binaries: Binaries, runner: Runner) -> None:
        """Make the cluster aside and give it its name at the end, so that half a one never counts."""
        fresh = self.home / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        runner.owns(fresh)
        secret = self.home / "initial_password"
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        runner.owns(secret)
        checked = [] if self.fast else ["--data-checksums"]
        plain = ["--encoding=UTF8", "--auth=scram-sha-256", "--no-sync", *_locale(binaries.major), *checked]
        run = _Programs(binaries, runner, self.home)
        try:
            run("initdb", "-D", fresh, "-U", USER, f"--pwfile={secret}", *plain)
            run("postgres", "--single", "-D", fresh, "-F", "template1", said=f"CREATE DATABASE {NAME}\n")
            if not self.fast:
                run("initdb", "-D", fresh, "--sync-only")
        finally:
            secret.unlink()
        fresh.rename(self.cluster)

    def _launch(self, binaries: Binaries, runner: Runner) -> None:
        self._make_socket_folder(runner)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".old"))
        command = [binaries.program("postgres"), "-D", str(self.cluster), *self._settings()]
        with env.private_log(self.log) as log:
            # In a session of its own: Ctrl-C in the terminal reaches Piste, which stops the database last.
            server = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_plain_environment(),
                start_new_session=True,
                umask=0o077,
                **runner.options,
            )
        _children[self.home] = server
        self._wait_until_ready(server)

    def _settings(self) -> Iterator[str]:
        plenty = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >= 3 * 1024**3
        sized = {
            "shared_buffers": "256MB" if plenty else "128MB",
            "unix_socket_directories": str(self.socket_folder),
        }
        for name, value in (SETTINGS | sized | (FAST if self.fast else {})).items():
            yield from ("-c", f"{name}={value}")

    def _wait_until_ready(self, server: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + PATIENCE_START
        while not self.running():
            if server.poll() is not None or time.monotonic() > until:
                raise DatabaseTrouble(
                    f"PostgreSQL does not start: {self._last_words()} The whole log: {self.log}"
                )
            time.sleep(0.01)

    def _stop(self) -> None:
        for signum, patience in ((signal.SIGINT, PATIENCE_STOP), (signal.SIGQUIT, 10.0)):
            until = time.monotonic() + patience
            if self.alive():
                os.kill(self._pid(), signum)
            while self.alive():
                if time.monotonic() > until:
                    break
                time.sleep(0.01)
            else:
                return
        raise DatabaseTrouble(f"PostgreSQL in {self.home} does not stop: see {self.log}.")

    def _make_socket_folder(self, runner: Runner) -> None:
        folder = self.socket_folder
        if folder == self.cluster:
            return
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid == os.geteuid():
            runner.owns(folder)
        owner = runner.uid if runner.uid >= 0 else os.geteuid()
        if folder.is_symlink() or folder.stat().st_uid != owner or folder.stat().st_mode & 0o077:
            raise DatabaseTrouble(
                f"The folder {folder}, meant for the database's socket, belongs to somebody else."
            )

    # What is known of it

    def _written_by(self) -> int | None:
        file = self.cluster / "PG_VERSION"
        return int(file.read_text()) if file.exists() else None

    def _note(self) -> list[str]:
        """What the server says of itself: process, folder, start, port, socket, address, memory, state."""
        try:
            return (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _status(self) -> str:
        note = self._note()
        return note[7].strip() if len(note) > 7 else ""

    def _pid(self) -> int:
        note = self._note()
        return int(note[0]) if note and note[0].isdigit() else 0

    def alive(self) -> bool:
        """Tell whether the process of the note is there and is this server, not one that got its number."""
        if (child := _children.get(self.home)) is not None:
            child.poll()
        return _folder_of(self._pid()) == str(self.cluster.resolve())

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as plug:
            try:
                plug.connect(str(self.socket_folder / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
        return True

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        fatal = [line.partition("FATAL:")[2].strip() for line in lines if "FATAL:" in line]
        return f"{fatal[-1]}." if fatal else "it gives no reason."


class _Programs:
    """Runs PostgreSQL's tools to their end."""

    def __init__(self, binaries: Binaries, runner: Runner, home: Path) -> None:
        self.binaries, self.runner, self.home = binaries, runner, home

    def __call__(self, program: str, *arguments: str | Path, said: str = "") -> None:
        done = subprocess.run(  # noqa: S603
            [self.binaries.program(program), *map(str, arguments)],
            input=said,
            capture_output=True,
            text=True,
            cwd="/",
            env=_plain_environment(),
            umask=0o077,
            start_new_session=True,
            check=False,
            **self.runner.options,
        )
        # Single-user mode reports a failed statement without failing.
        if done.returncode or "ERROR:" in done.stderr:
            complaint = (done.stderr.strip() or done.stdout.strip()).splitlines()
            raise DatabaseTrouble(
                f"{program} failed in {self.home}: {complaint[-1] if complaint else 'no reason'}"
            )


def _folder_of(pid: int) -> str:
    """Give the folder a process works in; a server's is its cluster."""
    if not pid:
        return ""
    if sys.platform == "linux":
        try:
            return str(Path(f"/proc/{pid}/cwd").readlink())
        except OSError:
            return ""
    import psutil

    try:
        return psutil.Process(pid).cwd()
    except psutil.Error:
        return ""


def _plain_environment() -> dict[str, str]:
    """Keep what a person set for their own PostgreSQL away from this one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def _locale(major: int) -> list[str]:
    """Sort by code point but know the letters of all languages, and depend on no library of the system."""
    if major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C"]


def _short(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
