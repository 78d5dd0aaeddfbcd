"""Knows which PostgreSQL is used: the one named by DATABASE_URL, or one of Piste's own in the data folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from piste.core import env
from piste.core.postgres import Server

OLDEST = 15

# Unset, the first makes every trigger of every row raise and catch an exception before it does its work. The second
# keeps the planner from trying every order of the joins of a record's page, which all go to primary keys: it took
# twenty times as long as running the query.
SPARED = "-c pgtrigger.ignore={} -c join_collapse_limit=4"

EXAMPLE = "postgresql://user:password@host:5432/name"


def settings_for_django(url: str = "") -> dict[str, Any]:
    """Give Django's `DATABASES["default"]`. Starts no server, so that commands without one work too."""
    url = url or env.text("DATABASE_URL", "")
    place = _from_url(url) if url else _embedded()
    options = place.pop("OPTIONS", {})
    options["options"] = f"{options.get('options', '')} {SPARED}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        **place,
        "OPTIONS": options,
        # The threads that answer are few and stay.
        "CONN_MAX_AGE": None,
        # A connection is tried before it is used again, so a restart of the server goes unnoticed.
        "CONN_HEALTH_CHECKS": True,
    }


def is_embedded() -> bool:
    """Tell whether Piste runs the server itself."""
    return not env.text("DATABASE_URL", "")


def server() -> Server:
    """Give the server in the data folder, running or not."""
    return Server(env.data_dir())


def running() -> bool:
    """Tell whether the server in the data folder takes connections."""
    return server().running()


def start() -> None:
    """Start the server in the data folder if nobody runs it, and leave it running."""
    server().start()


def stop() -> None:
    """Stop the server in the data folder."""
    server().stop()


def revive() -> None:
    """Start Piste's own server again if it died."""
    if is_embedded() and not server().alive():
        server().start()


@contextmanager
def ensure() -> Iterator[None]:
    """Keep the database running inside the block; whoever leaves last stops it."""
    if not is_embedded():
        yield
        return
    with server().in_use():
        yield


def for_tests() -> str:
    """Give the address of a fast server that lives as long as the calling process and keeps nothing.

    Child processes, such as those of pytest-xdist, share it. A DATABASE_URL given from outside wins.
    """
    if is_embedded():
        from piste.core.throwaway import throwaway

        os.environ["DATABASE_URL"] = throwaway()
    return env.text("DATABASE_URL", "")


def _embedded() -> dict[str, Any]:
    return server().address()


def _from_url(url: str) -> dict[str, Any]:
    parts = _parse(url)
    options = dict(parse_qsl(parts.query, keep_blank_values=False))
    host = options.pop("host", "") or unquote(_host(parts))
    name = unquote(parts.path.removeprefix("/")) or options.pop("dbname", "")
    if not name or "/" in name:
        raise env.WrongSetting(f"DATABASE_URL names no database; it must look like {EXAMPLE}.")
    return {
        "NAME": name,
        "USER": unquote(parts.username or "") or options.pop("user", ""),
        "PASSWORD": unquote(parts.password or "") or options.pop("password", ""),
        "HOST": host,
        "PORT": options.pop("port", "") or str(parts.port or ""),
        "OPTIONS": options,
    }


def _parse(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        known = parts.scheme in {"postgres", "postgresql"} and parts.port != 0
    except ValueError:
        known = False
    if not known:
        # Never shows the value: it holds a password.
        raise env.WrongSetting(f"DATABASE_URL is no PostgreSQL address; it must look like {EXAMPLE}.")
    return parts


def _host(parts: SplitResult) -> str:
    """Give the host in its own spelling; `hostname` would put the path of a socket in lower case."""
    host = parts.netloc.rpartition("@")[2]
    if host.startswith("["):
        return parts.hostname or ""
    return host.partition(":")[0]
