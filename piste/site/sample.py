"""The way out of the sample company, for its own administrators."""

from __future__ import annotations

import logging
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from piste.accounts.company import Place, add_place
from piste.accounts.models import Company, User
from piste.accounts.roles import Role
from piste.site.demo import removal
from piste.ui.answers import render

PERMISSION = "accounts.administer"
log = logging.getLogger("piste.security")

add_place(
    Place(
        gettext_lazy("Remove the sample data"),
        gettext_lazy("Its people, customers and deals, for good"),
        "/sample-data/",
        "trash-2",
        PERMISSION,
        lambda: Company.get().sample,
    )
)


class Sample(View):
    """Says what will go and asks for the company's name, because nothing brings it back."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not cast("User", request.user).has_perm(PERMISSION):
            raise PermissionDenied
        if not Company.get().sample:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.asked()

    def post(self, request: HttpRequest) -> HttpResponse:
        if not self.may_go():
            return self.asked(status=409)
        if request.POST.get("name", "").strip().casefold() != Company.get().name.casefold():
            return self.asked(_("This is not the name of the company."), status=422)
        removal.remove()
        log.info("sample data removed", extra={"by": request.user.pk})
        messages.success(request, _("The sample data is gone."))
        return redirect("settings", permanent=False)

    def may_go(self) -> bool:
        """Whether whoever asks stays when the people of the sample go."""
        return self.request.user.pk not in removal.people()

    def asked(self, error: str = "", status: int = 200) -> HttpResponse:
        people = removal.people()
        staying = User.objects.working().filter(role=Role.ADMINISTRATOR).exclude(pk__in=people)
        shown = {"name": Company.get().name, "error": error, "may_go": self.may_go(), "people": len(people)}
        return render(self.request, "site/sample.html", shown | {"staying": list(staying)}, status=status)
