"""All open deals scored anew, as one operation that can be undone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from piste.core.history import operation
from piste.pipeline.models import Deal, ScoreCount

if TYPE_CHECKING:
    from piste.accounts.models import User
    from piste.core.models import Operation


def rescore(
    *, by: User | None, at: datetime, via: str = "web", recount: bool = False
) -> tuple[Operation, int]:
    """Score all open deals by what is known today, after counting anew if wanted; how many have changed."""
    about = {"model": Deal._meta.label_lower}
    with transaction.atomic(), operation("score.rescore", by=by, via=via, at=at, about=about) as done:
        if recount:
            ScoreCount.objects.recount()
        count = ScoreCount.objects.rescore()
        done.about["count"] = count
        done.save(update_fields=["about"])
    return done, count
