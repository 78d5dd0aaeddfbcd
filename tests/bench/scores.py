"""How long it takes to count all ended deals, to score all open ones, and to write the scores."""

from __future__ import annotations

import time
from datetime import date

from tests.bench.report import Report


def measure(report: Report) -> None:
    """All of it in one statement each; the writing is taken back."""
    from django.db import connection, transaction
    from django.utils import timezone

    from piste.pipeline.models import PipelineSettings, ScoreCount, Variable
    from piste.pipeline.rescoring import rescore

    settings = PipelineSettings.get()
    settings.scoring_variables = list(Variable.values)
    settings.scoring_start = date(2000, 1, 1)
    with transaction.atomic():
        settings.save()
        begun = time.perf_counter()
        ScoreCount.objects.recount()
        report.figure("counting all ended deals", time.perf_counter() - begun, "s")
        with connection.cursor() as cursor:
            begun = time.perf_counter()
            cursor.execute("SELECT count(*), sum(score) FROM deal_scores()")
            count = cursor.fetchone()[0]
            report.figure("scoring all open deals", time.perf_counter() - begun, "s", 2, f"{count:,} deals")
        begun = time.perf_counter()
        _done, changed = rescore(by=None, at=timezone.now(), via="bench")
        spent = time.perf_counter() - begun
        report.figure("the same, written with history", spent, "s", 2, f"{changed:,} changed")
        transaction.set_rollback(True)
