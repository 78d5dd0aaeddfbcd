"""What people set for themselves, in sections; packages above add theirs with `add_section`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from piste.accounts.forms import ProfileForm
from piste.accounts.models import User
from piste.core.history import operation
from piste.ui.acting import Outcome
from piste.ui.answers import done, render

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the profile. `content` makes what it shows; its forms post to addresses of their own."""

    key: str
    label: str | StrPromise
    template: str
    content: Callable[[HttpRequest], dict[str, Any]]

    @property
    def url(self) -> str:
        return reverse("profile_section", args=[self.key])


_sections: dict[str, Section] = {}


def add_section(section: Section) -> Section:
    return _sections.setdefault(section.key, section)


def shown(
    request: HttpRequest, current: str, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the profile under its tabs."""
    tabs = [("", _("You"), reverse("profile")), *((s.key, str(s.label), s.url) for s in _sections.values())]
    links = [{"label": label, "url": url, "current": key == current} for key, label, url in tabs]
    return render(request, template, context | {"tabs": links}, status=status)


class Profile(View):
    """Name, language, clock and look of the pages."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.shown(ProfileForm(instance=person(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ProfileForm(request.POST, instance=User.objects.get(pk=person(request).pk))
        if not form.is_valid():
            return self.shown(form, status=422)
        with transaction.atomic(), operation("profile.change", by=person(request)) as op:
            changed = form.save()
        return done(request, Outcome(op, [changed], _("Profile saved.")), to=reverse("profile"))

    def shown(self, form: ProfileForm, status: int = 200) -> HttpResponse:
        return shown(self.request, "", "accounts/profile.html", {"form": form}, status)


class SectionPage(View):
    """A section that was added."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        section = _sections.get(key)
        if section is None:
            raise Http404
        return shown(request, key, section.template, section.content(request))


def person(request: HttpRequest) -> User:
    return cast("User", request.user)


def factors(request: HttpRequest) -> dict[str, Any]:
    """By what somebody signs in: password, codes of an app, passkeys, recovery codes."""
    own = list(Authenticator.objects.filter(user=person(request)).order_by("created_at"))
    by_kind = {kind: [row for row in own if row.type == kind] for kind in Authenticator.Type.values}
    codes = by_kind[Authenticator.Type.RECOVERY_CODES]
    return {
        "has_password": person(request).has_usable_password(),
        "app": next(iter(by_kind[Authenticator.Type.TOTP]), None),
        "passkeys": [
            {"pk": row.pk, "name": row.wrap().name, "added": row.created_at, "used": row.last_used_at}
            for row in by_kind[Authenticator.Type.WEBAUTHN]
        ],
        "has_codes": bool(codes),
        "codes_left": len(codes[0].wrap().get_unused_codes()) if codes else 0,
    }


add_section(Section("sign-in", gettext_lazy("Sign-in"), "accounts/sign_in.html", factors))
