"""Commands about what the database holds: migrate, demo, import."""

from __future__ import annotations

import argparse
from pathlib import Path

from piste.site.cli.ground import Commands, Trouble, ready

SCREENS = ("opportunities", "leads", "customers")


def add(commands: Commands) -> None:
    migrate = commands.add_parser(
        "migrate",
        help="bring the database up to date",
        description="Bring the database up to date, all or nothing: after a failure it is as it was.",
    )
    migrate.set_defaults(run=_migrate)

    demo = commands.add_parser(
        "demo",
        help="load the sample company, or remove it",
        description="Load a sample company with people, customers and deals into an empty database.",
    )
    demo.add_argument(
        "--remove",
        action="store_true",
        help="take the sample company away again, for good; what others have entered stays",
    )
    demo.set_defaults(run=_demo)

    load = commands.add_parser(
        "import",
        help="load a CSV or XLSX file",
        description="Load a CSV or XLSX file, columns matched by their titles. Rows that cannot be read are "
        "listed with line, column and reason; the others are loaded as one operation that can be undone.",
    )
    load.add_argument("file", type=Path, metavar="FILE", help="a .csv or .xlsx file")
    load.add_argument("--into", required=True, choices=SCREENS, help="what the rows are")
    load.add_argument("--user", metavar="EMAIL", help="who loads them; an administrator if left out")
    load.add_argument("--rejected", type=Path, metavar="OUT", help="write the refused rows to this CSV file")
    load.set_defaults(run=_import)


def _migrate(asked: argparse.Namespace) -> int:
    from piste.site.start import migrate

    with ready():
        done = migrate()
    print("\n".join(done) or "The database is up to date.")
    return 0


def _demo(asked: argparse.Namespace) -> int:
    from piste.site.start import is_empty, load_demo, migrate

    if asked.remove:
        return _remove_demo()
    with ready():
        migrate()
        if not is_empty():
            raise Trouble("The sample company goes into an empty database only; this one has people already.")
        load_demo()
    print(
        "The sample company is loaded. `piste serve --demo` prints a sign-in link for each of three people."
    )
    return 0


def _remove_demo() -> int:
    with ready():
        from piste.accounts.models import Company
        from piste.site import demo

        if not Company.get().sample:
            raise Trouble("There is no sample company here.")
        demo.remove()
    print("The sample company is gone.")
    return 0


def _import(asked: argparse.Namespace) -> int:
    if not asked.file.is_file():
        raise Trouble(f"There is no file {asked.file}.")
    with ready():
        from piste.site.cli.loading import load

        return load(asked.file, into=asked.into, email=asked.user, rejected=asked.rejected)
