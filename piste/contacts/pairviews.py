"""The page *Duplicates*: one pair after the other, side by side; the same, different, or later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.generic import View

from piste.contacts import pairing
from piste.contacts.duplicates import Kind
from piste.contacts.likeness import Reason
from piste.contacts.models import DifferentPair, DuplicateSearch, LikelyPair
from piste.contacts.tasks import search_duplicates
from piste.core.history import operation
from piste.core.transitions import Refused
from piste.ui import formats
from piste.ui.acting import Outcome
from piste.ui.answers import actor, back, currency_of, done, render
from piste.ui.combine import keys_of
from piste.ui.paths import resolve
from piste.ui.screen import Screen, screen_for

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from piste.accounts.models import User

URL = "/duplicates/"


@dataclass(frozen=True, slots=True)
class Pairing:
    """How the pairs of a kind are shown: the screens their records are on, and what is compared."""

    kind: Kind[Any]
    label: StrPromise
    models: tuple[type[Model], ...]
    compared: tuple[str, ...]
    joins: tuple[str, ...]
    model_of: Callable[[Any], type[Model]]

    @property
    def screens(self) -> list[Screen]:
        found = (screen_for(model) for model in self.models)
        return [screen for screen in found if screen is not None]

    def may(self, user: User) -> bool:
        """Whether somebody may make one record of two of these."""
        return any(may_merge(screen, user) for screen in self.screens)

    def reach(self, user: User, *pairs: str) -> Q:
        """Pairs of which both records may be merged by the user."""
        within = Q()
        for name in pairs:
            one = Q(pk__in=())
            for screen in self.screens:
                if may_merge(screen, user):
                    one |= Q(**{f"{name}__in": screen.rows(user, "change").values("pk")})
            within &= one
        return within

    def within(self, user: User, keys: set[int]) -> set[int]:
        """Those of the records that the user may merge."""
        screens = [screen for screen in self.screens if may_merge(screen, user)]
        rows = (screen.rows(user, "change").filter(pk__in=keys) for screen in screens)
        return {pk for found in rows for pk in found.values_list("pk", flat=True)}


def may_merge(screen: Screen, user: User) -> bool:
    """Whether somebody may make one record of several on this screen."""
    return screen.merge is not None and screen.may(user, "view") and screen.may(user, "change")


_pairings: dict[str, Pairing] = {}


def show_pairs(pairing_: Pairing) -> None:
    """Show the pairs of a kind. Packages above add theirs."""
    _pairings[pairing_.kind.key] = pairing_


def different_url(kind: Kind[Any]) -> str:
    """Where two records of a kind are told apart, by their ids."""
    return f"{URL}different/?kind={kind.key}"


def offered(user: User) -> list[Pairing]:
    """The kinds of which this person may merge records."""
    return [one for one in _pairings.values() if one.may(user)]


@dataclass(frozen=True, slots=True)
class Line:
    """A value of both records; `agree` when they have the same, `clash` when both have one and differ."""

    label: str
    values: tuple[str, str]

    @property
    def state(self) -> str:
        one, other = (" ".join(value.casefold().split()) for value in self.values)
        if one == other:
            return "agree" if one else ""
        return "clash" if one and other else ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A pair as the page shows it."""

    pair: LikelyPair
    names: tuple[str, str]
    kinds: tuple[str, str]
    urls: tuple[str, str]
    lines: list[Line]
    merge_url: str

    @property
    def why(self) -> str:
        return ", ".join(str(Reason(reason).label) for reason in self.pair.reasons)


def pairs_for(pairing_: Pairing, user: User) -> QuerySet[LikelyPair]:
    """The pairs left to judge that lie within the user's reach, the likeliest first."""
    apart = DifferentPair.objects.filter(
        kind=OuterRef("kind"), first=OuterRef("first"), second=OuterRef("second")
    )
    rows = LikelyPair.objects.filter(pairing_.reach(user, "first", "second"), ~Exists(apart))
    return rows.filter(kind=pairing_.kind.key).order_by("-score", "first", "second")


class Pairs(View):
    """One pair of those that are left, and how many there are."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not offered(self.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def user(self) -> User:
        return cast("User", self.request.user)

    def pairing(self) -> Pairing:
        """The kind of the address, else the first with pairs left."""
        kinds = offered(self.user)
        key = self.request.GET.get("kind")
        if not key:
            return next((one for one in kinds if pairs_for(one, self.user).exists()), kinds[0])
        found = next((one for one in kinds if one.kind.key == key), None)
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen = self.pairing()
        rows = pairs_for(chosen, self.user)
        count = rows.count()
        place = min(_number(request.GET.get("at", "")), max(count - 1, 0))
        found = list(rows[place : place + 1 + FOLLOWING])
        searched = DuplicateSearch.objects.filter(pk=chosen.kind.key).first()
        shown = {
            "tabs": self.tabs(chosen),
            "kind": chosen.kind.key,
            "pair": shown_pair(chosen, found[0], self.user, currency_of(request)) if found else None,
            "following": following(chosen, found[1:], place + 1),
            "count": count,
            "position": place + 1,
            "skip_url": _address(chosen, (place + 1) % count) if count > 1 else "",
            "searching": searched is not None and searched.wanted_at is not None,
            "searched": formats.moment(searched.done_at) if searched and searched.done_at else "",
            "title": _("Duplicates"),
        }
        return render(request, "contacts/pairs.html", shown)

    def tabs(self, chosen: Pairing) -> list[dict[str, Any]]:
        return [
            {
                "key": one.kind.key,
                "label": str(one.label),
                "count": pairs_for(one, self.user).count(),
                "url": _address(one),
                "current": one is chosen,
            }
            for one in offered(self.user)
        ]


FOLLOWING = 8


def _address(pairing_: Pairing, place: int = 0) -> str:
    at = f"&at={place}" if place else ""
    return f"{URL}?kind={pairing_.kind.key}{at}"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def shown_pair(pairing_: Pairing, pair: LikelyPair, user: User, currency: str) -> Shown:
    """Both records with the values that tell whether they are one."""
    rows = pairing_.kind.model._default_manager.select_related(*pairing_.joins)
    found = rows.in_bulk([pair.first, pair.second])
    both = (found[pair.first], found[pair.second])
    screens = [screen_for(pairing_.model_of(record)) for record in both]
    paths = [resolve(pairing_.kind.model, name) for name in pairing_.compared]
    lines = [Line(path.label, (path.text(both[0], currency), path.text(both[1], currency))) for path in paths]
    known = [screen for screen in screens if screen is not None]
    slug = min(known, key=lambda screen: pairing_.models.index(screen.model)).slug
    return Shown(
        pair,
        names=(str(both[0]), str(both[1])),
        kinds=(known[0].label, known[-1].label),
        urls=(f"{known[0].url}{both[0].pk}/", f"{known[-1].url}{both[1].pk}/"),
        lines=[line for line in lines if any(line.values)],
        merge_url=f"/{slug}/merge/?ids={pair.first},{pair.second}",
    )


def following(pairing_: Pairing, pairs: list[LikelyPair], place: int) -> list[dict[str, Any]]:
    """The pairs after this one, by name."""
    keys = {pk for pair in pairs for pk in (pair.first, pair.second)}
    names = {row.pk: str(row) for row in pairing_.kind.model._default_manager.filter(pk__in=keys)}
    return [
        {
            "names": (names.get(pair.first, ""), names.get(pair.second, "")),
            "score": pair.score,
            "url": _address(pairing_, place + index),
        }
        for index, pair in enumerate(pairs)
    ]


class Different(Pairs):
    """Say of two records that they are two; remembered, and undone like anything else."""

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = self.pairing()
        first, second = self.both(chosen)
        rows = chosen.kind.model._default_manager.in_bulk([first, second])
        label = f"{rows[first]} / {rows[second]}"
        who = actor(request)
        about = {"model": "contacts.differentpair", "label": label, "count": 2}
        with (
            transaction.atomic(),
            operation(f"{chosen.kind.key}.different", by=who.user, via=who.via, about=about) as op,
        ):
            _row, made = DifferentPair.objects.get_or_create(kind=chosen.kind.key, first=first, second=second)
            if not made:
                raise Refused(_("Somebody has just said so already."))
        outcome = Outcome(op, [], _("Remembered as different: %(pair)s") % {"pair": label})
        then = _address(chosen, _number(request.GET.get("at", "")))
        to = then if "pair" in request.POST else back(request, then)
        return done(request, outcome, to=to, close=False)

    def both(self, chosen: Pairing) -> tuple[int, int]:
        """The records of a pair that was found, or of any two, if both are within reach. Raises `Http404`."""
        if "pair" in self.request.POST:
            named = keys_of([self.request.POST["pair"]])
            pair = get_object_or_404(pairs_for(chosen, self.user), pk__in=named)
            return pair.first, pair.second
        keys = sorted(keys_of(self.request.POST.getlist("id")))
        if len(keys) != 2 or chosen.within(self.user, set(keys)) != set(keys):
            raise Http404
        return keys[0], keys[1]

    http_method_names = ["post", "options"]


class Search(Pairs):
    """Search all records of a kind anew, in the background."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = self.pairing()
        with transaction.atomic():
            if pairing.want(chosen.kind, at=actor(request).at):
                search_duplicates.defer(kind=chosen.kind.key)
        return HttpResponseRedirect(_address(chosen), status=303)
