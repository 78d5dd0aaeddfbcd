"""What every command stands on: a running database, Django made ready, and errors told in a sentence."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

from piste.core import database

# Where a family of commands adds its own.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class Trouble(Exception):
    """A command cannot do what was asked; the message is a sentence for the person who asked."""


@contextmanager
def ready() -> Iterator[None]:
    """Keep the database running and Django usable inside the block."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "piste.site.settings")
    with database.ensure():
        django.setup()
        from django.db import connection

        try:
            yield
        finally:
            # Before the server goes, not after.
            connection.close()


def sentence(error: Exception) -> str | None:
    """Say an error of the database, of a form or of a business rule in words; None for a bug."""
    from django.core.exceptions import ValidationError
    from django.db import DatabaseError, ProgrammingError

    from piste.core.transitions import Refused

    if isinstance(error, ProgrammingError):
        return f"The database does not fit this version of Piste; say `piste migrate`. ({_first_line(error)})"
    if isinstance(error, DatabaseError):
        # Without a code of its own the server did not say it: there was none to say it.
        refused = getattr(error.__cause__, "sqlstate", None)
        return f"The database {'refuses' if refused else 'cannot be reached'}: {_first_line(error)}"
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return str(error) if isinstance(error, Refused) else None


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
