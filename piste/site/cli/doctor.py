"""The command `doctor`: looks at everything that can be wrong with an installation and says what to do."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from piste.core import database, env
from piste.core.binaries import OLDEST, DatabaseTrouble
from piste.site.cli.ground import Commands, ready, sentence

EXTENSIONS = ("pg_trgm", "unaccent")
ENOUGH_DISK = 500_000_000
# A worker reports every ten seconds.
LATELY = 60


def add(commands: Commands) -> None:
    doctor = commands.add_parser(
        "doctor",
        help="say what is wrong and what to do",
        description="Look at the data folder, the disk, the built files, the database and the background "
        "work. Ends with exit code 1 when something is wrong.",
    )
    doctor.set_defaults(run=_doctor)


@dataclass(frozen=True)
class Finding:
    """What a look at one thing showed; with an advice, it is wrong."""

    text: str
    advice: str = ""


def _doctor(asked: argparse.Namespace) -> int:
    findings = list(_look(data_folder, disk))
    try:
        with ready():
            findings += _look(built_files, server, extensions, migrations, background_work)
    except (DatabaseTrouble, env.WrongSetting) as trouble:
        findings.append(Finding("The database does not start.", str(trouble)))
    for finding in findings:
        print(f"{'wrong' if finding.advice else 'good ':<6} {finding.text}")
        if finding.advice:
            print(f"       → {finding.advice}")
    wrong = sum(1 for finding in findings if finding.advice)
    print(f"\n{wrong} of {len(findings)} things are wrong." if wrong else "\nEverything is in order.")
    return 1 if wrong else 0


def _look(*checks: Callable[[], Finding]) -> Iterator[Finding]:
    for check in checks:
        try:
            yield check()
        except Exception as error:
            if (said := sentence(error)) is None:
                raise
            name = check.__name__.replace("_", " ")
            yield Finding(f"The {name} cannot be looked at.", said)


def data_folder() -> Finding:
    folder = env.data_dir()
    try:
        env.private_folder(folder)
        with tempfile.TemporaryFile(dir=folder):
            return Finding(f"The data folder {folder} can be written.")
    except (OSError, env.WrongSetting) as error:
        return Finding(
            f"The data folder {folder} cannot be written ({error}).",
            "Give it to the user that runs Piste, or set PISTE_DATA_DIR to another one.",
        )


def disk() -> Finding:
    folder = next(place for place in (env.data_dir(), *env.data_dir().parents) if place.exists())
    free = shutil.disk_usage(folder).free
    said = f"{free / 1e9:.1f} GB are free on the disk of {folder}."
    return Finding(
        said, "" if free >= ENOUGH_DISK else "Make room: the database stops when the disk is full."
    )


def built_files() -> Finding:
    from piste.ui.jinja import BUILT

    if (BUILT / "manifest.json").exists():
        return Finding("The files for the browser are built.")
    return Finding(
        "The files for the browser are not built.", "Say `make` in the checkout, or install a wheel of Piste."
    )


def server() -> Finding:
    from django.db import connection

    connection.ensure_connection()
    version = connection.connection.info.server_version
    whose = "Piste's own" if database.is_embedded() else "the one of DATABASE_URL"
    said = f"The database answers: PostgreSQL {version // 10000}.{version % 10000}, {whose}."
    advice = f"Use PostgreSQL {OLDEST} or newer."
    return Finding(said, "" if version >= OLDEST * 10000 else advice)


def extensions() -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        installed = {name for (name,) in cursor.fetchall()}
    missing = [name for name in EXTENSIONS if name not in installed]
    if not missing:
        return Finding(f"The extensions {' and '.join(EXTENSIONS)} are there.")
    return Finding(
        f"The database lacks {' and '.join(missing)}.",
        "Say `piste migrate`; if it may not, let an administrator of the database say CREATE EXTENSION.",
    )


def migrations() -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not missing:
        return Finding("The tables fit this version of Piste.")
    return Finding(f"{missing} changes of the tables are missing.", "Say `piste migrate`.")


def background_work() -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM now() - max(last_heartbeat))::int, "
            "(SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo') FROM procrastinate_workers"
        )
        age, waiting = cursor.fetchone()
    said = f"the last sign was {age} s ago" if age is not None else "it never gave a sign"
    said += f"; {waiting} jobs are waiting."
    if age is not None and age <= LATELY:
        return Finding(f"The background work is done: {said}")
    return Finding(
        f"The background work stands still: {said}",
        "Start `piste serve`, or `piste worker` beside `piste web`.",
    )
