"""First steps: a short list that ticks itself off."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from piste.accounts.models import Company, User
from piste.contacts.models import Contact
from piste.core.models import Operation
from piste.pipeline.models import Deal


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to try: `state` is done, now (the first that is not) or later."""

    key: str
    label: str
    state: str
    url: str
    skip_url: str


@dataclass(frozen=True, slots=True)
class Onboarding:
    done: int
    total: int
    steps: list[Step]


def onboarding(user: User, company: Company) -> Onboarding | None:
    """The list, for those who set the company up, until all is done or skipped. Nothing with sample data."""
    if company.sample or company.pk is None or not user.has_perm("accounts.change_company"):
        return None
    if set(company.skipped_steps) >= {"all"}:
        return None
    finished = {
        "deal": Deal.objects.exists,
        "move": Operation.objects.filter(command="opportunity.move").exists,
        "import": Contact.objects.exists,
        "invite": User.objects.filter(is_system=False)[1:2].exists,
    }
    labels = {
        "deal": (_("Add a deal"), "/opportunities/new/"),
        "move": (_("Move it to another stage"), "/opportunities/"),
        "import": (_("Bring in your customers"), "/import/?into=customers"),
        "invite": (_("Invite a colleague"), "/users/new/"),
    }
    steps: list[Step] = []
    for key, is_finished in finished.items():
        ended = key in company.skipped_steps or is_finished()
        first = not any(step.state == "now" for step in steps)
        state = "done" if ended else "now" if first else "later"
        label, url = labels[key]
        steps.append(Step(key, label, state, url, f"/first-steps/{key}/skip/"))
    count = sum(step.state == "done" for step in steps)
    return None if count == len(steps) else Onboarding(count, len(steps), steps)


@require_POST
def skip(request: HttpRequest, key: str) -> HttpResponse:
    """Take a step off the list without doing it."""
    from django.core.exceptions import PermissionDenied
    from django.template import loader

    if not isinstance(request.user, User) or not request.user.has_perm("accounts.change_company"):
        raise PermissionDenied
    company = Company.get()
    company.skipped_steps = sorted({*company.skipped_steps, key[:20]})
    company.save()
    left = onboarding(request.user, company)
    if left is None:
        return HttpResponse("")
    return HttpResponse(
        loader.render_to_string("ui/base/onboarding.html", {"onboarding": left}, request, using="jinja2")
    )
