"""What comes before the first page: the database is brought up to date, and a newcomer is let in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

# Any number will do; every Piste on the same database must ask for the same one.
LOCK = 7_478_383


def prepare(*, demo: bool) -> list[str]:
    """Make everything ready for the pages, and say how to come in."""
    migrate()
    if demo and is_empty():
        load_demo()
    return list(ways_in(demo=demo))


def migrate() -> list[str]:
    """Bring the database up to date and say what was done; a failure leaves it as it was."""
    from piste.site.cli.ground import Trouble, sentence

    with _alone():
        missing = _missing()
        try:
            if missing:
                _change()
        except Exception as error:
            why = sentence(error) or f"{type(error).__name__}: {error}"
            raise Trouble(f"The database could not be brought up to date and is as it was. {why}") from error
    return missing


@contextmanager
def _alone() -> Iterator[None]:
    """Let one Piste at a time change the tables; another that starts now waits."""
    from django.db import connection

    # A connection of its own: what it locks is held by its transaction, whatever the changes do with theirs.
    guard = connection.copy()
    guard.set_autocommit(False)
    try:
        with guard.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield
    finally:
        guard.rollback()
        guard.close()


def _missing() -> list[str]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}: {migration.name}" for migration, _backwards in plan]


def _change() -> None:
    from django.core.management import call_command
    from django.db import connection, transaction

    # The queue's own changes cannot share a transaction: they use new values of a type that they add.
    call_command("migrate", "procrastinate", interactive=False, verbosity=0)
    with transaction.atomic(), connection.cursor() as cursor:
        # Checks that wait for the end would bar later changes of the same tables.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        call_command("migrate", interactive=False, verbosity=0)


def is_empty() -> bool:
    """Tell whether nobody was ever made here."""
    from piste.accounts.models import User

    return not User.objects.filter(is_system=False).exists()


def load_demo() -> None:
    """Load the sample company as it looks today."""
    from django.utils import timezone

    from piste.site import demo

    demo.load(at=timezone.now())


def ways_in(*, demo: bool) -> Iterator[str]:
    """Say how a person comes in: by links for the sample people, or by making the administrator."""
    from django.conf import settings

    from piste.accounts.links import sign_in_link
    from piste.accounts.setup import setup_path

    base = settings.BASE_URL
    if (welcome := setup_path()) is not None:
        yield "Nobody can sign in yet. Make the administrator here, once:"
        yield f"  {base}{welcome}"
        return
    if not demo:
        return
    from piste.site.demo import people

    for label, person in people():
        yield f"  {label:<16}{base}{sign_in_link(person)}"
