"""The section of the profile where everybody keeps the keys of their programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from django.views.generic import View

from piste.accounts.profile import Section, add_section
from piste.api.keys import create_key, withdraw
from piste.api.models import ApiKey
from piste.core.history import operation
from piste.ui.answers import render

if TYPE_CHECKING:
    from piste.accounts.models import User

LIVES = (30, 90, 365)


def _lives() -> list[tuple[int, str]]:
    return [(days, ngettext("%(days)s day", "%(days)s days", days) % {"days": days}) for days in LIVES]


class KeyForm(forms.Form):
    """A new key: for what, what it may, for how long."""

    name = forms.CharField(
        label=gettext_lazy("What is it for?"),
        max_length=80,
        help_text=gettext_lazy("For example the program that will use it."),
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("It may"),
        choices=ApiKey.Scope,
        initial=ApiKey.Scope.READ,
        widget=forms.RadioSelect,
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("It expires after"), choices=_lives, coerce=int, initial=90
    )


def keys_of(request: HttpRequest) -> dict[str, Any]:
    """One's own keys that have not been withdrawn; expired ones stay until one takes them away."""
    user = cast("User", request.user)
    now = timezone.now()
    own = user.api_keys.filter(revoked_at=None)
    return {"keys": [{"key": key, "expired": key.expires_at <= now} for key in own]}


add_section(Section("keys", gettext_lazy("API keys"), "api/keys.html", keys_of))


@method_decorator(reauthentication_required, name="dispatch")
class NewKey(View):
    """Makes a key and shows it, this once. Whoever finds an open browser is asked for the password first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "api/new_key.html", {"form": KeyForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = KeyForm(request.POST)
        if not form.is_valid():
            return render(request, "api/new_key.html", {"form": form}, status=422)
        user, asked = cast("User", request.user), form.cleaned_data
        with transaction.atomic(), operation("apikey.create", by=user, about={"label": asked["name"]}):
            secret = create_key(user=user, **asked)
        return render(request, "api/made_key.html", {"secret": secret, "name": asked["name"]})


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw one of one's own keys."""
    user = cast("User", request.user)
    key = get_object_or_404(user.api_keys.filter(revoked_at=None), pk=pk)
    with transaction.atomic(), operation("apikey.revoke", by=user, about={"label": str(key)}):
        withdraw(key, at=timezone.now())
    messages.success(request, _("“%(key)s” opens nothing any more.") % {"key": key})
    return HttpResponseRedirect(reverse("profile_section", args=["keys"]), status=303)
