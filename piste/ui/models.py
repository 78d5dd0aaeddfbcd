"""What people keep of the screens: searches with a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from piste.core.history import tracked
from piste.ui.exchange.models import ImportJob

__all__ = ["ImportJob", "SavedSearch"]


@tracked()
class SavedSearch(models.Model):
    """An address with a name: view, filters, grouping, sort and columns of one screen."""

    screen = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    shared = models.BooleanField(_("for everybody"), default=False)
    is_default = models.BooleanField(_("open with it"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "screen", "name"], name="search_name_once"),
            models.UniqueConstraint(
                fields=["owner", "screen"], name="one_default_search", condition=Q(is_default=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name
