"""The import wizard: file, columns, check, import, result."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from piste.core.transitions import Refused
from piste.ui.answers import refused, render
from piste.ui.exchange import running
from piste.ui.exchange.cells import MAX_BYTES, BadFile
from piste.ui.exchange.loading import maker_of, screen_for_import
from piste.ui.exchange.models import ImportJob
from piste.ui.exchange.wizard import (
    MAIN,
    Wizard,
    also_added,
    meanings_of,
    plan_of,
    reading_of,
    steps,
    targets,
)
from piste.ui.exchange.writing import Heading, csv_lines
from piste.ui.screen import Screen, screen_named

if TYPE_CHECKING:
    from piste.accounts.models import User

_RECENT = 8


class Base(View):
    """What all steps have in common: whose import it is."""

    @property
    def user(self) -> User:
        return cast("User", self.request.user)

    def job(self, pk: int) -> ImportJob:
        """The import, for whoever began it and may still add there."""
        job = get_object_or_404(ImportJob.objects.of(self.user).select_related("user", "operation"), pk=pk)
        screen_for_import(job.screen, self.user)
        return job

    def to(self, job: ImportJob, name: str = "job") -> HttpResponse:
        return HttpResponseRedirect(reverse(f"imports:{name}", args=[job.pk]), status=303)


class Start(Base):
    """Choose a file and what its rows become."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, into=request.GET.get("into", ""))

    def post(self, request: HttpRequest) -> HttpResponse:
        into, upload = request.POST.get("into", ""), request.FILES.get("file")
        screen = next((screen for screen in targets(self.user) if screen.slug == into), None)
        if screen is None:
            return self.page(request, into=into, error=_("Choose what the rows of the file are."))
        if upload is None:
            return self.page(request, into=into, error=_("Choose a file first."))
        if (upload.size or 0) > MAX_BYTES:
            sentence = _("The file is larger than 25 MB. Split it and import the parts.")
            return self.page(request, into=into, error=sentence)
        job = ImportJob.begin(upload, into=screen.slug, by=self.user)
        try:
            Wizard(job)
        except BadFile as error:
            job.delete()
            return self.page(request, into=into, error=str(error))
        return self.to(job)

    def page(self, request: HttpRequest, *, into: str, error: str = "") -> HttpResponse:
        open_to = targets(self.user)
        if not open_to:
            raise PermissionDenied
        context = {
            "steps": steps(""),
            "targets": [_named(screen) for screen in open_to if screen.slug in MAIN],
            "lists": [_named(screen) for screen in open_to if screen.slug not in MAIN],
            "into": into or open_to[0].slug,
            "error": error,
            "recent": ImportJob.objects.of(self.user)[:_RECENT],
        }
        return render(request, "ui/import/start.html", context, status=422 if error else 200)


def _named(screen: Screen) -> tuple[str, str, str]:
    return screen.slug, screen.label_plural, screen.icon


class Template(Base):
    """An empty file with the titles of all that can be imported."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        screen = next((screen for screen in targets(self.user) if screen.slug == slug), None)
        if screen is None:
            raise Http404
        headings = [Heading(str(field.label)) for field in maker_of(screen).fields(screen)]
        answer = HttpResponse(b"".join(csv_lines(headings, ())), content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = f'attachment; filename="{slug}.csv"'
        return answer


class Job(Base):
    """Where an import is now: its columns, its check, its progress or its result."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.job(pk)
        if job.state == ImportJob.State.DRAFT:
            return columns_page(request, job)
        return render(request, f"ui/import/{_PAGES[job.state]}.html", shown(job))


_PAGES: dict[str, str] = {
    ImportJob.State.CHECKING: "progress",
    ImportJob.State.RUNNING: "progress",
    ImportJob.State.CHECKED: "check",
    ImportJob.State.DONE: "result",
    ImportJob.State.FAILED: "result",
}


def shown(job: ImportJob) -> dict[str, Any]:
    """What every page about an import shows."""
    screen = screen_named(job.screen)
    assert screen is not None
    unknown = Wizard(job).words() if job.state == ImportJob.State.CHECKED and job.unknown else []
    return {
        "job": job,
        "steps": steps(job.state),
        "screen": {"label_plural": screen.label_plural, "url": screen.url},
        "added": also_added(job),
        "unknown": unknown,
        "problems": job.problems,
        "undo_url": reverse("ui:undo", args=[job.operation_id]) if job.operation_id else "",
        "undone": bool(job.operation and job.operation.undone_by_id),
    }


def columns_page(request: HttpRequest, job: ImportJob, error: str = "") -> HttpResponse:
    """Each column with the field it fills, and how the file is read."""
    try:
        wizard = Wizard(job)
    except BadFile as problem:
        # Only a reading that somebody chose can fail on a file that was accepted: back to what was found.
        job.want(replace(job.wanted(), reading=reading_of({}), columns=None))
        return columns_page(request, job, str(problem))
    context = {
        "job": job,
        "steps": steps(ImportJob.State.DRAFT),
        "product": wizard.matching.product,
        "columns": wizard.columns(),
        "fields": wizard.field_options(),
        "reading": wizard.reading_choices(),
        "options": wizard.options(),
        "screen": {"label_plural": wizard.screen.label_plural},
        "error": error,
    }
    return render(request, "ui/import/columns.html", context, status=422 if error else 200)


class Columns(Base):
    """Choose what each column holds; read the file another way; check it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.job(pk)
        if job.is_busy or job.state == ImportJob.State.DONE:
            return self.to(job)
        return columns_page(request, job)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.job(pk)
        if job.is_busy or job.state == ImportJob.State.DONE:
            return self.to(job)
        if request.POST.get("act") == "read":
            job.want(replace(job.wanted(), reading=reading_of(request.POST), columns=None))
            return columns_page(request, job) if request.headers.get("HX-Request") else self.to(job)
        try:
            job.want(plan_of(request.POST, Wizard(job)))
        except Refused as refusal:
            return columns_page(request, job, str(refusal))
        running.start(job, rehearse=True)
        return self.to(job)


class Words(Base):
    """Say what unknown words stand for, and check again."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.job(pk)
        if job.state == ImportJob.State.CHECKED:
            job.want(replace(job.wanted(), values=meanings_of(request.POST, job)))
            running.start(job, rehearse=True)
        return self.to(job)


class Run(Base):
    """Write the rows."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.job(pk)
        if job.state != ImportJob.State.CHECKED:
            return refused(request, _("Check the file first."), to=job.get_absolute_url())
        running.start(job, rehearse=False)
        return self.to(job)


class Progress(Base):
    """How far it is; asked every second while it runs."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.job(pk)
        if not job.is_busy:
            return HttpResponse(headers={"HX-Redirect": job.get_absolute_url()})
        return render(request, "ui/import/progress.html", shown(job), block="progress")


class Rejected(Base):
    """The refused rows, to correct and import again."""

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        job = self.job(pk)
        if not job.refused or not job.rejected_path.exists():
            raise Http404
        name = f"{Path(job.name).stem}-{timezone.localdate()}.csv"
        return FileResponse(
            job.rejected_path.open("rb"), as_attachment=True, filename=name, content_type="text/csv"
        )


class Discard(Base):
    """Throw away the file of an import; what it wrote stays."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.job(pk)
        if not job.is_busy:
            job.delete()
        return HttpResponseRedirect(reverse("imports:start"), status=303)
