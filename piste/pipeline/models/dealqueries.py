"""Questions about many deals, in the words of the business."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models

from piste.core.access import ScopedQuerySet

if TYPE_CHECKING:
    from piste.pipeline.models.deal import Deal  # noqa: F401 – named in the class below, in quotes


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


class KindManager(models.Manager.from_queryset(DealQuerySet)):  # type: ignore[misc]
    """Deals of one kind; what is created through it is of that kind."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(kind=self.kind)

    def create(self, **fields: Any) -> Any:
        return super().create(**{"kind": self.kind} | fields)
