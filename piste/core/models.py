"""What every record shares, and the operations that changed them."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from piste.core.history import tracked


class Operation(models.Model):
    """One thing somebody did: it groups the row events that the database wrote meanwhile."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    command = models.CharField(_("command"), max_length=60)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    via = models.CharField(_("through"), max_length=20, default="web")
    at = models.DateTimeField(_("when"), default=timezone.now)
    about = models.JSONField(_("about"), default=dict, blank=True)
    undone_by = models.ForeignKey("self", models.SET_NULL, null=True, related_name="undoes")

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        indexes = [models.Index(fields=["by", "-at"], name="operation_by_at")]

    def __str__(self) -> str:
        return f"{self.command} {self.at:%Y-%m-%d %H:%M}"


@tracked(found_by=("kind", "survivor"))
class Merged(models.Model):
    """A record that was merged into another, so that its address leads there for as long as that stands.

    Rows never change: what was merged twice is followed twice, so that either merge can be undone alone. No
    foreign keys, for the record is gone; `kind` is its table as `pipeline.deal`.
    """

    kind = models.CharField(max_length=60)
    old = models.BigIntegerField()
    survivor = models.BigIntegerField()

    class Meta:
        verbose_name = _("merged record")
        verbose_name_plural = _("merged records")
        constraints = [models.UniqueConstraint(fields=["kind", "old"], name="merged_once")]
        indexes = [models.Index(fields=["kind", "survivor"], name="merged_into")]

    def __str__(self) -> str:
        return f"{self.kind} {self.old} → {self.survivor}"


class Remembering(models.Model):
    """A row that knows what it was when read, so that `save` can tell what has changed."""

    #: The columns that `str` needs, for lists that name many records; empty stands for all.
    shown_by: ClassVar[tuple[str, ...]] = ()

    _read: dict[str, Any]

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **more: Any) -> Self:
        row = super().from_db(db, field_names, values, **more)
        row._read = dict(zip(field_names, values, strict=False))
        return row

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        fields = kwargs.get("fields") or (args[1] if len(args) > 1 else None)
        if fields is None:
            self.remember()
            return
        # A deferred column that is read late must not make earlier edits of others look saved.
        late = {
            field.attname for field in self._meta.concrete_fields if {field.name, field.attname} & set(fields)
        }
        self._read = getattr(self, "_read", {}) | {
            name: self.__dict__[name] for name in late if name in self.__dict__
        }

    def remember(self) -> None:
        """Take the present values as the read ones, after a save."""
        deferred = self.get_deferred_fields()
        self._read = {
            f.attname: getattr(self, f.attname)
            for f in self._meta.concrete_fields
            if f.attname not in deferred
        }

    def was(self, name: str) -> Any:
        """The value as it was read; None for a new row."""
        return getattr(self, "_read", {}).get(name)

    def changed(self, *names: str) -> bool:
        """Whether any of these columns (`owner_id`, `email` …) differs from what was read."""
        read = getattr(self, "_read", {})
        return any(getattr(self, name) != read.get(name) for name in names)


class Record(Remembering):
    """Anything users work on: it has rules, a history, and a place for notes and activities."""

    #: Fields whose changes are told in the record's history.
    tracked: ClassVar[tuple[str, ...]] = ()

    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )

    class Meta:
        abstract = True


class Named(Remembering):
    """A word of the company's own list, in its main language and, if wanted, in English."""

    shown_by = ("name", "name_en")

    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name


class Colour(models.TextChoices):
    """The twelve colours of tags, stages and teams; their values are in the style sheet."""

    GREY = "grey", _("Grey")
    RED = "red", _("Red")
    ORANGE = "orange", _("Orange")
    AMBER = "amber", _("Amber")
    OLIVE = "olive", _("Olive")
    GREEN = "green", _("Green")
    TEAL = "teal", _("Teal")
    SKY = "sky", _("Sky")
    BLUE = "blue", _("Blue")
    VIOLET = "violet", _("Violet")
    PINK = "pink", _("Pink")
    BROWN = "brown", _("Brown")
