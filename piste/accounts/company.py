"""The settings: the company itself, and the way to its lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from piste.accounts.forms import CompanyForm
from piste.accounts.models import Company, User
from piste.accounts.profile import person
from piste.core.history import operation
from piste.ui.acting import Outcome
from piste.ui.answers import done, render

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

CHANGE = "accounts.change_company"


@dataclass(frozen=True, slots=True)
class Place:
    """A page that the settings lead to, for those who may see it."""

    label: str | StrPromise
    note: str | StrPromise
    url: str
    icon: str
    permission: str


PLACES = (
    Place(_("People"), _("Who works here, and what they may do"), "/users/", "user", "accounts.view_user"),
    Place(_("Teams"), _("Who sells together"), "/teams/", "users", "accounts.view_team"),
    Place(_("Stages"), _("The steps of the pipeline"), "/stages/", "columns-3", "pipeline.view_stage"),
    Place(
        _("Lost reasons"),
        _("Why deals are lost"),
        "/lost-reasons/",
        "thumbs-down",
        "pipeline.view_lostreason",
    ),
    Place(
        _("Recurring plans"),
        _("How often recurring revenue is paid"),
        "/recurring-plans/",
        "repeat",
        "pipeline.view_recurringplan",
    ),
    Place(_("Tags"), _("Words to find records again"), "/tags/", "tag", "contacts.view_tag"),
    Place(_("Sources"), _("Where business came from"), "/sources/", "globe", "contacts.view_source"),
    Place(
        _("Media"),
        _("How it came: mail, telephone, advertisement"),
        "/media/",
        "mail",
        "contacts.view_medium",
    ),
    Place(
        _("Campaigns"), _("The efforts that brought it"), "/campaigns/", "target", "contacts.view_campaign"
    ),
    Place(_("Import"), _("Bring records from a file"), "/import/", "upload", "contacts.add_contact"),
    Place(_("API"), _("For programs that work with Piste"), "/api/v1/docs", "link", "accounts.view_user"),
)


class Settings(View):
    """The company's name, money, language, country and clock; administrators change them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.shown(CompanyForm(instance=Company.get()) if may_change(person(request)) else None)

    def post(self, request: HttpRequest) -> HttpResponse:
        if not may_change(person(request)):
            raise PermissionDenied
        form = CompanyForm(request.POST, instance=Company.get())
        if not form.is_valid():
            return self.shown(form, status=422)
        with transaction.atomic(), operation("company.change", by=person(request)) as op:
            company = form.save()
        return done(request, Outcome(op, [company], gettext("Settings saved.")), to=reverse("settings"))

    def shown(self, form: CompanyForm | None, status: int = 200) -> HttpResponse:
        places = [place for place in PLACES if person(self.request).has_perm(place.permission)]
        return render(self.request, "accounts/settings.html", {"form": form, "places": places}, status=status)


def may_change(user: User) -> bool:
    return user.has_perm(CHANGE)
