"""What scores are learnt from: how many ended deals had what, kept by the database with every write of a deal."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from django.db import connection, models, transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from piste.pipeline.scoring import STAGE, Seen


class ScoreCountQuerySet(models.QuerySet["ScoreCount"]):
    def lines(self, variables: Collection[str]) -> list[Seen]:
        """The sums for the stage and these variables. One query."""
        rows = self.filter(variable__in=(STAGE, *variables)).values_list("team", "variable", "value")
        summed = rows.annotate(won_all=Sum("won"), lost_all=Sum("lost")).exclude(won_all=0, lost_all=0)
        return [Seen(*row) for row in summed.order_by("team", "variable", "value")]

    def recount(self) -> None:
        """Count everything anew. Writes of deals wait meanwhile, and none is missed or counted twice."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT deals_recount()")

    def rescore(self) -> int:
        """Give all open deals the score of today, in one statement; how many it has changed."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT deals_rescore()")
            return int(cursor.fetchone()[0])

    def is_loose(self) -> bool:
        """Whether there are so many lines more than sums that folding is worth its while."""
        sums = self.values("team", "variable", "value").distinct().count()
        return self.count() > 2 * sums + 100

    def fold(self) -> None:
        """Write the sums in place of the lines that make them up."""
        with transaction.atomic(), connection.cursor() as cursor:
            # Keeps out another that folds or counts anew, but no write of a deal.
            cursor.execute(f"LOCK TABLE {self.model._meta.db_table} IN SHARE UPDATE EXCLUSIVE MODE")
            cursor.execute(FOLD)


class ScoreCount(models.Model):
    """A line of the count of ended deals, to be summed: what a write added or, below zero, took away.

    Lines and not totals, because everybody who wins or loses a deal would wait for whoever is writing the same
    total: for the minutes of an import, or for ever in a deadlock. Triggers write them (migration 0009), so that no
    bulk update, undo or import can forget to. For stages a line says where deals ended; how far the others had come
    is worked out from it, and stages may be added, moved and deleted without counting anew.
    """

    #: Zero for deals without a team. No foreign key: a team that goes hands its deals, and so its counts, to nobody.
    team = models.BigIntegerField(default=0)
    variable = models.CharField(max_length=20)
    value = models.CharField(max_length=80)
    won = models.IntegerField(default=0)
    lost = models.IntegerField(default=0)

    objects = ScoreCountQuerySet.as_manager()

    NO_TEAM: ClassVar[int] = 0

    class Meta:
        verbose_name = _("count of ended deals")
        verbose_name_plural = _("counts of ended deals")

    def __str__(self) -> str:
        return f"{self.variable} {self.value}: {self.won} / {self.lost}"


FOLD = """
WITH gone AS (DELETE FROM pipeline_scorecount RETURNING team, variable, value, won, lost)
INSERT INTO pipeline_scorecount (team, variable, value, won, lost)
SELECT team, variable, value, sum(won), sum(lost) FROM gone
GROUP BY team, variable, value HAVING sum(won) <> 0 OR sum(lost) <> 0
"""
