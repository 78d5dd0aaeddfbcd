"""Loads a file of rows for `piste import`, and tells what became of them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils import translation

from piste.site.cli.ground import Trouble
from piste.ui.exchange.cells import BadFile
from piste.ui.exchange.loading import Loaded, load_file
from piste.ui.exchange.rejects import write_rejected

if TYPE_CHECKING:
    from piste.accounts.models import User

# More refused rows than this are told by their number; the file of rejected rows has them all.
SHOWN = 50


def load(file: Path, *, into: str, email: str | None, rejected: Path | None) -> int:
    """Load the file in the name of a person; the reasons are in the language of all commands, English."""
    user = _who(email)
    with translation.override("en"):
        try:
            loaded = load_file(
                into, file, user, via="command", progress=_show if sys.stderr.isatty() else None
            )
        except BadFile as error:
            raise Trouble(str(error)) from error
        except PermissionDenied as error:
            raise Trouble(f"{user.name} may not add to {into}.") from error
        _tell(loaded)
        if rejected is not None:
            write_rejected(rejected, loaded.header, loaded.rejected)
    return 1 if loaded.rejected and not loaded.created else 0


def _who(email: str | None) -> User:
    from piste.accounts.models import User
    from piste.accounts.roles import Role

    people = User.objects.working()
    if email is not None:
        found: User | None = people.filter(email__iexact=email).first()
        missing = f"Nobody who may sign in has the address {email}."
    else:
        found = people.filter(role=Role.ADMINISTRATOR).order_by("pk").first()
        missing = "There is no administrator in whose name to load; name a person with --user."
    if found is None:
        raise Trouble(missing)
    return found


def _tell(loaded: Loaded) -> None:
    print(f"{loaded.created} of {loaded.total} rows loaded, {len(loaded.rejected)} refused.")
    for name, count in loaded.added.items():
        print(f"  also made: {count} {name}")
    if loaded.similar:
        print(f"  rows that look like records which were there: {len(loaded.similar)}")
    if loaded.operation is not None and loaded.created:
        print(f"  the operation to undo it: {loaded.operation.pk}")
    for row in loaded.rejected[:SHOWN]:
        print(f"  line {row.line}{f', {row.column}' if row.column else ''}: {row.reason}", file=sys.stderr)
    if len(loaded.rejected) > SHOWN:
        print(f"  … and {len(loaded.rejected) - SHOWN} more; --rejected FILE keeps them all", file=sys.stderr)


def _show(done: int, total: int) -> None:
    sys.stderr.write(f"\r{done} of {total} ")
    if done >= total:
        sys.stderr.write("\r")
