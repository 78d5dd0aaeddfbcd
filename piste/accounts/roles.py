"""The four roles and what each may do: one table in code, so that a look never asks the database."""

from __future__ import annotations

from functools import lru_cache

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Each role may do all that the one before may."""

    SALESPERSON_OWN = "salesperson-own", _("Salesperson (own)")
    SALESPERSON_ALL = "salesperson-all", _("Salesperson (all)")
    MANAGER = "manager", _("Sales manager")
    ADMINISTRATOR = "administrator", _("Administrator")


READ, WRITE, ALL = ("view",), ("view", "add", "change"), ("view", "add", "change", "delete")

# Model by model, the verbs each role gains over the one before; `name: ()` is a plain permission.
_GAINS: dict[Role, dict[str, tuple[str, ...]]] = {
    Role.SALESPERSON_OWN: {
        "pipeline.opportunity": WRITE,
        "pipeline.lead": WRITE,
        "pipeline.stage": READ,
        "pipeline.lostreason": READ,
        "pipeline.recurringplan": READ,
        "pipeline.own_deals": (),
        "contacts.contact": WRITE,
        "contacts.tag": WRITE,
        "contacts.source": READ,
        "contacts.medium": READ,
        "contacts.campaign": READ,
        "contacts.reach": (),
        "accounts.team": READ,
        "accounts.user": READ,
        "accounts.reach": (),
        "pipeline.reach": (),
    },
    Role.SALESPERSON_ALL: {"pipeline.all_deals": ()},
    Role.MANAGER: {
        "pipeline.opportunity": ALL,
        "pipeline.lead": ALL,
        "pipeline.stage": ALL,
        "pipeline.lostreason": ALL,
        "pipeline.recurringplan": ALL,
        "pipeline.pipelinesettings": ("change",),
        "contacts.contact": ALL,
        "contacts.tag": ALL,
        "contacts.source": ALL,
        "contacts.medium": ALL,
        "contacts.campaign": ALL,
        "accounts.team": ALL,
        "accounts.undo_others": (),
        "ui.share_searches": (),
    },
    Role.ADMINISTRATOR: {
        "accounts.user": WRITE,
        "accounts.company": ("change",),
        "accounts.administer": (),
    },
}


@lru_cache
def permissions_of(role: str) -> frozenset[str]:
    """All permissions of a role, as `app.verb_model` and plain names. Unknown roles have none."""
    granted: set[str] = set()
    if role not in Role.values:
        return frozenset()
    for step in Role:
        for name, verbs in _GAINS[step].items():
            app, _dot, model = name.partition(".")
            granted |= {f"{app}.{verb}_{model}" for verb in verbs} or {name}
        if step == role:
            break
    return frozenset(granted)
