"""What the worker does for the pipeline."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from piste.accounts.models import User
from piste.pipeline import rescoring
from piste.pipeline.models import ScoreCount


@app.task(name="pipeline.rescore", queue="default", queueing_lock="pipeline.rescore")
def rescore(*, by: int) -> None:
    """Score all open deals anew in the name of somebody who changed what scores are learnt from."""
    rescoring.rescore(by=User.objects.filter(pk=by).first(), at=timezone.now(), via="worker")


@app.periodic(cron="*/10 * * * *")
@app.task(name="pipeline.fold_score_counts", queue="default", pass_context=False)
def fold_score_counts(timestamp: int) -> None:
    """Every ten minutes: keep the lines that scores are summed from few."""
    if ScoreCount.objects.is_loose():
        ScoreCount.objects.fold()
