"""An import in the worker: checked or written, with its progress for all to see."""

from __future__ import annotations

from dataclasses import asdict, astuple
from datetime import timedelta
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from piste.core.transitions import Refused
from piste.ui.exchange.cells import BadFile
from piste.ui.exchange.loading import Loaded, load_file
from piste.ui.exchange.models import ImportJob
from piste.ui.exchange.rejects import write_rejected

#: A check of a file up to this size is done at once, without the worker.
AT_ONCE = 200_000
#: What is kept of the problems to show on the page; the file of refused rows has all.
_SHOWN = 50
_KEEP = timedelta(days=30)
_EVERY = 0.5


class _Done(Exception):
    """Another worker has written the rows already."""


def start(job: ImportJob, *, rehearse: bool) -> None:
    """Check the file or write its rows: small checks now, all else in the worker."""
    from piste.ui.exchange.tasks import import_file

    job.state = ImportJob.State.CHECKING if rehearse else ImportJob.State.RUNNING
    job.done, job.error = 0, ""
    if rehearse and job.path.stat().st_size <= AT_ONCE:
        job.save()
        run(job)
        return
    with transaction.atomic():
        job.save()
        import_file.defer(job=job.pk)


def run(job: ImportJob) -> None:
    """Do what the job's state says is to be done. Doing it again changes nothing."""
    if not job.is_busy:
        return
    user = job.user
    with translation.override(user.language), timezone.override(ZoneInfo(user.time_zone)):
        progress = _Progress(job)
        try:
            _run(job, progress)
        except (BadFile, Refused) as error:
            _fail(job, str(error))
        except PermissionDenied:
            _fail(job, _("You may not add here."))
        except _Done:
            return
        except Exception:
            _fail(job, _("Something went wrong on our side; nothing was imported. Try again later."))
            raise
        finally:
            progress.close()


def _run(job: ImportJob, progress: _Progress) -> None:
    rehearse = job.state == ImportJob.State.CHECKING

    def finish(loaded: Loaded) -> None:
        # The progress has a connection of its own, which must let go of the row first.
        progress.close()
        _keep(job, loaded)

    if not job.user.is_active:
        raise PermissionDenied
    loaded = load_file(
        job.screen, job.path, job.user, plan=job.wanted(), via="import", rehearse=rehearse,
        progress=progress, finish=finish, name=job.name,
    )  # fmt: skip
    if rehearse:
        finish(loaded)
    with translation.override(job.user.language):
        write_rejected(job.rejected_path, loaded.header, loaded.rejected)


def _keep(job: ImportJob, loaded: Loaded) -> None:
    """Write what became of the file, unless somebody else already has."""
    state = ImportJob.State.DONE if loaded.operation is not None else ImportJob.State.CHECKED
    found: dict[str, Any] = {
        "state": state,
        "operation": loaded.operation,
        "done": loaded.total,
        "total": loaded.total,
        "created": loaded.created,
        "refused": len(loaded.rejected),
        "added": loaded.added,
        "problems": [[row.line, row.column, row.reason] for row in loaded.rejected[:_SHOWN]],
        "similar": len(loaded.similar),
        "similar_rows": [astuple(row) for row in loaded.similar[:_SHOWN]],
        "unknown": {name: [asdict(word) for word in words] for name, words in loaded.unknown.items()},
        "ended_at": timezone.now(),
    }
    if not ImportJob.objects.filter(pk=job.pk, state=job.state, operation=None).update(**found):
        raise _Done
    for name, value in found.items():
        setattr(job, name, value)


def _fail(job: ImportJob, sentence: str) -> None:
    job.state, job.error, job.ended_at = ImportJob.State.FAILED, sentence, timezone.now()
    job.save(update_fields=["state", "error", "ended_at"])


class _Progress:
    """Writes how far an import is through a connection of its own, past its transaction."""

    def __init__(self, job: ImportJob) -> None:
        self.job, self.last = job, 0.0
        self.beside = connection.copy()

    def __call__(self, done: int, total: int) -> None:
        if monotonic() - self.last < _EVERY:
            return
        self.last = monotonic()
        table = ImportJob._meta.db_table
        with self.beside.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET done = %s, total = %s WHERE id = %s",  # noqa: S608 – the table's own name
                [done, total, self.job.pk],
            )

    def close(self) -> None:
        self.beside.close()


def sweep() -> int:
    """Forget imports, and the personal data in their files, after a month."""
    old = ImportJob.objects.filter(began_at__lt=timezone.now() - _KEEP)
    for job in old:
        job.delete()
    return len(old)
