"""What the worker does for the API by itself."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from piste.api.models import KeptAnswer


@app.periodic(cron="41 * * * *")
@app.task(name="api.forget_answers", queueing_lock="api.forget_answers", pass_context=False)
def forget_answers(timestamp: int) -> None:
    """Drop kept answers that nobody can ask for any more."""
    KeptAnswer.forget(at=timezone.now())
