"""An import on its way: the file, how it is to be read, how far it is, what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from piste.core.models import Operation
from piste.ui.exchange.plan import Plan

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from piste.accounts.models import User


def folder() -> Path:
    """Where uploaded files wait, out of reach of the web."""
    place = Path(settings.DATA_DIR) / "imports"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


class ImportQuerySet(models.QuerySet["ImportJob"]):
    def of(self, user: User) -> Self:
        """Only whoever began an import sees it."""
        return self.filter(user=user)


class ImportJob(models.Model):
    """One file being imported by one person."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    screen = models.CharField(max_length=40)
    name = models.CharField(_("file"), max_length=200)
    file = models.CharField(max_length=40)
    plan = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    added = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    #: Rows that look like records which were there before: how many, and the first of them.
    similar = models.PositiveIntegerField(default=0)
    similar_rows = models.JSONField(default=list)
    unknown = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    operation = models.ForeignKey(Operation, models.SET_NULL, null=True, related_name="+")
    began_at = models.DateTimeField(_("begun"), auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        app_label = "ui"
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/import/{self.pk}/"

    @classmethod
    def begin(cls, upload: UploadedFile[Any], *, into: str, by: User) -> Self:
        """Keep the uploaded file under a name of its own."""
        job = cls(user=by, screen=into, name=Path(upload.name or "").name[:200] or "file", file=uuid4().hex)
        with job.path.open("xb") as kept:
            for chunk in upload.chunks():
                kept.write(chunk)
        job.save()
        return job

    @property
    def path(self) -> Path:
        return folder() / self.file

    @property
    def rejected_path(self) -> Path:
        """Where the refused rows are, as a file to correct."""
        return folder() / f"{self.file}.rejected"

    @property
    def is_busy(self) -> bool:
        return self.state in (self.State.CHECKING, self.State.RUNNING)

    @property
    def share(self) -> int:
        """How much of the file has been gone through, in percent."""
        return min(100, 100 * self.done // self.total) if self.total else 0

    def wanted(self) -> Plan:
        return Plan.from_json(self.plan)

    def want(self, plan: Plan) -> None:
        """Change the plan; what was found by an earlier check no longer holds."""
        self.plan = plan.as_json()
        self.state = self.State.DRAFT
        self.save(update_fields=["plan", "state"])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        for path in (self.path, self.rejected_path):
            path.unlink(missing_ok=True)
        return super().delete(*args, **kwargs)
