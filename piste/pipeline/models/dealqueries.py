"""Questions about many deals, in the words of the business."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models

from piste.core.access import ScopedQuerySet
from piste.core.events import publish
from piste.pipeline.events import LeadConverted

if TYPE_CHECKING:
    from piste.accounts.models import User
    from piste.contacts.duplicates import Hit
    from piste.pipeline.models.deal import Deal


class DealQuerySet(ScopedQuerySet["Deal"]):
    def shown(self) -> Self:
        """What has not been put away."""
        return self.filter(archived=False)

    def open(self) -> Self:
        return self.filter(status="open")

    def won(self) -> Self:
        return self.filter(status="won")

    def lost(self) -> Self:
        return self.filter(status="lost")

    def unassigned(self) -> Self:
        return self.filter(owner=None)

    def overdue(self, *, on: date) -> Self:
        """Open deals whose closing date has passed."""
        return self.open().filter(expected_close__lt=on)

    def merge_into(
        self, target: Deal, *, values: Mapping[str, Any] | None = None, by: User, at: datetime
    ) -> Deal:
        """Let these leads and opportunities become one with the target, which takes what `DEALS` says, or the
        given values. All that was linked to them is linked to the target, their addresses lead to it, and undo
        brings them back. Raises `Refused`.
        """
        from piste.pipeline.merging import merge_deals

        return merge_deals(self, target, values or {}, by=by, at=at)

    def similar_to(self, deal: Deal) -> list[Hit[Deal]]:
        """Those of these deals that may be the same business, the most similar first, with the reasons."""
        from piste.pipeline.duplicates import keys_of_deal, similar_deals

        return similar_deals(keys_of_deal(deal), among=self)

    def convert_all(self, *, by: User, at: datetime) -> int:
        """Make opportunities of all open leads among these as they are, in one statement; how many."""
        leads = list(self.open().filter(kind="lead").select_for_update().values_list("pk", flat=True))
        self.model._base_manager.filter(pk__in=leads).update(
            kind="opportunity", converted_at=at, updated_at=at
        )
        for pk in leads:
            publish(LeadConverted(deal=pk, by=by.pk))
        return len(leads)


class KindManager(models.Manager.from_queryset(DealQuerySet)):  # type: ignore[misc]
    """Deals of one kind; what is created through it is of that kind."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(kind=self.kind)

    def create(self, **fields: Any) -> Any:
        return super().create(**{"kind": self.kind} | fields)
