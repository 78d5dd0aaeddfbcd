"""Serves the pages: loads the program once, then divides into workers that share what was loaded."""

from __future__ import annotations

import gc
import multiprocessing
import sys

from piste.core import env


def serve() -> int:
    """Load everything, wait for the word on standard input, and serve until told to stop."""
    _load()
    if not sys.stdin.readline():
        return 0  # whoever would have given the word is gone
    gc.collect()
    gc.freeze()
    _serve()
    return 0


def _load() -> None:
    from django.urls import get_resolver

    import piste.site.asgi  # noqa: F401

    # Views are loaded at the first request otherwise, by each worker for itself.
    assert get_resolver().url_patterns


def _serve() -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    if sys.platform == "linux":
        multiprocessing.set_start_method("fork")
    Granian(
        "piste.site.asgi:application",
        address=env.text("PISTE_HOST", "127.0.0.1"),
        port=env.number("PISTE_PORT", 8000, least=1, most=65535),
        interface=Interfaces.ASGINL,
        workers=env.number("PISTE_WORKERS", 2, least=1, most=64),
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()
