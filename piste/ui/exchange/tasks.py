"""Imports done by the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from piste.ui.exchange import running
from piste.ui.exchange.models import ImportJob


@app.task(name="ui.import_file", queue="imports")
def import_file(*, job: int) -> None:
    """Check or write the file; nothing when it has been done or thrown away meanwhile."""
    found = ImportJob.objects.filter(pk=job).select_related("user").first()
    if found is not None:
        running.run(found)


@app.periodic(cron="23 3 * * *")
@app.task(name="ui.sweep_imports", queue="imports", pass_context=False)
def sweep_imports(timestamp: int) -> None:
    """Once a night: throw old files away."""
    running.sweep()
