"""What the worker does about customers: search for duplicates, at night and when somebody asks."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from piste.contacts import pairing
from piste.contacts.duplicates import kind_named, kinds


@app.task(name="contacts.search_duplicates", queue="housekeeping")
def search_duplicates(*, kind: str) -> None:
    """Find the pairs of a kind anew."""
    found = kind_named(kind)
    if found is not None:
        pairing.search(found, at=timezone.now())


@app.periodic(cron="11 2 * * *")
@app.task(name="contacts.search_all_duplicates", queue="housekeeping", pass_context=False)
def search_all_duplicates(timestamp: int) -> None:
    """Every night, so that the list is ready in the morning."""
    for kind in kinds():
        pairing.search(kind, at=timezone.now())
