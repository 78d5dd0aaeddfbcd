"""Serves the pages in one process; `serve` starts several of them on the same port."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from typing import NoReturn

from piste.core import env


def serve() -> NoReturn:
    """Load everything, wait for the word on standard input, and serve until told to stop."""
    from django.urls import get_resolver

    import piste.site.asgi  # noqa: F401

    # Views are loaded at the first request otherwise, and whoever comes first waits.
    assert get_resolver().url_patterns
    _collect_seldom()
    if sys.stdin.readline():
        asyncio.run(_serve())
    # Granian's threads may outlive the server, and one that wakes up while Python takes itself down aborts.
    os._exit(0)


def _collect_seldom() -> None:
    """Look for rubbish in cycles less often, and never among what is there for good.

    An answer makes ten thousand objects and hardly a cycle; to walk through all of them every 700 took a tenth of it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


async def _serve() -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server.embed import Server

    from piste.site.asgi import application

    server = Server(
        application,
        address=env.text("PISTE_HOST", "127.0.0.1"),
        port=env.number("PISTE_PORT", 8000, least=1, most=65535),
        interface=Interfaces.ASGINL,
        backlog=1024,
        websockets=False,
        log_level=LogLevels.error,
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.stop)
    await server.serve()
