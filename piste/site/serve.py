"""Starts what Piste is made of, keeps it running, and stops it in order, the database last.

The process that watches imports no Django: it stays small, and no mistake in a page can end it.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType

from piste.core import database, env
from piste.core.binaries import DatabaseTrouble

# How long a stopped child may finish what it is doing, and the page server may take to answer at first.
PATIENCE_STOP, PATIENCE_START = 15.0, 120.0
# A child that has run this long before it died is started again at once.
STEADY = 60.0
LONGEST_PAUSE = 30.0


def everything(*, demo: bool) -> int:
    """Run the database, the pages and the background work until told to stop."""
    web, *more = Web.from_settings()
    worker = Child("the background work", [*_piste(), "worker"])
    first = [*_piste(), "prepare", *(["--demo"] if demo else [])]
    return Supervisor(web, *more, worker, first=first).run()


def web_alone() -> int:
    """Run the pages until told to stop."""
    return Supervisor(*Web.from_settings()).run()


def _piste() -> list[str]:
    return [sys.executable, "-m", "piste"]


def _say(text: str) -> None:
    sys.stderr.write(f"piste: {text}\n")
    sys.stderr.flush()


class Child:
    """A process that is started again when it dies."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self.command = command
        self.process: subprocess.Popen[bytes] | None = None
        self.deaths = 0
        self.started_at = 0.0

    def start(self) -> None:
        self.process = _spawn(self.command, stdin=subprocess.PIPE)
        self.started_at = time.monotonic()

    def look_after(self) -> None:
        """Start the process again if it died, later each time it dies soon."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            _kill_group(self.process)
            self.deaths = 0 if now - self.started_at > STEADY else self.deaths + 1
            _say(f"{self.name} ended ({_how(self.process.returncode)}) and will be started again.")
            self.process = None
            self.started_at = now
        if self.process is None and now - self.started_at >= self.pause:
            self.start()

    @property
    def pause(self) -> float:
        return min(LONGEST_PAUSE, 2.0 ** (self.deaths - 1)) if self.deaths else 0.0

    def tell_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, patient: Callable[[], bool]) -> None:
        """Wait for the end, or make one when patience is over."""
        if self.process is None:
            return
        while self.process.poll() is None and patient():
            time.sleep(0.02)
        _kill_group(self.process)
        self.process.wait()


class Web(Child):
    """A server of the pages. It loads the program on its own, and begins to serve when it gets the word."""

    def __init__(self, host: str, port: int, *, may_serve: bool) -> None:
        super().__init__("a server of the pages", [*_piste(), "pages"])
        self.host, self.port = host, port
        self.may_serve = may_serve

    @classmethod
    def from_settings(cls) -> list[Web]:
        """Give all that share the port: the first waits for the word, the others come when it answers."""
        host = env.text("PISTE_HOST", "127.0.0.1")
        port = env.number("PISTE_PORT", 8000, least=1, most=65535)
        count = env.number("PISTE_WORKERS", 2, least=1, most=64)
        return [cls(host, port, may_serve=number > 0) for number in range(count)]

    def start(self) -> None:
        super().start()
        if self.may_serve:
            self.give_word()

    def give_word(self) -> None:
        self.may_serve = True
        if self.process is not None and self.process.stdin is not None:
            with suppress(BrokenPipeError):  # it died, and will be started again
                self.process.stdin.write(b"serve\n")
                self.process.stdin.close()

    def check_place(self) -> None:
        """Refuse a place that cannot be had, before anything is started."""
        try:
            family, kind, _protocol, _name, address = socket.getaddrinfo(
                self.host, self.port, type=socket.SOCK_STREAM
            )[0]
            with socket.socket(family, kind) as plug:
                plug.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                plug.bind(address)
        except OSError as error:
            raise env.WrongSetting(
                f"Cannot serve on {self.host}, port {self.port}: {(error.strerror or str(error)).lower()}. "
                "Stop what uses it, or set PISTE_PORT or PISTE_HOST."
            ) from error

    def answers(self) -> bool:
        """Tell whether a page comes back."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        try:
            with socket.create_connection((host, self.port), timeout=30) as plug:
                plug.sendall(
                    b"HEAD /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                )
                return bool(plug.recv(16))
        except OSError:
            return False


class Supervisor:
    """Watches over the pages and their companions; the only one that hears Ctrl-C."""

    def __init__(self, web: Web, *companions: Child, first: Sequence[str] = ()) -> None:
        self.web = web
        self.companions = companions
        self.first = first
        self.stops = 0
        self._heard, self._hear = os.pipe()

    @property
    def children(self) -> tuple[Child, ...]:
        return (self.web, *self.companions)

    def run(self) -> int:
        self._listen()
        self.web.check_place()
        with database.ensure():
            try:
                return self._start_and_watch()
            finally:
                self._stop()

    def _start_and_watch(self) -> int:
        # One loads while the database is brought up to date, and serves when it is; the others follow.
        self.web.start()
        said = self._prepare()
        if said is not None and not self.stops:
            self.web.give_word()
            if self._until_answered():
                self._announce(said)
                self._watch()
        return 0 if self.stops else 1

    def _announce(self, said: str) -> None:
        address = env.url("PISTE_BASE_URL", f"http://{self.web.host}:{self.web.port}")
        sys.stdout.write(f"Piste is ready on {address} – Ctrl-C stops it.\n{said}")
        sys.stdout.flush()

    def _watch(self) -> None:
        while not self.stops:
            self._look_after_all()
            self._pause(1.0)

    def _look_after_all(self) -> None:
        try:
            database.revive()
        except DatabaseTrouble as trouble:
            _say(str(trouble))
            self._pause(5.0)
        for child in self.children:
            child.look_after()

    def _prepare(self) -> str | None:
        """Run what comes first to its end and give what it says; None when it failed."""
        if not self.first:
            return ""
        process = _spawn(self.first, stdout=subprocess.PIPE)
        assert process.stdout is not None
        pipe = process.stdout.fileno()
        said = bytearray()
        while not self.stops:
            ready, _, _ = select.select([pipe, self._heard], [], [])
            if pipe in ready:
                read = os.read(pipe, 65536)
                if not read:
                    break
                said += read
        if self.stops:
            process.terminate()
        return said.decode() if process.wait() == 0 else None

    def _until_answered(self) -> bool:
        until = time.monotonic() + PATIENCE_START
        while not self.stops:
            process = self.web.process
            if process is None or process.poll() is not None or time.monotonic() > until:
                _say("The server of the pages does not start; the reason is above.")
                return False
            if self.web.answers():
                return True
            self._pause(0.05)
        return False

    def _stop(self) -> None:
        for child in self.children:
            child.tell_to_stop()
        until = time.monotonic() + PATIENCE_STOP
        for child in self.children:
            # Who asks a second time does not want to wait.
            child.wait(lambda: time.monotonic() < until and self.stops < 2)

    def _listen(self) -> None:
        os.set_blocking(self._hear, False)
        signal.set_wakeup_fd(self._hear, warn_on_full_buffer=False)
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, self._hear_stop)
        if (
            signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN
        ):  # which is how nohup asks to be left running
            signal.signal(signal.SIGHUP, self._hear_stop)

    def _hear_stop(self, _signum: int, _frame: FrameType | None) -> None:
        self.stops += 1

    def _pause(self, seconds: float) -> None:
        """Sleep, but wake up for a signal."""
        ready, _, _ = select.select([self._heard], [], [], seconds)
        if ready:
            os.read(self._heard, 64)


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _spawn(
    command: Sequence[str], *, stdin: int = subprocess.DEVNULL, stdout: int | None = None
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, out of reach of Ctrl-C, that ends when we are killed."""
    us = os.getpid()
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def end_with_parent() -> None:
        if libc is not None:
            libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
            if os.getppid() != us:
                os._exit(1)

    return subprocess.Popen(  # noqa: S603
        command,
        stdin=stdin,
        stdout=stdout,
        start_new_session=True,
        preexec_fn=end_with_parent,  # noqa: PLW1509 - this process has one thread
    )


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """End what a dead process left behind, such as the workers of the page server."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
