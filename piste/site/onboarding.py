"""First steps: a short list for each person that ticks itself off."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.db.models import Exists, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from piste.accounts.models import Company, User
from piste.contacts.models import Contact
from piste.core.history import operation
from piste.core.models import Operation
from piste.pipeline.models import Deal
from piste.ui.acting import Outcome
from piste.ui.answers import back, done, events_of, render, wants_part

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ALL = "all"
OVER = "first steps over"
MOVES = ("opportunity.move", "opportunity.win")


@dataclass(frozen=True, slots=True)
class First:
    """A thing to try, for those with the permission; it is done as soon as there is a row of `proof`."""

    key: str
    label: StrPromise
    url: str
    permission: str
    proof: Callable[[User], QuerySet[Any]]


#: What one does oneself is proved by one's own rows; customers and colleagues count whoever brought them.
STEPS = (
    First(
        "deal",
        gettext_lazy("Add a deal"),
        "/opportunities/new/",
        "pipeline.add_opportunity",
        lambda user: Deal.objects.filter(created_by=user),
    ),
    First(
        "move",
        gettext_lazy("Move it to another stage"),
        "/opportunities/",
        "pipeline.change_opportunity",
        lambda user: Operation.objects.filter(by=user, command__in=MOVES, undone_by=None),
    ),
    First(
        "import",
        gettext_lazy("Bring in your customers"),
        "/import/?into=customers",
        "contacts.add_contact",
        lambda _user: Contact.objects.all(),
    ),
    First(
        "invite",
        gettext_lazy("Invite a colleague"),
        "/users/new/",
        "accounts.add_user",
        lambda user: User.objects.filter(is_system=False).exclude(pk=user.pk),
    ),
)


@dataclass(frozen=True, slots=True)
class Step:
    """`state` is done, skipped, now (the first that is neither) or later."""

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

    @property
    def is_over(self) -> bool:
        return not any(step.state == "now" for step in self.steps)


def onboarding(request: HttpRequest, company: Company) -> Onboarding | None:
    """What is left of the list; None where there is nothing to show, as with sample data.

    Once all is done, the session remembers so, and further pages ask the database nothing.
    """
    if company.pk is None or company.sample or request.session.get(OVER):
        return None
    found = first_steps(cast("User", request.user))
    if found.is_over:
        request.session[OVER] = True
        return None
    return found


def first_steps(user: User) -> Onboarding:
    """The whole list of one person, as the data says now."""
    offered = [first for first in STEPS if user.has_perm(first.permission)]
    proofs = {first.key: Exists(first.proof(user)) for first in offered}
    proved: dict[str, bool] = User.objects.filter(pk=user.pk).values(**proofs).get()
    steps: list[Step] = []
    for first in offered:
        state = "done" if proved[first.key] else "skipped" if _is_left_out(first, user) else "later"
        if state == "later" and not any(step.state == "now" for step in steps):
            state = "now"
        skip_url = reverse("first_step_skip", args=[first.key])
        steps.append(Step(first.key, str(first.label), state, first.url, skip_url))
    return Onboarding(sum(step.state == "done" for step in steps), len(steps), steps)


def _is_left_out(first: First, user: User) -> bool:
    return first.key in user.skipped_steps or ALL in user.skipped_steps


def shown(request: HttpRequest) -> HttpResponse:
    """The list as it stands after something changed; an empty place where it is over, so that undo brings it back."""
    request.session.pop(OVER, None)
    return render(request, "ui/base/onboarding.html", {"onboarding": first_steps(cast("User", request.user))})


@require_POST
def skip(request: HttpRequest, key: str) -> HttpResponse:
    """Take a step, or what is left of the list, off it without doing it."""
    if key != ALL and key not in {first.key for first in STEPS}:
        raise Http404
    user = User.objects.get(pk=cast("User", request.user).pk)
    about = {"label": _("Getting started")}
    with transaction.atomic(), operation("profile.skip", by=user, about=about) as op:
        user.skipped_steps = sorted({*user.skipped_steps, key})
        user.save()
    request.user = user
    outcome = Outcome(op, [user], _("Taken off the list."))
    if not wants_part(request):
        return done(request, outcome, to=back(request))
    answer = shown(request)
    answer.headers["HX-Trigger"] = json.dumps(events_of(outcome, close=False))
    return answer
