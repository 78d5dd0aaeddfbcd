"""Takes the sample company away again."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models import Q
from pghistory.core import event_models

from piste.accounts.models import Company, Membership, Team, User
from piste.contacts.models import Campaign, Contact, ContactTag, Medium, Source, Tag
from piste.core.models import Operation
from piste.pipeline.models import Deal, DealTag, LostReason, PipelineSettings, RecurringPlan, Stage
from piste.site.demo.founding import VIA

#: Each before what it points at, so that only what others have entered can hold something fast.
ORDER: tuple[type[models.Model], ...] = (
    DealTag, Deal, ContactTag, Contact, Tag, Source, Medium, Campaign, LostReason, RecurringPlan, Stage,
    Membership, Team, User,
)  # fmt: skip


def remove() -> None:
    """Take the sample away with its history. What others have entered stays, with the records it needs."""
    with transaction.atomic():
        made = {model: _made(model) for model in ORDER}
        theirs = Operation.objects.filter(Q(via=VIA) | Q(by__in=made[User]))
        operations = set(theirs.values_list("pk", flat=True))
        for model in ORDER:
            _remove(model, made[model])
        _close()
        _forget(operations)


def people() -> set[int]:
    """Who came with the sample and is still here."""
    here = User.objects.filter(pk__in=_made(User), is_system=False)
    return set(here.values_list("pk", flat=True))


def _made(model: type[models.Model]) -> set[Any]:
    """The keys of all rows that the sample was loaded with."""
    operations = Operation.objects.filter(via=VIA).values("pk")
    events = events_of(model).filter(pgh_label="insert", pgh_context_id__in=operations)
    return set(events.values_list("pgh_obj_id", flat=True))


def events_of(model: type[models.Model]) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = model.pgh_event_model.objects.all()  # type: ignore[attr-defined]
    return rows


def _remove(model: type[models.Model], made: set[Any]) -> None:
    """Delete the rows that nothing else needs, and their history."""
    gone: set[Any] = set()
    # Again, because companies are free once their people are gone.
    while keys := set(_free(model).filter(pk__in=made).values_list("pk", flat=True)):
        model._base_manager.filter(pk__in=keys).delete()
        gone |= keys
    events_of(model).filter(pgh_obj_id__in=gone).delete()


def _free(model: type[models.Model]) -> models.QuerySet[Any]:
    """The rows that no other row holds fast."""
    rows = model._base_manager.all()
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.on_delete is models.PROTECT:
            others = relation.related_model._base_manager.exclude(**{relation.field.name: None})
            rows = rows.exclude(pk__in=others.values(relation.field.attname))
    return rows


def _close() -> None:
    """Without people of its own, the company goes too, with its settings, and may be founded anew."""
    if User.objects.filter(is_system=False).exists():
        Company.objects.update(sample=False)
        return
    for model in (PipelineSettings, Company):
        model._base_manager.all().delete()
        events_of(model).delete()


def _forget(operations: set[Any]) -> None:
    """Delete the operations of which nothing is left."""
    for events in event_models():
        rows = events._base_manager.filter(pgh_context_id__in=operations)
        operations -= set(rows.values_list("pgh_context_id", flat=True))
    Operation.objects.filter(pk__in=operations).delete()
