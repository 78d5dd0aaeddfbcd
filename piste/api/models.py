"""Keys of programs, and the answers kept for requests that are sent twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from piste.accounts.models import User


class ApiKey(models.Model):
    """Lets a program act as its owner, to read or to write. Only a digest of the secret is kept."""

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        WRITE = "write", _("Read and write")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_keys", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=80, blank=True)
    scope = models.CharField(_("may"), max_length=5, choices=Scope, default=Scope.READ)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(_("begins with"), max_length=16, editable=False)
    created_at = models.DateTimeField(_("created"), editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    expires_at = models.DateTimeField(_("expires"), editable=False)
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name or f"{self.prefix}…"

    @classmethod
    def opening(cls, digest: str, *, at: datetime) -> ApiKey | None:
        """The key of this digest, with its owner, unless withdrawn, expired or of somebody who has left."""
        here = cls._default_manager.filter(owner__is_active=True, owner__is_system=False)
        usable = here.filter(revoked_at=None, expires_at__gt=at)
        return usable.select_related("owner").filter(digest=digest).first()

    def may_write(self) -> bool:
        return self.scope == self.Scope.WRITE

    def note_use(self, *, at: datetime) -> bool:
        """Remember the use, to the minute, so that a busy program costs no write a request."""
        if self.last_used_at and at - self.last_used_at < timedelta(minutes=1):
            return False
        self.last_used_at = at
        self.save(update_fields=["last_used_at"])
        return True


class KeptAnswer(models.Model):
    """What was answered to a write that named itself, so that sending it again does nothing twice."""

    #: How long an answer can be asked for again.
    KEPT: ClassVar[timedelta] = timedelta(hours=24)

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="answer_once")]
        indexes = [models.Index(fields=["created_at"], name="answer_by_age")]

    def __str__(self) -> str:
        return self.key

    @classmethod
    def claim(cls, *, owner: User, key: str, fingerprint: str, at: datetime) -> tuple[KeptAnswer, bool]:
        """The row of this key, and whether it is new. Waits while another transaction has just claimed it."""
        rows = cls._default_manager.filter(owner=owner, key=key)
        rows.filter(created_at__lte=at - cls.KEPT).delete()
        new = {"fingerprint": fingerprint, "created_at": at}
        return rows.get_or_create(owner=owner, key=key, defaults=new)

    @classmethod
    def forget(cls, *, at: datetime) -> int:
        """Drop what nobody can ask for any more."""
        return cls._default_manager.filter(created_at__lte=at - cls.KEPT).delete()[0]
